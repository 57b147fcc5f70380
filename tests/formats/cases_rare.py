"""Compressions of TIFF that are written here by hand, and read by libtiff."""

import zlib

import imagecodecs
import numpy

from rawtiff import pack_bits, tiff
from store import image, smooth

SIZE = {256: 37, 257: 19, 278: 8}
NOISE = numpy.random.default_rng(4)


def rare_cases(store):
    sgilog(store)
    pixarlog(store)
    thunderscan(store)
    next_runs(store)


def put(store, name, data, pixels, **expected):
    """A file, and that libtiff reads the same."""
    store.path(name).write_bytes(data)
    numpy.testing.assert_array_equal(imagecodecs.tiff_decode(data).squeeze(), pixels.squeeze())
    store.good(name, pixels, **expected)


def strips(codes, encode):
    return [encode(codes[top:top + 8]) for top in range(0, 19, 8)]


def runs(row):
    """Bytes as runs of 2 to 129 and as literals of up to 127."""
    packed, at = bytearray(), 0
    while at < len(row):
        run = next((n for n in range(1, min(129, len(row) - at)) if row[at + n] != row[at]), min(129, len(row) - at))
        if run > 1:
            packed += bytes([run + 126, row[at]])
        else:
            run = min(int(NOISE.integers(1, 20)), len(row) - at)
            packed += bytes([run]) + row[at:at + run] + bytes(int(NOISE.integers(2)))
        at += run
    return bytes(packed)


def sgilog(store):
    """Codes of every kind; libtiff says which colors they are."""
    codes = numpy.where(smooth(19, 37) > 100, NOISE.integers(0, 1 << 32, (19, 37)), 0x3F806090).astype(">u4")
    codes.flat[:4] = [0, 0x80000000, 0xFFFFFFFF, 0x00010000]

    def planes(count):
        def encode(rows):
            return b"".join(runs(row.view("u1").reshape(-1, 4)[:, 4 - count + plane].tobytes()) for row in rows for plane in range(count))
        return encode

    color = {**SIZE, 258: [16] * 3, 339: [2] * 3, 277: 3, 262: 32845, 259: 34676}
    # The bits are those of what the writer was given.
    for bits, sample_format in ((16, 2), (32, 3), (8, 1)):
        tags = {**color, 258: [bits] * 3, 339: [sample_format] * 3}
        for order in "<>":
            data = tiff(tags, strips(codes, planes(4)), order)
            put(store, f"sgilog_{bits}_{ord(order)}.tif", data, imagecodecs.tiff_decode(data), photometric="LogLuv")
    every = numpy.arange(37 * 19 * 24) % (1 << 14)
    for part in range(24):
        indices = every[37 * 19 * part:][:37 * 19].reshape(19, 37)
        codes_24 = (NOISE.integers(0, 1024, (19, 37)) << 14 | indices).astype(">u4")
        codes_24.flat[0] &= 0x3FFF
        data = tiff({**color, 259: 34677}, strips(codes_24, lambda rows: rows.copy().view("u1").reshape(-1, 4)[:, 1:].tobytes()))
        put(store, f"sgilog24_{part}.tif", data, imagecodecs.tiff_decode(data), photometric="LogLuv")
    grey = (codes & 0xFFFF).astype(">u4")
    grey.flat[:3] = [0, 0x8000, 0x3FFF]
    tags = {**SIZE, 258: 16, 339: 2, 262: 32844, 259: 34676}
    put(store, "sgilog_grey.tif", tiff(tags, strips(grey, planes(2))), grey.astype("u2").view("i2"), photometric="LogL")
    put(store, "sgilog_grey_u.tif", tiff({**tags, 339: 1}, strips(grey, planes(2)), ">"), grey.astype("u2"), photometric="LogL")
    data = tiff({**tags, 258: 32, 339: 3}, strips(grey, planes(2)))
    put(store, "sgilog_luminance.tif", data, imagecodecs.tiff_decode(data), photometric="LogL")


