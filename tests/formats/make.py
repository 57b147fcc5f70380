"""Writes images with tifffile, Pillow, ImageMagick and libtiff's tools, and
beside each what an independent reader makes of it.

    make.py FOLDER

FOLDER/manifest.tsv has a line for each image: file, expected (a .raw file, or
"unsupported"), type, height, width, channels, tolerance, words of the message.
"""
import itertools
import pathlib
import struct
import subprocess
import sys
import zlib

import imagecodecs
import numpy as np
import tifffile
from PIL import Image

OUT = pathlib.Path(sys.argv[1])
RNG = np.random.default_rng(7)
LINES = []
NAMES = {"u1": "u8", "u2": "u16", "u4": "u32", "u8": "u64", "i1": "i8", "i2": "i16",
         "i4": "i32", "i8": "i64", "f2": "f16", "f4": "f32", "f8": "f64"}


def expect(name, pixels, tolerance=0):
    """The image `name` holds these pixels: (h, w) or (h, w, channels)."""
    pixels = np.ascontiguousarray(pixels)
    pixels = pixels.astype(pixels.dtype.newbyteorder("="))
    (OUT / f"{name}.raw").write_bytes(pixels.tobytes())
    height, width, channels = (*pixels.shape, 1)[:3]
    kind = NAMES[f"{pixels.dtype.kind}{pixels.dtype.itemsize}"]
    LINES.append((name, f"{name}.raw", kind, height, width, channels, tolerance, ""))


def refuse(name, words):
    """The image `name` is refused with a message that holds these words."""
    LINES.append((name, "unsupported", "", 0, 0, 0, 0, words))


def sample(dtype, shape, smooth=True):
    """Smooth noise that fills much of the type's range."""
    dtype = np.dtype(dtype)
    noise = RNG.random(shape)
    if smooth:
        ramp = np.add.outer(np.arange(shape[0]), np.arange(shape[1])) / sum(shape[:2])
        noise = 0.2 * noise + 0.8 * (ramp if len(shape) == 2 else ramp[..., None])
    if dtype.kind == "f":
        return (noise * 1000 - 300).astype(dtype)
    info = np.iinfo(dtype)
    return (noise * (info.max / 2 - info.min / 2) + info.min / 2).astype(dtype)


def tiff(name, pixels, *, check=True, **options):
    """A page by tifffile; expected is what tifffile reads back."""
    tifffile.imwrite(OUT / name, pixels, **options)
    read = tifffile.imread(OUT / name)
    if check and options.get("compression") != "jpeg":
        assert np.array_equal(read, pixels), name
    if options.get("planarconfig") == "separate":
        read = np.moveaxis(read, 0, -1)
    # Decoders of JPEG round differently, the more so where colours are converted.
    tolerance = 0 if options.get("compression") != "jpeg" else 1 if read.ndim == 2 else 3
    expect(name, read, tolerance)


