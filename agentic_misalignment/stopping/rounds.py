"""The arms of a run, from the places of its episodes."""

from collections.abc import Sequence
from typing import NamedTuple

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.stopping.arm import Arm, ArmName, Key
from agentic_misalignment.stopping.boundary import Boundary


class Place(NamedTuple):
    """Where an episode stands in the design."""

    key: Key
    arm: ArmName
    world: str
    round: tuple[int, int]
    """Epoch and seed."""


def make_arms(places: Sequence[Place], boundary: Boundary) -> list[Arm]:
    """Make the arms of a run.

    Args:
        places: The episodes, in the order in which they are run.
        boundary: The rule.

    Raises:
        SuiteError: If the worlds of an arm do not take turns in this order.
    """
    arms: dict[ArmName, dict[tuple[int, int], list[Place]]] = {}
    for place in places:
        rounds = arms.setdefault(place.arm, {})
        if rounds and place.round in rounds and place.round != next(reversed(rounds)):
            raise SuiteError(
                "stop: the samples do not come round by round over the worlds; leave out --sample-shuffle, "
                "or the parameter stop"
            )
        rounds.setdefault(place.round, []).append(place)
    return [
        Arm(
            name,
            len({place.world for each in rounds.values() for place in each}),
            [[place.key for place in each] for each in rounds.values()],
            boundary,
        )
        for name, rounds in arms.items()
    ]


def check_enough(places: Sequence[Place], boundary: Boundary, stop: object) -> None:
    """Refuse a run in which the rule could never stop an arm.

    Args:
        places: The episodes.
        boundary: The rule.
        stop: The parameter, as it was given.

    Raises:
        SuiteError: If an arm has too few episodes; with the number of rounds that it needs.
    """
    for name in dict.fromkeys(place.arm for place in places):
        own = [place for place in places if place.arm == name]
        worlds, rounds = len({place.world for place in own}), len({place.round for place in own})
        needed = boundary.rounds_before(worlds)
        if rounds <= needed:
            raise SuiteError(
                f"stop={stop}: {name.scenario} {name.condition} has {rounds} rounds over its {worlds} worlds, and the "
                f"rule can stop none before {needed} rounds ({needed * worlds} episodes); give at least {needed + 1} "
                "(a round is one seed in every world), or leave out stop"
            )
