"""JPEG as TIFF 6.0 had it (compression 6), which nobody writes any more: Pillow's JPEGs taken apart.

What must come out is what libtiff makes of it (through Pillow), to the last bit: chroma is repeated,
and becomes RGB by YCbCrCoefficients and ReferenceBlackWhite.
"""

import io

import numpy
from PIL import Image

from rawtiff import LONG, tiff
from store import smooth


def old_jpeg_cases(store):
    for sampling, (across, down) in enumerate(((1, 1), (2, 1), (2, 2))):
        case_of(store, f"{across}{down}", smooth(61, 90, 3), (across, down), subsampling=sampling)
    case_of(store, "gray", smooth(61, 90), (1, 1))
    refused(store)


def segments(data):
    """The segments of a JPEG as (marker, bytes), and its scans, split at restarts."""
    at, found = 2, []
    while True:
        marker, length = data[at + 1], int.from_bytes(data[at + 2:at + 4], "big")
        found.append((marker, data[at:at + 2 + length]))
        at += 2 + length
        if marker == 0xDA:
            break
    scan, parts = data[at:data.rindex(b"\xff\xd9")], [b""]
    where = 0
    while where < len(scan):
        if scan[where] == 0xFF and 0xD0 <= scan[where + 1] <= 0xD7:
            parts.append(b"")
            where += 2
        else:
            step = 2 if scan[where] == 0xFF else 1
            parts[-1] += scan[where:where + step]
            where += step
    return found, parts


def lay_out(blobs):
    """Where rawtiff puts these."""
    at, offsets = 8, []
    for blob in blobs:
        offsets.append(at)
        at += len(blob) + len(blob) % 2
    return offsets


def case_of(store, name, pixels, sampling, **options):
    def encode(**more):
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "JPEG", quality=85, **options, **more)
        return file.getvalue()

    color = pixels.ndim == 3
    height, width = pixels.shape[:2]
    tags = {256: width, 257: height, 258: [8] * 3 if color else 8, 259: 6, 262: 6 if color else 1,
            277: 3 if color else 1, 512: 1}
    if color:
        tags[530] = list(sampling)

    def write(kind, blobs, strips, **more):
        offsets = lay_out(blobs)
        about = {273: (LONG, [offsets[i] + skip for i, skip in strips]),
                 279: (LONG, [len(blobs[i]) - skip for i, skip in strips])}
        resolved = {int(tag[1:]): (LONG, value(offsets)) if callable(value) else value for tag, value in more.items()}
        file = f"old_jpeg_{kind}_{name}.tif"
        store.path(file).write_bytes(tiff({**tags, **about, **resolved}, blobs))
        # libtiff does not take grey ones.
        with Image.open(store.path(file) if color else io.BytesIO(encode())) as picture:
            expected = numpy.asarray(picture)
        store.good(file, expected, photometric="Rgb" if color else "MinIsBlack")

    data = encode()
    headers = data.index(b"\xff\xda") + 2
    headers += int.from_bytes(data[headers:headers + 2], "big")
    write("stream", [data], [(0, 0)], t513=lambda at: [at[0]], t514=lambda at: [len(data)])
    write("scan", [data], [(0, headers)], t513=lambda at: [at[0]], t514=lambda at: [len(data)])
    write("no_length", [data], [(0, 0)], t513=lambda at: [at[0]])
    write("headers", [data[:headers], data[headers:]], [(1, 0)], t513=lambda at: [at[0]], t514=lambda at: [headers])
    # Strips, each after a restart: 16 rows are one or two rows of units.
    rows = 8 * sampling[1]
    data = encode(restart_marker_rows=1)
    found, parts = segments(data)
    head = b"\xff\xd8" + b"".join(body for marker, body in found if marker not in (0xDA, 0xDD, 0xE0))
    scan = next(body for marker, body in found if marker == 0xDA)
    write("strips", [head, scan + parts[0], *parts[1:]], [(i + 1, 0) for i in range(len(parts))],
          t278=rows, t513=lambda at: [at[0]], t514=lambda at: [len(head)])
    # Nothing but tables.
    steps = [body[5:] for marker, body in found if marker == 0xDB]
    codes = {body[4]: body[5:] for marker, body in found if marker == 0xC4}
    which = (0, 1, 1) if color else (0,)
    tables = [steps[i] for i in range(len(steps))] + [codes[key] for key in sorted(codes)]
    n = len(parts)
    dc, ac = n + len(steps), n + len(steps) + len(codes) // 2
    places = {
        "t519": lambda at: [at[n + i] for i in which],
        "t520": lambda at: [at[dc + i] for i in which],
        "t521": lambda at: [at[ac + i] for i in which],
    }
    write("tables", [*parts, *tables], [(i, 0) for i in range(n)], t278=rows, **places)
    if color:
        reference = (LONG, [16, 235, 128, 240, 128, 240])
        write("video", [*parts, *tables], [(i, 0) for i in range(n)], t278=rows, t532=reference, **places)


def refused(store):
    def refuse(name, tags, blobs, status, text):
        common = {256: 30, 257: 20, 258: [8] * 3, 259: 6, 262: 6, 277: 3}
        store.path(name).write_bytes(tiff({**common, **tags}, blobs))
        store.bad(name, status, text)

    refuse("no_old_jpeg_process.tif", {512: 14}, [bytes(100)], "Unsupported", "old-style JPEG of process 14")
    refuse("bad_old_jpeg_tables.tif", {512: 1}, [bytes(100)], "Corrupt", "0 tables in tag 519")
    refuse("bad_old_jpeg_offset.tif", {519: (LONG, [10**9] * 3), 520: (LONG, [8] * 3), 521: (LONG, [8] * 3)},
           [bytes(100)], "Truncated", "a table of steps")
    file = io.BytesIO()
    Image.fromarray(smooth(20, 30, 3)).save(file, "JPEG")
    data = file.getvalue()
    stream = {513: (LONG, [8]), 514: (LONG, [len(data)])}
    refuse("short_old_jpeg.tif", {**stream, 257: 21}, [data], "Corrupt", "30 x 20 pixels where 30 x 21 belong")
    refuse("cut_old_jpeg.tif", stream, [data[:-40] + b"\xff\xd9"], "Truncated", "ends before its pixels")
