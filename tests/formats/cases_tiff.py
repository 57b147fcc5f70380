"""TIFFs that must come out bit by bit."""

import struct
import zlib

import numpy
import tifffile
from PIL import Image

from rawtiff import pack_bits, tiff
from store import convert, image, run, smooth

TYPES = ["u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8"]
CODECS = [None, "lzw", "zlib", "packbits", "zstd", "lzma"]
PHOTOMETRIC = {1: "MinIsBlack", 2: "MinIsBlack", 3: "Rgb", 4: "Rgb"}


def tiff_cases(store):
    types_and_codecs(store)
    layouts(store)
    colors(store)
    packed(store)
    min_is_white(store)
    jpeg(store)
    fax(store)
    extra_samples(store)
    pages(store)
    others_wrote(store)


def write(store, name, pixels, check=True, **options):
    """Writes with tifffile, and makes sure that it reads the same."""
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    data = pixels
    if options.get("planarconfig") == "separate":
        data = numpy.moveaxis(pixels, 2, 0)
    if channels in (1, 2):
        options.setdefault("photometric", "minisblack")
        if channels == 2:
            options.setdefault("planarconfig", "contig")
    else:
        options.setdefault("photometric", "rgb")
    tifffile.imwrite(store.path(name), data, metadata=None, **options)
    if check:
        again = tifffile.imread(store.path(name))
        numpy.testing.assert_array_equal(again.view("u1"), numpy.ascontiguousarray(data).view("u1"))
    store.good(name, pixels, photometric=PHOTOMETRIC[channels])


def types_and_codecs(store):
    for kind in TYPES:
        for codec in CODECS:
            predictors = [None]
            if codec in ("lzw", "zlib", "zstd", "lzma"):
                predictors += [3] if kind[0] == "f" else [2]
            for predictor in predictors:
                for order in "<>":
                    big = (len(kind) + len(codec or "") + (predictor or 0)) % 2 == (order == "<")
                    name = f"type_{kind}_{codec}_{predictor}_{'le' if order == '<' else 'be'}.tif"
                    options = {"compression": codec, "byteorder": order, "bigtiff": big, "rowsperstrip": 8}
                    if predictor:
                        options["predictor"] = predictor
                    write(store, name, image(kind), **options)


