"""The one exception type of expected faults."""

from click import ClickException


class SuiteError(ClickException):
    """A fault that the user can mend: an unknown level, a broken data file, a log that is not ours.

    Command-line programs built on Click, Inspect's among them, print its message as one line
    without a traceback. The message names the value, the place and the valid choices.
    """


def unknown(kind: str, value: object, valid: "list[str] | tuple[str, ...]", *, where: str = "") -> SuiteError:
    """Build the error for a name that is not in a closed list.

    Args:
        kind: What the name stands for, such as `world`.
        value: The name that was given.
        valid: The names that exist.
        where: Where the name was found, for names from a file.

    Returns:
        The error, to be raised by the caller.
    """
    place = f"{where}: " if where else ""
    return SuiteError(f"{place}unknown {kind} '{value}'; valid: {', '.join(valid)}")
