"""Sealed models: immutable parts that are written into a log as one JSON text each.

Inspect copies and compares the whole store around each tool call. A text costs it next to nothing, a nested model a
comparison for each of its values; so what never changes travels sealed.
"""

import json
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    PlainSerializer,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)


class Sealed(BaseModel):
    """An immutable model that is one JSON text in JSON, and is read from it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @cached_property
    def text(self) -> str:
        """The content as JSON."""
        return json.dumps(self.model_dump(mode="json", context=_OPEN), ensure_ascii=False)

    @model_serializer(mode="wrap")
    def _seal(self, handler: SerializerFunctionWrapHandler, info: SerializationInfo) -> Any:
        return handler(self) if info.context is _OPEN or info.mode != "json" else self.text

    @model_validator(mode="wrap")
    @classmethod
    def _unseal(cls, value: Any, handler: Any) -> Any:
        return handler(json.loads(value) if isinstance(value, str) else value)


SEALED = PlainSerializer(lambda parts: [part.text for part in parts])
"""For a field with a list of sealed models: writes them all at once, which is faster than one by one."""


def bundled(parts: Iterable[Sealed]) -> str:
    """Write sealed models as one text, for those that stay as they are together."""
    return f"[{', '.join(part.text for part in parts)}]"


def unbundled(parts: Iterable[Any]) -> list[Any]:
    """Take apart what `bundled` joined, and leave what stands for itself."""
    return [piece for part in parts for piece in (json.loads(part) if _is_bundle(part) else [part])]


def _is_bundle(part: Any) -> bool:
    return isinstance(part, str) and part.startswith("[")


_OPEN = {"sealed": False}
"""Serialisation context in which the content is written out."""