def pixarlog(store):
    for channels in (1, 2, 3, 4, 5):
        for kind, bits, sample_format in (("u1", 8, 1), ("u2", 16, 1), ("f4", 32, 3)):
            pixels = numpy.abs(image(kind, 19, 37, channels))
            if kind == "f4":
                pixels = numpy.nan_to_num(pixels, posinf=30)
            tags = {**SIZE, 258: [bits] * channels, 339: [sample_format] * channels, 277: channels, 259: 32909, 262: 2 if channels > 2 else 1}
            if channels in (2, 4, 5):
                tags[338] = [0] * (channels - (3 if channels > 2 else 1))
            for order in "<>":
                def encode(rows):
                    raw = imagecodecs.pixarlog_encode(rows, deflate=False)
                    return zlib.compress(numpy.frombuffer(raw, "<u2").astype(order + "u2").tobytes())
                data = tiff(tags, strips(pixels, encode), order)
                name = f"pixarlog_{kind}_{channels}_{ord(order)}.tif"
                put(store, name, data, imagecodecs.tiff_decode(data), photometric="Rgb" if channels > 2 else "MinIsBlack")
    # libtiff as the writer: whatever it is given, it says that there are 8 bits.
    data = imagecodecs.tiff_encode(smooth(40, 50, 3), compression="pixarlog", photometric="rgb")
    put(store, "pixarlog_libtiff.tif", data, smooth(40, 50, 3), photometric="Rgb")
    planes = image("u1", 19, 37, 3)
    tags = {256: 37, 257: 19, 258: [8] * 3, 277: 3, 262: 2, 284: 2, 259: 32909}
    data = tiff(tags, [imagecodecs.pixarlog_encode(numpy.ascontiguousarray(planes[:, :, c])) for c in range(3)])
    store.path("pixarlog_planes.tif").write_bytes(data)
    numpy.testing.assert_array_equal(imagecodecs.tiff_decode(data), numpy.moveaxis(planes, 2, 0))
    store.good("pixarlog_planes.tif", planes, photometric="Rgb")


def thunderscan(store):
    """Pixels as they are, as runs and as steps of 2 and of 3 bits."""
    pixels = (smooth(19, 37) >> 4) + (image("u1", 19, 37) & 1)
    pixels[:, 20:] = NOISE.integers(0, 16, (19, 17))
    pixels[4:9, 10:33] = 7
    pixels &= 15

    def encode(rows):
        packed = bytearray()
        for row in rows:
            last, at = 0, 0
            while at < len(row):
                run = next((n for n in range(len(row) - at) if row[at + n] != last), len(row) - at)
                steps = [(int(b) - int(a) + 8) % 16 - 8 for a, b in zip([last, *row[at:]], row[at:at + 3])]
                if run > 2:
                    packed.append(min(run, 63))
                    at += min(run, 63)
                elif len(steps) == 3 and all(abs(step) <= 1 for step in steps):
                    codes = [{0: int(NOISE.choice([0])), 1: 1, -1: 3}[step] for step in steps]
                    packed.append(0x40 | codes[0] << 4 | codes[1] << 2 | codes[2])
                    at += 3
                elif len(steps) >= 2 and all(abs(step) <= 3 for step in steps[:2]):
                    packed.append(0x80 | (steps[0] & 7) << 3 | steps[1] & 7)
                    at += 2
                else:
                    packed.append(0xC0 | int(row[at]))
                    at += 1
                last = int(row[at - 1])
        return bytes(packed)

    tags = {**SIZE, 258: 4, 259: 32809}
    put(store, "thunderscan.tif", tiff(tags, strips(pixels, encode)), pixels, bits=4)


def next_runs(store):
    """Rows of each kind in turn."""
    pixels = smooth(19, 37) >> 6
    pixels[1::4] = NOISE.integers(0, 4, pixels[1::4].shape)
    pixels[2::4, :8] = 3
    pixels[2::4, 20:] = 3

    def encode(rows):
        packed = bytearray()
        for index, row in enumerate(rows):
            stored = pack_bits(row[None], 2)
            if index % 4 == 1:
                packed += b"\0" + stored
            elif index % 4 == 2:
                packed += b"\x40\0\2\0\3" + stored[2:5]
            else:
                at = 0
                while at < len(row):
                    run = next((n for n in range(len(row) - at) if row[at + n] != row[at]), len(row) - at)
                    run = min(run, int(NOISE.integers(1, 63)))
                    # A first byte of 0x40 would say something else.
                    packed.append(int(row[at]) << 6 | run)
                    at += run
        return bytes(packed)

    tags = {**SIZE, 258: 2, 259: 32766}
    put(store, "next.tif", tiff(tags, strips(pixels, encode)), pixels, bits=2)
