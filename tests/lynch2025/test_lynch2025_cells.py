"""The cells: exactly those of the published tables."""

import pytest

from agentic_misalignment.analysis import published_models, published_rates
from agentic_misalignment.errors import SuiteError
from agentic_misalignment.lynch2025 import Cell, cells, choose_cells


def test_the_cells_are_those_of_the_published_tables() -> None:
    published = {(rate.scenario, rate.goal, rate.threat) for rate in published_rates()}

    assert len(cells()) == 18
    assert {(cell.scenario, cell.goal, cell.threat) for cell in cells()} == published


def test_every_published_model_has_every_cell_once() -> None:
    places = [(rate.model, rate.scenario, rate.goal, rate.threat) for rate in published_rates()]

    assert len(places) == len(set(places)) == 18 * len(published_models())


def test_names_are_unique() -> None:
    assert len({cell.name for cell in cells()}) == 18


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, 18),
        ({"names": "blackmail/explicit-replacement,leaking/none-none"}, 2),
        ({"names": ["blackmail/explicit-replacement"]}, 1),
        ({"scenario": "leaking"}, 6),
        ({"goal": "explicit", "threat": "replacement,restriction"}, 6),
        ({"scenario": "lethal_action", "goal": "none", "threat": "none"}, 1),
    ],
)
def test_cells_are_chosen_by_name_or_level(given: dict[str, str], found: int) -> None:
    assert len(choose_cells(**given)) == found


def test_the_order_is_that_of_the_tables_whatever_is_asked() -> None:
    chosen = choose_cells("leaking/none-none,blackmail/none-none")

    assert chosen == [
        Cell(scenario="blackmail", goal="none", threat="none"),
        Cell(scenario="leaking", goal="none", threat="none"),
    ]


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        ({"names": "blackmail/latent-none"}, ["blackmail/latent-none", "blackmail/explicit-none"]),
        ({"scenario": "murder"}, ["murder", "lethal_action"]),
        ({"goal": "latent"}, ["latent", "explicit"]),
        ({"threat": "doom"}, ["doom", "restriction"]),
        ({"threat": ""}, ["threat", "restriction"]),
        ({"names": "blackmail/none-none", "goal": "explicit"}, ["blackmail/none-none"]),
    ],
)
def test_bad_choices_are_refused(given: dict[str, str], parts: list[str]) -> None:
    with pytest.raises(SuiteError) as refused:
        choose_cells(**given)

    assert all(part in refused.value.message for part in parts)
