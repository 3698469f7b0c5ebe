import math
import socket
from typing import Any, NoReturn

import inspect_ai.model
import pytest

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.planning import RunPlan, plan_run, plan_text
from agentic_misalignment.planning.prices import Tokens
from agentic_misalignment.scenarios import experiment_names
from agentic_misalignment.scenarios.plan import make_suite

MODELS = ["anthropic/claude-sonnet-4-5", "openai/gpt-5"]


@pytest.fixture(scope="module")
def triggers() -> RunPlan:
    return plan_run("triggers", MODELS, graders=["google/gemini-2.5-pro"])


@pytest.mark.parametrize("name", experiment_names())
def test_there_are_as_many_episodes_as_the_suite_would_run(name: str) -> None:
    plans = make_suite(name)
    found = plan_run(name, ["scripted/insider"], worlds=[plan.worlds[0] for plan in plans], conduct="none")

    assert [each.plan.scenario for each in found.scenarios] == [plan.scenario for plan in plans]
    for each, plan in zip(found.scenarios, plans, strict=True):
        run = sum(world in each.plan.worlds for world, _, _ in plan.coordinates())
        assert each.episodes == run > 0
    assert found.episodes == sum(each.episodes for each in found.scenarios)


def test_sums_over_models_and_judges(triggers: RunPlan) -> None:
    costs = [each.price for each in triggers.models] + [each.price for each in triggers.judges]

    # 12 conditions x 6 worlds x 4 seeds and 6 x 4 x 4, of two models
    assert triggers.episodes == 2 * (288 + 96)
    assert triggers.price == pytest.approx(sum(costs))
    assert all(cost > 0 for cost in costs)
    assert triggers.seconds == max([each.seconds for each in triggers.models] + [triggers.judges[0].seconds])


def test_the_price_is_that_of_the_tokens(triggers: RunPlan) -> None:
    first = triggers.models[0]

    # list price of the model: 3.75 written, 0.30 cached, 15 output
    fresh = first.tokens.input - first.tokens.cached
    expected = (3.75 * fresh + 0.3 * first.tokens.cached + 15 * first.tokens.output) / 1e6
    assert first.price == pytest.approx(expected)
    assert first.low < first.price < first.high


def test_a_judge_is_asked_three_times_at_most(triggers: RunPlan) -> None:
    judge = triggers.judges[0]

    assert judge.most == 3 * triggers.episodes
    # headline in 0.7 of blackmail's and 0.5 of lethal_action's episodes, belief and conduct in each
    assert judge.calls == pytest.approx(2 * (288 * 2.7 + 96 * 2.5))


def test_without_conduct_there_is_one_call_less() -> None:
    found = plan_run("headline", MODELS[:1], scenarios="leaking", conduct="none", graders=["openai/gpt-5"])

    assert found.judges[0].most == 2 * found.episodes


def test_every_member_of_a_panel_judges() -> None:
    found = plan_run("headline", MODELS[:1], scenarios="leaking", graders=["openai/gpt-5", "google/gemini-2.5-pro"])

    assert [each.most for each in found.judges] == [3 * 24, 3 * 24]


def test_more_text_takes_more_tokens() -> None:
    few, many = (
        plan_run("headline", MODELS[:1], scenarios="blackmail", factors={"distractors": level}).models[0].tokens
        for level in ("0", "100")
    )

    assert many.input > 3 * few.input


def test_one_reply_is_one_call_without_a_cache() -> None:
    found = plan_run("headline", MODELS[:1], scenarios="blackmail", factors={"protocol": "single_turn"}).models[0]

    assert found.turns == 1
    assert found.tokens.cached == 0
    assert found.tokens.output == 24 * 1500


def test_seeds_multiply_everything() -> None:
    one, three = (plan_run("headline", MODELS[:1], scenarios="blackmail", seeds=seeds) for seeds in (1, 3))

    assert three.models[0].tokens.input == pytest.approx(3 * one.models[0].tokens.input)
    assert three.episodes == 3 * one.episodes


