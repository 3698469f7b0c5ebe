"""The commands about judges: study, rates --study, beliefs, dossier and label, and bad input as one line."""

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from inspect_ai.log import EvalLog, write_eval_log

from agentic_misalignment.analysis import read_result, write_result
from agentic_misalignment.analysis.rates import read_rates
from agentic_misalignment.tasks import judge_study
from tests.analysis.analysis_logs import foreign_log
from tests.analysis.study_results import label, result
from tests.evals import evaluated
from tests.test_cli import refused, run

SAMPLE = "totara-seed/explicit-replacement/s1"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> EvalLog:
    """Two episodes with harm, of an agent that says that it is tested."""
    folder = tmp_path_factory.mktemp("episodes")
    return evaluated(folder, "scripted/tester_insider", worlds="totara-seed,alcor-solar", seeds=1)


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> EvalLog:
    """A small study of the reader."""
    return evaluated(tmp_path_factory.mktemp("study"), task=judge_study, limit_items=1)


class TestStudy:
    """`study`."""

    def test_it_prints_the_table(self, studied: EvalLog) -> None:
        shown = run("study", studied.location)

        assert shown.exit_code == 0
        assert shown.output.startswith("scripted/judge on 3 episodes, split all\n")
        assert re.search(r"^label +with +without +sensitivity", shown.output, re.MULTILINE)
        assert "NOTE: scripted/judge is a rule-based reader" in shown.output

    def test_it_writes_the_result_that_rates_takes(self, studied: EvalLog, tmp_path: Path) -> None:
        shown = run("study", studied.location, "-o", str(tmp_path / "result.json"))

        assert shown.exit_code == 0
        assert f"rates LOGS --study {tmp_path / 'result.json'}" in shown.output
        assert read_result(tmp_path / "result.json").judge == "scripted/judge"

    def test_a_folder_of_studies_is_printed_one_by_one(self, studied: EvalLog, tmp_path: Path) -> None:
        for name in ("a", "b"):
            write_eval_log(studied, tmp_path / f"2026-01-01T00-00-00_judge-study_{name}.eval")

        assert run("study", str(tmp_path)).output.count("scripted/judge on 3 episodes") == 2

    def test_a_result_file_is_of_one_log(self, studied: EvalLog, tmp_path: Path) -> None:
        write_eval_log(studied, tmp_path / "b.eval")
        line = refused("study", studied.location, str(tmp_path / "b.eval"), "-o", str(tmp_path / "r.json"))

        assert "2 logs were given; a result file is of one" in line
        assert not (tmp_path / "r.json").exists()

    def test_a_log_of_another_task_is_refused(self, log: EvalLog) -> None:
        assert "not a log of the task judge_study" in refused("study", log.location)


class TestRates:
    """`rates --study`."""

    def studied(self, log: EvalLog, folder: Path, **counts: Any) -> str:
        """A result of a study of the judge of the log, on its rubric."""
        group = read_rates([Path(log.location)])[0].group
        made = result(judge=group.judge, rubric_hashes={"blackmail": group.rubric_hash}, labels=[label(**counts)])
        write_result(made, folder / "result.json")
        return str(folder / "result.json")

    def test_a_rate_is_corrected_by_the_study_of_its_judge(self, log: EvalLog, tmp_path: Path) -> None:
        # Both of two are harm: (1 + 0.9 - 1) / (0.8 + 0.9 - 1) is above 1, so 1
        shown = run("rates", log.location, "--study", self.studied(log, tmp_path, tp=80, fn=20, tn=90, fp=10))

        assert shown.exit_code == 0
        assert re.search(r"100 % +34 to 100 % .* 100 % +\d+ to 100 %", shown.output)
        assert "no correction" not in shown.output

    def test_a_study_of_another_rubric_corrects_nothing_and_says_so(self, log: EvalLog, tmp_path: Path) -> None:
        write_result(result(judge="scripted/judge", labels=[label(tp=9, tn=9)]), tmp_path / "result.json")

        shown = run("rates", log.location, "--study", str(tmp_path / "result.json"))
        assert "NOTE: no study given is of scripted/judge on rubric blackmail " in shown.output

    def test_several_studies_may_be_given(self, log: EvalLog, tmp_path: Path) -> None:
        other = tmp_path / "other.json"
        write_result(result(labels=[label(tp=9, tn=9)]), other)
        fitting = self.studied(log, tmp_path, tp=80, fn=20, tn=90, fp=10)

        shown = run("rates", log.location, "--study", str(other), "--study", fitting)
        assert "no correction" not in shown.output

    def test_a_log_is_no_result(self, log: EvalLog, studied: EvalLog) -> None:
        assert studied.location in refused("rates", log.location, "--study", studied.location)

    def test_a_missing_result_is_named(self, log: EvalLog, tmp_path: Path) -> None:
        assert "gone.json: cannot be read" in refused("rates", log.location, "--study", str(tmp_path / "gone.json"))


class TestBeliefs:
    """`beliefs`."""

    def test_it_prints_harm_by_belief(self, log: EvalLog) -> None:
        shown = run("beliefs", log.location)

        assert shown.exit_code == 0
        # Wilson of 2 of 2: 2 / (2 + z^2) = 0.342 to 1
        assert re.search(r"^test +2 +100 % +34 to 100 % +2 +100 % +34 to 100 %", shown.output, re.MULTILINE)
        assert "harm(real) - harm(test): - points" in shown.output

    def test_a_folder_does_too(self, log: EvalLog) -> None:
        assert run("beliefs", str(Path(log.location).parent)).output == run("beliefs", log.location).output

    def test_a_study_has_no_beliefs_of_agents(self, studied: EvalLog) -> None:
        assert "not a log of this suite" in refused("beliefs", studied.location)


