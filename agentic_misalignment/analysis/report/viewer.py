"""The log viewer beside the page."""

import shutil
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from inspect_ai.log import bundle_log_dir

from agentic_misalignment.errors import SuiteError


def link_to(bundle: str) -> Callable[[Path, str | int, int], str]:
    """Return what makes the address of an episode in a viewer.

    Args:
        bundle: Folder of the viewer, relative to the page.
    """

    def link(file: Path, sample: str | int, epoch: int) -> str:
        # The viewer's own addresses: a log's name, a sample's id written as one part, its epoch.
        return (
            f"{quote(bundle)}/index.html#/logs/{quote(file.name)}/samples/sample/{quote(str(sample), safe='')}/{epoch}/"
        )

    return link


def check_names(files: Sequence[Path]) -> None:
    """Refuse logs that cannot stand in one viewer.

    Args:
        files: The logs.

    Raises:
        SuiteError: If two of them have one name.
    """
    names = [file.name for file in files]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise SuiteError(f"--bundle: two logs have the name {twice}; give each log once")


def check_folder(folder: Path, *, overwrite: bool) -> None:
    """Refuse a folder that is there, unless it is a log viewer, or empty, and shall be replaced.

    Args:
        folder: The folder of the viewer.
        overwrite: Whether a viewer that is there is replaced.

    Raises:
        SuiteError: If the folder is refused.
    """
    if not folder.exists():
        return
    if not overwrite:
        raise SuiteError(f"{folder}: exists; give --overwrite, or another name with -o")
    viewer = (folder / "index.html").is_file() and (folder / "logs").is_dir()
    if not viewer and not (folder.is_dir() and not any(folder.iterdir())):
        raise SuiteError(f"{folder}: not replaced, since it is no log viewer; give another name with -o")


def write_viewer(files: Sequence[Path], folder: Path, *, overwrite: bool = False) -> None:
    """Write the log viewer with logs in it: what `inspect view bundle` writes.

    Args:
        files: The logs.
        folder: The folder of the viewer.
        overwrite: Whether a folder that is there is replaced.

    Raises:
        SuiteError: If the folder is refused (see `check_folder`) or cannot be written, or two logs have one name.
    """
    check_names(files)
    check_folder(folder, overwrite=overwrite)
    with TemporaryDirectory() as scratch:
        logs = Path(scratch) / "logs"
        logs.mkdir()
        for file in files:
            shutil.copy(file, logs / file.name)
        try:
            with redirect_stdout(StringIO()):  # Inspect announces what it does; the command says it itself
                bundle_log_dir(str(logs), str(folder), overwrite=overwrite)
        except OSError as error:
            raise SuiteError(f"{folder}: cannot be written: {error.strerror or error}") from error
