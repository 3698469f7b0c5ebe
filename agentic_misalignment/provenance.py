"""What a log says about the code and data that made it."""

import hashlib
import subprocess
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from importlib.resources.abc import Traversable
from pathlib import Path

from agentic_misalignment.lynch2025.cells import Cell
from agentic_misalignment.lynch2025.package import PACKAGE, VERSION
from agentic_misalignment.scenarios.data import datasets
from agentic_misalignment.scenarios.plan import Plan


def provenance(plans: Sequence[Plan]) -> dict[str, object]:
    """Return the task metadata of a run: package version, full commit, data hash and design.

    Args:
        plans: One plan for each scenario of the run.
    """
    first = plans[0]
    return {
        "package_version": version("agentic-misalignment"),
        "commit": commit(),
        "data_hash": data_hash(),
        "scenario": "+".join(plan.scenario for plan in plans),
        "experiment": first.experiment,
        "worlds": [world for plan in plans for world in plan.worlds],
        "conditions": list(dict.fromkeys(condition.id for plan in plans for condition in plan.conditions)),
        "seeds": first.seeds,
        "pack_hash": pack_hash(first.pack),
    }


def published_provenance(cells: Sequence[Cell], samples: int) -> dict[str, object]:
    """Return the task metadata of a run of published cells.

    Args:
        cells: The cells.
        samples: How many samples in each of them.
    """
    return {
        "package_version": version("agentic-misalignment"),
        "commit": commit(),
        "data_hash": data_hash(),
        "scenario": "+".join(dict.fromkeys(cell.scenario for cell in cells)),
        "experiment": "lynch2025",
        "conditions": list(dict.fromkeys(cell.condition for cell in cells)),
        "seeds": samples,
        "published_by": f"{PACKAGE} {VERSION}",
    }


def study_provenance(split: str, *, attacks: bool) -> dict[str, object]:
    """Return the task metadata of a judge study.

    Args:
        split: Which items.
        attacks: Whether the judge is attacked.
    """
    return {
        "package_version": version("agentic-misalignment"),
        "commit": commit(),
        "data_hash": data_hash(),
        "judge_study": "attacks" if attacks else "labels",
        "split": split,
    }


def pack_hash(path: str) -> str | None:
    """Return the first 12 hexadecimal digits of the SHA-256 of a private pack, or `None` without one.

    Args:
        path: The pack's file, or an empty text.
    """
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12] if path else None


_OF_NO_EPISODE = ("export/", "planning.yaml", "prices.yaml", "report/")


@cache
def data_hash() -> str:
    """Return the first 12 hexadecimal digits of the SHA-256 over the data of episodes: file names and contents.

    What only plans, reports and exports read is not among them, since it changes no episode.
    """
    digest = hashlib.sha256()
    for name, content in sorted(_files(datasets(), "")):
        if name.startswith(_OF_NO_EPISODE):
            continue
        digest.update(name.encode() + b"\0" + content + b"\0")
    return digest.hexdigest()[:12]


def _files(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        name = f"{prefix}{entry.name}"
        if entry.is_dir():
            found += _files(entry, f"{name}/") if entry.name != "__pycache__" else []
        else:
            found.append((name, entry.read_bytes()))
    return found


@cache
def commit() -> str | None:
    """Return the full commit of the checkout that the package runs from, or `None` for an installed one."""
    root = Path(__file__).resolve().parent.parent
    if not (root / ".git").exists():
        return None
    try:
        result = subprocess.run(
            ["git", "-C", str(root), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return result.stdout.strip()
