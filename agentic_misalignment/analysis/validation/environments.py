"""Validators that cannot live in this environment and have one of their own."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

DEFAULT = Path(".venv-validate")
"""Folder of these environments, below the working folder."""


class Program(BaseModel):
    """A program of another environment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path
    version: str

    def run(self, arguments: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
        """Run it without network access to the Hub and without colours.

        Args:
            arguments: Its arguments.
            folder: Its working folder.
        """
        settings = {"HF_HUB_OFFLINE": "1", "NO_COLOR": "1", "PYTHONNOUSERSITE": "1"}
        hidden = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
        environ = {name: value for name, value in os.environ.items() if name not in hidden} | settings
        command = [str(self.path), *arguments]
        return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)


def program(environments: Path, package: str, name: str) -> Program | None:
    """Find a program.

    Args:
        environments: Folder of the environments, one for each package.
        package: The package, as the package index writes it; its environment has the same name.
        name: The program.

    Returns:
        The program with the version of its package; `None` if there is no such environment.
    """
    folder = (environments / package / ("Scripts" if os.name == "nt" else "bin")).resolve()
    found, python = shutil.which(name, path=str(folder)), shutil.which("python", path=str(folder))
    if found is None or python is None:
        return None
    code = f"from importlib.metadata import version; print(version({package!r}))"
    asked = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=False)
    return Program(path=Path(found), version=asked.stdout.strip()) if asked.returncode == 0 else None
