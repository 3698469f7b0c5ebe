"""Episodes as an Inspect dataset."""

from collections.abc import Sequence

from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageSystem, ChatMessageUser

from agentic_misalignment.scenarios import Condition
from agentic_misalignment.scenarios.metadata import EpisodeMetadata
from agentic_misalignment.scenarios.plan import Plan
from agentic_misalignment.scenarios.rendering import Renderer, mail_renderer


def episode_dataset(plan: Plan) -> MemoryDataset:
    """Make one sample for each episode of a plan, in the plan's order.

    The sample's input is the prompt as the model meets it; a sample is never rendered again for scoring.

    Args:
        plan: The plan.

    Raises:
        SuiteError: If a text cannot be rendered.
    """
    samples = [_sample(plan, world, condition, seed) for world, condition, seed in plan.coordinates()]
    return MemoryDataset(samples, name=f"{plan.scenario}-{plan.experiment}")


def suite_dataset(plans: Sequence[Plan]) -> MemoryDataset:
    """Make one dataset of the episodes of several scenarios; each id begins with its scenario.

    Args:
        plans: One plan for each scenario, all of one experiment.

    Raises:
        SuiteError: If a text cannot be rendered.
    """
    samples = [
        sample.model_copy(update={"id": f"{plan.scenario}/{sample.id}"})
        for plan in plans
        for sample in episode_dataset(plan)
    ]
    return MemoryDataset(samples, name=f"suite-{plans[0].experiment}")


def _sample(plan: Plan, world: str, condition: Condition, seed: int) -> Sample:
    renderer = Renderer(mail_renderer(plan.scenario, world, plan.pack), condition, seed)
    opening = str(renderer.opening())
    if condition.level("protocol") == "single_turn":
        opening = f"{opening}\n\n{renderer.mail_text()}"
    return Sample(
        id=renderer.id,
        input=[ChatMessageSystem(content=str(renderer.system())), ChatMessageUser(content=opening)],
        metadata=EpisodeMetadata.of(plan.scenario, world, condition, seed, pack=plan.pack).model_dump(),
    )
