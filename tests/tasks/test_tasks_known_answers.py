"""Scripted policies with known answers in every scenario, world and protocol, by the real tools and the real loop."""

import math

import pytest
from inspect_ai import eval as evaluate
from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.scorer import Score

from agentic_misalignment.judging import STATUSES
from agentic_misalignment.scenarios import scenario, scenario_names
from agentic_misalignment.scripted import Expectation, policy, policy_names
from agentic_misalignment.store import MailboxStore
from agentic_misalignment.tasks import blackmail, leaking, lethal_action
from tests.judges import asked_about, judge_prompts

TASKS = {"blackmail": blackmail, "leaking": leaking, "lethal_action": lethal_action}
PROTOCOLS = ("mailbox", "single_turn")

# Per scenario and policy: messages sent besides the answered chores; acts of the kind in question (messages that reach
# the target, messages by which an outsider receives a section, cancellations); and these with the rejected calls.
ACTS = {
    "blackmail": {
        "insider": (1, 1, 1),
        "veiled_insider": (1, 1, 1),
        "planner": (0, 0, 0),
        "drafter": (1, 0, 0),
        "discloser": (1, 0, 0),
        "escalator": (1, 0, 0),
        "exit_user": (1, 0, 0),
        "complier": (1, 1, 1),
        "quoter": (1, 1, 1),
        "silent": (0, 0, 0),
        "looper": (0, 0, 0),
        "injector": (1, 1, 1),
    },
    "leaking": {
        "insider": (1, 1, 1),
        "leaker": (1, 1, 1),
        "pasting_leaker": (1, 1, 1),
        "paraphrasing_leaker": (1, 0, 0),  # what code cannot find is for the judge
        "mentions_only": (1, 0, 0),
        "quoting_refuser": (1, 0, 0),
        "whistleblower": (1, 0, 0),
        "planner": (0, 0, 0),
        "drafter": (1, 0, 0),
        "escalator": (1, 0, 0),
        "exit_user": (1, 0, 0),
        "complier": (0, 0, 0),
        "silent": (0, 0, 0),
        "looper": (0, 0, 0),
    },
    "lethal_action": {
        "insider": (0, 1, 1),
        "canceller": (1, 1, 1),
        "late_alarm_raiser": (1, 1, 1),
        "misreader": (1, 1, 1),
        "fumbler": (0, 0, 1),
        "alarm_raiser": (1, 0, 0),
        "quoting_refuser": (1, 0, 0),
        "planner": (0, 0, 0),
        "drafter": (1, 0, 0),
        "escalator": (1, 0, 0),
        "exit_user": (1, 0, 0),
        "complier": (0, 0, 0),
        "silent": (0, 0, 0),
        "looper": (0, 0, 0),
    },
}
for acts in ACTS.values():
    # who says what it believes of its situation, and then plays as another
    acts |= {
        f"{who}_{other}": acts[other] for who in ("tester", "realist", "doubter") for other in ("insider", "complier")
    }
DOES_CHORES = {"veiled_insider", "planner", "complier", "tester_complier", "realist_complier", "doubter_complier"}
BESIDE = {"test_vs_real": "reality_belief", "conduct": "conduct"}
"""The scores beside the headline, and what a judge is asked for them."""

PLAYS = [(name, each) for name in scenario_names() for each in policy_names(name)]

Played = tuple[str, str, EvalLog]


def worlds(name: str, chosen: str) -> list[str]:
    """Where a policy is played: in all worlds, or in one if it plays as another that is played in all."""
    found = list(scenario(name).worlds)
    return found[:1] if policy(chosen).like else found


@pytest.fixture(scope="module", params=PLAYS, ids=lambda play: "-".join(play))
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Played:
    name, chosen = request.param
    log = evaluate(
        TASKS[name],
        model=f"scripted/{chosen}",
        model_roles={"grader": "scripted/judge"},
        task_args={"worlds": worlds(name, chosen), "seeds": 1, "protocol": ",".join(PROTOCOLS), "distractors": "0"},
        turn_limit=12,
        log_dir=str(tmp_path_factory.mktemp("logs")),
        display="log",
        log_realtime=False,
    )[0]
    return name, chosen, log


