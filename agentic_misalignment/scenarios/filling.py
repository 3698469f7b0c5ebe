"""Filling texts: the slots of one condition, and the factors that a filled text depends on."""

from collections.abc import Iterable, Iterator

from agentic_misalignment.scenarios.condition import Condition
from agentic_misalignment.scenarios.scenario import Prompt, Scenario
from agentic_misalignment.scenarios.text import Text, paragraphs, render, variables
from agentic_misalignment.scenarios.world import Part

Tagged = tuple[str, frozenset[str]]
"""A filled text and the factors whose levels decide what it says."""


class Filler:
    """Fills texts under one condition."""

    def __init__(
        self,
        scenario: Scenario,
        condition: Condition,
        context: dict[str, object],
        given: dict[str, tuple[str, object]],
    ) -> None:
        """Take the condition and what texts may name.

        Args:
            scenario: The scenario.
            condition: The condition.
            context: What every text may name; see `base_context`.
            given: What factors add to it; see `factor_variables`.
        """
        self._scenario, self._condition, self._context, self._given = scenario, condition, context, given

    def fill(self, source: str, tags: Iterable[str], where: str) -> Tagged:
        """Fill a text's slots.

        Args:
            source: The text.
            tags: Factors that decide whether the text exists.
            where: File and place, for the error.

        Raises:
            SuiteError: If a slot has no value.
        """
        used = variables(source)
        given = {name: pair for name, pair in self._given.items() if name in used}
        context = {**self._context, **{name: values for name, (_, values) in given.items()}}
        factors = frozenset([*tags, *(factor for factor, _ in given.values())])
        return render(source, context, where=where), factors

    def body(self, parts: Iterable[Part], tags: Iterable[str], *, where: str, place: str, wording: int = 0) -> Text:
        """Fill the parts that exist under the condition, in the wording with this number, and join them."""
        filled = (
            self.fill(part.wording(wording), [*tags, *part.when], where)
            for part in parts
            if self._condition.holds(part.when)
        )
        return paragraphs(filled, place=place)

    def prompt(self, prompt: Prompt, *, place: str) -> Text:
        """Fill a scenario's prompt, with what the levels insert into its slots."""
        return paragraphs(self._prompt_parts(prompt, place), place=place)

    def _prompt_parts(self, prompt: Prompt, place: str) -> Iterator[Tagged]:
        for slot in prompt:
            if slot.text is not None:
                yield self.fill(slot.text, (), f"scenario {self._scenario.name}, {place}")
            else:
                yield from self._inserts(slot.slot or "")

    def _inserts(self, slot: str) -> Iterator[Tagged]:
        for name, factor in self._scenario.factors.items():
            for member in self._condition.members(name):
                text = factor.levels[member].inserts.get(slot) if member in factor.levels else None
                if text:
                    yield self.fill(text, [name], f"factor {name}, level {member}")
