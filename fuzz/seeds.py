"""Seeds for the targets that write headers of their own: seeds.py FILES SEEDS.

The choices in front of each are those of src/tiff.rs and src/png.rs.
"""

import pathlib
import struct
import sys
import zlib

import imagecodecs
import numpy
import tifffile

TILES, PLANAR, BIG_ENDIAN, BIG_TIFF, REVERSED, KNOWN = 1, 2, 4, 8, 16, 32


def main():
    files, seeds = map(pathlib.Path, sys.argv[1:])
    for name in ("tiff_tags", "png_rows"):
        (seeds / name).mkdir(parents=True, exist_ok=True)
    for path in sorted(files.glob("*.tif")):
        for number, seed in enumerate(of_tiff(path)):
            (seeds / "tiff_tags" / f"{path.stem}_{number}").write_bytes(seed)
    for name, seed in made_tiffs():
        (seeds / "tiff_tags" / name).write_bytes(seed)
    for path in sorted(files.glob("*.jpg")):
        channels = 1 if "gray" in path.stem else 3
        seed = choices(7, 6 if channels == 3 else 1, 8, channels, 48, 32, 32, subsampling=0x22)
        (seeds / "tiff_tags" / path.stem).write_bytes(seed + path.read_bytes())
    for path in sorted(files.glob("*.png")):
        for number, seed in enumerate(of_png(path.read_bytes())):
            (seeds / "png_rows" / f"{path.stem}_{number}").write_bytes(seed)


def choices(compression, photometric, bits, samples, width, height, side, kind=1, predictor=1, flags=0, t4=0,
            subsampling=0x11, tables=0):
    return struct.pack("<HHBBBBBBBBBBH", compression, photometric, bits, samples, kind, predictor, width, height,
                       side, flags, t4, subsampling, tables)


def of_tiff(path):
    """The first page with all its chunks, which the target divides anew, and with the first alone."""
    with tifffile.TiffFile(path) as tif:
        page = tif.pages.first
        raw = path.read_bytes()
        chunks = [raw[start:start + count] for start, count in zip(page.dataoffsets, page.databytecounts)]
        flags = BIG_ENDIAN * (tif.byteorder == ">") | BIG_TIFF * tif.is_bigtiff
        flags |= PLANAR * (page.planarconfig == 2) | REVERSED * (page.fillorder == 2)
        tables = page.jpegtables or b""
        options = page.tags.get(292) or page.tags.get(293)
        common = dict(kind=int(page.sampleformat), predictor=int(page.predictor), tables=len(tables),
                      t4=options.value if options else 0)
        rest = (int(page.compression), int(page.photometric), page.bitspersample, page.samplesperpixel)
        width, height = page.imagewidth, page.imagelength
        if page.is_tiled:
            side = page.tilewidth // 16 - 1 | (page.tilelength // 16 - 1) << 4
            yield choices(*rest, width, height, side, flags=flags | TILES, **common) + tables + b"".join(chunks)
            yield choices(*rest, min(width, 16), min(height, 16), side, flags=flags | TILES, **common) + tables + chunks[0]
        else:
            rows = min(page.rowsperstrip, height)
            yield choices(*rest, width, height, rows, flags=flags, **common) + tables + b"".join(chunks)
            yield choices(*rest, width, rows, rows, flags=flags & ~PLANAR, **common) + tables + chunks[0]


def made_tiffs():
    """Every width of sample under every codec that keeps bytes."""
    encoders = {1: bytes, 5: imagecodecs.lzw_encode, 8: zlib.compress, 32773: imagecodecs.packbits_encode,
                50000: imagecodecs.zstd_encode}
    rng = numpy.random.default_rng(0)
    for compression, encode in encoders.items():
        for bits, kind in ((1, 1), (4, 1), (8, 2), (12, 1), (16, 1), (16, 3), (24, 1), (24, 3), (32, 3), (64, 3)):
            for samples, flags in ((1, 0), (3, BIG_ENDIAN), (4, PLANAR)):
                for predictor in (1, 2, 3):
                    planes = samples if flags & PLANAR else 1
                    row = (5 * (samples // planes) * bits + 7) // 8
                    pixels = [bytes(rng.integers(0, 4, 6 * row, dtype="u1")) for _ in range(planes)]
                    coded = [encode(plane) for plane in pixels]
                    length = max(map(len, coded))
                    # Of equal length, since the target divides them so.
                    payload = b"".join(code.ljust(length, b"\0") for code in coded)
                    head = choices(compression, 2 if samples == 3 else 1, bits, samples, 5, 6, 6, kind, predictor, flags)
                    yield f"made_{compression}_{bits}_{kind}_{samples}_{predictor}", head + payload


def of_png(raw):
    """The stream as it is, and its rows."""
    at, stream, palette = 8, b"", False
    while at < len(raw):
        length, = struct.unpack_from(">I", raw, at)
        name, body = raw[at + 4:at + 8], raw[at + 8:at + 8 + length]
        if name == b"IHDR":
            width, height, depth, color, _, _, lace = struct.unpack(">IIBBBBB", body)
        palette |= name == b"PLTE"
        stream += body if name == b"IDAT" else b""
        at += 12 + length
    for flags, payload in ((0, stream), (2, zlib.decompress(stream)), (8, stream)):
        yield bytes([width, height, depth, color, flags | lace | 4 * palette]) + payload


main()
