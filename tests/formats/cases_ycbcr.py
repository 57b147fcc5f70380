"""YCbCr with less chroma than luma and no JPEG to see to that, against libtiff's tiff2rgba."""

import imagecodecs
import numpy
import tifffile

from rawtiff import LONG, tiff
from store import run

COMPRESSIONS = {
    1: bytes, 5: imagecodecs.lzw_encode, 8: imagecodecs.zlib_encode, 32773: imagecodecs.packbits_encode,
}


def ycbcr_cases(store):
    noise = numpy.random.default_rng(6)
    # libtiff knows no others.
    sampled = ((2, 1), (1, 2), (2, 2), (4, 1), (4, 2), (4, 4))
    for number, (across, down) in enumerate(sampled):
        compression = (1, 5, 8, 32773)[number % 4]

        def units(width, height):
            size = -(-width // across) * -(-height // down) * (across * down + 2)
            return COMPRESSIONS[compression](noise.integers(0, 256, size, numpy.uint8).tobytes())

        tags = {258: [8] * 3, 262: 6, 277: 3, 259: compression, 530: [across, down]}
        case(store, f"ycbcr_{across}{down}.tif", {**tags, 256: 37, 257: 22}, [units(37, 22)])
        rows = {**tags, 256: 37, 257: 22, 278: 8}
        case(store, f"ycbcr_{across}{down}_strips.tif", rows, [units(37, 8), units(37, 8), units(37, 6)])
        # libtiff leaves some units of 4 x 4 at the edges out.
        width, height = (48, 32) if (across, down) == (4, 4) else (40, 24)
        tiles = {**tags, 256: width, 257: height, 322: 16, 323: 16, 273: None, 279: None}
        case(store, f"ycbcr_{across}{down}_tiles.tif", tiles, [units(16, 16) for _ in range(6)], offsets_tag=324, counts_tag=325)
        reference = {532: (LONG, [16, 235, 128, 240, 128, 240])}
        case(store, f"ycbcr_{across}{down}_video.tif", {**tags, **reference, 256: 32, 257: 16}, [units(32, 16)])
    refused(store)


def case(store, name, tags, chunks, **places):
    store.path(name).write_bytes(tiff(tags, chunks, **places))
    run("tiff2rgba", "-n", "-c", "none", store.path(name), store.path("rgb.tif"))
    store.good(name, tifffile.imread(store.path("rgb.tif")), photometric="Rgb")
    store.path("rgb.tif").unlink()


def refused(store):
    def refuse(name, tags, status, text, size=30 * 20 * 3 // 2):
        common = {256: 30, 257: 20, 258: [8] * 3, 262: 6, 277: 3, 530: [2, 2]}
        store.path(name).write_bytes(tiff({**common, **tags}, [bytes(size)]))
        store.bad(name, status, text)

    refuse("no_ycbcr_3.tif", {530: [3, 1]}, "Unsupported", "subsampled by [3, 1]")
    refuse("no_ycbcr_alpha.tif", {277: 4, 258: [8] * 4, 338: 2}, "Unsupported", "of 4 8-bit samples")
    refuse("no_ycbcr_predictor.tif", {259: 5, 317: 2}, "Unsupported", "predictor 2")
    refuse("short_ycbcr.tif", {278: 10, 273: (LONG, [8, 458]), 279: (LONG, [450, 449])}, "Corrupt", "should hold 450 bytes but has 449")
    refuse("bad_ycbcr_whole.tif", {}, "Corrupt", "the bytes of a whole one", size=30 * 20 * 3)
