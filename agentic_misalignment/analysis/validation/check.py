"""What a validator found."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

State = Literal["passed", "failed", "not run", "absent"]


class Check(BaseModel):
    """The result of one validator."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    state: State
    """`absent`: the export does not hold what it reads."""

    detail: str = ""
    """What was checked, or why nothing was."""

    faults: tuple[str, ...] = ()
    """One line for each, with the file."""


def of_faults(name: str, detail: str, faults: list[str]) -> Check:
    """Return the result of a validator that ran."""
    return Check(name=name, state="failed" if faults else "passed", detail=detail, faults=tuple(faults))


def exit_code(checks: list[Check]) -> int:
    """Return 1 if there is a fault, 2 if something was not run, else 0.

    Args:
        checks: The results of all validators.
    """
    states = {check.state for check in checks}
    return 1 if "failed" in states else 2 if "not run" in states else 0