def tiffs():
    types = ["u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8"]
    codecs = [None, "lzw", "zlib", "packbits", "zstd"]
    for kind, codec, order in itertools.product(types, codecs, "<>"):
        pixels = sample(kind, (37, 53))
        end = "le" if order == "<" else "be"
        tiff(f"{kind}-{codec}-{end}.tif", pixels, byteorder=order, compression=codec, rowsperstrip=8)
    for kind, codec in itertools.product(["u1", "u2", "u4", "i2", "f2", "f4", "f8"], ["lzw", "zlib", "zstd"]):
        for order, tile in itertools.product("<>", [None, (16, 32)]):
            for channels in (1, 3):
                predictor = 3 if kind[0] == "f" else 2
                shape = (45, 70) if channels == 1 else (45, 70, channels)
                end = "le" if order == "<" else "be"
                tiff(f"p{predictor}-{kind}-{codec}-{end}-{'tile' if tile else 'strip'}-{channels}.tif",
                     sample(kind, shape), byteorder=order, compression=codec, predictor=predictor, tile=tile,
                     photometric="rgb" if channels == 3 else "minisblack")
    for rows in (1, 7, 100):
        tiff(f"rows-{rows}.tif", sample("u2", (60, 40)), rowsperstrip=rows)
    for size, tile in itertools.product([(64, 64), (65, 130), (10, 300)], [(16, 16), (64, 64), (256, 256)]):
        tiff(f"tile-{size[0]}x{size[1]}-{tile[0]}.tif", sample("u2", size), tile=tile, compression="zlib")
    for big, order in itertools.product([False, True], "<>"):
        tiff(f"big-{big}-{'le' if order == '<' else 'be'}.tif", sample("u2", (30, 41)), bigtiff=big, byteorder=order)
    rgb = dict(photometric="rgb")
    tiff("rgb8.tif", sample("u1", (33, 21, 3)), **rgb)
    tiff("rgb16-lzw.tif", sample("u2", (33, 21, 3)), compression="lzw", **rgb)
    tiff("rgba8.tif", sample("u1", (33, 21, 4)), extrasamples=["unassalpha"], **rgb)
    tiff("rgba16-tile.tif", sample("u2", (33, 21, 4)), extrasamples=["assocalpha"], tile=(16, 16), **rgb)
    tiff("grey2.tif", sample("u1", (33, 21, 2)), photometric="minisblack", planarconfig="contig")
    tiff("grey4-f4.tif", sample("f4", (33, 21, 4)), photometric="minisblack", planarconfig="contig")
    tiff("cmyk.tif", sample("u1", (33, 21, 4)), photometric="separated")
    for kind, codec in itertools.product(["u1", "u2", "f4"], [None, "lzw"]):
        tiff(f"planar-{kind}-{codec}.tif", sample(kind, (3, 33, 21), smooth=False), planarconfig="separate",
             compression=codec, rowsperstrip=10, check=False, **rgb)
    tiff("planar-tile.tif", sample("u2", (3, 32, 64), smooth=False), planarconfig="separate", tile=(16, 32), check=False, **rgb)
    tiff("min-is-white-8.tif", sample("u1", (20, 30)), photometric="miniswhite")
    tiff("min-is-white-16-lzw.tif", sample("u2", (20, 30)), photometric="miniswhite", compression="lzw", predictor=2)
    for name, shape in (("grey", (64, 48)), ("rgb", (64, 48, 3))):
        tiff(f"jpeg-{name}.tif", sample("u1", shape), compression="jpeg", tile=(16, 16),
             photometric="rgb" if name == "rgb" else "minisblack")
        tiff(f"jpeg-strip-{name}.tif", sample("u1", shape), compression="jpeg", rowsperstrip=16,
             photometric="rgb" if name == "rgb" else "minisblack")
    tiff("jpeg-ycbcr.tif", sample("u1", (64, 48, 3)), compression="jpeg", compressionargs={"subsampling": "444"},
         photometric="ycbcr", tile=(32, 32))

    # What this version names and refuses.
    tifffile.imwrite(OUT / "no-palette.tif", sample("u1", (8, 9)), photometric="palette",
                     colormap=np.zeros((3, 256), "u2"))
    refuse("no-palette.tif", "palette")
    tifffile.imwrite(OUT / "no-planar-tile.tif", sample("u2", (3, 30, 60)), planarconfig="separate", tile=(16, 32), **rgb)
    refuse("no-planar-tile.tif", "multiple of its tiles")
    tifffile.imwrite(OUT / "no-extra.tif", sample("u1", (8, 9, 5)), extrasamples=["unspecified"] * 2, **rgb)
    refuse("no-extra.tif", "extra")
    tifffile.imwrite(OUT / "no-lzma.tif", sample("u1", (8, 9)), compression="lzma")
    refuse("no-lzma.tif", "LZMA")
    tifffile.imwrite(OUT / "no-jxl.tif", sample("u1", (8, 9)), compression="jpegxl")
    refuse("no-jxl.tif", "JPEG XL")
    tifffile.imwrite(OUT / "no-complex.tif", sample("f4", (8, 9)).astype("c8"))
    refuse("no-complex.tif", "complex")
    tifffile.imwrite(OUT / "no-float-white.tif", sample("f4", (8, 9)), photometric="miniswhite")
    refuse("no-float-white.tif", "0 is white")
    tifffile.imwrite(OUT / "no-imagej.tif", sample("u2", (5, 8, 9), smooth=False), imagej=True, truncate=True)
    refuse("no-imagej.tif", "ImageJ stack of 5 images")


