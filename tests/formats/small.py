"""Small files of every kind, for tests that break them: small.py FOLDER."""

import io
import pathlib
import struct
import sys

import imagecodecs
import numpy
import tifffile
from PIL import Image
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGBaseline8Bit,
    RLELossless,
)

from dicom import coded, dataset, save
from rawtiff import pack_bits, tiff
from store import convert, image, run, smooth


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    tiffs(folder)
    others(folder)
    dicoms(folder)


def tiffs(folder):
    def write(name, pixels, **options):
        options.setdefault("photometric", "minisblack")
        tifffile.imwrite(folder / name, pixels, metadata=None, **options)

    for codec in (None, "lzw", "zlib", "packbits", "zstd"):
        write(f"strips_{codec}.tif", image("u2", 20, 23), compression=codec, rowsperstrip=6)
        write(f"tiles_{codec}.tif", image("u1", 20, 23), compression=codec, tile=(16, 16))
    write("predicted_lzw.tif", image("u2", 20, 23), compression="lzw", predictor=2)
    write("predicted_float.tif", image("f4", 20, 23), compression="zlib", predictor=3, tile=(16, 16))
    write("big.tif", image("u1", 20, 23), bigtiff=True, byteorder=">", compression="zlib")
    write("rgb_planar.tif", image("u1", 20, 23, 3).transpose(2, 0, 1), photometric="rgb", planarconfig="separate")
    write("white.tif", image("u1", 20, 23), photometric="miniswhite")
    write("jpeg.tif", smooth(24, 40), compression="jpeg", rowsperstrip=8)
    write("jpeg_color.tif", smooth(24, 40, 3), compression="jpeg", photometric="rgb", tile=(16, 16))
    write("plain.tif", smooth(32, 48) > 128)
    for codec in ("g3:1d", "g3:2d:fill", "g4"):
        run("tiffcp", "-c", codec, folder / "plain.tif", folder / f"fax_{codec.replace(':', '_')}.tif")
    Image.fromarray(smooth(32, 48) > 128).save(folder / "fax_rle.tif", compression="tiff_ccitt")
    write("plain.tif", smooth(32, 48))
    run("tiffcp", "-c", "jpeg", "-r", "16", folder / "plain.tif", folder / "jpeg_tables.tif")
    with tifffile.TiffWriter(folder / "pages.tif") as writer:
        for _ in range(3):
            writer.write(image("u1", 9, 11), metadata=None, photometric="minisblack")
    write("complex.tif", image("c8", 9, 11), compression="zlib")
    write("complex_planar.tif", image("c16", 9, 11, 3).transpose(2, 0, 1), photometric="rgb", planarconfig="separate")
    own_compressions(folder)
    three = image("u1", 9, 11) & 7
    (folder / "three_bits.tif").write_bytes(tiff({256: 11, 257: 9, 258: 3}, [pack_bits(three, 3)]))


def own_compressions(folder):
    """Rows of 11 pixels, each as a run or two and a literal."""
    size = {256: 11, 257: 9}
    rows = b"\x84\x3f\5\1\2\3\4\5"
    codes = rows * 4 * 9
    color = {**size, 258: [16] * 3, 339: [2] * 3, 277: 3, 262: 32845}
    files = {
        "sgilog": ({**color, 259: 34676}, codes),
        "sgilog24": ({**color, 259: 34677}, bytes(range(33)) * 9),
        "sgilog_grey": ({**size, 258: 16, 339: 2, 262: 32844, 259: 34676}, rows * 2 * 9),
        "thunderscan": ({**size, 258: 4, 259: 32809}, b"\xc7\5\x55\x9a" * 9),
        "next": ({**size, 258: 2, 259: 32766}, b"\0\1\2\3\x40\0\1\0\1\7\x85\xc6" * 3),
        "pixarlog": ({**size, 258: 8, 259: 32909}, imagecodecs.pixarlog_encode(image("u1", 9, 11))),
    }
    for name, (tags, data) in files.items():
        (folder / f"{name}.tif").write_bytes(tiff(tags, [data]))