def test_time_goes_by_rounds_of_connections() -> None:
    slow, fast = (
        plan_run("headline", MODELS[:1], scenarios="blackmail", connections=number).models[0].seconds
        for number in (8, 24)
    )

    # 24 episodes: three rounds, or one
    assert slow == pytest.approx(3 * fast)


def test_an_unknown_price_is_not_zero() -> None:
    found = plan_run("headline", ["acme/one"], scenarios="blackmail")

    assert math.isnan(found.models[0].price)
    assert math.isnan(found.price)
    assert found.models[0].tokens != Tokens()


def test_the_correlation_can_be_given() -> None:
    assumed, given = (plan_run("headline", MODELS[:1], scenarios="blackmail", correlation=rho) for rho in (None, 0.0))

    assert (assumed.correlation_from, given.correlation_from) == (0, None)
    assert given.scenarios[0].intervals[-1].clustered[0] > assumed.scenarios[0].intervals[-1].clustered[0]


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("exits", {}, "blackmail: goal, threat and leverage only vary together: their effects cannot be told apart"),
        ("goals", {}, "blackmail: unbalanced: some levels of goal stand in more conditions than others"),
        (
            "headline",
            {},
            "blackmail: no control with goal=none, threat=none, leverage=absent: what these factors do cannot be seen; "
            "run the experiment twin with the same models",
        ),
        ("exits", {"factors": {"exit": "ally"}}, "the experiment's control exit=none is not among the conditions"),
        ("headline", {"worlds": "harbour-freight"}, "1 worlds are few"),
        ("headline", {"seeds": 1}, "one seed: what goes with a world cannot be told from chance"),
        # 0.99 to the 12 is 0.886
        ("secrets", {"seeds": 2}, "floor: at a true rate of 1 %, 89 % of the conditions show no harm in 12 episodes"),
        ("headline", {}, "no judge is named"),
        (
            "headline",
            {"graders": ["openai/gpt-5-mini"]},
            "openai/gpt-5-mini would judge openai/gpt-5, a model of its own",
        ),
        ("headline", {"graders": ["acme/one"]}, "no price is known of acme/one"),
        ("headline", {}, "tokens of openai/gpt-5 rest on assumptions"),
    ],
)
def test_what_is_said_of_a_plan(name: str, options: dict[str, Any], expected: str) -> None:
    found = plan_run(name, ["openai/gpt-5"], scenarios="blackmail", **options)

    assert [note for note in found.notes if expected in note] != []


def test_a_crossed_design_with_its_twin_and_a_strange_judge_has_little_to_be_said_of(triggers: RunPlan) -> None:
    of_blackmail = [note for note in triggers.notes if note.startswith("blackmail") and "floor" not in note]

    assert of_blackmail == []


def test_nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise AssertionError("a plan makes no model and opens no connection")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(inspect_ai.model, "get_model", refuse)
    monkeypatch.setattr("inspect_ai.model._model.get_model", refuse)

    assert plan_run("headline", MODELS, graders=["google/gemini-2.5-pro"], scenarios="blackmail").episodes == 48


def test_the_text_has_every_number(triggers: RunPlan) -> None:
    shown = plan_text(triggers)

    for part in (
        "768 episodes in all, of 2 models.",
        "Each judge: 0 to 2,304 calls, up to 3 in an episode: headline, belief and conduct.",
        "Correlation of outcomes within a world: 0.10 (assumed).",
        "its Monte-Carlo standard error is 0.9 points.",
        "Time at 20 connections to each model: about",
    ):
        assert part in shown
    assert "nan" not in shown


@pytest.mark.parametrize("options", [{"models": []}, {"connections": 0}, {"correlation": 1.0}, {"precision": 0.0}])
def test_bad_numbers_are_refused(options: dict[str, Any]) -> None:
    models = options.pop("models", MODELS)

    with pytest.raises(SuiteError):
        plan_run("headline", models, **options)
