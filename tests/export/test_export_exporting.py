"""A whole export: what stands in it, that it is the same each time, and when it is refused."""

import csv
import json
import shutil
import subprocess
from collections.abc import Sequence
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from inspect_ai.log import EvalLog, read_eval_log

from agentic_misalignment.analysis import read_rates
from agentic_misalignment.analysis.export import ALL, export
from agentic_misalignment.analysis.export import exporting as module
from agentic_misalignment.analysis.export.frame import Publication, Run
from agentic_misalignment.analysis.export.report import command as written_command
from agentic_misalignment.analysis.validation import bundle, checksums, register, results
from agentic_misalignment.commands.export import export as command
from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scenarios.plan import make_plan, make_suite
from tests.export.export_logs import ABOUT, PRIVATE, leaky, made, named, rewritten

MODEL = "openai/gpt-5-2025-08-07"
OWN = ("register", "results", "configs", "bundle")


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """A harmful and a harmless log of what looks like a real model, and one of a scripted model, with secrets."""
    folder = tmp_path_factory.mktemp("logs")
    harmful = made(folder / "a", "scripted/insider")
    harmless = made(folder / "b", "scripted/complier")
    leaking = rewritten(harmless, leaky, folder / "home" / "leaky.eval")
    return (rewritten(harmful, named(MODEL)), rewritten(harmless, named(MODEL)), leaking)


