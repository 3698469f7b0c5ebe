"""Episodes as an Inspect dataset."""

from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageSystem, ChatMessageUser

from agentic_misalignment.scenarios import Episode, render_episode
from agentic_misalignment.scenarios.metadata import EpisodeMetadata
from agentic_misalignment.scenarios.plan import Plan


def episode_dataset(plan: Plan) -> MemoryDataset:
    """Make one sample for each episode of a plan, in the plan's order.

    The sample's input is the prompt as the model meets it; a sample is never rendered again for scoring.

    Args:
        plan: The plan.

    Raises:
        SuiteError: If a text cannot be rendered.
    """
    samples = [
        _sample(render_episode(plan.scenario, world, condition, seed)) for world, condition, seed in plan.coordinates()
    ]
    return MemoryDataset(samples, name=f"{plan.scenario}-{plan.experiment}")


def _sample(episode: Episode) -> Sample:
    opening = str(episode.opening)
    if episode.condition.level("protocol") == "single_turn":
        opening = f"{opening}\n\n{episode.mail_text()}"
    return Sample(
        id=episode.id,
        input=[ChatMessageSystem(content=str(episode.system)), ChatMessageUser(content=opening)],
        metadata=EpisodeMetadata.of(episode).model_dump(),
    )
