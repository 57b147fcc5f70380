"""Images of a few megapixels, for what memory decoding takes: large.py FOLDER."""

import pathlib
import sys
import zlib

import imagecodecs
import numpy
import tifffile
from PIL import Image

from rawtiff import LONG, pack_bits, tiff
from store import convert, image, run, smooth

HEIGHT, WIDTH = 700, 900


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    gray, deep, color = image("u1", HEIGHT, WIDTH), image("u2", HEIGHT, WIDTH), smooth(HEIGHT, WIDTH, 3)
    for codec in (None, "lzw", "zlib", "packbits", "zstd", "lzma"):
        options = {"compression": codec, "metadata": None, "photometric": "minisblack"}
        if codec == "zstd":
            options["compressionargs"] = {"level": 12}
        tifffile.imwrite(folder / f"strip_{codec}.tif", deep, rowsperstrip=HEIGHT, **options)
        tifffile.imwrite(folder / f"tile_{codec}.tif", deep, tile=(1024, 1024), **options)
        tifffile.imwrite(folder / f"bits_{codec}.tif", gray > 128, rowsperstrip=HEIGHT, **options)
    for channels in (3, 4):
        for lossless in (False, True):
            webp = {"compression": "webp", "compressionargs": {"lossless": lossless, "level": 80}}
            pixels = image("u1", HEIGHT, WIDTH, channels)
            tifffile.imwrite(folder / f"webp_{channels}_{lossless}.tif", pixels, photometric="rgb", rowsperstrip=HEIGHT, metadata=None, **webp)
    for codec in ("jpeg2000", "jpegxl", "png"):
        for name, pixels in (("gray", gray), ("deep", deep), ("color", color)):
            photometric = "rgb" if name == "color" else "minisblack"
            options = {"compression": codec, "photometric": photometric, "metadata": None}
            tifffile.imwrite(folder / f"{codec}_{name}.tif", pixels, rowsperstrip=HEIGHT, **options)
            tifffile.imwrite(folder / f"{codec}_{name}_tile.tif", pixels, tile=(512, 512), **options)
            if codec != "png":
                args = {"level": 50, **({"lossless": False} if codec == "jpegxl" else {"reversible": False})}
                tifffile.imwrite(folder / f"{codec}_{name}_lossy.tif", pixels, rowsperstrip=HEIGHT, compressionargs=args, **options)
    floats = image("f4", HEIGHT, WIDTH)
    for inner in (None, "deflate", "zstd"):
        lerc = {"compression": "lerc", "compressionargs": {"compression": inner}, "tile": (1024, 1024), "metadata": None}
        tifffile.imwrite(folder / f"lerc_deep_{inner}.tif", deep, **lerc)
        tifffile.imwrite(folder / f"lerc_floats_{inner}.tif", numpy.nan_to_num(floats, posinf=0), **lerc)
        tifffile.imwrite(folder / f"lerc_color_{inner}.tif", color, photometric="rgb", **lerc)
    tifffile.imwrite(folder / "floats.tif", floats, tile=(1024, 1024), compression="zlib", predictor=3, metadata=None)
    tifffile.imwrite(folder / "jpeg.tif", color, rowsperstrip=HEIGHT, compression="jpeg", photometric="ycbcr", metadata=None)
    for codec in (None, "zlib", "zstd"):
        name = f"complex_{codec}.tif"
        tifffile.imwrite(folder / name, image("c8", HEIGHT, WIDTH), compression=codec, rowsperstrip=HEIGHT, byteorder=">", metadata=None)
    odd(folder, gray, deep)
    for codec in ("g3:1d", "g3:2d", "g4"):
        fax = folder / f"fax_{codec.replace(':', '_')}.tif"
        run("tiffcp", "-c", codec, "-r", HEIGHT, folder / "bits_None.tif", fax)
    for sampling in (0, 1, 2):
        for progressive in (False, True):
            name = f"{sampling}_{progressive}.jpg"
            Image.fromarray(color).save(folder / name, quality=98, subsampling=sampling, progressive=progressive)
    whole = (folder / "2_False.jpg").read_bytes()
    old = {256: WIDTH, 257: HEIGHT, 258: [8] * 3, 259: 6, 262: 6, 277: 3, 513: (LONG, [8])}
    (folder / "old_jpeg.tif").write_bytes(tiff(old, [whole]))
    units = bytes(WIDTH * HEIGHT * 3 // 2)
    (folder / "ycbcr.tif").write_bytes(tiff({**old, 259: 1, 530: [2, 2], 513: None}, [units]))
    encode = imagecodecs.jpeg_encode
    (folder / "lossless.jpg").write_bytes(encode(deep, lossless=True, bitspersample=16))
    (folder / "12.jpg").write_bytes(encode(deep >> 4, bitspersample=12))
    (folder / "cmyk.jpg").write_bytes(encode(smooth(HEIGHT, WIDTH, 4)))
    convert("-size", f"{WIDTH}x{HEIGHT}", "plasma:", "-sampling-factor", "4:1:1", folder / "411.jpg")
    Image.fromarray(gray).save(folder / "gray.png")
    Image.fromarray(color).save(folder / "color.png")
    Image.fromarray(gray > 128).save(folder / "bits.png")
    convert(folder / "color.png", "-depth", "16", "-interlace", "PNG", folder / "lace.png")
    Image.fromarray(gray).save(folder / "gray.bmp")
    Image.fromarray(color).save(folder / "color.bmp")
    Image.fromarray(gray > 128).save(folder / "bits.bmp")
    Image.fromarray(gray).save(folder / "gray.pgm")
    Image.fromarray(gray > 128).save(folder / "bits.pbm")


def odd(folder, gray, deep):
    """What tifffile does not write, as one strip."""
    size = {256: WIDTH, 257: HEIGHT}
    log = {**size, 339: 2, 259: 34676}
    # Each row as literals of 100 bytes, for each byte of a pixel.
    rows = (b"\x64" + bytes(range(100))) * (WIDTH // 100) * HEIGHT
    files = {
        "pixarlog": ({**size, 258: 16, 259: 32909}, imagecodecs.pixarlog_encode(deep)),
        "sgilog": ({**log, 258: [16] * 3, 277: 3, 262: 32845}, rows * 4),
        "sgilog_grey": ({**log, 258: 16, 262: 32844}, rows * 2),
        "float_24": ({**size, 258: 24, 339: 3, 259: 8, 317: 3}, zlib.compress(gray.tobytes() * 3)),
        "signed": ({**size, 258: 7, 339: 2, 259: 8}, zlib.compress(pack_bits(gray, 7))),
    }
    for name, (tags, data) in files.items():
        (folder / f"{name}.tif").write_bytes(tiff(tags, [data]))


main()
