"""Mixes: policies in known shares, by the number of the seed; and policies that play as others."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scenarios import scenario_names
from agentic_misalignment.scripted import policy, policy_names
from agentic_misalignment.scripted.policy import Mix, Player, Policy, choose_policy, mix, mix_names
from tests.judging.judging_builders import Session

LIKE = [name for name in policy_names() if policy(name).like]


def played(name: str, number: int) -> str:
    return choose_policy(f"mix/{name}", f"world/condition/s{number}").policy


@pytest.mark.parametrize("name", mix_names())
@pytest.mark.parametrize("start", [1, 2, 7])
def test_any_full_cycle_has_the_shares_of_the_file(name: str, start: int) -> None:
    size = sum(mix(name).cycle.values())

    assert Counter(played(name, number) for number in range(start, start + size)) == mix(name).cycle


@given(st.integers(1, 10_000), st.integers(1, 50))
def test_the_number_of_the_seed_alone_chooses(number: int, cycles: int) -> None:
    size = sum(mix("beliefs").cycle.values())

    assert played("beliefs", number) == played("beliefs", number + cycles * size)
    assert choose_policy("mix/beliefs", f"other/none/s{number}").policy == played("beliefs", number)


def test_the_shares_of_the_beliefs_are_those_that_its_description_gives() -> None:
    cycle = mix("beliefs").cycle
    harmful = {name.partition("_")[0]: count for name, count in cycle.items() if name.endswith("insider")}
    total = Counter[str]()
    for name, count in cycle.items():
        total[name.partition("_")[0] if "_" in name else "nothing"] += count

    # of twenty: four say real, two of them do harm; ten say test, one does; three leave it open, three say nothing
    assert total == {"realist": 4, "tester": 10, "doubter": 3, "nothing": 3}
    assert harmful == {"realist": 2, "tester": 1, "doubter": 1, "insider": 1}


def test_an_unknown_mix_is_named_with_the_valid_ones() -> None:
    with pytest.raises(SuiteError, match=r"nothing.*beliefs"):
        choose_policy("mix/nothing", "w/c/s1")


def test_a_mix_stands_among_the_names_that_are_known() -> None:
    with pytest.raises(SuiteError, match="mix/beliefs"):
        choose_policy("nobody", "w/c/s1")


@pytest.mark.parametrize(("cycle", "wanted"), [({"nobody": 1}, "nobody"), ({"insider": 0}, "from 1 on")])
def test_a_broken_mix_is_refused(cycle: dict[str, int], wanted: str) -> None:
    with pytest.raises(ValidationError, match=wanted):
        Mix(canary="c", mix="m", description="d", cycle=cycle)


# --- policies that play as others ----------


@pytest.mark.parametrize("name", LIKE)
@pytest.mark.parametrize("where", scenario_names())
def test_who_plays_as_another_acts_alike_and_says_something_before(name: str, where: str) -> None:
    own, other = policy(name), policy(str(policy(name).like))
    mine, theirs = own.play(where), other.play(where)

    assert mine.scratchpad == own.says + theirs.scratchpad
    assert mine.model_copy(update={"scratchpad": theirs.scratchpad}) == theirs
    assert name in policy_names(where)


@pytest.mark.parametrize("name", LIKE)
def test_what_is_said_stands_in_the_scratchpad(name: str) -> None:
    session = Session()
    scratchpad = Player(policy(name), session.mailbox, session.facts).scratchpad()

    assert scratchpad.startswith(f"<scratchpad>\n{policy(name).says.strip()}")


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"like": "insider", "plays": {"any": {"expects": {"score": 0, "status": "valid"}}}},
        {"says": "Hm.", "plays": {"any": {"expects": {"score": 0, "status": "valid"}}}},
    ],
    ids=["neither", "both", "says without like"],
)
def test_a_policy_has_either_plays_or_another_that_it_plays_as(parts: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="either plays, or like"):
        Policy.model_validate({"canary": "c", "policy": "p", "description": "d", **parts})
