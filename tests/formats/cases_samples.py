"""TIFFs whose samples are not whole bytes, or whose tags are unusual."""

import struct
import zlib

import imagecodecs
import numpy
import tifffile

from rawtiff import SBYTE, SLONG, pack_bits, reverse_bits, tiff
from store import image, parts, run, smooth

SIZE = {256: 37, 257: 19, 258: 8}


def samples_cases(store):
    wide(store)
    signed(store)
    of_24_bits(store)
    complex_floats(store)
    complex_integers(store)
    fill_order(store)
    palettes(store)
    photometrics(store)
    byte_counts(store)
    odd_tags(store)
    contradictions(store)
    old_tiles(store)
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


def signed(store):
    """Packed bits whose sign goes up to the highest bit; tifffile reads none of them."""
    for bits in (2, 3, 4, 7, 9, 12, 15, 17, 24, 31, 33, 56):
        kind = "i1" if bits < 8 else "i2" if bits < 16 else "i4" if bits < 32 else "i8"
        unsigned = image(kind.replace("i", "u"), 19, 37, 2) & numpy.array((1 << bits) - 1, kind.replace("i", "u"))
        shift = numpy.array(8 * unsigned.itemsize - bits, unsigned.dtype)
        pixels = (unsigned << shift).view(kind) >> shift.view(kind)
        assert pixels.min() < 0 < pixels.max()
        tags = {**SIZE, 258: [bits] * 2, 277: 2, 339: [2, 2], 338: 0}
        name = f"signed_{bits}.tif"
        store.path(name).write_bytes(tiff(tags, [pack_bits(unsigned, bits)], ">"))
        store.good(name, pixels, bits=bits)
    one = image("u1", 19, 37) & 1
    store.path("signed_1.tif").write_bytes(tiff({**SIZE, 258: 1, 339: 2}, [pack_bits(one, 1)]))
    store.good("signed_1.tif", one, bits=1)


def of_24_bits(store):
    """Whole numbers as packed bits; floats in the byte order of the file."""
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
        note = "its samples of 24 bits are read with the highest byte first; some writers mean the lowest" if order == "<" else ""
        put(store, name, tiff(tags, [pack_bits(whole, 24)], order), whole, order == "<", bits=24, note=note)
        predicted = b"".join(predict_float(row) for row in parts)
        put(store, f"float_24_{ord(order)}_predicted.tif", tiff({**tags, 339: 3, 317: 3, 259: 8}, [zlib.compress(predicted)], order), float_24(parts), False, bits=24)
        put(store, f"float_24_{ord(order)}.tif", tiff({**tags, 339: 3}, [strip(parts)], order), float_24(parts), bits=24)


def predict_float(row):
    """Predictor 3 (Adobe's technote 3): planes of bytes, the highest first, then differences."""
    planes = numpy.concatenate([row >> 16, row >> 8 & 255, row & 255]).astype("u1")
    return numpy.diff(planes, prepend=numpy.uint8(0)).tobytes()


def float_24(bits):
    sign = numpy.where(bits >> 23, -1.0, 1.0)
    exponent, fraction = (bits >> 16 & 127).astype(int), (bits & 0xFFFF) / 65536
    value = numpy.where(exponent == 0, fraction * 2.0 ** -62, (1 + fraction) * 2.0 ** (exponent - 63.0))
    return (sign * numpy.where(exponent == 127, numpy.inf, value)).astype("f4")


def complex_floats(store):
    """As tifffile writes and reads them, in every layout."""
    for kind in ("c8", "c16"):
        for channels in (0, 3):
            pixels = image(kind, 40, 61, channels)
            for planar in (("contig", "separate") if channels else ("contig",)):
                for codec in (None, "lzw", "zlib", "zstd", "packbits"):
                    for order in "<>":
                        for grid in ({"rowsperstrip": 9}, {"tile": (16, 32)}):
                            name = f"complex_{kind}_{channels}_{planar}_{codec}_{ord(order)}_{len(grid['tile']) if 'tile' in grid else 0}.tif"
                            data = numpy.moveaxis(pixels, 2, 0) if planar == "separate" else pixels
                            tifffile.imwrite(
                                store.path(name), data, photometric="rgb" if channels else "minisblack", planarconfig=planar if channels else None,
                                compression=codec, byteorder=order, metadata=None, **grid)
                            again = tifffile.imread(store.path(name))
                            numpy.testing.assert_array_equal(again.view("u1"), numpy.ascontiguousarray(data).view("u1"))
                            store.good(name, pixels, bits=pixels.itemsize * 4, photometric="Rgb" if channels else "MinIsBlack")
    # Both parts are one number to the predictor, as to libtiff.
    pixels = image("c8", 19, 37)
    numbers = pixels.view("<u8")
    differences = numpy.diff(numbers, axis=1, prepend=numpy.zeros((19, 1), "u8"))
    name = "complex_predictor.tif"
    store.path(name).write_bytes(tiff({**SIZE, 258: 64, 339: 6, 259: 8, 317: 2}, [zlib.compress(differences.tobytes())]))
    numpy.testing.assert_array_equal(imagecodecs.tiff_decode(store.path(name).read_bytes()).view("u8"), numbers)
    store.good(name, pixels, bits=32)