def run(*command):
    subprocess.run([str(part) for part in command], check=True, cwd=OUT)


def libtiff():
    """Files that libtiff's tools have rewritten."""
    source = sample("u2", (90, 77))
    tifffile.imwrite(OUT / "source.tif", source)
    colour = sample("u1", (90, 77, 3))
    tifffile.imwrite(OUT / "colour.tif", colour, photometric="rgb")
    for codec in ("none", "lzw", "lzw:2", "zip", "zip:2", "packbits", "zstd"):
        name = "libtiff-" + codec.replace(":", "-p")
        run("tiffcp", "-c", codec, "-r", 9, "source.tif", f"{name}.tif")
        expect(f"{name}.tif", source)
        run("tiffcp", "-c", codec, "-t", "-w", 32, "-l", 16, "-B", "source.tif", f"{name}-tile-be.tif")
        expect(f"{name}-tile-be.tif", source)
        run("tiffcp", "-c", codec, "-8", "-p", "separate", "colour.tif", f"{name}-planar-8.tif")
        expect(f"{name}-planar-8.tif", colour)
    bilevel = RNG.random((61, 83)) < 0.5
    Image.fromarray(bilevel).save(OUT / "bilevel.tif", compression=None)
    for codec in ("none", "g4", "lzw", "packbits"):
        run("tiffcp", "-c", codec, "-r", 20, "bilevel.tif", f"bilevel-{codec}.tif")
        expect(f"bilevel-{codec}.tif", tifffile.imread(OUT / f"bilevel-{codec}.tif").astype("u1"))
    run("tiffcp", "-c", "g3", "bilevel.tif", "no-g3.tif")
    refuse("no-g3.tif", "CCITT G3")
    run("tiffcp", "-c", "lzw", "-f", "lsb2msb", "source.tif", "no-fill-order.tif")
    refuse("no-fill-order.tif", "FillOrder")


def pillow():
    grey, colour = sample("u1", (50, 61)), sample("u1", (50, 61, 3))
    deep = sample("u2", (50, 61))
    alpha = sample("u1", (50, 61, 4))
    for name, pixels in (("grey", grey), ("colour", colour), ("alpha", alpha), ("deep", deep)):
        for kind in ("png", "tif"):
            Image.fromarray(pixels).save(OUT / f"pillow-{name}.{kind}")
            expect(f"pillow-{name}.{kind}", np.asarray(Image.open(OUT / f"pillow-{name}.{kind}")))
    for codec in ("tiff_lzw", "tiff_deflate", "tiff_adobe_deflate", "packbits", "group4"):
        picture = Image.fromarray(grey > 128) if codec == "group4" else Image.fromarray(grey)
        picture.save(OUT / f"pillow-{codec}.tif", compression=codec)
        expect(f"pillow-{codec}.tif", tifffile.imread(OUT / f"pillow-{codec}.tif").astype("u1"))
    # Palettes are indices, of PNG and BMP alike.
    indexed = Image.fromarray(colour).quantize(200)
    for kind in ("png", "bmp"):
        indexed.save(OUT / f"palette.{kind}")
        expect(f"palette.{kind}", np.asarray(Image.open(OUT / f"palette.{kind}")))
    Image.fromarray(grey).save(OUT / "grey.bmp")
    expect("grey.bmp", grey)
    Image.fromarray(colour).save(OUT / "colour.bmp")
    expect("colour.bmp", colour)
    Image.fromarray(grey > 99).save(OUT / "no-bilevel.bmp")
    refuse("no-bilevel.bmp", "1-bit BMP")
    for mode, pixels in (("pgm", grey), ("ppm", colour)):
        Image.fromarray(pixels).save(OUT / f"pillow.{mode}")
        expect(f"pillow.{mode}", pixels)
    Image.fromarray(deep).save(OUT / "deep.pgm")
    expect("deep.pgm", deep)
    Image.fromarray(grey > 99).save(OUT / "bilevel.pbm")
    # In a PBM 1 is black, and samples are as stored.
    expect("bilevel.pbm", 1 - (grey > 99).astype("u1"))
    (OUT / "twelve.pgm").write_bytes(b"P5 61 50 4095\n" + (deep >> 4).astype(">u2").tobytes())
    expect("twelve.pgm", deep >> 4)
    (OUT / "five.pgm").write_bytes(b"P5 61 50 31\n" + (grey >> 3).tobytes())
    expect("five.pgm", grey >> 3)
    for name, pixels in (("grey", grey), ("colour", colour)):
        for progressive in (False, True):
            file = f"pillow-{name}-{'progressive' if progressive else 'baseline'}.jpg"
            Image.fromarray(pixels).save(OUT / file, quality=90, progressive=progressive, subsampling=0)
            expect(file, np.asarray(Image.open(OUT / file)), 1 if name == "grey" else 3)
    Image.fromarray(sample("u1", (9, 8, 4)), "CMYK").save(OUT / "no-cmyk.jpg")
    refuse("no-cmyk.jpg", "CMYK")
    Image.fromarray(grey).save(OUT / "no-gif.gif")
    refuse("no-gif.gif", "GIF")
    indexed.save(OUT / "no-rle.bmp")
    run("convert", "no-rle.bmp", "-compress", "RLE", "BMP3:no-rle2.bmp")
    (OUT / "no-rle.bmp").unlink()
    if (OUT / "no-rle2.bmp").read_bytes()[30] == 1:
        refuse("no-rle2.bmp", "run-length")


