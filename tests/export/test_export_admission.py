"""What is refused, what is only said, and what the publisher may allow."""

from collections.abc import Callable
from typing import Any

import pytest
from inspect_ai.log import EvalConfig, EvalDataset, EvalLog, EvalRevision, EvalSpec

from agentic_misalignment.analysis import Group, Rate
from agentic_misalignment.analysis.export.admission import (
    REFUSALS,
    Fault,
    admit,
    faults_of_rates,
    faults_of_run,
    marks_of,
    together,
)
from agentic_misalignment.errors import SuiteError

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def header(model: str = "openai/gpt-5-2025-08-07", **fields: Any) -> EvalLog:
    spec = EvalSpec(
        created="2026-11-20T10:00:00+00:00",
        task="agentic_misalignment/blackmail",
        task_registry_name="agentic_misalignment/blackmail",
        dataset=EvalDataset(),
        model=model,
        config=EvalConfig(),
        packages={"agentic_misalignment": "0.1.0"},
        metadata={"commit": COMMIT},
    )
    return EvalLog(status="success", eval=spec.model_copy(update=fields))


def rate(valid: int, other: int = 0, *, judge: str = "openai/judge", value: float = 0.5, version: str = "3-A") -> Rate:
    group = Group(
        scenario="blackmail",
        version=version,
        model="m",
        judge=judge,
        rubric_hash="r",
        data_hash="d",
        setup="s",
        condition="c",
    )
    statuses = {"valid": valid, "filtered": 0, "limit": 0, "error": 0, "unscored": other}
    return Rate(
        group=group, statuses=statuses, figures={"rate": value}, flags={}, judged=(0, 0), known=(0, 0), notes=()
    )


def dirty(commit: str) -> EvalRevision:
    return EvalRevision(type="git", origin="", commit=commit, dirty=True)


def by_path() -> EvalLog:
    return header(task_registry_name="blackmail", packages={"inspect_ai": "0.3.285"})


def test_a_clean_run_by_name_of_a_dated_model_has_no_fault() -> None:
    assert faults_of_run("a.eval", header()) == []


@pytest.mark.parametrize(
    ("log", "kind", "words"),
    [
        (header(revision=dirty(COMMIT[:7])), "dirty", "uncommitted changes on 0123456789ab"),
        (header(metadata={}), "no_commit", "no full commit"),
        (header().model_copy(update={"status": "cancelled"}), "not_ended", "status cancelled"),
        (by_path(), None, "run by path"),
        (header("openai/gpt-5"), None, "'openai/gpt-5' has no date"),
    ],
)
def test_a_fault_of_a_run_is_named(log: EvalLog, kind: str | None, words: str) -> None:
    (fault,) = faults_of_run("a.eval", log)

    assert fault.kind == kind
    assert str(fault).startswith("a.eval: ")
    assert words in str(fault)


def test_changes_in_another_repository_are_none_of_the_code() -> None:
    assert faults_of_run("a.eval", header(revision=dirty("abcdef0"))) == []


@pytest.mark.parametrize(
    "model",
    ["anthropic/claude-opus-4-20250514", "mistral/mistral-large-2411", "google/gemini-2.5-pro-preview-05-06",
     "hf/meta/llama@0a1b2c3d", "scripted/insider"],
)  # fmt: skip
def test_a_dated_or_scripted_model_id_is_no_fault(model: str) -> None:
    assert faults_of_run("a.eval", header(model)) == []


@pytest.mark.parametrize(
    ("rates", "kinds"),
    [
        ([rate(9, 1)], []),  # 10 % are not too many
        ([rate(17, 2)], ["invalid"]),  # 2 of 19 are 10.5 %
        ([rate(0, 1, value=float("nan"))], ["no_value", "invalid"]),
        ([rate(1, judge="")], ["no_judge"]),
    ],
)
def test_a_rate_that_cannot_be_trusted_is_refused(rates: list[Rate], kinds: list[str]) -> None:
    assert [fault.kind for fault in faults_of_rates(rates)] == kinds


def test_rates_of_several_versions_are_said_to_be_apart() -> None:
    (fault,) = faults_of_rates([rate(1), rate(1, version="4-A")])

    assert (fault.kind, "2 rows that may not be pooled: they differ in version" in str(fault)) == (None, True)


def test_a_refusal_names_each_fault_and_how_to_allow_it() -> None:
    faults = [Fault(kind="dirty", text="one", places=("a",)), Fault(kind="invalid", text="two")]

    with pytest.raises(
        SuiteError, match=r"(?s)^nothing is exported:\n  a: one\n  two\n.*--allow dirty --allow invalid$"
    ):
        admit(faults, ())


def test_what_is_allowed_is_said() -> None:
    assert admit([Fault(kind="dirty", text="one"), Fault(kind=None, text="two")], ["dirty"]) == ("one", "two")


def test_an_unknown_refusal_is_an_error() -> None:
    with pytest.raises(SuiteError, match=f"unknown refusal 'everything'; valid: {', '.join(REFUSALS)}"):
        admit([], ["everything"])


def test_the_same_fault_of_many_logs_is_one_line() -> None:
    faults = [Fault(kind="dirty", text="is dirty", places=(name,)) for name in "abcde"]

    assert [str(fault) for fault in together(faults)] == ["a, b, c, 2 more: is dirty"]


@pytest.mark.parametrize(
    ("models", "judges", "expected"),
    [
        (["openai/gpt-5"], ["anthropic/claude"], ()),
        (["scripted/insider"], ["x/y"], ("DEMONSTRATION: model scripted/insider is scripted",)),
        (["a/b"], ["x/y + scripted/judge"], ("DEMONSTRATION: judge x/y + scripted/judge is scripted",)),
        (["mockllm/a", "mockllm/a"], ["scripted/judge"], ("DEMONSTRATION: model mockllm/a, judge scripted/judge are",)),
    ],
)
def test_scripted_models_and_judges_are_marked(models: list[str], judges: list[str], expected: tuple[str, ...]) -> None:
    starts: Callable[[str, str], bool] = str.startswith
    found = marks_of(models, judges)

    assert len(found) == len(expected)
    assert all(starts(*pair) for pair in zip(found, expected, strict=True))
