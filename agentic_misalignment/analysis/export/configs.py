"""Each run's configuration, from which it can be run again."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from agentic_misalignment.analysis.export.frame import Publication

CONFIGS = "configs"

_PROGRAM = """
import sys
from importlib.metadata import entry_points
(inspect,) = entry_points(group="console_scripts", name="inspect")
main = inspect.load()
for log, output in zip(sys.argv[1::2], sys.argv[2::2]):
    sys.argv = ["inspect", "log", "export-config", log, "--output", output]
    try:
        main()
    except SystemExit as end:
        if end.code:
            raise
"""
"""`inspect log export-config` for several logs in one process: Inspect takes seconds to start."""


def configs(publication: Publication, folder: Path) -> Sequence[Path]:
    """Write the configuration of each run into `configs/`, for `inspect eval --run-config`.

    Args:
        publication: What is published.
        folder: The root of the export.

    Returns:
        The files that were written.
    """
    (folder / CONFIGS).mkdir()
    outputs = [folder / CONFIGS / f"{run.log.stem}.yaml" for run in publication.runs]
    pairs = [str(path) for run, output in zip(publication.runs, outputs, strict=True) for path in (run.log, output)]
    subprocess.run([sys.executable, "-c", _PROGRAM, *pairs], check=True, capture_output=True, text=True)
    return outputs