def shallow_png(name, levels, depth):
    """A grey PNG of 1, 2 or 4 bits: few writers make them, and no filter is needed."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    height, width = levels.shape
    bits = np.unpackbits(levels[..., None], axis=-1)[..., 8 - depth:].reshape(height, -1)
    rows = np.insert(np.packbits(bits, axis=1), 0, 0, axis=1)
    (OUT / name).write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows.tobytes()))
        + chunk(b"IEND", b""))
    scaled = np.asarray(Image.open(OUT / name).convert("L"))
    assert np.array_equal(scaled, levels * (255 // (2**depth - 1))), name


def imagemagick():
    deep, colour = sample("u2", (40, 51)), sample("u1", (40, 51, 3))
    imagecodecs.imwrite(str(OUT / "deep.png"), deep)
    expect("deep.png", deep)
    imagecodecs.imwrite(str(OUT / "rgb48.png"), sample("u2", (40, 51, 3)))
    expect("rgb48.png", imagecodecs.imread(str(OUT / "rgb48.png")))
    run("convert", "deep.png", "-interlace", "PNG", "interlaced.png")
    expect("interlaced.png", imagecodecs.imread(str(OUT / "interlaced.png")))
    for codec in ("None", "LZW", "Zip", "RLE"):
        run("convert", "deep.png", "-compress", codec, f"magick-{codec}.tif")
        expect(f"magick-{codec}.tif", tifffile.imread(OUT / f"magick-{codec}.tif"))
    run("convert", "deep.png", "-endian", "MSB", "-define", "tiff:tile-geometry=32x32", "magick-tile-be.tif")
    expect("magick-tile-be.tif", tifffile.imread(OUT / "magick-tile-be.tif"))
    Image.fromarray(colour).save(OUT / "rgb.png")
    run("convert", "rgb.png", "magick.ppm")
    expect("magick.ppm", colour)
    run("convert", "rgb.png", "-type", "TrueColor", "BMP3:magick.bmp")
    expect("magick.bmp", colour)
    for depth in (1, 2, 4):
        levels = (sample("u1", (40, 51)) >> (8 - depth)).astype("u1")
        shallow_png(f"depth{depth}.png", levels, depth)
        expect(f"depth{depth}.png", levels)
        Image.fromarray(levels * (255 // (2**depth - 1))).save(OUT / f"grey{depth}.png")
        run("convert", f"grey{depth}.png", "-depth", depth, "-colorspace", "Gray", "-type", "Grayscale", "-compress", "None", f"depth{depth}.tif")
        read = tifffile.imread(OUT / f"depth{depth}.tif")
        expect(f"depth{depth}.tif", read.astype("u1"))


tiffs()
libtiff()
pillow()
imagemagick()
(OUT / "manifest.tsv").write_text("".join("\t".join(map(str, line)) + "\n" for line in LINES))
