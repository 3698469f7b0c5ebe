"""An export for the tests of its validators: one model that is open, with records, results, data set and checksums."""

import sys
from pathlib import Path

from inspect_ai.log import EvalLog

from agentic_misalignment.analysis.export.checksums import write_checksums
from agentic_misalignment.analysis.export.every_eval_ever import every_eval_ever
from agentic_misalignment.analysis.export.hub import hub
from tests.evals import evaluated
from tests.export.publications import JUDGE, publication, renamed


def exported(folder: Path) -> Path:
    """Write an export of two episodes, without the targets that have tests of their own."""
    log: EvalLog = evaluated(
        folder / "run",
        "scripted/insider",
        worlds="harbour-freight,totara-seed",
        seeds=1,
        conduct="none",
        preflight=False,
    )
    path = renamed(log, "vllm/Qwen/Qwen3-8B", JUDGE, folder / "run.eval")
    root = folder / "export"
    published = publication([path])
    every_eval_ever(published, root)
    hub(published, root)
    write_checksums(root)
    return root


def with_program(environments: Path, *, code: int, output: str) -> Path:
    """Make an environment whose validator prints something and ends with a code."""
    folder = environments / "every-eval-ever" / "bin"
    folder.mkdir(parents=True)
    said = folder / "said.txt"
    said.write_text(output, encoding="utf-8")
    _script(folder / "python", "echo 0.3.0")
    _script(folder / "every_eval_ever", f'if [ "$1" = validate ]; then cat "{said}"; exit {code}; fi')
    return environments


def _script(path: Path, text: str) -> None:
    assert sys.platform != "win32"
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
