"""Who made a model and who ran it, as far as its name in a log tells."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.judging.families import family
from agentic_misalignment.scenarios.data import datasets, load

UNKNOWN = "unknown"

DEMONSTRATION = "the model or a judge is scripted: a demonstration, which says nothing about any model"


class Identity(BaseModel):
    """A model as a public record names it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    """`developer/model`."""

    platform: str = ""
    """Service that ran it; empty if the evaluator did."""

    engine: str = ""
    """Software with which the evaluator ran it."""

    deployment: str = UNKNOWN
    """`self_deployed`, `externally_managed` or `unknown`."""

    weights: str = UNKNOWN
    """`open_weights`, `closed_weights` or `unknown`."""

    demonstration: bool = False
    """Whether it is a scripted or mocked model, whose results say nothing about any model."""

    @property
    def developer(self) -> str:
        """Who made it."""
        return self.id.split("/")[0]

    @property
    def folder(self) -> tuple[str, str]:
        """Developer and model as names of folders: what no file system takes becomes an underscore."""
        developer, *rest = self.id.replace(":", "_").split("/")
        return developer, "_".join(rest)


class _Maker(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    developer: str
    platform: str
    weights: str


class _Providers(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    canary: str
    note: str
    makers: dict[str, _Maker]
    services: tuple[str, ...]
    hosts: dict[str, str]
    servers: dict[str, str]
    interfaces: tuple[str, ...]
    demonstrations: tuple[str, ...]
    families: dict[str, str]
    open_weights: tuple[str, ...]


def identify(name: str, hub_models: Mapping[str, str]) -> Identity:
    """Say who made and who ran a model.

    Args:
        name: Its name in the log, such as `together/meta-llama/Llama-3.3-70B-Instruct`.
        hub_models: Repository on the Hugging Face Hub of models that have one, by their name in the log.

    Raises:
        SuiteError: If the name does not tell who made the model. Nothing is guessed.
    """
    known = _providers()
    provider, *rest = name.split("/")
    repository = hub_models.get(name)
    if provider in known.demonstrations:
        return Identity(id=name if rest else f"{name}/{name}", demonstration=True)
    if provider in known.makers and rest:
        return _of_maker(known.makers[provider], rest, repository)
    if provider in known.interfaces and len(rest) > 1:
        return Identity(
            id=repository or _own_name(name, rest[1:]), platform=rest[0], weights=_weights("/".join(rest), repository)
        )
    if provider in known.hosts and rest:
        return Identity(
            id=repository or _own_name(name, rest),
            platform=known.hosts[provider],
            deployment="externally_managed",
            weights=_weights(name, repository),
        )
    if provider in known.servers and rest:
        return Identity(
            id=repository or _own_name(name, rest),
            engine=known.servers[provider],
            deployment="self_deployed",
            weights=_weights(name, repository),
        )
    raise _nameless(name)


def model_info(model: Identity, name: str) -> dict[str, Any]:
    """Describe a model.

    Args:
        model: The model.
        name: Its name in the log.
    """
    details = {
        "deployment_type": model.deployment,
        "model_availability": model.weights,
        "inspect_model": name,
    }
    if model.demonstration:
        details["demonstration"] = DEMONSTRATION
    info: dict[str, Any] = {
        "name": model.id.split("/", 1)[1],
        "id": model.id,
        "developer": model.developer,
        "additional_details": details,
    }
    if model.platform:
        info["inference_platform"] = model.platform
    if model.engine:
        info["inference_engine"] = {"name": model.engine}
    return info


def _of_maker(maker: _Maker, rest: list[str], repository: str | None) -> Identity:
    service, model = (rest[0], rest[1:]) if len(rest) > 1 and rest[0] in _providers().services else ("", rest)
    weights = _weights(model[-1], repository)
    return Identity(
        id=repository or "/".join((maker.developer, *model)),
        platform=service or maker.platform,
        deployment="externally_managed",
        weights=maker.weights if weights == UNKNOWN else weights,
    )


def _own_name(name: str, rest: list[str]) -> str:
    """Return `developer/model`, with the developer from the model's family where the name has none."""
    if len(rest) == 2:
        return "/".join(rest)
    known = _providers().families.get(family(rest[-1]) or "")
    if known is None:
        raise _nameless(name)
    return f"{known}/{rest[-1]}"


def _weights(name: str, repository: str | None) -> str:
    public = repository or any(word in name.lower() for word in _providers().open_weights)
    return "open_weights" if public else UNKNOWN


def _nameless(name: str) -> SuiteError:
    return SuiteError(
        f"model {name}: its name does not tell who made it; put its repository `owner/name` under hub_models into the "
        "file of --about"
    )


@cache
def _providers() -> _Providers:
    return load(datasets() / "export" / "providers.yaml", _Providers)
