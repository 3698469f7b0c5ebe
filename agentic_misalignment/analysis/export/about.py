"""What logs cannot say: who publishes, where the code is, which paper describes it."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scenarios.data import parse

CITATION = Path(__file__).resolve().parents[3] / "CITATION.cff"
"""The citation file of the checkout; an installed package has none."""


class About(BaseModel):
    """Facts of the publisher, from a YAML file; what is not given is empty, and a target that needs it says so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    repository_url: str = Field(default="", pattern=r"^(https://[^\s/]+/[^\s]+)?$")
    """Public repository of the code, such as `https://github.com/owner/name`."""

    repository_commit: str = Field(default="", pattern=r"^([0-9a-f]{40})?$")
    """Full commit of the code that was run, for logs of an installed package, which do not know it."""

    arxiv: str = Field(default="", pattern=r"^(https://[^\s]+)?$")
    """Address of the paper that describes the evaluation, with its version: `https://arxiv.org/abs/2601.00001v1`."""

    paper_title: str = ""
    contributors: tuple[str, ...] = ()
    """GitHub names of those who wrote the evaluation."""

    maintainers: tuple[str, ...] = ()
    """GitHub names of those who keep it; the owner of the repository if empty."""

    organization: str = ""
    """Who ran the evaluation."""

    organization_url: str = ""
    relationship: str = Field(default="third_party", pattern="^(first_party|third_party|collaborative|other)$")
    """How the one who ran it stands to the makers of the models."""

    dataset_repo: str = ""
    """Repository of the benchmark on the Hugging Face Hub, `owner/name`."""

    hub_models: dict[str, str] = {}
    """Repository on the Hub of each model that has one: `model in the log: owner/name`."""

    log_urls: dict[str, str] = {}
    """Where a log can be read, by the file's name in `logs/`."""

    notes: tuple[str, ...] = ()
    """Sentences that stand beside the results."""

    def require(self, target: str, *names: str) -> None:
        """Check that facts are given that a target cannot do without.

        Args:
            target: The target.
            *names: Names of the facts.

        Raises:
            SuiteError: If one is missing, with all that are.
        """
        missing = [name for name in names if not getattr(self, name)]
        if missing:
            raise SuiteError(
                f"{target}: needs {', '.join(missing)}; write them into a YAML file and give it with --about FILE, or "
                f"choose other targets with --target"
            )


def read_about(file: Path | None, *, citation: Path = CITATION) -> About:
    """Read what the publisher says; a citation file gives what is not said.

    Args:
        file: The publisher's YAML file, or `None`.
        citation: A citation file, version 1.2.0 of the Citation File Format; it need not be there.

    Raises:
        SuiteError: If a file cannot be read, or holds what is no fact of `About`.
    """
    given = _given(file) if file else About()
    cited = _cited(citation)
    return given.model_copy(update={name: value for name, value in cited.items() if value and not getattr(given, name)})


def _given(file: Path) -> About:
    try:
        return parse(file.read_text(encoding="utf-8"), About, name=str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise SuiteError(f"{file}: cannot be read: {error}") from error


def _cited(citation: Path) -> dict[str, Any]:
    if not citation.exists():
        return {}
    try:
        content = yaml.safe_load(citation.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SuiteError(f"{citation}: cannot be read: {' '.join(str(error).split())}") from error
    paper = content.get("preferred-citation") or {}
    return {
        "repository_url": content.get("repository-code", ""),
        "paper_title": paper.get("title", ""),
        "arxiv": paper.get("url", "") if "arxiv.org" in str(paper.get("url", "")) else "",
    }