@pytest.fixture(scope="module")
def exported(logs: tuple[Path, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("exported") / "out"
    export(logs, output, targets=OWN, about=ABOUT)
    return output


def table(folder: Path) -> list[dict[str, str]]:
    with (folder / "results.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def entry(folder: Path) -> dict[str, Any]:
    (file,) = (folder / "register").rglob("eval.yaml")
    content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return content


def quick(logs: Sequence[Path], output: Path, **options: Any) -> tuple[str, ...]:
    return export(logs, output, targets=["results"], about=ABOUT, **options)


def test_all_validators_pass(exported: Path) -> None:
    assert [module.check(exported) for module in (checksums, results, register, bundle)] == [[], [], [], []]


def test_the_checksums_are_those_of_sha256sum(exported: Path) -> None:
    assert subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=exported, check=False).returncode == 0


def test_nothing_private_stands_in_any_file(exported: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in exported.rglob("*") if path.suffix in (".csv", ".yaml")]
    texts += [path.read_text(encoding="utf-8") for path in (exported / "bundle").glob("*.html")]

    assert [word for word in (*PRIVATE, str(exported.parent), "/tmp") for text in texts if word in text] == []


def test_the_same_logs_make_the_same_bytes(logs: tuple[Path, ...], exported: Path, tmp_path: Path) -> None:
    export(tuple(reversed(logs)), tmp_path / "again", targets=OWN, about=ABOUT)

    sums = [(folder / "SHA256SUMS").read_text(encoding="utf-8") for folder in (exported, tmp_path / "again")]
    assert sums[0] == sums[1]


def test_a_row_says_what_the_rate_says(logs: tuple[Path, ...], exported: Path) -> None:
    (row,) = [row for row in table(exported) if row["model"] == MODEL]
    (rate,) = read_rates(logs[:2])

    # Two worlds, in each a harmful and a harmless episode: 2 of 4. Wilson with z = 1.959964: centre 0.5, half-width
    # z / (1 + z**2 / 4) * sqrt(0.25 / 4 + z**2 / 64) = 0.349961.
    assert [row[name] for name in ("rate", "wilson_low", "wilson_high")] == ["0.5", "0.150039", "0.849961"]
    assert float(row["clustered_low"]) == pytest.approx(rate.figures["clustered_low"], abs=1e-6)
    assert [row[name] for name in ("episodes", "valid", "worlds", "demonstration")] == ["4", "4", "2", "false"]
    assert row["judge"] == "anthropic/claude-opus-4-20250514"
    assert len(row["logs"].split()) == len(row["log_sha256"].split()) == 2


def test_what_cannot_be_computed_is_an_empty_cell_with_a_reason(exported: Path) -> None:
    (row,) = [row for row in table(exported) if row["model"] == MODEL]

    # Both worlds have the rate 1/2, so that the standard error over worlds would be 0.
    assert row["stderr_clustered"] == ""
    assert "no clustered standard error: all worlds have the same rate" in row["notes"]


def test_scripted_results_are_marked_loudly(exported: Path) -> None:
    (row,) = [row for row in table(exported) if row["model"] == "scripted/complier"]
    mark = "DEMONSTRATION: model scripted/complier, judge scripted/judge are scripted"

    assert (row["demonstration"], row["notes"].startswith(mark)) == ("true", True)
    assert entry(exported)["evaluation_report"]["notes"][0].startswith(mark)


def test_an_entry_reports_each_model(exported: Path) -> None:
    report = entry(exported)["evaluation_report"]
    rows = {row["model"]: {each["key"]: each["value"] for each in row["metrics"]} for row in report["results"]}

    assert rows[MODEL]["harm_rate"] == 0.5
    assert "stderr" not in rows[MODEL]
    assert (rows[MODEL]["n_scored"], rows[MODEL]["n_unscored"], rows[MODEL]["worlds"]) == (4, 0, 2)
    assert rows["scripted/complier"]["harm_rate"] == 0
    assert (report["commit"], report["version"]) == (ABOUT.repository_commit, "3-B")
    assert report["command"].startswith("inspect eval agentic_misalignment/blackmail --model ")
    assert "-T seeds=1" in report["command"]


@pytest.mark.parametrize(("limit", "expected"), [(None, ""), (2, " --limit 2"), ((9, 20), " --limit 10-20")])
def test_a_command_says_which_samples_were_run(
    logs: tuple[Path, ...], limit: int | tuple[int, int] | None, expected: str
) -> None:
    header = read_eval_log(str(logs[0]), header_only=True)
    header.eval.config.limit = limit
    run = Run(log=logs[0], header=header, rates=(), sha256="", marks=(), pack=False)

    _, option, value = written_command(run).partition(" --limit")
    assert option + value == expected


def test_an_entry_whose_report_is_of_another_task_is_found_out(exported: Path, tmp_path: Path) -> None:
    file = tmp_path / "register" / "some_entry" / "eval.yaml"
    file.parent.mkdir(parents=True)
    tasks = [{"name": "other", "task_path": "other.py"}]
    file.write_text(yaml.safe_dump({**entry(exported), "tasks": tasks}), encoding="utf-8")

    (fault,) = register.check(tmp_path)
    assert fault.startswith("register/some_entry/eval.yaml: not an entry of the register: Value error")
    assert "blackmail" in fault


def test_an_entry_reports_the_newest_task_version_only(logs: tuple[Path, ...], tmp_path: Path) -> None:
    def older(log: EvalLog) -> None:
        log.eval.task_version = "1-Z"

    file = rewritten(logs[2], older, tmp_path / "older.eval")

    export([logs[0], file], tmp_path / "out", targets=["register", "results"], about=ABOUT)

    report = entry(tmp_path / "out")["evaluation_report"]
    assert [row["model"] for row in report["results"]] == [MODEL]
    assert "Results of task version 1-Z are not reported here; see results.csv" in report["notes"]
    assert {row["task_version"] for row in table(tmp_path / "out")} == {"1-Z", report["version"]}


def test_a_configuration_is_that_of_inspect(exported: Path) -> None:
    configs = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted((exported / "configs").iterdir())]

    assert {each["model"]["model"] for each in configs} == {MODEL, "scripted/complier"}
    assert all(each["task"]["args"]["seeds"] == 1 for each in configs)


@pytest.mark.parametrize(
    ("name", "change", "validator", "words"),
    [
        ("results.csv", "# changed", checksums, "results.csv: changed since the export"),
        ("new.txt", "x", checksums, "new.txt: not listed in SHA256SUMS"),
        ("results.csv", None, checksums, "results.csv: missing; SHA256SUMS lists it"),
        ("SHA256SUMS", "x", checksums, "SHA256SUMS:1: not a checksum"),
        ("results.csv", "scenario,rate\nblackmail,2\n", results, "is a required property"),
        ("results.schema.json", "{}", results, "not the schema of this version"),
        ("bundle/logs/listing.json", "{}", bundle, "not in listing.json"),
        ("bundle/index.html", None, bundle, "bundle/index.html: missing"),
        ("register/agentic_misalignment_blackmail/eval.yaml", "a: 1", register, "not an entry of the register"),
    ],
)
def test_a_tampered_export_is_found_out(
    exported: Path, tmp_path: Path, name: str, change: str | None, validator: Any, words: str
) -> None:
    folder = tmp_path / "out"
    shutil.copytree(exported, folder, copy_function=shutil.copyfile, ignore=shutil.ignore_patterns("assets"))
    (folder / "bundle" / "assets").mkdir()
    if change is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(change, encoding="utf-8")

    assert words in "\n".join(validator.check(folder))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "x"}, "'id' is the name of the folder"),
        ({"arxiv": "https://example.com/paper"}, "is no address of a paper"),
        ({"tasks": [{"name": "agentic_misalignment", "task_path": "a.py"}]}, "the name of another evaluation"),
        ({"tasks": [{"name": "a", "task_path": "a.py"}, {"name": "b", "task_path": "b.py"}]}, "2 tasks"),
        ({"source": {"repository_url": "https://github.com/a/b", "repository_commit": "abc"}}, "'abc' is no full"),
    ],
)
def test_an_entry_against_the_rules_is_found_out(exported: Path, tmp_path: Path, change: Any, words: str) -> None:
    file = tmp_path / "register" / "some_entry" / "eval.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(yaml.safe_dump({**entry(exported), "evaluation_report": None, **change}), encoding="utf-8")

    assert words in "\n".join(register.check(tmp_path))


def test_a_rate_outside_of_its_interval_is_found_out(exported: Path, tmp_path: Path) -> None:
    shutil.copyfile(exported / "results.schema.json", tmp_path / "results.schema.json")
    text = (exported / "results.csv").read_text(encoding="utf-8").replace(",0.150039,", ",0.6,")
    (tmp_path / "results.csv").write_text(text, encoding="utf-8")

    assert "the rate 0.5 lies outside of wilson_low to wilson_high" in "\n".join(results.check(tmp_path))


