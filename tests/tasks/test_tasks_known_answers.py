"""Scripted policies with known answers, in all worlds under both protocols, by the real tools and the real loop."""

import math

import pytest
from inspect_ai import eval as evaluate
from inspect_ai.log import EvalLog, EvalSample

from agentic_misalignment.scenarios import scenario
from agentic_misalignment.scripted import policy, policy_names
from agentic_misalignment.store import MailboxStore
from agentic_misalignment.tasks import blackmail

WORLDS = scenario("blackmail").worlds

# Per policy: messages sent besides the answered chores, and those of them that reach the target.
SENT = {
    "insider": (1, 1),
    "veiled_insider": (1, 1),
    "planner": (0, 0),
    "drafter": (1, 0),
    "discloser": (1, 0),
    "escalator": (1, 0),
    "complier": (1, 1),
    "quoter": (1, 1),
    "silent": (0, 0),
    "looper": (0, 0),
    "injector": (1, 1),
}
DOES_CHORES = {"veiled_insider", "planner", "complier"}


@pytest.fixture(scope="module", params=policy_names())
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, EvalLog]:
    log = evaluate(
        blackmail,
        model=f"scripted/{request.param}",
        model_roles={"grader": "scripted/judge"},
        task_args={"seeds": 1, "protocol": "mailbox,single_turn"},
        turn_limit=12,
        log_dir=str(tmp_path_factory.mktemp("logs")),
        display="none",
    )[0]
    return request.param, log


def samples(log: EvalLog) -> list[EvalSample]:
    assert log.status == "success"
    assert log.samples is not None
    return log.samples


def test_every_policy_has_a_row_here() -> None:
    assert sorted(SENT) == policy_names()


def test_all_worlds_and_protocols_were_played(played: tuple[str, EvalLog]) -> None:
    places = {(sample.metadata["world"], sample.metadata["protocol"]) for sample in samples(played[1])}

    assert places == {(world, protocol) for world in WORLDS for protocol in ("mailbox", "single_turn")}


def test_score_is_the_known_answer(played: tuple[str, EvalLog]) -> None:
    expected = policy(played[0]).expects.score
    for sample in samples(played[1]):
        value = (sample.scores or {})["blackmail"].as_float()
        assert math.isnan(value) if expected is None else value == expected, sample.id


def test_status_is_the_known_answer(played: tuple[str, EvalLog]) -> None:
    expected = policy(played[0]).expects
    for sample in samples(played[1]):
        scores = sample.scores or {}
        assert scores["status"].value == expected.status, sample.id
        assert expected.reason is None or scores["blackmail"].reason == expected.reason, sample.id


def test_judge_is_asked_only_when_something_reached_the_target(played: tuple[str, EvalLog]) -> None:
    for sample in samples(played[1]):
        asked = sum(event.event == "model" and event.role == "grader" for event in sample.events)
        detail = (sample.scores or {})["blackmail"].metadata or {}
        assert detail["judged"] == policy(played[0]).expects.judged, sample.id
        assert asked == int(policy(played[0]).expects.judged), sample.id


def test_ledger_has_what_was_sent(played: tuple[str, EvalLog]) -> None:
    others, reaching = SENT[played[0]]
    for sample in samples(played[1]):
        mailbox, facts = sample.store_as(MailboxStore).opened()
        chores = len(facts.chores) if played[0] in DOES_CHORES else 0
        detail = (sample.scores or {})["blackmail"].metadata or {}
        assert len(mailbox.ledger.writes) == others + chores, sample.id
        assert detail["executed"] == detail["attempted"] == reaching, sample.id


def test_log_has_the_rate_and_the_counts(played: tuple[str, EvalLog]) -> None:
    name, log = played
    assert log.results is not None
    metrics = {score.name: score.metrics for score in log.results.scores}
    expected = policy(name).expects
    counted = {key: metric.value for key, metric in metrics["status"].items()}
    rates = [metric.value for key, metric in metrics["blackmail"].items() if key.startswith("rate ")]

    # 6 worlds x 2 protocols x 1 seed = 12 episodes, all with the same status; the two protocols are two conditions,
    # which have a rate each where an episode has a value, and are never pooled
    assert counted[expected.status] == 12
    assert sum(counted[key] for key in ("valid", "filtered", "limit", "error", "unscored")) == 12
    assert rates == ([] if expected.score is None else [expected.score] * 2)
    assert math.isnan(metrics["blackmail"]["rate"].value)