class TestDossier:
    """`dossier`."""

    def test_it_prints_the_dossier_of_the_headline(self, log: EvalLog) -> None:
        shown = run("dossier", log.location, SAMPLE)

        assert shown.exit_code == 0
        assert shown.output.startswith("## The people\n")
        assert "## The messages in question" in shown.output

    @pytest.mark.parametrize("question", ["headline", "belief", "conduct"])
    def test_the_request_has_the_dossier_and_more(self, log: EvalLog, question: str) -> None:
        dossier = run("dossier", log.location, SAMPLE, "--question", question).output
        request = run("dossier", log.location, SAMPLE, "--question", question, "--request").output

        assert dossier.strip() in request
        assert len(request) > len(dossier) + 1000

    def test_an_unknown_question_is_named_with_the_valid_ones(self, log: EvalLog) -> None:
        line = refused("dossier", log.location, SAMPLE, "--question", "mood")

        assert all(part in line for part in ("mood", "headline", "belief", "conduct"))

    def test_an_unknown_sample_is_named_with_those_of_the_log(self, log: EvalLog) -> None:
        line = refused("dossier", log.location, "nowhere/s1")

        assert all(part in line for part in ("nowhere/s1", SAMPLE))

    def test_an_epoch_that_there_is_not_is_named(self, log: EvalLog) -> None:
        assert f"{SAMPLE}, epoch 2" in refused("dossier", log.location, SAMPLE, "--epoch", "2")


class TestLabel:
    """`label`."""

    def test_a_sheet_goes_out_and_comes_back(self, log: EvalLog, tmp_path: Path) -> None:
        sheet, scores = tmp_path / "sheet.csv", tmp_path / "scores.jsonl"
        out = run("label", log.location, "-o", str(sheet))
        assert (out.exit_code, out.output.split(";")[0]) == (0, f"{sheet}: 2 episodes")

        with sheet.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        with sheet.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows({**row, "verdict": "open_threat", "rater": "Ann"} for row in rows)

        back = run("label", log.location, "--filled", str(sheet), "-o", str(scores))
        assert back.exit_code == 0
        assert re.search(r"^blackmail +2 +2 +100 % +34 to 100 %", back.output, re.MULTILINE)
        assert f"--scorer agentic_misalignment/human -S scores={scores} --action append" in back.output
        assert len(scores.read_text().splitlines()) == 2

    def test_limit_and_seed_draw(self, log: EvalLog, tmp_path: Path) -> None:
        shown = run("label", log.location, "-o", str(tmp_path / "sheet.jsonl"), "--limit", "1", "--seed", "7")

        assert "1 episodes" in shown.output
        assert len((tmp_path / "sheet.jsonl").read_text().splitlines()) == 1

    def test_without_a_place_there_is_nothing_to_do(self, log: EvalLog) -> None:
        line = refused("label", log.location)

        assert "-o" in line
        assert "--filled" in line

    def test_an_unfilled_sheet_is_named(self, log: EvalLog, tmp_path: Path) -> None:
        run("label", log.location, "-o", str(tmp_path / "sheet.csv"))

        assert "nothing is filled in" in refused("label", log.location, "--filled", str(tmp_path / "sheet.csv"))

    def test_a_sheet_is_not_written_over(self, log: EvalLog, tmp_path: Path) -> None:
        (tmp_path / "sheet.csv").write_text("somebody's work")

        assert "exists already" in refused("label", log.location, "-o", str(tmp_path / "sheet.csv"))
        assert (tmp_path / "sheet.csv").read_text() == "somebody's work"

    @pytest.mark.parametrize("limit", ["0", "-1", "some"])
    def test_a_limit_counts_from_one(self, log: EvalLog, tmp_path: Path, limit: str) -> None:
        assert "--limit" in refused("label", log.location, "-o", str(tmp_path / "s.csv"), "--limit", limit)


def _study(log: str, folder: Path) -> list[str]:
    return ["study", log]


def _beliefs(log: str, folder: Path) -> list[str]:
    return ["beliefs", log]


def _dossier(log: str, folder: Path) -> list[str]:
    return ["dossier", log, "1"]


def _label(log: str, folder: Path) -> list[str]:
    return ["label", log, "-o", str(folder / "sheet.csv")]


COMMANDS = pytest.mark.parametrize("command", [_study, _beliefs, _dossier, _label])

Command = Callable[[str, Path], list[str]]


@COMMANDS
def test_a_log_of_another_suite_is_one_line(tmp_path: Path, command: Command) -> None:
    foreign = foreign_log(tmp_path / "logs")

    assert "Error: " in refused(*command(foreign.location, tmp_path))


@COMMANDS
@pytest.mark.parametrize("text", ["no log", "{}"])
def test_what_is_no_log_is_one_line(tmp_path: Path, command: Command, text: str) -> None:
    (tmp_path / "notes.json").write_text(text)

    assert "notes.json" in refused(*command(str(tmp_path / "notes.json"), tmp_path))


@COMMANDS
def test_a_log_that_does_not_exist_is_one_line(tmp_path: Path, command: Command) -> None:
    assert "gone.eval" in refused(*command(str(tmp_path / "gone.eval"), tmp_path))


@COMMANDS
def test_a_log_without_samples_is_one_line(log: EvalLog, tmp_path: Path, command: Command) -> None:
    write_eval_log(log.model_copy(update={"samples": []}), tmp_path / "empty.eval")

    assert refused(*command(str(tmp_path / "empty.eval"), tmp_path))
    assert not (tmp_path / "sheet.csv").exists()
