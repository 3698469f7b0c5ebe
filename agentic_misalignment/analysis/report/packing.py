"""Packing: the picture of a chart in fewer bytes, since the page carries every picture: colours by number."""

import struct
import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER, _PALETTE, _DATA, _END = b"IHDR", b"PLTE", b"IDAT", b"IEND"
_AS_DRAWN = bytes([8, 6, 0, 0, 0])
"""Eight bits for each of red, green, blue and opacity, not interlaced: what vl-convert writes."""

_NUMBERED = bytes([8, 3, 0, 0, 0])
_PIXEL = 4
_COLOURS = 256
_LEVEL = 9


def packed(png: bytes) -> bytes:
    """Write a PNG with a palette (PNG specification, third edition, sections 8 to 11).

    A chart has few colours: with up to 256 the picture stays as it is. With more, which come of smoothed edges on
    coloured grounds, the rare ones become the nearest of the frequent ones.

    Args:
        png: The picture of a chart.

    Returns:
        The same picture, or the one given if it is not such a one as charts are drawn as, or is no larger.
    """
    chunks = list(_chunks(png))
    found = _pixels(chunks)
    if found is None:
        return png
    palette, numbers = _numbered(found)
    height, width = numbers.shape
    rows = np.zeros((height, width + 1), np.uint8)  # the first byte of a row names its filter: none
    rows[:, 1:] = numbers
    size = struct.pack(">II", width, height)
    kept = [(kind, content) for kind, content in chunks if kind not in (_HEADER, _DATA, _END)]
    again = [(_HEADER, size + _NUMBERED), *kept, (_PALETTE, palette.tobytes())]
    again += [(_DATA, zlib.compress(rows.tobytes(), _LEVEL)), (_END, b"")]
    return min(_SIGNATURE + b"".join(_chunk(kind, content) for kind, content in again), png, key=len)


def _pixels(chunks: list[tuple[bytes, bytes]]) -> NDArray[np.uint32] | None:
    """Return the colour of each pixel; `None` if the picture is not opaque, or of another kind."""
    header = dict(chunks)[_HEADER]
    if header[8:] != _AS_DRAWN:
        return None
    width, height = struct.unpack(">II", header[:8])
    data = zlib.decompress(b"".join(content for kind, content in chunks if kind == _DATA))
    rows = np.frombuffer(data, np.uint8).reshape(height, 1 + _PIXEL * width)
    filters, values = rows[:, 0], rows[:, 1:].reshape(height, width, _PIXEL)
    if (filters > 1).any():
        return None
    less_left = np.cumsum(values, axis=1, dtype=np.uint8)  # filter 1: each value less the one to its left
    plain = np.where((filters == 1)[:, None, None], less_left, values)
    if (plain[..., 3] != np.iinfo(np.uint8).max).any():
        return None
    return np.ascontiguousarray(plain).view("<u4")[..., 0]


def _numbered(pixels: NDArray[np.uint32]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the palette, and the number in it of each pixel's colour."""
    colours, which, counts = np.unique(pixels, return_inverse=True, return_counts=True)
    frequent = np.argsort(-counts, kind="stable")[:_COLOURS]
    values = colours.astype("<u4").view(np.uint8).reshape(-1, _PIXEL)[:, :3]
    palette = values[frequent]
    apart = values[:, None, :].astype(int) - palette[None, :, :]
    nearest = (apart**2).sum(axis=2).argmin(axis=1).astype(np.uint8)
    return palette, nearest[which].reshape(pixels.shape)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(_SIGNATURE)
    while position < len(png):
        (length,) = struct.unpack_from(">I", png, position)
        start = position + 8
        yield png[position + 4 : start], png[start : start + length]
        position = start + length + 4


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
