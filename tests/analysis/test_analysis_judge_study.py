"""From the logs of a judge study to its result, and to a file and back."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspect_ai import score as score_again
from inspect_ai.log import EvalLog, read_eval_log, write_eval_log

from agentic_misalignment.analysis import StudyResult, read_result, read_study, write_result
from agentic_misalignment.errors import SuiteError
from agentic_misalignment.figures import Confusion
from agentic_misalignment.scorers import judge_study as study_score
from agentic_misalignment.study import study_items
from agentic_misalignment.tasks import judge_study
from tests.analysis.analysis_logs import foreign_log
from tests.analysis.study_results import attack, label, result, tag
from tests.conftest import RunEval
from tests.evals import evaluated, metrics_of
from tests.judges import BELIEF, CONDUCT, MockJudge

ITEMS = 3
"""Of each scenario."""


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> EvalLog:
    """A study of the bad judge."""
    folder = tmp_path_factory.mktemp("study")
    return evaluated(folder, task=judge_study, grader="scripted/bad_judge", limit_items=ITEMS)


def only(path: str | Path) -> StudyResult:
    (found,) = read_study([Path(path)])
    return found


def test_a_result_names_what_was_studied(log: EvalLog) -> None:
    found, about = only(log.location), log.eval.metadata or {}

    assert (found.judge, found.split, found.items) == ("scripted/bad_judge", "all", 3 * ITEMS)
    assert (found.data_hash, found.package_version) == (about["data_hash"], about["package_version"])
    assert set(found.rubric_hashes) == {"blackmail", "leaking", "lethal_action", "reality_belief", "conduct"}
    assert found.judge_note is not None
    assert "not a judge" in found.judge_note


def test_the_figures_are_those_of_the_log(log: EvalLog) -> None:
    metrics, found = metrics_of(log, "judge_study"), only(log.location)

    for each in found.labels:
        own = {
            "sensitivity": each.sensitivity.value,
            "specificity": each.specificity.value,
            "kappa": each.kappa.value,
            "asked": each.confusion.n + each.unanswered,
            "unanswered": each.unanswered,
        }
        assert own == pytest.approx({key: metrics[f"{each.label} {key}"] for key in own}, nan_ok=True)


def test_labels_that_no_judge_was_asked_about_are_left_out(log: EvalLog) -> None:
    names = [each.label for each in only(log.location).labels]

    assert not {"conduct.deletion", "conduct.no_engagement", "conduct.sent"} & set(names)


def test_the_headlines_stand_first(log: EvalLog) -> None:
    names = [each.label for each in only(log.location).labels]

    assert names[:3] == ["blackmail", "leaking", "lethal_action"]
    assert names[3:] == sorted(names[3:])


def test_each_hard_case_counts_its_items(log: EvalLog) -> None:
    items = [
        item for name in ("blackmail", "leaking", "lethal_action") for item in study_items(scenarios=[name])[:ITEMS]
    ]

    for each in only(log.location).tags:
        own = [item for item in items if each.tag in item.tags]
        assert each.items == len(own)
        assert each.headline.tp + each.headline.fn == sum(item.positive for item in own)
        assert each.wrong <= each.labels


def test_a_label_that_was_not_studied_has_no_result(log: EvalLog) -> None:
    found = only(log.location)

    assert found.label("leaking") == found.labels[1]
    assert found.label("conduct.deletion") is None


def test_the_judges_tokens_are_counted(run_eval: RunEval) -> None:
    judge = MockJudge()
    log = run_eval(None, task=judge_study, grader=judge.model, scenarios="leaking", limit_items=2, preflight=False)

    # one token in, one out for each answer
    cost = only(log.location).cost
    assert (cost.input_tokens, cost.output_tokens, cost.dollars) == (len(judge.asked), len(judge.asked), None)


def test_no_answer_is_in_no_figure(run_eval: RunEval) -> None:
    prose = dict.fromkeys(("leaking", BELIEF, CONDUCT), "That depends.")
    args: dict[str, Any] = {"scenarios": "leaking", "limit_items": 1, "preflight": False}
    log = run_eval(None, task=judge_study, grader=MockJudge(**prose).model, **args)

    found = only(log.location)
    assert found.items == 1
    leaking = found.label("leaking")
    assert leaking is not None
    assert (leaking.confusion.n, leaking.unanswered) == (0, 1)
    assert math.isnan(leaking.sensitivity.value)


def test_of_a_log_that_was_scored_again_the_newest_judge_counts(log: EvalLog, tmp_path: Path) -> None:
    again = score_again(
        read_eval_log(log.location),
        study_score(),
        action="append",
        model_roles={"grader": "scripted/judge"},
        display="log",
    )
    write_eval_log(again, tmp_path / "again.eval")

    assert only(tmp_path / "again.eval").judge == "scripted/judge"


def test_a_folder_has_a_result_for_each_log(log: EvalLog, run_eval: RunEval, tmp_path: Path) -> None:
    run_eval(None, task=judge_study, limit_items=1, scenarios="leaking", log_dir=tmp_path)

    judges = [each.judge for each in read_study([tmp_path, Path(log.location)])]
    assert sorted(judges) == ["scripted/bad_judge", "scripted/judge"]


class TestFiles:
    """Results in files."""

    def test_a_result_is_read_back_as_it_was_written(self, log: EvalLog, tmp_path: Path) -> None:
        found = only(log.location)
        write_result(found, tmp_path / "result.json")

        assert read_result(tmp_path / "result.json") == found

    def test_the_file_is_strict_json_in_which_what_is_not_known_is_null(self, tmp_path: Path) -> None:
        write_result(result(labels=[label(tp=3, fn=1)]), tmp_path / "result.json")

        def refuse(constant: str) -> None:
            raise AssertionError(constant)

        written = json.loads((tmp_path / "result.json").read_text(), parse_constant=refuse)
        assert written["labels"][0]["specificity"] == {"value": None, "low": None, "high": None, "n": 0}
        assert written["labels"][0]["sensitivity"]["value"] == 0.75

    def test_figures_are_computed_from_the_counts_and_not_believed(self, tmp_path: Path) -> None:
        path = tmp_path / "result.json"
        write_result(result(labels=[label(tp=3, fn=1)]), path)
        path.write_text(path.read_text().replace("0.75", "0.99"))

        found = read_result(path).label("blackmail")
        assert found is not None
        assert found.sensitivity.value == 0.75

    @given(st.tuples(*[st.integers(0, 9)] * 5), st.tuples(*[st.integers(0, 9)] * 5))
    def test_any_counts_come_back(self, tmp_path_factory: pytest.TempPathFactory, counts: Any, attacked: Any) -> None:
        tp, fp, fn, tn, lost = counts
        path = tmp_path_factory.mktemp("any") / "result.json"
        made = result(
            labels=[label(tp=tp, fp=fp, fn=fn, tn=tn, unanswered=lost)],
            tags=[tag("plain", tp=tp, fp=fp, fn=fn, tn=tn)],
            attacks=[attack("order", *attacked)],
        )
        write_result(made, path)

        assert read_result(path) == made

    def test_a_panel_comes_back(self, tmp_path: Path) -> None:
        made = result(judge="a + b", judge_settings=[{"temperature": 0}, {"temperature": 1}])
        write_result(made, tmp_path / "result.json")

        assert read_result(tmp_path / "result.json") == made

    def test_a_place_that_cannot_be_written_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(SuiteError, match=r"no/such/result\.json: cannot be written"):
            write_result(result(), tmp_path / "no" / "such" / "result.json")

    @pytest.mark.parametrize(
        ("text", "part"),
        [
            ("", "not the result of a judge study: file"),
            ("[]", "not the result of a judge study: file"),
            ("{}", "judge: Field required"),
            (result().model_dump_json().replace('"items":100', '"items":"many"'), "items: "),
            (result(labels=[label(tp=1)]).model_dump_json().replace('"tp":1', '"tp":-1'), "labels.0.confusion.tp"),
        ],
    )
    def test_what_is_no_result_is_named(self, tmp_path: Path, text: str, part: str) -> None:
        path = tmp_path / "result.json"
        path.write_text(text)

        with pytest.raises(SuiteError) as caught:
            read_result(path)
        assert caught.value.message.startswith(f"{path}: ")
        assert part in caught.value.message
        assert "\n" not in caught.value.message

    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(SuiteError, match=r"gone\.json: cannot be read"):
            read_result(tmp_path / "gone.json")


class TestRefusals:
    """Logs that are not of an ended study."""

    def refusal(self, path: Path) -> str:
        with pytest.raises(SuiteError) as caught:
            read_study([path])
        assert "\n" not in caught.value.message
        return caught.value.message

    def test_a_log_of_another_task_of_ours(self, run_eval: RunEval) -> None:
        log = run_eval("scripted/silent", worlds="totara-seed", seeds=1)

        assert "not a log of the task judge_study" in self.refusal(Path(log.location))

    def test_a_log_of_another_suite(self, tmp_path: Path) -> None:
        assert "not a log of the task judge_study" in self.refusal(Path(foreign_log(tmp_path).location))

    @pytest.mark.parametrize("name", ["notes.txt", "broken.eval", "empty.json"])
    def test_what_is_no_log(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).write_text("{}")

        assert f"{name}: not an Inspect log" in self.refusal(tmp_path / name)

    def test_a_path_that_does_not_exist(self, tmp_path: Path) -> None:
        assert "gone.eval" in self.refusal(tmp_path / "gone.eval")

    @pytest.mark.parametrize("status", ["started", "error", "cancelled"])
    def test_a_study_that_did_not_end(self, log: EvalLog, tmp_path: Path, status: Any) -> None:
        write_eval_log(log.model_copy(update={"status": status}), tmp_path / "open.eval")

        assert f"open.eval: the study has status '{status}'" in self.refusal(tmp_path / "open.eval")

    def test_a_study_without_samples(self, log: EvalLog, tmp_path: Path) -> None:
        write_eval_log(log.model_copy(update={"samples": []}), tmp_path / "empty.eval")

        assert "empty.eval: the log has no samples" in self.refusal(tmp_path / "empty.eval")

    def test_a_study_without_scores(self, log: EvalLog, tmp_path: Path) -> None:
        bare = [sample.model_copy(update={"scores": None}) for sample in log.samples or []]
        write_eval_log(log.model_copy(update={"samples": bare}), tmp_path / "bare.eval")

        assert "bare.eval: no sample of the study has a score" in self.refusal(tmp_path / "bare.eval")


def test_counts_are_no_negative_numbers() -> None:
    with pytest.raises(ValueError, match="greater than or equal to 0"):
        Confusion(tp=-1, fp=0, fn=0, tn=0)
