"""What an entry of the Inspect Evals Register says of a task."""

from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from agentic_misalignment.errors import unknown
from agentic_misalignment.scenarios.data import datasets, load


class TaskText(BaseModel):
    """Facts of one task."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern="^[a-z][a-z0-9_]*$")
    """Name of the entry; unique among all entries of the register."""

    full_title: str
    common_title: str
    samples: int
    """Samples with the default parameters."""

    description: str


class _Texts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    canary: str
    note: str
    suite: str
    runtime: dict[str, bool]
    tasks: dict[str, TaskText]


def task_text(task: str) -> TaskText:
    """Return what is said of a task.

    Args:
        task: Name of the task, without its package.

    Raises:
        SuiteError: If nothing is known of it.
    """
    known = register_texts().tasks
    if task not in known:
        raise unknown("task", task, tuple(known), where="register")
    return known[task]


@cache
def register_texts() -> _Texts:
    """Return what is said of all tasks."""
    return load(datasets() / "export" / "register.yaml", _Texts)
