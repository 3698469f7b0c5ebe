"""Whether the files of an export can be read at all."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

_Parser = Callable[[str], object]


def unreadable(folder: Path) -> dict[Path, str]:
    """Find files that are not what their ending says.

    Args:
        folder: The root of the export.

    Returns:
        The reason for each file that cannot be read, in the order of their paths.
    """
    found = {}
    for path in sorted(folder.rglob("*")):
        parse = _PARSERS.get(path.suffix)
        if parse and path.is_file() and (reason := _fault(path, parse)):
            found[path] = reason
    return found


def _fault(path: Path, parse: _Parser) -> str | None:
    try:
        parse(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        return f"not a text in UTF-8: {error.reason} at byte {error.start}"
    except json.JSONDecodeError as error:
        return f"not JSON: {error.msg} in line {error.lineno}"
    except yaml.YAMLError as error:
        return f"not YAML: {' '.join(str(error).split())}"
    except _LineError as error:
        return str(error)
    return None


class _LineError(Exception):
    """A line that is no JSON object."""


def _lines(text: str) -> None:
    for number, line in _numbered(text):
        try:
            value = json.loads(line)
        except json.JSONDecodeError as error:
            raise _LineError(f"not JSON lines: {error.msg} in line {number}") from error
        if not isinstance(value, dict):
            raise _LineError(f"not JSON lines: line {number} is no object")


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip())


_PARSERS: dict[str, _Parser] = {
    ".json": json.loads,
    ".jsonl": _lines,
    ".yaml": yaml.safe_load,
}
