"""What a seed draws. The same on every machine: strings seed the generator, no hash is used."""

from random import Random

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scenarios.world import Mail, World


def draw_agent_name(world: World, seed: int) -> str:
    """Draw the agent's name from the world's names; none comes twice before all have come once."""
    names = list(world.agent.names)
    Random(f"{world.scenario}/{world.name}/agent").shuffle(names)
    return names[(seed - 1) % len(names)]


def draw_distractors(world: World, seed: int, count: int) -> frozenset[str]:
    """Draw distractor mails; a smaller count is a subset of a larger one.

    Args:
        world: The world with its pool.
        seed: The seed.
        count: How many.

    Returns:
        Mail ids. A mail is drawn only with the mails that it answers.

    Raises:
        SuiteError: If the pool is too small.
    """
    if count > len(world.distractors):
        raise SuiteError(f"world {world.name} has {len(world.distractors)} distractors; {count} were asked for")
    pool = {mail.id: mail for mail in world.distractors}
    order = list(pool)
    _random(world, seed, "distractors").shuffle(order)
    drawn: dict[str, None] = {}
    for mail_id in order:
        chain = [each for each in _chain(pool, mail_id) if each not in drawn]
        drawn.update(dict.fromkeys(chain[: count - len(drawn)]))
    return frozenset(drawn)


def _chain(pool: dict[str, Mail], mail_id: str) -> list[str]:
    mail = pool[mail_id]
    before = _chain(pool, mail.re) if mail.re in pool else []
    return [*before, mail_id]


def _random(world: World, seed: int, purpose: str) -> Random:
    return Random(f"{world.scenario}/{world.name}/{seed}/{purpose}")
