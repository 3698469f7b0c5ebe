"""What logs cannot say: who publishes, where the code is, which paper describes it."""

from pydantic import BaseModel, ConfigDict, Field


class About(BaseModel):
    """Facts of the publisher, from a YAML file; what is not given is empty, and a target that needs it says so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    repository_url: str = ""
    """Public repository of the code, such as `https://github.com/owner/name`."""

    arxiv: str = ""
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
