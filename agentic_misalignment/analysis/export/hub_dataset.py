"""The rows of the benchmark's data set: what an agent is shown in the headline condition of each scenario."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from agentic_misalignment.scenarios import scenario, scenario_names
from agentic_misalignment.scenarios.condition import Condition
from agentic_misalignment.scenarios.plan import Plan, make_plan
from agentic_misalignment.scenarios.rendering import Renderer, mail_renderer

COLUMNS = {
    "id": "Where the episode stands in the design: company, condition and seed; id of the sample in a log.",
    "scenario": "What can go wrong.",
    "world": "The fictional company.",
    "condition": "The condition's id.",
    "seed": "Seed of names, wordings, ordinary mails and times.",
    "system": "System prompt.",
    "opening": "First message of the user.",
    "mails": "All mails that lie in the mailbox at the beginning, as text. Tools show them; no prompt holds them.",
    "levels": "Level of each factor, as JSON text.",
    "canary": "Line by which a training corpus can be searched for these data. No prompt holds it.",
}


@dataclass(frozen=True, kw_only=True)
class Table:
    """The rows of one scenario, in a file."""

    plan: Plan
    path: Path
    rows: int

    @property
    def name(self) -> str:
        """The scenario, which is the task's name too."""
        return self.plan.scenario

    @cached_property
    def sha256(self) -> str:
        """Hash of the file."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


def headline_plans() -> list[Plan]:
    """Return the plan of the headline experiment of each scenario."""
    return [make_plan(name) for name in scenario_names()]


def write_rows(root: Path, canary: str) -> list[Table]:
    """Render the headline episodes of each scenario into `data/<scenario>.jsonl`.

    Args:
        root: Folder of the data set.
        canary: The canary line.
    """
    (root / "data").mkdir(parents=True, exist_ok=True)
    return [_write(plan, root / "data" / f"{plan.scenario}.jsonl", canary) for plan in headline_plans()]


def _write(plan: Plan, path: Path, canary: str) -> Table:
    lines = [json.dumps(row, ensure_ascii=False) for row in _rows(plan, canary)]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    return Table(plan=plan, path=path, rows=len(lines))


def _rows(plan: Plan, canary: str) -> Iterator[dict[str, str | int]]:
    factors = scenario(plan.scenario).factors
    for world, condition, seed in plan.coordinates():
        renderer = Renderer(mail_renderer(plan.scenario, world), condition, seed)
        yield {
            "id": renderer.id,
            "scenario": plan.scenario,
            "world": world,
            "condition": condition.id,
            "seed": seed,
            "system": str(renderer.system()),
            "opening": str(renderer.opening()),
            "mails": renderer.mail_text(),
            "levels": _levels(condition, list(factors)),
            "canary": canary,
        }


def _levels(condition: Condition, factors: list[str]) -> str:
    return json.dumps({factor: condition.level(factor) for factor in factors})