def others(folder):
    gray, color = smooth(19, 23), smooth(19, 23, 3)
    Image.fromarray(gray).save(folder / "gray.png")
    convert(folder / "gray.png", "-interlace", "PNG", folder / "lace.png")
    Image.fromarray(color).quantize(16).save(folder / "palette.png")
    Image.fromarray(image("u2", 19, 23)).save(folder / "deep.png")
    for name, options in (("baseline", {}), ("progressive", {"progressive": True}), ("restart", {"restart_marker_blocks": 2})):
        Image.fromarray(smooth(32, 48, 3)).save(folder / f"{name}.jpg", **options)
        Image.fromarray(smooth(32, 48)).save(folder / f"{name}_gray.jpg", **options)
    Image.fromarray(color).save(folder / "color.bmp")
    Image.fromarray(gray).save(folder / "gray.bmp")
    convert(folder / "gray.png", "-colors", "8", "-compress", "RLE", f"BMP3:{folder / 'rle.bmp'}")
    Image.fromarray(gray > 128).save(folder / "bits.bmp")
    Image.fromarray(gray).save(folder / "gray.pgm")
    Image.fromarray(gray > 128).save(folder / "bits.pbm")
    Image.fromarray(gray.astype("f4")).save(folder / "float.pfm")
    head = struct.pack("<IiiHHIIiiII", 40, 23, 19, 1, 16, 0, 0, 0, 0, 0, 0)
    (folder / "thousands.bmp").write_bytes(b"BM" + struct.pack("<IHHI", 0, 0, 0, 54) + head + image("u2", 19, 24).tobytes())
    (folder / "text.pgm").write_text("P2 23 19 255\n" + "\n".join(map(str, gray.flat)) + "\n")
    (folder / "text.pbm").write_text("P1 23 19\n" + "\n".join(map(str, (gray > 128).astype(int).flat)) + "\n")
    head = b"P7\nWIDTH 23\nHEIGHT 19\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\n"
    (folder / "color.pam").write_bytes(head + numpy.ascontiguousarray(color).tobytes())


def dicoms(folder):
    def jpeg(pixels):
        out = io.BytesIO()
        Image.fromarray(numpy.ascontiguousarray(pixels)).save(out, "JPEG")
        return out.getvalue()

    deep, gray = image("i2", 19, 23), smooth(16, 24)
    stack = numpy.stack([gray, gray[::-1]])
    for name, syntax in (("explicit", ExplicitVRLittleEndian), ("implicit", ImplicitVRLittleEndian), ("big", ExplicitVRBigEndian), ("deflated", DeflatedExplicitVRLittleEndian)):
        save(folder / f"{name}.dcm", dataset(deep, syntax=syntax, PixelSpacing=[1, 2]), syntax)
    save(folder / "frames.dcm", dataset(stack, frames=2))
    save(folder / "planar.dcm", dataset(image("u1", 9, 11, 3), "RGB", planar=1))
    for name, table in (("basic", {"has_bot": True}), ("none", {"has_bot": False}), ("extended", {"extended": True})):
        save(folder / f"jpeg_{name}.dcm", coded(dataset(stack, frames=2), [jpeg(one) for one in stack], **table), JPEGBaseline8Bit)
    save(folder / "jpeg_color.dcm", coded(dataset(smooth(16, 24, 3), "YBR_FULL_422"), [jpeg(smooth(16, 24, 3))]), JPEGBaseline8Bit)
    for name, pixels in (("rle", deep), ("rle_color", image("u1", 9, 11, 3))):
        ds = dataset(pixels, "RGB" if pixels.ndim > 2 else "MONOCHROME2")
        save(folder / f"{name}.dcm", ds)
        ds.compress(RLELossless)
        save(folder / f"{name}.dcm", ds, RLELossless)


main()
