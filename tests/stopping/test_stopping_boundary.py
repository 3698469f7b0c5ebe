"""The rule: its interval, when it stops, how it is read, and what is refused."""

from pathlib import Path
from typing import Any

import pytest
from click import ClickException
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.stopping import Boundary, exact_interval, read_boundary


# Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 5 (Clopper and Pearson)
@pytest.mark.parametrize(
    ("harmful", "episodes", "low", "high"),
    [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0, 0.1684), (1, 29, 0.0009, 0.1776)],
)
def test_the_interval_is_the_published_one(harmful: int, episodes: int, low: float, high: float) -> None:
    assert exact_interval(harmful, episodes, 0.95) == pytest.approx((low, high), abs=5e-5)


# Without harm the upper bound at 97 % is 1 - 0.015 ** (1 / n): 0.5 * (1 - 0.015 ** (1 / 18)) = 0.1041 and
# 0.5 * (1 - 0.015 ** (1 / 19)) = 0.0992; and so on for the other widths.
@pytest.mark.parametrize(("half_width", "enough"), [(0.05, 40), (0.1, 19), (0.15, 12)])
def test_an_arm_without_harm_is_enough_at_the_number_calculated_by_hand(half_width: float, enough: int) -> None:
    boundary = Boundary(half_width=half_width, least=1)

    assert not boundary.stops(0, enough - 1)
    assert boundary.stops(0, enough)
    assert boundary.earliest == enough


def test_the_least_number_holds_where_the_width_is_reached_before() -> None:
    boundary = Boundary(half_width=0.25, least=20)

    assert not boundary.stops(0, 19)
    assert boundary.stops(0, 20)
    assert boundary.earliest == 20


def test_an_arm_without_a_valid_episode_never_stops() -> None:
    assert not Boundary(half_width=0.25, least=1).stops(0, 0)


# Between looks lie whole rounds over the worlds, at least 6 episodes; the first comes when 19 episodes are there.
@pytest.mark.parametrize(("worlds", "between", "before"), [(6, 1, 4), (4, 2, 6), (1, 6, 24), (8, 1, 3)])
def test_looks_come_after_whole_rounds(worlds: int, between: int, before: int) -> None:
    boundary = Boundary(half_width=0.1)

    assert (boundary.rounds_between(worlds), boundary.rounds_before(worlds)) == (between, before)


@given(
    valid=st.integers(1, 120),
    share=st.floats(0, 1),
    least=st.integers(1, 60),
    half_width=st.floats(0.02, 0.25),
)
def test_no_counts_stop_before_the_least_number_or_at_a_wider_interval(
    valid: int, share: float, least: int, half_width: float
) -> None:
    boundary, harmful = Boundary(half_width=half_width, least=least), round(share * valid)
    low, high = exact_interval(harmful, valid, 0.97)

    assert boundary.stops(harmful, valid) is (valid >= least and (high - low) / 2 <= half_width)
    assert not boundary.stops(harmful, valid) or valid >= boundary.earliest


@pytest.mark.parametrize("stop", [0.1, "0.1", " 0.10 "])
def test_a_number_is_the_half_width_and_the_rest_is_default(stop: Any) -> None:
    assert read_boundary(stop) == Boundary(half_width=0.1, least=12, between_looks=6, confidence=0.97, wait=True)


def test_a_boundary_file_declares_every_part(tmp_path: Path) -> None:
    file = tmp_path / "boundary.yaml"
    file.write_text("half_width: 0.08\nleast: 30\nbetween_looks: 12\nconfidence: 0.98\nwait: false\n")

    expected = Boundary(half_width=0.08, least=30, between_looks=12, confidence=0.98, wait=False)
    assert read_boundary(str(file)) == expected


def test_without_the_parameter_there_is_no_rule() -> None:
    assert read_boundary(None) is None


@pytest.mark.parametrize("stop", [0, 0.6, -0.1, "abc", "", True, "nan", "0.01"])
def test_a_bad_value_is_one_clear_line(stop: Any) -> None:
    with pytest.raises(ClickException) as fault:
        read_boundary(stop)

    message = fault.value.format_message()
    assert message.startswith(f"stop={stop}: ")
    assert "\n" not in message
    assert all(part in message for part in ("0.02", "0.25", "boundary file"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (None, ["cannot be read"]),
        ("", ["1: the file is empty"]),
        ("half_width: 0.1\nwidth: 3\n", ["2: width", "Extra inputs"]),
        ("least: 30\n", ["half_width", "required"]),
        ("half_width: 0.6\n", ["1: half_width", "0.25"]),
        ("half_width: 0.1\nconfidence: 0.5\n", ["2: confidence", "0.95"]),
        ("half_width: 0.1\nleast: many\n", ["2: least", "integer"]),
    ],
)
def test_a_bad_file_is_one_clear_line(tmp_path: Path, text: str | None, wanted: list[str]) -> None:
    file = tmp_path / "boundary.yaml"
    if text is not None:
        file.write_text(text)

    with pytest.raises(ClickException) as fault:
        read_boundary(str(file))

    message = fault.value.format_message()
    assert "\n" not in message
    assert all(part in message for part in [str(file), *wanted]), message
