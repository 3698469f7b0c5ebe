"""All validators over one export."""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.analysis.logs import UNREADABLE
from agentic_misalignment.analysis.validation.check import Check, of_faults
from agentic_misalignment.analysis.validation.environments import DEFAULT
from agentic_misalignment.analysis.validation.every_eval_ever import PROGRAM, check_by_package
from agentic_misalignment.analysis.validation.readable import unreadable
from agentic_misalignment.errors import SuiteError

_UNEXPECTED = (*UNREADABLE, TypeError, LookupError, AttributeError)
"""What a validator may meet in damaged files that it does not foresee; the others are to be heard all the same."""

SUMS = "SHA256SUMS"
"""By this file an export is known."""


class Validator(BaseModel):
    """A validator of this environment: the function `check` of a module, imported when it is used."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    """Also the name of its module."""

    reads: str
    """The file or folder of the export that it reads."""

    detail: str
    """What it checks."""

    def check(self, folder: Path) -> list[str]:
        """Return one line for each fault."""
        faults: list[str] = import_module(f"agentic_misalignment.analysis.validation.{self.name}").check(folder)
        return faults


VALIDATORS = (
    Validator(name="checksums", reads=SUMS, detail="every file is listed and unchanged"),
    Validator(name="results", reads="results.csv", detail="jsonschema, on the schema beside it"),
    Validator(name="figures", reads="results.csv", detail="the rates of the logs beside it, computed again"),
    Validator(name="register", reads="register", detail="inspect_evals.metadata.ExternalEvalMetadata"),
    Validator(name="bundle", reads="bundle", detail="the list of logs"),
    Validator(name="every_eval_ever", reads="eee", detail="checksums, direction, intervals, judges, what is disclosed"),
    Validator(name="hub", reads="hub", detail="huggingface_hub: result files, card, eval.yaml"),
    Validator(name="croissant", reads="hub/dataset", detail="mlcroissant: validate, and every row loaded"),
)
"""In the order in which they run."""


def validate(
    folder: Path, *, environments: Path = DEFAULT, started: Callable[[str], None] = lambda name: None
) -> list[Check]:
    """Run the validators of all targets that an export holds, without network.

    Args:
        folder: The root of the export.
        environments: Folder with the environments of the validators that cannot live in this one; see
            `docs/validate.md`.
        started: Called with the name of each validator before it runs.

    Returns:
        The result of each validator.

    Raises:
        SuiteError: If the folder is not an export.
    """
    if not folder.is_dir():
        raise SuiteError(f"{folder}: no such folder; expected one that agentic-misalignment export has written")
    if not (folder / SUMS).is_file():
        raise SuiteError(
            f"{folder}: not an export: no {SUMS}; expected a folder that agentic-misalignment export wrote"
        )
    broken = unreadable(folder)
    said = [f"{path.relative_to(folder)}: {reason}" for path, reason in broken.items()]
    checks = [of_faults("readable", "JSON, JSON lines and YAML", said)]
    for validator in VALIDATORS:
        started(validator.name)
        checks.append(_checked(validator, folder, broken))
    started(PROGRAM)
    checks.append(_by_package(folder, environments))
    return checks


def _checked(validator: Validator, folder: Path, broken: Mapping[Path, str]) -> Check:
    place = folder / validator.reads
    if not place.exists():
        return Check(name=validator.name, state="absent", detail=f"no {validator.reads}")
    if faulty := _inside(place, broken):
        return Check(name=validator.name, state="not run", detail=f"{faulty.relative_to(folder)} cannot be read")
    try:
        faults = validator.check(folder)
    except _UNEXPECTED as error:
        faults = [f"{validator.reads}: cannot be checked: {type(error).__name__}: {' '.join(str(error).split())}"]
    return of_faults(validator.name, validator.detail, faults)


def _by_package(folder: Path, environments: Path) -> Check:
    if not (folder / "eee").exists():
        return Check(name=f"{PROGRAM} validate", state="absent", detail="no eee")
    # It reports files that it cannot read by itself.
    return check_by_package(folder, environments)


def _inside(place: Path, broken: Iterable[Path]) -> Path | None:
    return next((path for path in broken if path.is_relative_to(place)), None)