def test_an_existing_folder_stays_unless_told_otherwise(logs: tuple[Path, ...], tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(SuiteError, match="exists already"):
        quick(logs[:1], tmp_path)
    with pytest.raises(SuiteError, match="is no earlier export"):
        quick(logs[:1], tmp_path, overwrite=True)
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_an_earlier_export_is_replaced_as_a_whole(logs: tuple[Path, ...], tmp_path: Path) -> None:
    quick(logs[:2], tmp_path / "out")

    quick(logs[2:], tmp_path / "out", overwrite=True)

    assert [row["model"] for row in table(tmp_path / "out")] == ["scripted/complier"]
    assert len(list((tmp_path / "out" / "logs").iterdir())) == 1


def test_copies_of_a_log_are_exported_once(logs: tuple[Path, ...], tmp_path: Path) -> None:
    copied = tmp_path / "copy.eval"
    shutil.copyfile(logs[0], copied)

    quick((logs[0], copied), tmp_path / "out")

    assert len(list((tmp_path / "out" / "logs").iterdir())) == 1


def test_an_unfinished_run_is_refused_or_said(logs: tuple[Path, ...], tmp_path: Path) -> None:
    def cancel(log: EvalLog) -> None:
        log.status = "cancelled"

    file = rewritten(logs[0], cancel, tmp_path / "cancelled.eval")

    with pytest.raises(SuiteError, match=r"the run did not end: status cancelled\n.*--allow not_ended"):
        quick([file], tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert any("did not end" in remark for remark in quick([file], tmp_path / "out", allowed=["not_ended"]))


def test_nothing_is_written_if_something_is_left(
    logs: tuple[Path, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(publication: Publication, folder: Path) -> list[Path]:
        (folder / "notes.txt").write_text("see /home/jdoe/x", encoding="utf-8")
        (folder / "rows.jsonl").write_text(json.dumps({"text": "a\njdoe"}), encoding="utf-8")
        return [folder / "notes.txt", folder / "rows.jsonl"]

    monkeypatch.setitem(module.TARGETS, "results", careless)

    with pytest.raises(SuiteError, match="something is left that may not leave") as raised:
        quick(logs[2:], tmp_path / "out")

    assert "notes.txt: a path of a home folder" in raised.value.message
    assert "rows.jsonl: no canary line" in raised.value.message
    assert "rows.jsonl: the name of a user or host" in raised.value.message
    assert "jdoe" not in raised.value.message
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_target_is_an_error(logs: tuple[Path, ...], tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match=f"unknown target 'zip'; valid: {', '.join(ALL)}"):
        export(logs, tmp_path / "out", targets=["zip"])


def test_an_unwritable_output_is_one_line(logs: tuple[Path, ...], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(SuiteError, match=r"out: cannot be written"):
        quick(logs[:1], tmp_path / "file" / "out")


def test_the_command_says_what_has_to_be_said(logs: tuple[Path, ...], tmp_path: Path) -> None:
    arguments = [str(logs[2]), "-o", str(tmp_path / "out"), "--target", "results"]
    result = CliRunner().invoke(command, arguments)

    assert result.exit_code == 0, result.output
    assert "WARNING: DEMONSTRATION: model scripted/complier, judge scripted/judge are scripted" in result.stderr
    assert f"{tmp_path / 'out'}: written." in result.stdout


def test_the_command_names_missing_facts(logs: tuple[Path, ...], tmp_path: Path) -> None:
    result = CliRunner().invoke(command, [str(logs[2]), "-o", str(tmp_path / "out"), "--target", "register"])

    assert result.exit_code == 1
    assert "register: needs repository_url, arxiv, contributors" in result.stderr
    assert not (tmp_path / "out").exists()


def test_the_command_names_all_targets_and_faults() -> None:
    text = " ".join(CliRunner().invoke(command, ["--help"]).output.split())

    assert all(name in text for name in ("register, results, eee, hub, configs, bundle", *module.ALL))


@pytest.mark.parametrize("name", ["blackmail", "leaking", "lethal_action"])
def test_the_number_of_samples_is_that_of_the_task(name: str) -> None:
    from agentic_misalignment.analysis.export.register_text import task_text

    assert task_text(name).samples == len(list(make_plan(name).coordinates()))


def test_the_numbers_of_samples_are_those_of_the_defaults() -> None:
    from agentic_misalignment.analysis.export.register_text import task_text
    from agentic_misalignment.tasks import lynch2025, test_vs_real

    episodes = signature(test_vs_real).parameters["episodes"].default
    samples = signature(lynch2025).parameters["samples"].default

    assert task_text("test_vs_real").samples == episodes
    assert task_text("lynch2025").samples == 18 * samples  # 18 published cells


def test_the_number_of_samples_of_the_suite_is_that_of_its_scenarios() -> None:
    from agentic_misalignment.analysis.export.register_text import task_text

    plans = make_suite("headline")

    assert task_text("suite").samples == sum(len(list(plan.coordinates())) for plan in plans)
