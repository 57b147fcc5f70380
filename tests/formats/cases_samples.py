"""TIFFs whose samples are not whole bytes, or whose tags are unusual."""

import struct
import zlib

import numpy
import tifffile

from rawtiff import pack_bits, reverse_bits, tiff
from store import image, run, smooth

SIZE = {256: 37, 257: 19, 258: 8}


def samples_cases(store):
    wide(store)
    of_24_bits(store)
    fill_order(store)
    palettes(store)
    photometrics(store)
    byte_counts(store)
    sparse(store)


def put(store, name, data, pixels, read=True, **expected):
    """A file, and that tifffile reads the same."""
    store.path(name).write_bytes(data)
    if read:
        numpy.testing.assert_array_equal(tifffile.imread(store.path(name)), pixels.squeeze())
    store.good(name, pixels, **expected)


def wide(store):
    """9 to 56 bits, the first in the highest bits whatever the byte order (TIFF 6.0, section 8)."""
    for bits in (9, 10, 11, 12, 13, 14, 15, 17, 20, 23, 25, 31, 33, 48, 56):
        kind = "u2" if bits < 16 else "u4" if bits < 32 else "u8"
        for channels in (1, 3):
            pixels = image(kind, 19, 37, channels) & numpy.array((1 << bits) - 1, kind)
            strips = [pack_bits(pixels[top:top + 8], bits) for top in range(0, 19, 8)]
            tags = {**SIZE, 258: [bits] * channels, 277: channels, 278: 8, 262: 1 if channels == 1 else 2}
            for order in "<>":
                for codec, encode in ((1, bytes), (8, zlib.compress)):
                    name = f"wide_{bits}_{channels}_{ord(order)}_{codec}.tif"
                    # tifffile unpacks no more than 32 bits.
                    put(store, name, tiff({**tags, 259: codec}, list(map(encode, strips)), order), pixels, bits < 32,
                        bits=bits, photometric="MinIsBlack" if channels == 1 else "Rgb")
    tiles = image("u2", 64, 96) & 0xFFF
    packed = [pack_bits(tiles[y:y + 32, x:x + 48], 12) for y in (0, 32) for x in (0, 48)]
    tags = {256: 96, 257: 64, 258: 12, 322: 48, 323: 32}
    put(store, "wide_tiles.tif", tiff(tags, packed, offsets_tag=324, counts_tag=325), tiles, bits=12)
    four = image("u1", 19, 37, 3) & 15
    put(store, "packed_rgb_4.tif", tiff({**SIZE, 258: [4] * 3, 262: 2, 277: 3}, [pack_bits(four, 4)]), four, bits=4, photometric="Rgb")


def of_24_bits(store):
    """In the byte order of the file, as libtiff turns them."""
    whole = image("u4", 19, 37) & 0xFFFFFF
    parts = numpy.random.default_rng(24).integers(0, 1 << 24, (19, 37), numpy.uint32)
    parts.flat[:7] = [0, 1, 0x800000, 0x010000, 0x3F0000, 0x7EFFFF, 0x7F0000]
    parts[(parts >> 16 & 127) == 127] &= 0xFF0000
    for order in "<>":
        def strip(numbers):
            bytes4 = numbers.astype(order + "u4").view("u1").reshape(*numbers.shape, 4)
            return (bytes4[..., :3] if order == "<" else bytes4[..., 1:]).tobytes()
        tags = {**SIZE, 258: 24}
        name = f"whole_24_{ord(order)}.tif"
        put(store, name, tiff(tags, [strip(whole)], order), whole, False, bits=24)
        # tifffile takes these for other numbers; libtiff turns them into its own order.
        run("tiffcp", "-B" if order == "<" else "-L", store.path(name), store.path(f"turned_{name}"))
        store.good(f"turned_{name}", whole, bits=24)
        put(store, f"float_24_{ord(order)}.tif", tiff({**tags, 339: 3}, [strip(parts)], order), float_24(parts), bits=24)


def float_24(bits):
    sign = numpy.where(bits >> 23, -1.0, 1.0)
    exponent, fraction = (bits >> 16 & 127).astype(int), (bits & 0xFFFF) / 65536
    value = numpy.where(exponent == 0, fraction * 2.0 ** -62, (1 + fraction) * 2.0 ** (exponent - 63.0))
    return (sign * numpy.where(exponent == 127, numpy.inf, value)).astype("f4")


def fill_order(store):
    for kind, bits in (("u1", 8), ("u2", 16), ("u1", 1), ("u2", 12)):
        pixels = image(kind, 19, 37) & numpy.array((1 << bits) - 1, kind)
        rows = pixels.astype("<u2").tobytes() if bits == 16 else pack_bits(pixels, bits)
        for codec, data in ((1, rows), (8, zlib.compress(rows)), (5, lzw(store, rows))):
            tags = {**SIZE, 258: bits, 259: codec, 266: 2}
            name = f"fill_order_{kind}_{bits}_{codec}.tif"
            put(store, name, tiff(tags, [reverse_bits(data)]), pixels, bits >= 8, bits=bits)
    bilevel = smooth(40, 64) > 128
    tifffile.imwrite(store.path("plain.tif"), bilevel, photometric="minisblack", metadata=None)
    run("tiffcp", "-c", "g4", "-f", "lsb2msb", store.path("plain.tif"), store.path("fill_order_fax.tif"))
    store.path("plain.tif").unlink()
    store.good("fill_order_fax.tif", bilevel, bits=1)


