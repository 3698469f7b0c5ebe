"""Packing: the same PNG in fewer bytes, since the page carries every picture."""

import struct
import zlib
from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DATA, _END = b"IDAT", b"IEND"
_LEVEL = 6


def packed(png: bytes) -> bytes:
    """Compress the pixels of a PNG again; those who draw it compress for speed.

    Nothing but the compression of the pixel data changes (PNG specification, third edition, sections 5 and 10).

    Args:
        png: The picture.

    Returns:
        The same picture, or the one given if it is no larger.
    """
    chunks = list(_chunks(png))
    pixels = zlib.decompress(b"".join(content for kind, content in chunks if kind == _DATA))
    before = [(kind, content) for kind, content in chunks if kind not in (_DATA, _END)]
    again = [*before, (_DATA, zlib.compress(pixels, _LEVEL)), (_END, b"")]
    smaller = _SIGNATURE + b"".join(_chunk(kind, content) for kind, content in again)
    return min(smaller, png, key=len)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(_SIGNATURE)
    while position < len(png):
        (length,) = struct.unpack_from(">I", png, position)
        start = position + 8
        yield png[position + 4 : start], png[start : start + length]
        position = start + length + 4


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