def complex_integers(store):
    """tifffile makes floats of the same values; halves are read by none."""
    for kind, sample_format in (("i2", 5), ("i4", 5), ("f2", 6)):
        for order in "<>":
            two = image(kind, 19, 37, 2)
            stored = two.astype(two.dtype.newbyteorder(order)).tobytes()
            bits = 16 * two.itemsize
            name = f"complex_{kind}_{ord(order)}.tif"
            store.path(name).write_bytes(tiff({**SIZE, 258: bits, 339: sample_format}, [stored], order))
            if kind != "f2":
                seen = tifffile.imread(store.path(name))
                numpy.testing.assert_array_equal(parts(seen), two.astype(seen.real.dtype))
            store.line(name, 0, "ok", f"complex {kind[0]}{two.itemsize * 8}", 19, 37, 2, two.itemsize * 8, "MinIsBlack", 0, "")
            two.tofile(store.path(f"{name}.0.raw"))
    bytes2 = image("i1", 19, 37, 2)
    store.path("complex_i1.tif").write_bytes(tiff({**SIZE, 258: 16, 339: 5}, [bytes2.tobytes()]))
    store.line("complex_i1.tif", 0, "ok", "complex i8", 19, 37, 2, 8, "MinIsBlack", 0, "")
    bytes2.tofile(store.path("complex_i1.tif.0.raw"))


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


def odd_tags(store):
    """Tags as no writer should leave them, where all readers agree."""
    gray, color = image("u1", 19, 37), image("u1", 19, 37, 3)
    rgb = {**SIZE, 258: [8] * 3, 277: 3, 262: 2}
    put(store, "tag_more_bits.tif", tiff({**rgb, 258: [8, 8, 8, 1]}, [color.tobytes()]), color, photometric="Rgb")
    put(store, "tag_one_bits.tif", tiff({**rgb, 258: 8}, [color.tobytes()]), color, photometric="Rgb")
    put(store, "tag_two_bits.tif", tiff({**rgb, 258: [8, 8]}, [color.tobytes()]), color, photometric="Rgb")
    put(store, "tag_one_format.tif", tiff({**rgb, 339: 1}, [color.tobytes()]), color, photometric="Rgb")
    # tifffile looks at the value that has no sample.
    put(store, "tag_more_formats.tif", tiff({**rgb, 339: [1, 1, 1, 2]}, [color.tobytes()]), color, False, photometric="Rgb")
    for order in "<>":
        signed = {256: (SLONG, [37]), 257: (SBYTE, [19]), 258: 8}
        put(store, f"tag_signed_{ord(order)}.tif", tiff(signed, [gray.tobytes()], order), gray)
    for tag in (262, 266, 274, 292, 317):
        put(store, f"tag_text_{tag}.tif", tiff({**SIZE, tag: "text"}, [gray.tobytes()]), gray, tag in (274, 292))
    twice = tiff({**SIZE, 65000: 99}, [gray.tobytes()]).replace(struct.pack("<HH", 65000, 3), struct.pack("<HH", 256, 3))
    put(store, "tag_twice.tif", twice, gray)
    put(store, "tag_end.tif", tiff(SIZE, [gray.tobytes()])[:-4], gray, False)
    put(store, "tag_almost_end.tif", tiff(SIZE, [gray.tobytes()])[:-1], gray, False)
    for planar in (0, 2, 3):
        put(store, f"tag_planar_{planar}.tif", tiff({**SIZE, 284: planar}, [gray.tobytes()]), gray, planar == 2)
    deep = numpy.stack([gray, gray[::-1]])
    tifffile.imwrite(store.path("tag_depth.tif"), deep, volumetric=True, photometric="minisblack", metadata=None)
    numpy.testing.assert_array_equal(tifffile.imread(store.path("tag_depth.tif")), deep)
    store.good("tag_depth.tif", gray, note="the file claims 2 images in depth; only the first is read")
    put(store, "tag_pixtiff.tif", tiff({**SIZE, 259: 50013}, [zlib.compress(gray.tobytes())]), gray)
    reduced = tiff({**SIZE, 254: 1}, [gray.tobytes()])
    put(store, "tag_thumbnail.tif", reduced, gray, note="the file marks it as a thumbnail or mask")


def contradictions(store):
    """What the file says of the samples cannot be: they are as stored."""
    for photometric, name, channels in ((2, "RGB", 1), (2, "RGB", 2), (5, "CMYK", 1), (5, "CMYK", 3), (6, "YCbCr", 1), (77, "photometric of unknown number (77)", 1)):
        pixels = image("u2", 19, 37, channels)
        note = f"the file calls its {channels} samples per pixel {name}; they are given as stored"
        for planar in (1, 2):
            data = [pixels.astype("<u2").tobytes()] if planar == 1 else [pixels[:, :, c].astype("<u2").tobytes() for c in range(channels)]
            tags = {**SIZE, 258: [16] * channels, 277: channels, 262: photometric, 284: planar}
            file = f"odd_{photometric}_{channels}_{planar}.tif"
            store.path(file).write_bytes(tiff(tags, data))
            if photometric != 6:
                seen = tifffile.imread(store.path(file))
                numpy.testing.assert_array_equal(numpy.moveaxis(seen, 0, -1).squeeze() if planar == 2 and seen.ndim == 3 else seen.squeeze(), pixels.squeeze())
            store.good(file, pixels, note=note)


def old_tiles(store):
    """Their places in the tags of strips."""
    tiles = image("u2", 64, 96)
    parts = [tiles[y:y + 32, x:x + 48].astype("<u2").tobytes() for y in (0, 32) for x in (0, 48)]
    put(store, "old_tiles.tif", tiff({256: 96, 257: 64, 258: 16, 322: 48, 323: 32, 278: 32}, parts), tiles)


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