def lzw(store, rows):
    """Bytes as a strip of LZW, packed by tifffile."""
    path = store.path("plain.tif")
    tifffile.imwrite(path, numpy.frombuffer(rows, "u1")[None], compression="lzw", photometric="minisblack", metadata=None)
    with tifffile.TiffFile(path) as reader:
        page = reader.pages[0]
        data = path.read_bytes()[page.dataoffsets[0]:][:page.databytecounts[0]]
    path.unlink()
    return data


def palettes(store):
    """Indices, as stored."""
    for kind in ("u1", "u2"):
        pixels = image(kind)
        colors = numpy.zeros((3, 256 if kind == "u1" else 65536), "u2")
        name = f"palette_{kind}.tif"
        tifffile.imwrite(store.path(name), pixels, photometric="palette", colormap=colors, metadata=None, rowsperstrip=9)
        numpy.testing.assert_array_equal(tifffile.imread(store.path(name)), pixels)
        store.good(name, pixels, photometric="Palette")
    for bits in (1, 2, 4):
        pixels = image("u1", 19, 37) & ((1 << bits) - 1)
        tags = {**SIZE, 258: bits, 262: 3, 320: [0] * (3 << bits)}
        put(store, f"palette_{bits}.tif", tiff(tags, [pack_bits(pixels, bits)]), pixels, bits=bits, photometric="Palette")


def photometrics(store):
    gray, color = image("u1", 19, 37), image("u1", 19, 37, 3)
    names = {4: "Mask", 8: "CieLab", 9: "IccLab", 10: "ItuLab", 32803: "Cfa", 34892: "LinearRaw", 51177: "Depth"}
    for number, name in names.items():
        one = number in (4, 32803, 34892, 51177)
        pixels, tags = (gray, SIZE) if one else (color, {**SIZE, 258: [8] * 3, 277: 3})
        put(store, f"photometric_{number}.tif", tiff({**tags, 262: number}, [pixels.tobytes()]), pixels, photometric=name)
    rgb = {**SIZE, 258: [8] * 3, 277: 3, 262: None}
    put(store, "photometric_none_1.tif", tiff({**SIZE, 262: None}, [gray.tobytes()]), gray)
    put(store, "photometric_none_3.tif", tiff(rgb, [color.tobytes()]), color, photometric="Rgb")
    put(store, "photometric_none_extra.tif", tiff({**rgb, 338: [0, 0]}, [color.tobytes()]), color)
    put(store, "format_void.tif", tiff({**SIZE, 339: 4}, [gray.tobytes()]), gray)


def byte_counts(store):
    """Counts that are missing or wrong, where libtiff copes."""
    gray = image("u1", 19, 37)
    halves = [gray[:10].tobytes(), gray[10:].tobytes()]
    packed = [zlib.compress(half) for half in halves]
    two = {**SIZE, 278: 10}
    put(store, "counts_none.tif", tiff({**SIZE, 279: None}, [gray.tobytes()]), gray, False)
    put(store, "counts_none_2.tif", tiff({**two, 279: None}, halves), gray, False)
    put(store, "counts_none_zip.tif", tiff({**two, 279: None, 259: 8}, packed), gray, False)
    put(store, "counts_zero.tif", tiff(two, halves, counts=[0, 0]), gray, False)
    put(store, "counts_zero_zip.tif", tiff({**two, 259: 8}, packed, counts=[0, 0]), gray, False)
    put(store, "counts_small.tif", tiff(SIZE, [gray.tobytes()], counts=[19]), gray, False)
    put(store, "counts_large.tif", tiff(SIZE, [gray.tobytes()], counts=[10**6]), gray, False)
    put(store, "counts_more.tif", tiff(two, halves + [b"more"]), gray, False)


def sparse(store):
    """Tiles that are not in the file, as GDAL leaves them out."""
    tiles = image("u2", 64, 96)
    parts = [tiles[y:y + 32, x:x + 48].astype("<u2").tobytes() for y in (0, 32) for x in (0, 48)]
    data = bytearray(tiff({256: 96, 257: 64, 258: 16, 322: 48, 323: 32}, parts, offsets_tag=324, counts_tag=325))
    at = 8 + sum(map(len, parts))
    for table in (at, at + 16):
        struct.pack_into("<I", data, table + 4, 0)
    tiles[:32, 48:] = 0
    put(store, "sparse.tif", bytes(data), tiles, note="parts that are not in the file are 0")
