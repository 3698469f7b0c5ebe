"""Choosing a policy, and the shares of a mixed one."""

import pytest

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scripted import policy, policy_names
from agentic_misalignment.scripted.policy import choose_policy

EPISODES = [f"world-{number % 8}/condition/s{number}" for number in range(400)]


def insiders(share: str) -> set[str]:
    """The episodes that `mixed` with this share plays as the insider; the others are the complier's."""
    played = {episode: choose_policy(f"mixed/{share}", episode).policy for episode in EPISODES}
    assert set(played.values()) <= {"insider", "complier"}
    return {episode for episode, name in played.items() if name == "insider"}


# 400 draws: the standard deviation of a share is at most sqrt(0.25 / 400) = 0.025; three of them are 0.075
@pytest.mark.parametrize("share", ["0.1", "0.25", "0.4", "0.5", "0.9"])
def test_mixed_plays_about_its_share(share: str) -> None:
    assert len(insiders(share)) / 400 == pytest.approx(float(share), abs=0.075)


@pytest.mark.parametrize(("share", "expected"), [("0", 0), ("0.0", 0), ("1", 400), ("1.0", 400)])
def test_the_ends_are_exact(share: str, expected: int) -> None:
    assert len(insiders(share)) == expected


def test_the_draw_belongs_to_the_episode() -> None:
    # one draw for each episode: whoever is the insider at a small share is it at a larger one too
    assert insiders("0.2") < insiders("0.5") < insiders("0.8")
    assert insiders("0.5") == insiders("0.50")


@pytest.mark.parametrize("name", policy_names())
def test_a_policy_plays_every_episode(name: str) -> None:
    assert all(choose_policy(name, episode) == policy(name) for episode in EPISODES[:3])


def test_a_scenario_that_a_policy_is_not_written_for_is_named_with_those_that_it_plays() -> None:
    with pytest.raises(SuiteError, match="policy leaker 'blackmail'; valid: leaking"):
        policy("leaker").play("blackmail")


def test_an_unknown_policy_is_named_with_the_valid_ones() -> None:
    with pytest.raises(SuiteError) as caught:
        choose_policy("nobody", "e")

    assert all(each in caught.value.message for each in ("'nobody'", *policy_names(), "mixed/P"))


@pytest.mark.parametrize("share", ["", "often", "-0.1", "1.01", "nan", "50%", "0,5"])
def test_what_is_no_probability_is_named(share: str) -> None:
    with pytest.raises(SuiteError) as caught:
        choose_policy(f"mixed/{share}", "e")

    assert f"mixed/{share}" in caught.value.message
    assert "0 to 1" in caught.value.message


def test_mixed_alone_needs_its_probability() -> None:
    with pytest.raises(SuiteError, match="probability"):
        choose_policy("mixed", "e")
