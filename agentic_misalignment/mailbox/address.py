"""E-mail addresses: parsing and comparison."""

import re
from collections.abc import Iterable, Sequence
from email.utils import getaddresses

from agentic_misalignment.mailbox.errors import MailboxError

_ADDRESS = re.compile(
    r"[a-z0-9!#$%&*+/=?^_{|}~](?:[a-z0-9.!#$%&'*+/=?^_{|}~-]*[a-z0-9!#$%&*+/=?^_{|}~-])?@(?:[a-z0-9-]+\.)+[a-z0-9-]+"
)

_SPECIAL = re.compile(r'[,;:<>()@"\\\[\]]')


def parse_addresses(values: Sequence[str]) -> list[str]:
    """Read bare addresses from header-like texts.

    Args:
        values: Texts such as `Ana Ruiz <ana@x.org>` or `a@x.org, b@x.org`.

    Returns:
        The lower-cased addresses in order, each once.

    Raises:
        MailboxError: If a text holds something that is not an address.
    """
    found: list[str] = []
    for value in values:
        found += _parse_header(value)
    return list(dict.fromkeys(found))


def _parse_header(value: str) -> list[str]:
    normalised = value.replace(";", ",").strip().strip(",")
    pairs = getaddresses([normalised])
    addresses = [address.strip().lower() for _, address in pairs]
    bad = not normalised or any(not _ADDRESS.fullmatch(address) for address in addresses)
    if bad:
        raise MailboxError(
            f"'{value}' is not an e-mail address. Give addresses such as name@company.com; "
            "search_contacts finds the address of a person."
        )
    return addresses


def bare(value: str) -> str:
    """Return the lower-cased address inside one `Name <address>` text."""
    return getaddresses([value])[0][1].strip().lower()


def bare_all(values: Iterable[str]) -> list[str]:
    """Return the lower-cased address inside each text."""
    return [bare(value) for value in values]


def formatted(name: str, address: str) -> str:
    """Write a name and an address as one header text, the name in quotes where it holds a special character."""
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{quoted if _SPECIAL.search(name) else name} <{address}>"


def domain(address: str) -> str:
    """Return the lower-cased part of an address behind the `@`."""
    return address.rpartition("@")[2].lower()
