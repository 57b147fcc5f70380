"""The cases: what is stored, and how. Each is one stack of slices."""

from dataclasses import dataclass, field, replace
from math import prod

LZW = {"compression": "lzw"}
DEFLATE = {"compression": "zlib"}
ZSTD = {"compression": "zstd"}
DIFFERENCES = {"predictor": 2}
FLOATS = {"predictor": 3}


@dataclass(frozen=True)
class Case:
    name: str
    title: str
    dtype: str
    shape: tuple  # slices, rows, columns
    store: str  # "tiff": a file per slice; "pages", "imagej": one file; "png", "jpeg", "bmp"
    options: dict = field(default_factory=dict)  # of tifffile.imwrite

    @property
    def one_file(self):
        return self.store in ("pages", "imagej") or self.shape[0] == 1

    @property
    def bytes(self):
        return prod(self.shape) * int(self.dtype[-1])

    @property
    def folder(self):
        """A name of its own for each content, so that sizes never mix."""
        return "{}-{}x{}x{}".format(self.name, *self.shape)

    def resized(self, slices, side):
        """The same with fewer and smaller slices."""
        shape = (min(slices, self.shape[0]), min(side, self.shape[1]), min(side, self.shape[2]))
        return replace(self, shape=shape)

    def quick(self):
        """A fifth of it or less, for a first look."""
        slices, rows, _ = self.shape
        part = self.resized(-(-slices // 8), rows if slices > 1 else rows // 4)
        return replace(part, title=f"a part of: {self.title}")

    def tiny(self):
        """What a reader is warmed up with."""
        return self.resized(2, 256)


def _case(name, title, dtype, slices, store="tiff", side=1024, **options):
    return Case(name, title, dtype, (slices, side, side), store, options)


# Strips of 32 rows of 16 bits and of 64 rows of 8 bits have 64 KiB each.
CASES = {case.name: case for case in [
    _case("u16-strip", "256 x 1024² u16, one strip", "u2", 256, rowsperstrip=1024),
    _case("u16-rows8", "the same, strips of 8 rows", "u2", 256, rowsperstrip=8),
    _case("u16-big-endian", "the same, one strip, big-endian", "u2", 256, rowsperstrip=1024, byteorder=">"),
    _case("u16-lzw", "96 x 1024² u16 LZW, predictor 2, strips of 32 rows", "u2", 96, rowsperstrip=32,
          **LZW, **DIFFERENCES),
    _case("u16-deflate", "96 x 1024² u16 deflate, predictor 2, strips of 32 rows", "u2", 96, rowsperstrip=32,
          **DEFLATE, **DIFFERENCES),
    _case("u16-zstd", "96 x 1024² u16 zstd, strips of 32 rows", "u2", 96, rowsperstrip=32, **ZSTD),
    _case("u8-strip", "256 x 1024² u8, one strip", "u1", 256, rowsperstrip=1024),
    _case("u8-lzw", "96 x 1024² u8 LZW, strips of 64 rows", "u1", 96, rowsperstrip=64, **LZW),
    _case("u16-tiles", "96 x 1024² u16, tiles 256², deflate", "u2", 96, tile=(256, 256), **DEFLATE),
    _case("pages", "one BigTIFF, 256 pages 1024² u16", "u2", 256, "pages", rowsperstrip=1024, bigtiff=True),
    _case("pages-lzw", "one BigTIFF, 96 pages 1024² u16 LZW, predictor 2, strips of 32 rows", "u2", 96, "pages",
          rowsperstrip=32, bigtiff=True, **LZW, **DIFFERENCES),
    _case("imagej", "ImageJ, one directory, 128 x 1024² u16", "u2", 128, "imagej", truncate=True),
    _case("png", "64 x 1024² PNG, 16-bit grey", "u2", 64, "png"),
    _case("jpeg", "128 x 1024² JPEG, 8-bit grey", "u1", 128, "jpeg"),
    _case("bmp", "256 x 1024² BMP, 8-bit grey", "u1", 256, "bmp"),
    _case("tiny", "3,000 files of 128² u16, one strip", "u2", 3000, side=128, rowsperstrip=128),
    _case("f32-strip", "128 x 1024² f32, one strip", "f4", 128, rowsperstrip=1024),
    _case("f32-deflate", "64 x 1024² f32 deflate, predictor 3, strips of 16 rows", "f4", 64, rowsperstrip=16,
          **DEFLATE, **FLOATS),
    _case("huge", "one page 20,000² u8 LZW, strips of 8 rows", "u1", 1, side=20_000, rowsperstrip=8, **LZW),
]}
