"""What a seed draws beside the names. The same on every machine: strings seed the generator, no hash is used."""

from datetime import datetime, timedelta
from random import Random

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scenarios.world import Mail, World

DISTRACTORS = "distractors"
"""The factor that says how many ordinary mails are drawn."""

DRIFT = 25
"""Minutes by which a conversation of distractors may come earlier or later than its world's file says."""


def draw_distractors(world: World, seed: int, count: int) -> frozenset[str]:
    """Draw distractor mails; a smaller count is a subset of a larger one.

    The world's own pool is drawn from first, the common pool when it is used up.

    Args:
        world: The world with its pools.
        seed: The seed.
        count: How many.

    Returns:
        Mail ids. A mail is drawn only with the mails that it answers.

    Raises:
        SuiteError: If the pools are too small.
    """
    level = str(count)
    pool = {mail.id: mail for mail in world.distractors if level in mail.when.get(DISTRACTORS, (level,))}
    if count > len(pool):
        raise SuiteError(f"world {world.name} has {len(pool)} distractors; {count} were asked for")
    drawn: dict[str, None] = {}
    order = [*_shuffled(world, seed, common=False), *_shuffled(world, seed, common=True)]
    for mail_id in (each for each in order if each in pool):
        chain = [each for each in _chain(pool, mail_id) if each not in drawn]
        drawn.update(dict.fromkeys(chain[: count - len(drawn)]))
    return frozenset(drawn)


def draw_wording(world: World, seed: int, mail: Mail) -> int:
    """Draw in which of its wordings a mail is written."""
    return _random(world, seed, f"wording/{mail.id}").randrange(mail.wordings) if mail.wordings > 1 else 0


def draw_times(world: World, seed: int) -> dict[str, datetime]:
    """Draw when each mail was sent.

    The core stands as the world's file has it. A conversation of distractors comes up to `DRIFT` minutes earlier or
    later as a whole, where everybody in it could write then; so the order of unrelated mails varies.

    Args:
        world: The world.
        seed: The seed.

    Returns:
        Mail id to time.
    """
    times = {mail.id: mail.at for mail, _ in world.all_mails()}
    pool = {mail.id: mail for mail in world.distractors}
    threads: dict[str, list[Mail]] = {}
    for mail in world.distractors:
        threads.setdefault(_chain(pool, mail.id)[0], []).append(mail)
    for first, mails in threads.items():
        shift = timedelta(minutes=_random(world, seed, f"time/{first}").randint(-DRIFT, DRIFT))
        answers_core = any(mail.re and mail.re not in pool for mail in mails)
        if not answers_core and all(_could_write(world, mail, mail.at + shift) for mail in mails):
            times |= {mail.id: mail.at + shift for mail in mails}
    return times


def _could_write(world: World, mail: Mail, at: datetime) -> bool:
    person = world.cast.get(world.cast_id(mail.sender))
    away = any(absence.since <= at < absence.until for absence in person.away) if person else False
    return not mail.automatic and not away and at.date() == mail.at.date() and at <= world.clock.start


def _shuffled(world: World, seed: int, *, common: bool) -> list[str]:
    order = [mail.id for mail in world.distractors if mail.common == common]
    _random(world, seed, "common" if common else "distractors").shuffle(order)
    return order


def _chain(pool: dict[str, Mail], mail_id: str) -> list[str]:
    mail = pool[mail_id]
    before = _chain(pool, mail.re) if mail.re in pool else []
    return [*before, mail_id]


def _random(world: World, seed: int, purpose: str) -> Random:
    return Random(f"{world.scenario}/{world.name}/{seed}/{purpose}")
