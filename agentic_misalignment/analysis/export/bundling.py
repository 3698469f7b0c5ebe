"""The log viewer with the redacted logs, as a static site."""

import json
import re
import tempfile
from collections.abc import Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from inspect_ai.log import bundle_log_dir

from agentic_misalignment.analysis.export.frame import Publication

BUNDLE = "bundle"
ASSETS = f"{BUNDLE}/assets"
"""Inspect's own scripts and styles."""

_CONTEXT = re.compile(r'(<script id="log_dir_context" type="application/json">)(.*?)(</script>)', re.DOTALL)


def bundle(publication: Publication, folder: Path) -> Sequence[Path]:
    """Write the log viewer with the redacted logs into `bundle/`, to be opened from any web server.

    Args:
        publication: What is published.
        folder: The root of the export.

    Returns:
        The files that were written.
    """
    output = folder / BUNDLE
    with tempfile.TemporaryDirectory() as logs:
        for run in publication.runs:
            (Path(logs) / run.log.name).write_bytes(run.log.read_bytes())
        with redirect_stdout(StringIO()):  # Inspect says where it writes, which is not where the bundle will be
            bundle_log_dir(logs, str(output))
    _without_folder(output / "index.html")
    _sort(output / "logs" / "listing.json")
    return [file for file in output.rglob("*") if file.is_file()]


def _without_folder(page: Path) -> None:
    """Take the folder that the logs were bundled from out of the page."""
    text, count = _CONTEXT.subn(_context, page.read_text(encoding="utf-8"))
    if count != 1:
        raise RuntimeError(f"{page}: found {count} descriptions of the log folder; expected 1")
    page.write_text(text, encoding="utf-8")


def _context(match: re.Match[str]) -> str:
    context = json.loads(match[2])
    return f"{match[1]}{json.dumps({'log_dir': context['log_dir']})}{match[3]}"


def _sort(listing: Path) -> None:
    """Sort the list of logs, whose order is that of the files' times."""
    content = json.loads(listing.read_text(encoding="utf-8"))
    listing.write_text(f"{json.dumps(content, indent=2, sort_keys=True)}\n", encoding="utf-8")
