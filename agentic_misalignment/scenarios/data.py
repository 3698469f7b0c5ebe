"""Reading data files: YAML with file and line in every error."""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from agentic_misalignment.errors import SuiteError

Model = TypeVar("Model", bound=BaseModel)


@cache
def datasets() -> Traversable:
    """Return the folder of all data files, in a checkout and in an installed package."""
    return files("agentic_misalignment.datasets")


def names(folder: Traversable, *, suffix: str = ".yaml") -> list[str]:
    """Return the sorted names of the data files in a folder, without their ending."""
    return sorted(entry.name.removesuffix(suffix) for entry in folder.iterdir() if entry.name.endswith(suffix))


def load(path: Traversable, model: type[Model]) -> Model:
    """Read a YAML data file into a model.

    Args:
        path: The file.
        model: The Pydantic model of its content.

    Returns:
        The validated content.

    Raises:
        SuiteError: If the file is missing, is not YAML or does not fit the model; with file, line and what
            was expected.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SuiteError(f"{path}: cannot be read: {error}") from error
    return parse(text, model, name=str(path))


def key_line(path: Traversable, key: str) -> int:
    """Return the line on which a top-level key of a data file stands, or 1."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, start=1) if line.startswith(f"{key}:")), 1)


def parse(text: str, model: type[Model], *, name: str) -> Model:
    """Validate YAML text; see `load`.

    Args:
        text: The content.
        model: The Pydantic model.
        name: What errors call the file.
    """
    node = _compose(text, name)
    try:
        _reject_repeated_keys(node, name)
        content = _construct(node, name)
    except RecursionError as error:
        raise SuiteError(f"{name}:1: a value holds itself; write it out") from error
    if not isinstance(content, dict):
        raise SuiteError(f"{name}:1: expected a mapping of keys, found {type(content).__name__}")
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise SuiteError(_first_fault(error, node, name)) from error


def _compose(text: str, name: str) -> yaml.Node:
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(error, name) from error
    except yaml.YAMLError as error:
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        raise SuiteError(f"{name}:{line}: not valid YAML: {' '.join(str(error).split())}") from error
    if node is None:
        raise SuiteError(f"{name}:1: the file is empty")
    return node


def _not_yaml(error: yaml.MarkedYAMLError, name: str) -> SuiteError:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    return SuiteError(f"{name}:{line}: not valid YAML: {error.problem} {error.context or ''}".strip())


def _construct(node: yaml.Node, name: str) -> Any:
    loader = _LOADER("")
    try:
        return loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(error, name) from error
    except (ValueError, TypeError) as error:
        raise SuiteError(f"{name}:{_unreadable_line(node)}: a value cannot be read: {error}") from error
    finally:
        loader.dispose()


def _unreadable_line(node: yaml.Node) -> int:
    """Return the line of the first plain value that the YAML reader cannot make."""
    if isinstance(node, yaml.ScalarNode):
        loader = _LOADER("")
        try:
            loader.construct_document(node)
        except (ValueError, TypeError):
            return int(node.start_mark.line) + 1
        finally:
            loader.dispose()
        return 0
    children = [value for _, value in node.value] if isinstance(node, yaml.MappingNode) else node.value
    return next((line for child in children if (line := _unreadable_line(child))), 0)


def _reject_repeated_keys(node: yaml.Node, name: str) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise SuiteError(f"{name}:{key.start_mark.line + 1}: expected a plain key")
            if key.value in seen:
                raise SuiteError(f"{name}:{key.start_mark.line + 1}: the key '{key.value}' stands here twice")
            seen.add(key.value)
            _reject_repeated_keys(value, name)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _reject_repeated_keys(value, name)


def _first_fault(error: ValidationError, node: yaml.Node, name: str) -> str:
    faults = error.errors()
    fault = faults[0]
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    place = ".".join(str(step) for step in fault["loc"]) or "file"
    message = fault["msg"].removeprefix("Value error, ")
    return f"{name}:{_line(node, fault['loc'])}: {place}: {message}{more}"


def _line(node: yaml.Node, steps: tuple[int | str, ...]) -> int:
    line = node.start_mark.line + 1
    for step in steps:
        child = _child(node, step)
        if child is None:
            break
        node, line = child
    return line


def _child(node: yaml.Node, step: int | str) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        value = node.value[step]
        return value, value.start_mark.line + 1
    return None


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
