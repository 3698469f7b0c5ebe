"""Logs of real models, made of a scripted run: the same episodes with another name, and with tokens that are known."""

from collections.abc import Callable
from pathlib import Path

from inspect_ai.log import EvalLog, EvalSample, read_eval_log, write_eval_log
from inspect_ai.model import ModelConfig, ModelUsage

from agentic_misalignment.planning.assumptions import assumptions
from agentic_misalignment.planning.sizes import Sizes, cell_sizes
from agentic_misalignment.scenarios.plan import make_plan

MODEL = "openai/gpt-5"
JUDGE = "anthropic/claude-sonnet-4-5"
GROWTH = 300.0
"""Tokens by which the input of the made-up model grows with each turn."""

WORLDS = "harbour-freight,totara-seed"

Change = Callable[[int, EvalSample], None]


def sizes_of(world: str) -> Sizes:
    """The sizes of the headline's episode in a world of `blackmail`."""
    plan = make_plan("blackmail", worlds=world)
    return cell_sizes(plan, world, plan.conditions[0])


def used(number: int, sample: EvalSample) -> None:
    """Give a sample the usage of a model with 10, 11, … turns, 50 output tokens in each, a quarter of it cached."""
    turns, known = 10 + number, assumptions()
    base = (sizes_of(sample.metadata["world"]).prompt + known.turns.tool_characters) / known.characters(MODEL)
    whole = round(turns * base + GROWTH * turns * (turns - 1) / 2)
    cached = whole // 4
    judge = ModelUsage(input_tokens=9000, output_tokens=600, total_tokens=9600)
    sample.turn_count = turns
    sample.model_usage = {
        MODEL: ModelUsage(
            input_tokens=whole - cached, input_tokens_cache_read=cached, output_tokens=50 * turns, total_tokens=whole
        ),
        JUDGE: judge,
    }
    sample.role_usage = {"grader": judge}
    sample.working_time = 40.0


def real_log(log: EvalLog, path: Path, change: Change = used, *, model: str = MODEL, judge: str = JUDGE) -> Path:
    """Write a copy of a log as if a real model and a real judge had run it."""
    copy = read_eval_log(log.location)
    copy.eval.model = model
    copy.eval.model_roles = {"grader": ModelConfig(model=judge)}
    for number, sample in enumerate(copy.samples or []):
        sample.uuid = f"{path.name}-{number}"
        for score in (sample.scores or {}).values():
            if score.metadata and "judge" in score.metadata:
                score.metadata["judge"] = judge
        change(number, sample)
    write_eval_log(copy, str(path))
    return path
