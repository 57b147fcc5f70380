"""A TIFF written tag by tag, for what no library writes."""

import struct

import numpy

SHORT, LONG, ASCII, BYTES, SBYTE, SLONG = 3, 4, 2, 7, 6, 9


def tiff(tags, strips, order="<", offsets_tag=273, counts_tag=279, counts=None):
    """One page. `tags` maps a number to an int, a list of ints, text or bytes; None drops a default."""
    body = bytearray(8)
    offsets = []
    for strip in strips:
        offsets.append(len(body))
        body += strip
        body += b"\0" * (len(body) % 2)
    counts = counts or [len(strip) for strip in strips]
    entries = {259: 1, 262: 1, 277: 1, offsets_tag: (LONG, offsets), counts_tag: (LONG, counts), **tags}
    packed = []
    for tag, value in sorted(entries.items()):
        if value is None:
            continue
        kind, values = normal(value)
        letter = {SHORT: "H", LONG: "I", ASCII: "B", BYTES: "B", SBYTE: "b", SLONG: "i"}[kind]
        data = struct.pack(f"{order}{len(values)}{letter}", *values)
        if len(data) > 4:
            where = len(body)
            body += data + b"\0" * (len(data) % 2)
            data = struct.pack(f"{order}I", where)
        packed.append(struct.pack(f"{order}HHI", tag, kind, len(values)) + data.ljust(4, b"\0"))
    directory = struct.pack(f"{order}H", len(packed)) + b"".join(packed) + b"\0\0\0\0"
    body[:8] = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, len(body))
    return bytes(body) + directory


def normal(value):
    if isinstance(value, tuple):
        return value
    if isinstance(value, str):
        return ASCII, list(value.encode("latin-1") + b"\0")
    if isinstance(value, bytes):
        return BYTES, list(value)
    values = value if isinstance(value, list) else [value]
    return (SHORT if max(values) < 65536 else LONG), values


def pack_bits(samples, bits):
    """Rows of samples of so many bits, the first in the highest bits."""
    rows = samples.reshape(samples.shape[0], -1)
    spread = (rows[:, :, None] >> numpy.arange(bits - 1, -1, -1, dtype=rows.dtype)) & 1
    return numpy.packbits(spread.reshape(rows.shape[0], -1).astype(numpy.uint8), axis=1).tobytes()


def reverse_bits(data):
    """Each byte with its bits turned round."""
    return bytes(int(f"{byte:08b}"[::-1], 2) for byte in data)
