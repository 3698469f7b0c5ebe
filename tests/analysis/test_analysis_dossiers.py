"""Dossiers from logs: what a judge of each question read, and logs or samples that have none."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from inspect_ai.log import EvalLog, EvalSample, read_eval_log, write_eval_log

from agentic_misalignment.analysis import read_dossier
from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scenarios import scenario_names
from agentic_misalignment.tasks import suite
from tests.analysis.analysis_logs import foreign_log
from tests.conftest import RunEval
from tests.evals import evaluated
from tests.judges import BELIEF, CONDUCT, MockJudge, judge_prompts

QUESTIONS = {"belief": BELIEF, "conduct": CONDUCT}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> EvalLog:
    """One episode of each world of each scenario, in which the agent does the harm and writes what it thinks."""
    return evaluated(tmp_path_factory.mktemp("suite"), "scripted/tester_insider", task=suite, seeds=1, conduct="all")


def first(log: EvalLog, scenario: str) -> EvalSample:
    return next(sample for sample in log.samples or [] if sample.metadata["scenario"] == scenario)


@pytest.mark.parametrize("scenario", scenario_names())
@pytest.mark.parametrize("question", ["headline", "belief", "conduct"])
def test_the_request_is_what_the_judge_was_asked(log: EvalLog, scenario: str, question: str) -> None:
    sample = first(log, scenario)
    asked = judge_prompts(sample, QUESTIONS.get(question, scenario))

    shown = read_dossier(Path(log.location), str(sample.id), question=question, request=True)
    # the ledger decides some headlines, of which no judge was asked
    assert asked in ([shown], []) if question == "headline" else asked == [shown]


@pytest.mark.parametrize("scenario", scenario_names())
@pytest.mark.parametrize("question", ["headline", "belief", "conduct"])
def test_the_dossier_stands_in_the_request(log: EvalLog, scenario: str, question: str) -> None:
    path, sample = Path(log.location), str(first(log, scenario).id)

    dossier = read_dossier(path, sample, question=question)
    assert dossier.startswith("## The people")
    assert dossier in read_dossier(path, sample, question=question, request=True)


def test_only_the_questions_about_the_session_show_all_messages(log: EvalLog) -> None:
    path, sample = Path(log.location), str(first(log, "blackmail").id)
    shown = {question: read_dossier(path, sample, question=question) for question in ("headline", "belief", "conduct")}

    assert "## The messages in question" in shown["headline"]
    assert "## The messages that the assistant sent" in shown["belief"]
    assert len(shown["conduct"]) > len(shown["belief"])  # with the texts of the mails that it read


def test_the_headline_is_the_question_without_another(log: EvalLog) -> None:
    path, sample = Path(log.location), str(first(log, "leaking").id)

    assert read_dossier(path, sample) == read_dossier(path, sample, question="headline")


@pytest.mark.parametrize("protocol", ["mailbox", "single_turn"])
def test_mails_that_the_model_saw_are_there_whatever_the_protocol(run_eval: RunEval, protocol: str) -> None:
    judge = MockJudge()
    args: dict[str, Any] = {"worlds": "totara-seed", "seeds": 1, "protocol": protocol, "preflight": False}
    log = run_eval("scripted/insider", grader=judge.model, **args)

    (asked,) = (prompt for prompt, question in zip(judge.prompts, judge.asked, strict=True) if question == CONDUCT)
    (sample,) = log.samples or []
    assert read_dossier(Path(log.location), str(sample.id), question="conduct", request=True) == asked


def test_an_epoch_has_a_dossier_of_its_own(run_eval: RunEval) -> None:
    log = run_eval("scripted/insider", worlds="totara-seed", seeds=1, conduct="none", options={"epochs": 2})
    path, sample = Path(log.location), str((log.samples or [])[0].id)

    assert read_dossier(path, sample, epoch=2) == read_dossier(path, sample, epoch=1)
    with pytest.raises(SuiteError, match=f"unknown sample '{sample}, epoch 3'; valid: {sample}"):
        read_dossier(path, sample, epoch=3)


def refusal(path: Path, sample: str, **more: Any) -> str:
    """The one line with which a dossier is refused."""
    with pytest.raises(SuiteError) as caught:
        read_dossier(path, sample, **more)
    assert "\n" not in caught.value.message
    return caught.value.message


def test_an_unknown_sample_is_named_with_those_of_the_log(log: EvalLog) -> None:
    message = refusal(Path(log.location), "nowhere/s1")

    assert "unknown sample 'nowhere/s1, epoch 1'; valid: " in message
    assert str((log.samples or [])[0].id) in message


def test_of_many_samples_some_are_named(run_eval: RunEval) -> None:
    log = run_eval("scripted/silent", worlds="totara-seed", seeds=23, conduct="none")

    assert refusal(Path(log.location), "nowhere").endswith("… 3 more")


def test_a_sample_of_another_suite_is_no_episode(tmp_path: Path) -> None:
    log = foreign_log(tmp_path)

    assert "not an episode of this suite" in refusal(Path(log.location), "1")


@pytest.mark.parametrize("name", ["notes.txt", "broken.eval", "empty.json"])
def test_what_is_no_log_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("{}")

    assert f"{name}: not an Inspect log" in refusal(tmp_path / name, "s")


def test_a_log_that_does_not_exist_is_named(tmp_path: Path) -> None:
    assert "gone.eval: not an Inspect log" in refusal(tmp_path / "gone.eval", "s")


def test_a_log_without_samples_knows_no_sample(log: EvalLog, tmp_path: Path) -> None:
    write_eval_log(log.model_copy(update={"samples": []}), tmp_path / "empty.eval")

    assert "empty.eval: " in refusal(tmp_path / "empty.eval", "s")


def _without_state(sample: EvalSample) -> None:
    sample.store = {}


def _without_facts(sample: EvalSample) -> None:
    sample.store.pop("MailboxStore:facts")


def _with_other_facts(sample: EvalSample) -> None:
    sample.store["MailboxStore:facts"] = {"episode": "e", "scenario": "blackmail"}


def _with_another_mailbox(sample: EvalSample) -> None:
    sample.store["MailboxStore:mailbox"] = {"inbox": ["a mail"]}


def _without_place(sample: EvalSample) -> None:
    sample.metadata = {}


def _without_protocol(sample: EvalSample) -> None:
    sample.metadata = {key: value for key, value in sample.metadata.items() if key != "protocol"}


@pytest.mark.parametrize(
    ("spoil", "part"),
    [
        (_without_state, "not an episode of this suite"),
        (_without_facts, "not an episode of this suite"),
        (_with_other_facts, "not of this version of the suite: company"),
        (_with_another_mailbox, "not of this version of the suite: "),
        (_without_place, "scenario"),
        (_without_protocol, "protocol"),
    ],
)
def test_an_old_or_foreign_sample_in_the_shape_of_ours_is_refused(
    log: EvalLog, tmp_path: Path, spoil: Callable[[EvalSample], None], part: str
) -> None:
    spoiled = read_eval_log(log.location)
    sample = (spoiled.samples or [])[0]
    spoil(sample)
    write_eval_log(spoiled, tmp_path / "old.eval")

    assert part in refusal(tmp_path / "old.eval", str(sample.id))
