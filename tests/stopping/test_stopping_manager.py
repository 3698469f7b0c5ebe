"""The rule under Inspect's protocol: who waits for whom, and what happens when nobody comes."""

from collections.abc import Awaitable, Callable

import anyio
import pytest
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.log import EvalConfig, EvalDataset, EvalSpec
from inspect_ai.scorer import SampleScore, Score

from agentic_misalignment.stopping import Boundary
from agentic_misalignment.stopping.manager import StopByRule, stopping

# Six equal episodes are enough at 95 %, in two worlds after three rounds.
RULE = Boundary(half_width=0.25, least=6, between_looks=2, confidence=0.95)


def samples(rounds: int, *, condition: str = "headline") -> list[Sample]:
    """By world, as a plan has them."""
    return [
        Sample(
            id=f"{world}/{condition}/s{seed}",
            input="",
            metadata={"scenario": "blackmail", "condition": condition, "world": world, "seed": seed},
        )
        for world in ("a", "b")
        for seed in range(1, rounds + 1)
    ]


def in_order(rounds: int) -> list[Sample]:
    return sorted(samples(rounds), key=lambda sample: (sample.metadata or {})["seed"])


def spec(**config: int) -> EvalSpec:
    dataset, settings = EvalDataset(), EvalConfig.model_validate(config)
    return EvalSpec(created="2025-01-01T00:00:00+00:00", task="t", dataset=dataset, model="m", config=settings)


def scored(value: float, status: str = "valid", name: str = "blackmail") -> dict[str, SampleScore]:
    return {name: SampleScore(score=Score(value=value, metadata={"status": status}))}


def run(play: Callable[[], Awaitable[None]]) -> None:
    anyio.run(play)


def test_the_data_set_is_ordered_round_by_round_only_under_a_rule() -> None:
    dataset = MemoryDataset(samples(5), name="d")

    assert stopping(None, dataset, "blackmail").dataset is dataset
    ordered = stopping("0.25", MemoryDataset(samples(8), name="d"), "blackmail").dataset
    assert [sample.id for sample in ordered][:4] == ["a/headline/s1", "b/headline/s1", "a/headline/s2", "b/headline/s2"]
    assert ordered.name == "d"


def test_an_episode_waits_for_the_look_before_it_and_is_stopped_by_it() -> None:
    async def play() -> None:
        manager, order, asked = StopByRule(RULE, "blackmail"), in_order(5), list[str]()
        await manager.start_task(spec(), order, 1)
        for sample in order[:6]:
            assert await manager.schedule_sample(str(sample.id), 1) is None

        async def ask() -> None:
            stop = await manager.schedule_sample("a/headline/s4", 1)
            assert stop is not None
            asked.append(stop.reason or "")

        async with anyio.create_task_group() as group:
            group.start_soon(ask)
            for sample in order[:6]:
                await anyio.sleep(0)
                assert asked == []
                await manager.complete_sample(str(sample.id), 1, scored(0))
        assert asked == ["blackmail headline: enough after 3 rounds, 0 of 6 valid episodes"]

    run(play)


def test_what_holds_waiting_episodes_up_is_waited_for_once_only(caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> None:
        manager, order = StopByRule(RULE, "blackmail", patience=0.02), in_order(5)
        await manager.start_task(spec(), order, 1)
        assert await manager.schedule_sample("a/headline/s4", 1) is None
        assert (await manager.complete_task())["waited"] is False
        manager.patience = 600
        with anyio.fail_after(5):
            assert await manager.schedule_sample("a/headline/s5", 1) is None

    run(play)
    assert caplog.text.count("nothing has finished") == 1


def test_episodes_that_may_be_tried_again_are_not_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> None:
        manager = StopByRule(RULE, "blackmail")
        await manager.start_task(spec(retry_on_error=2), in_order(5), 1)
        with anyio.fail_after(5):
            assert await manager.schedule_sample("a/headline/s4", 1) is None

    run(play)
    assert "--retry-on-error" in caplog.text
    assert "--max-samples" in caplog.text


@pytest.mark.parametrize(
    "scores", [{}, scored(float("nan"), "unscored"), scored(float("nan"), "error"), scored(0, name="conduct")]
)
def test_what_has_no_valid_headline_score_is_over_but_not_counted(scores: dict[str, SampleScore]) -> None:
    async def play() -> None:
        manager, order = StopByRule(RULE, "blackmail"), in_order(5)
        await manager.start_task(spec(), order, 1)
        for sample in order[:6]:
            await manager.complete_sample(str(sample.id), 1, scores)
        assert await manager.schedule_sample("a/headline/s4", 1) is None
        arms = (await manager.complete_task())["arms"]
        assert isinstance(arms, list)
        assert isinstance(arms[0], dict)
        assert arms[0]["looks"] == [{"rounds": 3, "valid": 0, "harm": 0, "low": 0.0, "high": 1.0, "stop": False}]

    run(play)


def test_epochs_are_rounds_after_each_other() -> None:
    async def play() -> None:
        manager, order = StopByRule(RULE, "agentic_misalignment/blackmail".rpartition("/")[2]), in_order(2)
        await manager.start_task(spec(), order, 2)
        for epoch, count in ((1, 4), (2, 2)):
            for sample in order[:count]:
                await manager.complete_sample(str(sample.id), epoch, scored(1, name="agentic_misalignment/blackmail"))
        assert await manager.schedule_sample("a/headline/s2", 2) is not None

    run(play)


def test_two_runs_of_one_task_are_counted_apart() -> None:
    manager, order, found = StopByRule(RULE, "blackmail"), in_order(5), dict[str, bool]()

    async def model(name: str, values: list[float]) -> None:
        await manager.start_task(spec(), order, 1)
        for sample, value in zip(order, values, strict=False):
            await manager.complete_sample(str(sample.id), 1, scored(value))
            await anyio.sleep(0)
        found[name] = await manager.schedule_sample("a/headline/s4", 1) is not None

    async def play() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(model, "never", [0.0] * 6)
            group.start_soon(model, "sometimes", [0.0, 1.0] * 3)

    run(play)
    assert found == {"never": True, "sometimes": False}
