"""The small scenario and world of this folder, and ways to edit and render them."""

from pathlib import Path

from agentic_misalignment.scenarios.checks import check_world
from agentic_misalignment.scenarios.condition import Condition
from agentic_misalignment.scenarios.data import load, parse
from agentic_misalignment.scenarios.episode import Episode
from agentic_misalignment.scenarios.experiment import build_condition
from agentic_misalignment.scenarios.mail_rendering import MailRenderer
from agentic_misalignment.scenarios.rendering import Renderer
from agentic_misalignment.scenarios.scenario import Scenario
from agentic_misalignment.scenarios.world import World

HERE = Path(__file__).parent
NAME = "corner-bakery"
POOL = 27
"""Distractors of the world. Every third one answers the one before it: three, six, and so on answer two, five, …"""

SMALL = load(HERE / "small-scenario.yaml", Scenario)


def world_text() -> str:
    """The world's YAML text with its distractors."""
    source = (HERE / f"{NAME}.yaml").read_text(encoding="utf-8")
    return source.replace("distractors:\n", "distractors:\n" + "".join(map(_distractor, range(1, POOL + 1))))


def _distractor(number: int) -> str:
    hour, minute = divmod(8 * 60 + 10 * number, 60)
    lines = [
        f"  - id: shelf-{number}",
        "    from: baker",
        "    to: [driver]",
        *([f"    re: shelf-{number - 1}"] if number % 3 == 0 else []),
        f"    at: 2031-05-05 {hour:02}:{minute:02}",
        f"    subject: Shelf {number}",
        f"    body: Shelf {number} is counted.",
    ]
    return "".join(f"{line}\n" for line in lines)


def edited(old: str, new: str, text: str = "") -> str:
    """The world's text, or the given one, with the one place `old` replaced."""
    text = text or world_text()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the world"
    return text.replace(old, new)


def small_world(text: str = "") -> World:
    """The world, or the one of an edited text."""
    return parse(text or world_text(), World, name=f"{NAME}.yaml")


def faults(text: str = "") -> list[str]:
    """What the check finds in the world, or in the one of an edited text."""
    return check_world(SMALL, small_world(text))


def assert_only(found: list[str], *parts: str) -> None:
    """There are faults, each once, and every one of them is of this world and of the expected kind."""
    assert found, f"no fault; expected one with {parts}"
    assert len(found) == len(set(found)), found
    assert all(part in fault for fault in found for part in [NAME, *parts]), found


def small_condition(**levels: str) -> Condition:
    """A condition of the small scenario, at the default where no level is given."""
    defaults = {name: factor.about.default for name, factor in SMALL.factors.items()}
    return build_condition(SMALL, {**defaults, **levels})


def small_episode(condition: Condition | None = None, *, text: str = "", seed: int = 1) -> Episode:
    """An episode of the small world, or of the one of an edited text; the default condition for `None`."""
    return Renderer(MailRenderer(SMALL, small_world(text)), condition or small_condition(), seed).episode()
