"""Images of a few megapixels, for what memory decoding takes: large.py FOLDER."""

import pathlib
import sys

import tifffile
from PIL import Image

from store import convert, image, run, smooth

HEIGHT, WIDTH = 700, 900


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    gray, deep, color = image("u1", HEIGHT, WIDTH), image("u2", HEIGHT, WIDTH), smooth(HEIGHT, WIDTH, 3)
    for codec in (None, "lzw", "zlib", "packbits", "zstd"):
        options = {"compression": codec, "metadata": None, "photometric": "minisblack"}
        if codec == "zstd":
            options["compressionargs"] = {"level": 12}
        tifffile.imwrite(folder / f"strip_{codec}.tif", deep, rowsperstrip=HEIGHT, **options)
        tifffile.imwrite(folder / f"tile_{codec}.tif", deep, tile=(1024, 1024), **options)
        tifffile.imwrite(folder / f"bits_{codec}.tif", gray > 128, rowsperstrip=HEIGHT, **options)
    floats = image("f4", HEIGHT, WIDTH)
    tifffile.imwrite(folder / "floats.tif", floats, tile=(1024, 1024), compression="zlib", predictor=3, metadata=None)
    tifffile.imwrite(folder / "jpeg.tif", color, rowsperstrip=HEIGHT, compression="jpeg", photometric="ycbcr", metadata=None)
    for codec in ("g3:1d", "g3:2d", "g4"):
        fax = folder / f"fax_{codec.replace(':', '_')}.tif"
        run("tiffcp", "-c", codec, "-r", HEIGHT, folder / "bits_None.tif", fax)
    for sampling in (0, 1, 2):
        for progressive in (False, True):
            name = f"{sampling}_{progressive}.jpg"
            Image.fromarray(color).save(folder / name, quality=98, subsampling=sampling, progressive=progressive)
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


main()