def layouts(store):
    for codec in CODECS:
        for kind in ("u1", "u2", "f4"):
            predictors = [None] if codec in (None, "packbits") else [None, 3 if kind == "f4" else 2]
            for predictor in predictors:
                options = {"compression": codec, **({"predictor": predictor} if predictor else {})}
                stem = f"layout_{codec}_{kind}_{predictor}"
                write(store, f"{stem}_rows1.tif", image(kind), rowsperstrip=1, **options)
                write(store, f"{stem}_one.tif", image(kind), rowsperstrip=47, **options)
                write(store, f"{stem}_tile64.tif", image(kind, 70, 130), tile=(64, 64), **options)
                write(store, f"{stem}_tile_rgb.tif", image(kind, 70, 130, 3), tile=(32, 48), **options)
    for order in "<>":
        write(store, f"layout_tile256{ord(order)}.tif", image("u2", 300, 270), tile=(256, 256), byteorder=order, predictor=2, compression="zlib")
    # Long codes over short rows: what the crate's LZW decoder stumbles over.
    for codec in CODECS:
        for name, pixels in (("flat", image("u1", 70, 65) // 250), ("smooth", smooth(70, 97)), ("narrow", image("u2", 40, 1))):
            write(store, f"layout_crop_{name}_{codec}.tif", pixels, tile=(32, 32), compression=codec)
    write(store, "layout_big_tiles.tif", image("f8", 100, 100), tile=(16, 16), bigtiff=True)


def colors(store):
    for kind in ("u1", "u2", "f4", "i2"):
        for channels in (2, 3, 4):
            for planar in ("contig", "separate"):
                for codec, predictor in ((None, None), ("lzw", 2), ("zstd", None)):
                    options = {"compression": codec, "planarconfig": planar, "rowsperstrip": 10}
                    if predictor:
                        options["predictor"] = 3 if kind == "f4" else predictor
                    if channels == 4:
                        options["extrasamples"] = ["unassalpha"]
                    write(store, f"color_{kind}_{channels}_{planar}_{codec}.tif", image(kind, channels=channels), **options)
    pixels = image("u1", 64, 96, 3)
    write(store, "color_planar_tiles.tif", pixels, planarconfig="separate", tile=(32, 32))
    many = image("u2", 20, 30, 7)
    tifffile.imwrite(store.path("many.tif"), many, photometric="minisblack", planarconfig="contig", metadata=None)
    store.good("many.tif", many)
    cmyk = image("u1", 20, 30, 4)
    tifffile.imwrite(store.path("cmyk.tif"), cmyk, photometric="separated", planarconfig="contig", metadata=None)
    store.good("cmyk.tif", cmyk, photometric="Cmyk")
    ycbcr = image("u1", 20, 30, 3)
    tags = {256: 30, 257: 20, 258: [8, 8, 8], 262: 6, 277: 3, 530: [1, 1]}
    store.path("ycbcr.tif").write_bytes(tiff(tags, [ycbcr.tobytes()]))
    store.good("ycbcr.tif", ycbcr, photometric="Ycbcr")


def packed(store):
    for bits in range(1, 8):
        for channels in (1, 2, 3):
            pixels = (image("u1", 19, 37, channels) >> 1) & ((1 << bits) - 1)
            strips = [pack_bits(pixels[top:top + 8], bits) for top in range(0, 19, 8)]
            tags = {256: 37, 257: 19, 258: [bits] * channels, 277: channels, 278: 8}
            for order in "<>":
                name = f"packed_{bits}_{channels}_{ord(order)}.tif"
                store.path(name).write_bytes(tiff(tags, strips, order))
                if bits in (1, 2, 4) and channels == 1:
                    numpy.testing.assert_array_equal(tifffile.imread(store.path(name)).astype("u1"), pixels[:, :, 0])
                store.good(name, pixels, bits=bits)
    for codec in CODECS:
        bilevel = image("u1") & 1 == 1
        name = f"bilevel_{codec}.tif"
        tifffile.imwrite(store.path(name), bilevel, compression=codec, photometric="minisblack", metadata=None, rowsperstrip=9)
        store.good(name, bilevel, bits=1)
    bilevel = image("u1", 70, 130) & 1 == 1
    tifffile.imwrite(store.path("bilevel_tiles.tif"), bilevel, tile=(32, 64), photometric="minisblack", metadata=None)
    store.good("bilevel_tiles.tif", bilevel, bits=1)


def min_is_white(store):
    for kind in ("u1", "u2", "u4", "u8"):
        for codec in (None, "zlib"):
            name = f"white_{kind}_{codec}.tif"
            pixels = image(kind)
            tifffile.imwrite(store.path(name), pixels, photometric="miniswhite", compression=codec, metadata=None, rowsperstrip=8)
            numpy.testing.assert_array_equal(tifffile.imread(store.path(name)), pixels)
            store.good(name, pixels, photometric="MinIsWhite")
    for bits in (1, 2, 4):
        pixels = image("u1", 19, 37) & ((1 << bits) - 1)
        name = f"white_{bits}.tif"
        store.path(name).write_bytes(tiff({256: 37, 257: 19, 258: bits, 262: 0}, [pack_bits(pixels, bits)]))
        numpy.testing.assert_array_equal(tifffile.imread(store.path(name)).astype("u1"), pixels)
        store.good(name, pixels, bits=bits, photometric="MinIsWhite")


def jpeg(store):
    """Equal to libjpeg to the last bit."""
    cases = [
        ("gray", smooth(), {"photometric": "minisblack"}),
        ("gray_tiles", smooth(100, 130), {"photometric": "minisblack", "tile": (64, 64)}),
        ("gray_rows", smooth(), {"photometric": "minisblack", "rowsperstrip": 16}),
        ("rgb", smooth(channels=3), {"photometric": "rgb"}),
        ("rgb_tiles", smooth(100, 130, 3), {"photometric": "rgb", "tile": (64, 64)}),
        ("planar", smooth(64, 64, 3), {"photometric": "rgb", "planarconfig": "separate"}),
        ("white", smooth(), {"photometric": "miniswhite"}),
        ("ycbcr444", smooth(channels=3), {"photometric": "ycbcr", "subsampling": (1, 1)}),
        ("ycbcr422", smooth(channels=3), {"photometric": "ycbcr", "subsampling": (2, 1)}),
        ("ycbcr420", smooth(channels=3), {"photometric": "ycbcr", "subsampling": (2, 2)}),
        ("ycbcr420_tiles", smooth(100, 130, 3), {"photometric": "ycbcr", "subsampling": (2, 2), "tile": (64, 64)}),
        ("ycbcr420_rows", smooth(channels=3), {"photometric": "ycbcr", "subsampling": (2, 2), "rowsperstrip": 16}),
    ]
    for name, pixels, options in cases:
        name = f"jpeg_{name}.tif"
        if options.get("planarconfig"):
            pixels = numpy.moveaxis(pixels, 2, 0)
        tifffile.imwrite(store.path(name), pixels, compression="jpeg", compressionargs={"level": 92}, metadata=None, **options)
        expected = tifffile.imread(store.path(name))
        if options.get("planarconfig"):
            expected = numpy.moveaxis(expected, 0, 2)
        photometric = {"minisblack": "MinIsBlack", "miniswhite": "MinIsWhite"}.get(options["photometric"], "Rgb")
        store.good(name, expected, photometric=photometric)
    # libtiff keeps the tables in a tag of their own.
    for name, pixels in (("gray", smooth(80, 90)), ("ycbcr", smooth(80, 96, 3))):
        plain = store.path("plain.tif")
        tifffile.imwrite(plain, pixels, photometric="rgb" if pixels.ndim == 3 else "minisblack", metadata=None)
        for layout, how in (("strips", ["-s", "-r", "16"]), ("tiles", ["-t", "-w", "32", "-l", "32"])):
            file = f"libtiff_jpeg_{name}_{layout}.tif"
            run("tiffcp", *how, "-c", "jpeg:90" if name == "gray" else "jpeg:90", plain, store.path(file))
            photometric = "MinIsBlack" if name == "gray" else "Rgb"
            store.good(file, tifffile.imread(store.path(file)), photometric=photometric)
        plain.unlink()
    # RGB that stays RGB inside the JPEG.
    tifffile.imwrite(store.path("plain.tif"), smooth(80, 96, 3), photometric="rgb", metadata=None)
    run("tiffcp", "-c", "jpeg:r:90", "-r", "16", store.path("plain.tif"), store.path("libtiff_jpeg_rgb.tif"))
    expected = tifffile.imread(store.path("libtiff_jpeg_rgb.tif"))
    store.good("libtiff_jpeg_rgb.tif", expected, photometric="Rgb")
    store.path("plain.tif").unlink()


def fax(store):
    bilevel = (image("u1", 60, 83) > 100) | (smooth(60, 83) > 140)
    for photometric in ("minisblack", "miniswhite"):
        for rows in (60, 16):
            tifffile.imwrite(store.path("plain.tif"), bilevel, photometric=photometric, metadata=None)
            name = f"fax4_{photometric}_{rows}.tif"
            run("tiffcp", "-s", "-r", rows, "-c", "g4", store.path("plain.tif"), store.path(name))
            expected = tifffile.imread(store.path(name))
            numpy.testing.assert_array_equal(expected, bilevel)
            kind = {"minisblack": "MinIsBlack", "miniswhite": "MinIsWhite"}[photometric]
            store.good(name, expected, bits=1, photometric=kind)
    for width in (1, 7, 64, 83, 1729, 6000):
        pixels = scan(60, width)
        tifffile.imwrite(store.path("plain.tif"), pixels, photometric="miniswhite", metadata=None)
        for codec in ("g3", "g3:1d", "g3:2d", "g3:1d:fill", "g3:2d:fill", "g4"):
            for rows in (60, 16, 1):
                name = f"fax_{codec.replace(':', '_')}_{width}_{rows}.tif"
                run("tiffcp", "-s", "-r", rows, "-c", codec, store.path("plain.tif"), store.path(name))
                fax_as_pillow(store, name, pixels)
        # RLE, and the groups again.
        for codec in ("tiff_ccitt", "group3", "group4"):
            for rows in (60, 16, 1):
                name = f"fax_pillow_{codec}_{width}_{rows}.tif"
                Image.fromarray(pixels).save(store.path(name), compression=codec, tiffinfo={278: rows})
                fax_as_pillow(store, name, pixels)
        fax_words(store, f"fax_words_{width}.tif", f"fax_pillow_tiff_ccitt_{width}_1.tif")
    tifffile.imwrite(store.path("plain.tif"), bilevel, photometric="miniswhite", metadata=None)
    for codec in ("g3:1d", "g3:2d", "g4"):
        name = f"fax_{codec.replace(':', '_')}_tiles.tif"
        run("tiffcp", "-t", "-w", 32, "-l", 16, "-c", codec, store.path("plain.tif"), store.path(name))
        fax_as_pillow(store, name, bilevel)
    store.path("plain.tif").unlink()
    fax_planes(store, bilevel)


def fax_planes(store, bilevel):
    """Red, green and blue by themselves, as libtiff writes them."""
    color = numpy.stack([bilevel, bilevel[::-1], ~bilevel], axis=2).astype("u1")
    tags = {256: 83, 257: 60, 258: [1] * 3, 277: 3, 262: 2, 284: 2}
    store.path("plain.tif").write_bytes(tiff(tags, [pack_bits(color[:, :, c], 1) for c in range(3)]))
    for codec in ("g3:1d", "g3:2d", "g4"):
        name = f"fax_planes_{codec.replace(':', '_')}.tif"
        run("tiffcp", "-p", "separate", "-c", codec, store.path("plain.tif"), store.path(name))
        numpy.testing.assert_array_equal(numpy.moveaxis(tifffile.imread(store.path(name)), 0, 2), color)
        store.good(name, color, bits=1, photometric="Rgb")
    store.path("plain.tif").unlink()


def fax_words(store, name, source):
    """The rows of another RLE, which has a strip for each, but from whole words on:
    libtiff does not even read those that it wrote."""
    stored, white = stored_bits(store, source)
    with tifffile.TiffFile(store.path(source)) as reader:
        page, file = reader.pages[0], store.path(source).read_bytes()
        rows = [file[start:][:count] for start, count in zip(page.dataoffsets, page.databytecounts)]
    height, width = stored.shape
    tags = {256: width, 257: height, 258: 1, 259: 32771, 262: 0 if white else 1}
    store.path(name).write_bytes(tiff(tags, [b"".join(row + b"\0" * (len(row) % 2) for row in rows)]))
    store.good(name, stored, bits=1, photometric="MinIsWhite" if white else "MinIsBlack")


def fax_as_pillow(store, name, pixels):
    """Pillow, which is libtiff, must see `pixels`, or where 0 is white their reverse."""
    stored, white = stored_bits(store, name)
    assert (stored == pixels).all() or (stored != pixels).all(), name
    store.good(name, stored, bits=1, photometric="MinIsWhite" if white else "MinIsBlack")


def stored_bits(store, name):
    """Bits as they are stored, and whether 0 is white."""
    with Image.open(store.path(name)) as picture:
        white = picture.tag_v2[262] == 0
        return numpy.array(picture) ^ white, white


def scan(height, width):
    """Strokes, stretches and empty rows of black (true) on white, with some dirt."""
    y, x = numpy.mgrid[:height, :width]
    strokes = (numpy.sin(x / 9 + y / 31) + numpy.sin(y / 5) > 1.2) & (y % 20 < 15)
    bars = (y // 3 % 9 == 8) & (x > width // 9)
    dirt = numpy.random.default_rng(width).random((height, width)) > 0.998
    return strokes | bars | dirt


def extra_samples(store):
    """Samples beyond the color are samples; where 0 is white, they are as stored."""
    size = {256: 30, 257: 20}
    five = image("u1", 20, 30, 5)
    store.path("extra_5.tif").write_bytes(tiff({**size, 258: [8] * 5, 262: 2, 277: 5, 338: [2, 0]}, [five.tobytes()]))
    store.good("extra_5.tif", five, photometric="Rgb")
    four = image("u2", 20, 30, 4)
    store.path("extra_4.tif").write_bytes(tiff({**size, 258: [16] * 4, 262: 2, 277: 4, 338: 0}, [four.tobytes()]))
    store.good("extra_4.tif", four, photometric="Rgb")
    for kind, sample_format in (("f4", 3), ("i1", 2), ("i2", 2), ("f8", 3)):
        pixels = image(kind, 20, 30)
        tags = {**size, 258: pixels.itemsize * 8, 262: 0, 339: sample_format}
        store.path(f"white_{kind}.tif").write_bytes(tiff(tags, [pixels.tobytes()]))
        store.good(f"white_{kind}.tif", pixels, photometric="MinIsWhite")
    two = image("u1", 20, 30, 2)
    store.path("white_alpha.tif").write_bytes(tiff({**size, 258: [8, 8], 262: 0, 277: 2, 338: 0}, [two.tobytes()]))
    store.good("white_alpha.tif", two, photometric="MinIsWhite")
    for kind in ("u1", "u2", "f4"):
        for codec, predictor in ((None, None), ("lzw", 2), ("zlib", 2), ("zstd", None)):
            if kind == "f4" and predictor:
                predictor = 3
            for order in "<>":
                name = f"planar_tiles_{kind}_{codec}_{ord(order)}.tif"
                write(store, name, image(kind, 50, 70, 3), planarconfig="separate", tile=(32, 32), compression=codec, predictor=predictor, byteorder=order)
    # A strip with more in it than its rows: filled up to RowsPerStrip.
    tall = image("u2", 20, 30)
    padded = numpy.concatenate([tall, tall])
    for number, data in ((8, zlib.compress(padded.tobytes())), (1, padded.tobytes())):
        store.path(f"long_strip_{number}.tif").write_bytes(tiff({**size, 258: 16, 259: number, 278: 40}, [data]))
        store.good(f"long_strip_{number}.tif", tall)
    # A private tag of a type that nobody knows.
    big = bytearray(b"II\x2b\0\x08\0\0\0\x10\0\0\0\0\0\0\0")
    entries = [(256, 4, 1, 2), (257, 4, 1, 1), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 16 + 8 + 8 * 20 + 8), (279, 4, 1, 2), (40000, 99, 1, 0)]
    big += struct.pack("<Q", len(entries)) + b"".join(struct.pack("<HHQQ", *entry) for entry in entries) + bytes(8) + bytes([7, 9])
    store.path("bigtiff_type.tif").write_bytes(bytes(big))
    store.good("bigtiff_type.tif", numpy.array([[7, 9]], "u1"))


def pages(store):
    for order in "<>":
        for big in (False, True):
            name = f"pages_{ord(order)}_{big}.tif"
            with tifffile.TiffWriter(store.path(name), byteorder=order, bigtiff=big) as writer:
                for page in range(3):
                    writer.write(image("u2", 20 + page, 30), metadata=None, subfiletype=1 if page == 1 else 0, photometric="minisblack")
            for page in range(3):
                note = "the file marks it as a thumbnail or mask" if page == 1 else ""
                store.good(name, image("u2", 20 + page, 30), page=page, note=note)
    # ImageJ's ordinary stacks have a directory for each image.
    stack = image("u2", 20, 30, 3).transpose(2, 0, 1)
    tifffile.imwrite(store.path("imagej_small.tif"), stack, imagej=True, compression="zlib")
    for page in range(3):
        store.good("imagej_small.tif", stack[page], page=page)
    # Its large ones have one directory, and the images follow each other behind it.
    for kind, order in (("u1", "<"), ("u2", ">"), ("f4", ">")):
        stack = numpy.stack([image(kind, 20, 30) for _ in range(5)])
        stack[1:] = stack[1:, ::-1]
        name = f"imagej_planes_{kind}.tif"
        description = "ImageJ=1.53t\nimages=5\nslices=5\nunit=\xb5m\n"
        bits = stack.itemsize * 8
        tags = {256: 30, 257: 20, 258: bits, 339: 3 if kind[0] == "f" else 1, 270: description}
        data = stack.astype(stack.dtype.newbyteorder(order)).tobytes()
        store.path(name).write_bytes(tiff(tags, [data], order, counts=[len(data) // 5]))
        for page in range(5):
            store.good(name, stack[page], page=page)
    # A promise that the file has no room for, such as a single image copied out of a stack.
    alone = image("u1", 20, 30)
    store.path("imagej_alone.tif").write_bytes(tiff({256: 30, 257: 20, 258: 8, 270: "ImageJ=1.53t\nimages=3\n"}, [alone.tobytes()]))
    store.good("imagej_alone.tif", alone)
    # Counts of 0 for strips without compression.
    pixels = image("u1", 20, 30)
    store.path("no_counts.tif").write_bytes(tiff({256: 30, 257: 20, 258: 8}, [pixels.tobytes()], counts=[0]) )
    store.good("no_counts.tif", pixels)
    # A single strip that says it has 2^32 - 1 rows; one without RowsPerStrip.
    store.path("rows_huge.tif").write_bytes(tiff({256: 30, 257: 20, 258: 8, 278: 2**32 - 1}, [pixels.tobytes()]))
    store.good("rows_huge.tif", pixels)
    # More strips than 1 MiB of offsets in the crate's memory.
    tall = image("u1", 40_000, 3)
    write(store, "many_strips.tif", tall, rowsperstrip=1)


def others_wrote(store):
    """libtiff, ImageMagick and Pillow as writers."""
    plain = store.path("plain.tif")
    for kind in ("u1", "u2", "f4"):
        tifffile.imwrite(plain, image(kind), photometric="minisblack", metadata=None)
        for codec in ("none", "lzw", "lzw:2", "zip", "zip:2", "packbits", "zstd", "zstd:2"):
            for how in (["-s", "-r", "7"], ["-t", "-w", "32", "-l", "16"], ["-B", "-s"], ["-8", "-s"]):
                if "-B" in how and codec == "packbits":
                    continue
                name = f"libtiff_{kind}_{codec.replace(':', '')}_{how[0][1:]}{how[1][1:]}.tif"
                run("tiffcp", *how, "-c", codec, plain, store.path(name))
                store.good(name, tifffile.imread(store.path(name)))
    tifffile.imwrite(plain, image("u1", channels=3), photometric="rgb", metadata=None)
    for codec in ("none", "lzw:2", "zip"):
        for planar in ("contig", "separate"):
            name = f"libtiff_rgb_{codec.replace(':', '')}_{planar}.tif"
            run("tiffcp", "-p", planar, "-r", "9", "-c", codec, plain, store.path(name))
            store.good(name, image("u1", channels=3), photometric="Rgb")
    for depth in (1, 2, 4, 8, 16):
        for codec in ("None", "LZW", "Zip", "RLE"):
            name = f"magick_{depth}_{codec}.tif"
            convert("-size", "61x47", "gradient:black-white", "-colorspace", "Gray", "-depth", depth, "-compress", codec, store.path(name))
            expected = tifffile.imread(store.path(name))
            page = tifffile.TiffFile(store.path(name)).pages[0]
            kind = {0: "MinIsWhite", 1: "MinIsBlack"}[int(page.photometric)]
            store.good(name, expected.astype("u1") if depth < 8 else expected, bits=depth, photometric=kind)
    for mode, pixels in (("L", image("u1")), ("RGB", image("u1", channels=3)), ("I;16", image("u2")), ("F", image("f4")), ("RGBA", image("u1", channels=4))):
        for codec in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"):
            name = f"pillow_{mode.replace(';', '')}_{codec}.tif"
            Image.fromarray(pixels).save(store.path(name), compression=codec)
            photometric = "Rgb" if "RGB" in mode else "MinIsBlack"
            store.good(name, tifffile.imread(store.path(name)), photometric=photometric)
    plain.unlink()