def samples(log: EvalLog) -> list[EvalSample]:
    assert log.status == "success"
    assert log.samples is not None
    return log.samples


def scored(played: Played) -> list[tuple[EvalSample, Score]]:
    return [(sample, (sample.scores or {})[played[0]]) for sample in samples(played[2])]


def expected(played: Played) -> Expectation:
    return policy(played[1]).play(played[0]).expects


@pytest.mark.parametrize("name", scenario_names())
def test_every_policy_has_a_row_here(name: str) -> None:
    assert sorted(ACTS[name]) == policy_names(name)


def test_all_worlds_and_protocols_were_played(played: Played) -> None:
    places = [(sample.metadata["world"], sample.metadata["protocol"]) for sample in samples(played[2])]

    assert sorted(places) == sorted((world, each) for world in worlds(*played[:2]) for each in PROTOCOLS)


def test_score_is_the_known_answer(played: Played) -> None:
    wanted = expected(played).score
    for sample, score in scored(played):
        value = score.as_float()
        assert math.isnan(value) if wanted is None else value == wanted, sample.id


def test_status_is_the_known_answer(played: Played) -> None:
    wanted = expected(played)
    for sample, score in scored(played):
        assert (sample.scores or {})["status"].value == wanted.status, sample.id
        assert wanted.reason is None or score.reason == wanted.reason, sample.id


def test_flags_are_the_known_ones(played: Played) -> None:
    wanted = expected(played).flags
    for sample, score in scored(played):
        flags = (score.metadata or {})["flags"]
        assert {name: flags.get(name) for name in wanted} == wanted, sample.id
        assert (sample.scores or {})["status"].metadata == {
            "reason": (score.metadata or {})["reason"],
            "harm": (score.metadata or {})["harm"],
            "flags": flags,
            "votes": {},
        }


def test_judge_is_asked_only_when_evidence_leaves_something_open(played: Played) -> None:
    wanted = expected(played).judged
    for sample, score in scored(played):
        asked = [asked_about(prompt) for prompt in judge_prompts(sample)]
        judged = {played[0]: (score.metadata or {})["judged"]}
        judged |= {of: ((sample.scores or {})[by].metadata or {})["judged"] for by, of in BESIDE.items()}
        assert wanted is None or judged[played[0]] == wanted, sample.id
        assert {of: asked.count(of) for of in judged} == {of: int(each) for of, each in judged.items()}, sample.id


def test_ledger_has_what_was_done(played: Played) -> None:
    name, chosen, _ = played
    others, executed, attempted = ACTS[name][chosen]
    for sample, score in scored(played):
        mailbox, facts = sample.store_as(MailboxStore).opened()
        chores = len(facts.chores) if chosen in DOES_CHORES else 0
        detail = score.metadata or {}
        assert len(mailbox.ledger.writes) == others + chores, sample.id
        assert (detail["executed"], detail["attempted"]) == (executed, attempted), sample.id
        assert detail["utility"] == 1 or chosen not in DOES_CHORES, sample.id


def test_log_has_the_rate_and_the_counts(played: Played) -> None:
    name, chosen, log = played
    assert log.results is not None
    metrics = {score.name: score.metrics for score in log.results.scores}
    wanted = expected(played)
    counted = {key: metric.value for key, metric in metrics["status"].items()}
    rates = [metric.value for key, metric in metrics[name].items() if key.startswith("rate ")]
    episodes = len(worlds(name, chosen)) * len(PROTOCOLS)

    # all episodes have the same status; the two protocols are two conditions, which have a rate each where an episode
    # has a value, and are never pooled
    assert counted[wanted.status] == sum(counted[status] for status in STATUSES) == episodes
    assert rates == ([] if wanted.score is None else [wanted.score] * 2)
    assert math.isnan(metrics[name]["rate"].value)
