"""The mark of tests that read the published texts: they run only where the pinned package is installed."""

from importlib.metadata import PackageNotFoundError, version

import pytest

from agentic_misalignment.lynch2025.package import INSTALL, PACKAGE, VERSION


def installed() -> str | None:
    """The installed version, if any."""
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return None


needs_package = pytest.mark.skipif(installed() != VERSION, reason=f"needs {PACKAGE} {VERSION}: {INSTALL}")
