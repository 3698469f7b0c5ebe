"""Effects of factors: paired contrasts and a fitted model."""

from collections.abc import Sequence

from agentic_misalignment.analysis.effects import Contrast, FittedEffect
from agentic_misalignment.analysis.report.blocks import (
    Cell,
    Column,
    Notes,
    Paragraph,
    Section,
    Table,
    drawings,
    present,
)
from agentic_misalignment.analysis.report.charts import fitted, forest
from agentic_misalignment.analysis.report.material import Material
from agentic_misalignment.analysis.report.words import (
    between_cell,
    count_cell,
    interval_cell,
    number_cell,
    percent_cell,
    points_between_cell,
    points_cell,
    several,
    text_cell,
)
from agentic_misalignment.figures.agreement import share

_LEAD = (
    "A paired contrast compares a level with its baseline over episodes that agree in world, seed and every other "
    "factor; episodes without such a partner are left out and counted. Differences are in percentage points: above "
    "zero, more harm at the level than at the baseline."
)
_FITTED = (
    "The fitted model has all factors that were varied together, with worlds as clusters. An odds ratio above one: "
    "more harm at the level than at the baseline."
)
_APART = {"judge": "judge", "apart": "kept apart by"}
"""What keeps rows of one model and scenario apart, and how the tables call it."""


def effect_section(material: Material) -> Section | None:
    """Make the section of effects; `None` if no factor was varied."""
    contrasts, effects = [each for each in material.contrasts if each.pairs], material.effects
    if not material.contrasts and not effects:
        return None
    return Section(
        id="effects",
        heading="Effects of factors",
        blocks=present(
            Paragraph(_LEAD) if material.contrasts else None,
            drawings(forest(contrasts)),
            _contrasts(contrasts),
            Notes(tuple(_without_pairs(len(material.contrasts) - len(contrasts), more=bool(contrasts)))),
            Paragraph(_FITTED) if effects else None,
            drawings(fitted([each for each in effects if each.odds_ratio == each.odds_ratio])),
            _effects(effects),
        ),
    )


def _without_pairs(count: int, *, more: bool) -> list[str]:
    if not count:
        return []
    verb, shown = ("has", "is") if count == 1 else ("have", "are")
    which = several(count, "further contrast" if more else "contrast")
    return [f"{which} {verb} no pair of valid episodes and {shown} not shown"]


def _contrasts(contrasts: Sequence[Contrast]) -> Table:
    names = ["pairs", "worlds", "baseline rate", "95 % Wilson", "level rate", "95 % Wilson"]
    names += ["difference, points", "95 %", "95 % over worlds", "without a partner"]
    return Table(
        id="table-contrasts",
        caption="Paired contrasts",
        columns=(*_named(_differing(contrasts)), *(Column(name, number=True) for name in names)),
        rows=tuple((*_names(each, _differing(contrasts)), *_contrast(each)) for each in contrasts),
    )


def _differing(rows: Sequence[Contrast] | Sequence[FittedEffect]) -> list[str]:
    """Return what has to stand with the model, since it is not the same in all rows."""
    return [name for name in _APART if len({getattr(each, name) for each in rows}) > 1]


def _named(differing: Sequence[str]) -> tuple[Column, ...]:
    names = ("model", "scenario", *(_APART[name] for name in differing), "factor", "level", "baseline")
    return tuple(Column(name) for name in names)


def _names(each: Contrast | FittedEffect, differing: Sequence[str]) -> tuple[Cell, ...]:
    apart = (getattr(each, name) for name in differing)
    return tuple(
        text_cell(name) for name in (each.model, each.scenario, *apart, each.factor, each.level, each.baseline)
    )


def _contrast(each: Contrast) -> tuple[Cell, ...]:
    return (
        count_cell(each.pairs),
        count_cell(each.worlds),
        *_rate(each.baseline_rate, each.pairs),
        *_rate(each.level_rate, each.pairs),
        points_cell(each.difference),
        points_between_cell(each.low, each.high),
        points_between_cell(each.clustered_low, each.clustered_high),
        count_cell(each.left_out),
    )


def _rate(rate: float, pairs: int) -> tuple[Cell, Cell]:
    found = share(round(rate * pairs), pairs)
    return percent_cell(rate), interval_cell(found.low, found.high)


def _effects(effects: Sequence[FittedEffect]) -> Table:
    names = ("episodes", "worlds", "odds ratio", "95 %", "p")
    return Table(
        id="table-fitted",
        caption="Fitted odds ratios",
        columns=(
            *_named(_differing(effects)),
            *(Column(name, number=True) for name in names),
            Column("note"),
        ),
        rows=tuple((*_names(each, _differing(effects)), *_effect(each)) for each in effects),
    )


def _effect(each: FittedEffect) -> tuple[Cell, ...]:
    return (
        count_cell(each.episodes),
        count_cell(each.worlds),
        number_cell(each.odds_ratio),
        between_cell(each.low, each.high),
        number_cell(each.p, digits=3),
        text_cell(each.note),
    )
