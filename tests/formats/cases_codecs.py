"""Compressions of TIFF that hold a picture of another format in each chunk."""

import imagecodecs
import numpy
import tifffile

from cases_tiff import PHOTOMETRIC, write
from rawtiff import tiff
from store import image, run, smooth


def codecs_cases(store):
    lzma(store)
    webp(store)
    lerc(store)
    lerc_masks(store)
    jpeg2000(store)
    jpeg2000_tags(store)
    jpegxl(store)
    png(store)


def lossy(store, name, pixels, tolerance=0, **options):
    """What the encoder made of the pixels is known by tifffile and its decoder only."""
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    options.setdefault("photometric", "rgb" if channels > 2 else "minisblack")
    tifffile.imwrite(store.path(name), pixels, metadata=None, **options)
    store.good(name, tifffile.imread(store.path(name)), photometric=PHOTOMETRIC[channels], tolerance=tolerance)


def chunks(path):
    """The bytes of each chunk of the first page."""
    with tifffile.TiffFile(path) as reader:
        page = reader.pages[0]
        data = path.read_bytes()
        return [data[at:at + count] for at, count in zip(page.dataoffsets, page.databytecounts)]


def corrupt(store, name, data, text="", status="Corrupt"):
    store.path(name).write_bytes(data)
    store.bad(name, status, text)


def damaged(store, codec, number, tags, data, sizes=True):
    """One picture of 30 x 20 pixels: cut off, empty of sense, and in wrong company."""
    corrupt(store, f"junk_{codec}.tif", tiff({**tags, 259: number}, [bytes(range(256)) * 4]))
    for part in (2, 10):
        name = f"cut_{codec}_{part}.tif"
        corrupt(store, name, tiff({**tags, 259: number}, [data[:len(data) * part // 11]]), "", "Truncated|Corrupt")
    for word, size in (("narrow", {256: 31}), ("wide", {256: 29}), ("low", {257: 21})):
        corrupt(store, f"{word}_{codec}.tif", tiff({**tags, 259: number, **size}, [data]), "30 x 20")


def lzma(store):
    """As libtiff writes it, with a filter in front of LZMA2."""
    pixels = image("u2", 70, 90)
    plain = store.path("plain.tif")
    tifffile.imwrite(plain, pixels, photometric="minisblack", metadata=None)
    for preset in ("lzma", "lzma:2"):
        name = f"tiffcp_{preset.replace(':', '_')}.tif"
        run("tiffcp", "-c", preset, "-r", "32", plain, store.path(name))
        store.good(name, pixels)
    plain.unlink()


def webp(store):
    for channels in (3, 4):
        opaque = image("u1", channels=channels)
        opaque[..., 3:] = 255
        extra = {"extrasamples": ["unassalpha"]} if channels == 4 else {}
        options = {"compression": "webp", "compressionargs": {"lossless": True}, **extra}
        for order in "<>":
            write(store, f"webp_{channels}_{ord(order)}.tif", image("u1", channels=channels), byteorder=order, **options)
        write(store, f"webp_{channels}_rows.tif", image("u1", channels=channels), rowsperstrip=8, **options)
        write(store, f"webp_{channels}_tiles.tif", image("u1", 70, 130, channels), tile=(64, 48), **options)
        write(store, f"webp_{channels}_opaque.tif", opaque, rowsperstrip=10, **options)
        for level in (10, 60, 95):
            for kind, pixels in (("smooth", smooth(70, 130, channels)), ("rough", image("u1", 70, 130, channels))):
                name = f"webp_{channels}_{level}_{kind}.tif"
                lossy(store, name, pixels, tile=(64, 48), compression="webp", compressionargs={"level": level}, **extra)
    plain = store.path("plain.tif")
    tifffile.imwrite(plain, image("u1", 70, 90, 3), photometric="rgb", metadata=None)
    run("tiffcp", "-c", "webp:100", "-r", "32", plain, store.path("tiffcp_webp.tif"))
    store.good("tiffcp_webp.tif", tifffile.imread(store.path("tiffcp_webp.tif")), photometric="Rgb")
    tifffile.imwrite(plain, image("u1", 20, 30, 3), photometric="rgb", compression="webp", compressionargs={"lossless": True}, metadata=None)
    tags = {256: 30, 257: 20, 258: [8, 8, 8], 262: 2, 277: 3}
    [data] = chunks(plain)
    damaged(store, "webp", 50001, tags, data)
    corrupt(store, "gray_webp.tif", tiff({**tags, 258: 8, 262: 1, 277: 1, 259: 50001}, [data]), "of 3 u8 samples")
    corrupt(store, "deep_webp.tif", tiff({**tags, 258: [16, 16, 16], 259: 50001}, [data]), "where 30 x 20 pixels of 3 u16")
    # A predictor beside a picture means nothing, and bits are never turned round.
    store.path("predictor_webp.tif").write_bytes(tiff({**tags, 259: 50001, 317: 2, 266: 2}, [data]))
    store.good("predictor_webp.tif", image("u1", 20, 30, 3), photometric="Rgb")
    plain.unlink()


def finite(kind, *shape):
    pixels = image(kind, *shape)
    return numpy.nan_to_num(pixels, posinf=12345) if kind[0] == "f" else pixels


def lerc(store):
    for kind in ("u1", "u2", "u4", "i1", "i2", "i4", "f4", "f8"):
        for inner in (None, "deflate", "zstd"):
            options = {"compression": "lerc", "compressionargs": {"compression": inner}}
            stem = f"lerc_{kind}_{inner}"
            write(store, f"{stem}.tif", finite(kind), **options)
            write(store, f"{stem}_rows.tif", finite(kind), rowsperstrip=8, **options)
            write(store, f"{stem}_tiles.tif", finite(kind, 70, 130), tile=(64, 48), **options)
            for channels in (2, 3, 4):
                for planar in ("contig", "separate"):
                    pixels = finite(kind, 47, 61, channels)
                    extra = {"extrasamples": ["unassalpha"]} if channels == 4 else {}
                    write(store, f"{stem}_{channels}_{planar}.tif", pixels, planarconfig=planar, rowsperstrip=20, **options, **extra)
        for level in (0.5, 2.5):
            lossy(store, f"lerc_{kind}_{level}.tif", finite(kind, 70, 130), tile=(64, 48), compression="lerc", compressionargs={"level": level})
            lossy(store, f"lerc_{kind}_{level}_3.tif", smooth(70, 130, 3).astype(kind), tile=(64, 48), compression="lerc", compressionargs={"level": level})
        order = f"lerc_{kind}_be.tif"
        if kind[1] == "1":
            write(store, order, finite(kind), compression="lerc", byteorder=">")
        else:
            pixels = finite(kind, 20, 30)
            sample = {258: 8 * pixels.itemsize, 339: {"u": 1, "i": 2, "f": 3}[kind[0]]}
            data = tiff({256: 30, 257: 20, 259: 34887, **sample}, [imagecodecs.lerc_encode(pixels)], ">")
            corrupt(store, order, data, "in a big-endian TIFF, which libtiff and others read differently", "Unsupported")
    tags = {256: 30, 257: 20, 258: 16}
    pixels = image("u2", 20, 30)
    data = imagecodecs.lerc_encode(pixels)
    damaged(store, "lerc", 34887, tags, data)
    for name, other in (("gray", {258: 8}), ("signed", {339: 2}), ("color", {258: [16] * 3, 262: 2, 277: 3})):
        corrupt(store, f"lerc_{name}_tags.tif", tiff({**tags, **other, 259: 34887}, [data]), "of 1 u16 samples of 16 bits where")
    flipped = bytearray(data)
    flipped[len(data) // 2] ^= 1
    corrupt(store, "lerc_flipped.tif", tiff({**tags, 259: 34887}, [bytes(flipped)]), "checksum")
    odd = tiff({**tags, 259: 34887, 50674: (4, [4, 3])}, [data])
    corrupt(store, "lerc_inner_3.tif", odd, "additional compression 3", "Unsupported")
    for inner in (1, 2):
        corrupt(store, f"lerc_inner_junk_{inner}.tif", tiff({**tags, 259: 34887, 50674: (4, [4, inner])}, [data]))


def lerc_masks(store):
    """What libtiff makes of masks: NaN, transparent, or else 0."""
    hole = numpy.ones((20, 30), bool)
    hole[3:9, 4:17] = False
    size = {256: 30, 257: 20, 259: 34887}

    def put(name, pixels, data, photometric, **tags):
        store.path(name).write_bytes(tiff({**size, **{int(key[1:]): value for key, value in tags.items()}}, [data]))
        store.good(name, pixels, photometric=photometric)

    gray = image("u2", 20, 30)
    put("lerc_mask_u2.tif", numpy.where(hole, gray, 0).astype("u2"), imagecodecs.lerc_encode(gray, masks=hole), "MinIsBlack", t258=16)
    for kind, bits in (("f4", 32), ("f8", 64)):
        floats = finite(kind, 20, 30)
        data = imagecodecs.lerc_encode(floats, masks=hole)
        put(f"lerc_mask_{kind}.tif", numpy.where(hole, floats, numpy.array(numpy.nan, kind)), data, "MinIsBlack", t258=bits, t339=3)
        bands = finite(kind, 20, 30, 3)
        apart = numpy.stack([hole, hole[::-1], hole[:, ::-1]])
        data = imagecodecs.lerc_encode(numpy.ascontiguousarray(bands.transpose(2, 0, 1)), masks=apart, planar=True)
        expected = numpy.where(apart.transpose(1, 2, 0), bands, numpy.array(numpy.nan, kind))
        put(f"lerc_bands_{kind}.tif", expected, data, "Rgb", t258=[bits] * 3, t339=[3] * 3, t262=2, t277=3)
    for channels in (1, 3):
        color = image("u1", 20, 30, channels)
        data = imagecodecs.lerc_encode(color if channels > 1 else color[..., 0], masks=hole, **({"planar": False} if channels > 1 else {}))
        expected = numpy.dstack([numpy.where(hole[..., None], color, 0), numpy.where(hole, 255, 0)]).astype("u1")
        photometric = {1: 1, 3: 2}[channels]
        put(f"lerc_alpha_{channels}.tif", expected, data, "Rgb" if channels == 3 else "MinIsBlack", t258=[8] * (channels + 1), t262=photometric, t277=channels + 1, t338=2)


def jpeg2000(store):
    for kind in ("u1", "u2", "i1", "i2"):
        write(store, f"jp2k_{kind}.tif", image(kind), compression="jpeg2000")
        # The encoder is given samples in the wrong order; but what it coded it coded.
        lossy(store, f"jp2k_{kind}_be.tif", image(kind), compression="jpeg2000", byteorder=">")
        for channels in (2, 3, 4):
            extra = {"extrasamples": ["unassalpha"]} if channels == 4 else {}
            for planar in ("contig", "separate"):
                pixels = image(kind, 70, 130, channels)
                write(store, f"jp2k_{kind}_{channels}_{planar}.tif", pixels, planarconfig=planar, tile=(64, 48), compression="jpeg2000", **extra)
        write(store, f"jp2k_{kind}_rows.tif", image(kind), rowsperstrip=10, compression="jpeg2000")
        for level in (80, 40):
            args = {"level": level, "reversible": False}
            for channels in (0, 3):
                # Its sums of floats depend on how a compiler orders them.
                pixels = smooth(70, 130, channels).astype(kind)
                lossy(store, f"jp2k_{kind}_{channels}_{level}.tif", pixels, 1, tile=(64, 64), compression="jpeg2000", compressionargs=args)
    for number in (33003, 33004, 33005):
        write(store, f"aperio_{number}.tif", image("u1", 70, 130, 3), tile=(64, 64), compression=number)
    for bits in (1, 4, 9, 12, 15):
        pixels = image("u2" if bits > 8 else "u1", 20, 30) & ((1 << bits) - 1)
        data = imagecodecs.jpeg2k_encode(pixels, level=0, bitspersample=bits, codecformat="j2k")
        # As many bits as the tags say, or fewer.
        for said in {bits, 8 * pixels.itemsize}:
            name = f"jp2k_bits_{bits}_{said}.tif"
            store.path(name).write_bytes(tiff({256: 30, 257: 20, 258: said, 259: 34712}, [data]))
            store.good(name, pixels, bits=said)
    # Not turned into anything, whatever else the tags say of it.
    ycbcr = image("u1", 20, 30, 3)
    data = imagecodecs.jpeg2k_encode(ycbcr, level=0, mct=False, codecformat="j2k")
    for subsampling in ([1, 1], None):
        name = f"jp2k_ycbcr_{subsampling is None}.tif"
        store.path(name).write_bytes(tiff({256: 30, 257: 20, 258: [8] * 3, 259: 33003, 262: 6, 277: 3, 530: subsampling}, [data]))
        store.good(name, ycbcr, photometric="Ycbcr")


def jpeg2000_tags(store):
    pixels = image("u2", 20, 30)
    tags = {256: 30, 257: 20, 258: 16}
    for form in ("j2k", "jp2"):
        data = imagecodecs.jpeg2k_encode(pixels, level=0, codecformat=form)
        store.path(f"jp2k_{form}.tif").write_bytes(tiff({**tags, 259: 34712}, [data]))
        store.good(f"jp2k_{form}.tif", pixels)
        damaged(store, f"jp2k_{form}", 34712, tags, data)
    for name, other in (("gray", {258: 8}), ("signed", {339: 2}), ("color", {258: [16] * 3, 262: 2, 277: 3})):
        corrupt(store, f"jp2k_{name}_tags.tif", tiff({**tags, **other, 259: 34712}, [data]), "of 1 u16 samples of 16 bits where")
    corrupt(store, "jp2k_fewer_bits.tif", tiff({**tags, 258: 12, 259: 34712}, [data]), "of 16 bits where")


def jpegxl(store):
    write(store, "jxl_dng.tif", image("u2", 70, 130, 3), tile=(64, 48), compression=52546, compressionargs={"lossless": True})
    for kind in ("u1", "u2", "f2", "f4"):
        args = {"compression": "jpegxl", "compressionargs": {"lossless": True}}
        write(store, f"jxl_{kind}.tif", image(kind), **args)
        write(store, f"jxl_{kind}_rows.tif", image(kind), rowsperstrip=10, **args)
        # jxl-oxide 0.12.6 finds no end in some lossless floats of several channels.
        for channels in (2, 3, 4) if kind != "f4" else (2,):
            extra = {"extrasamples": ["unassalpha"]} if channels == 4 else {}
            for planar in ("contig", "separate") if channels == 3 else ("contig",):
                pixels = image(kind, 70, 130, channels)
                write(store, f"jxl_{kind}_{channels}_{planar}.tif", pixels, planarconfig=planar, tile=(64, 48), **args, **extra)
    # More than one group, and more than one piece for the decoder.
    write(store, "jxl_groups.tif", image("u2", 60, 700), rowsperstrip=60, **args)
    for level in (90, 50):
        for channels in (0, 3, 4):
            args = {"compression": "jpegxl", "compressionargs": {"lossless": False, "level": level}, "tile": (64, 64)}
            pixels = smooth(70, 130, channels)
            # libjxl dithers.
            lossy(store, f"jxl_lossy_{channels}_{level}.tif", pixels, 1, **args)
    pixels = image("u2", 20, 30)
    data = imagecodecs.jpegxl_encode(pixels, lossless=True)
    tags = {256: 30, 257: 20, 258: 16}
    damaged(store, "jxl", 50002, tags, data)
    store.path("jxl_be.tif").write_bytes(tiff({**tags, 259: 50002}, [data], ">"))
    store.good("jxl_be.tif", pixels)
    for name, other in (("gray", {258: 8}), ("signed", {339: 2}), ("color", {258: [16] * 3, 262: 2, 277: 3})):
        corrupt(store, f"jxl_{name}_tags.tif", tiff({**tags, **other, 259: 50002}, [data]), "of 1 u16 samples of 16 bits where")
    corrupt(store, "jxl_12.tif", tiff({**tags, 258: 12, 259: 50002}, [data]), "samples of 16 bits in a TIFF of 12 bits", "Unsupported")


def png(store):
    for kind in ("u1", "u2"):
        args = {"compression": "png"}
        write(store, f"png_{kind}.tif", image(kind), **args)
        write(store, f"png_{kind}_rows.tif", image(kind), rowsperstrip=10, **args)
        for channels in (2, 3, 4):
            extra = {"extrasamples": ["unassalpha"]} if channels == 4 else {}
            write(store, f"png_{kind}_{channels}.tif", image(kind, 70, 130, channels), tile=(64, 48), **args, **extra)
        write(store, f"png_{kind}_planar.tif", image(kind, 70, 130, 3), planarconfig="separate", tile=(64, 48), **args)
    pixels = image("u2", 20, 30)
    data = imagecodecs.png_encode(pixels)
    tags = {256: 30, 257: 20, 258: 16}
    damaged(store, "png", 34933, tags, data)
    store.path("png_be.tif").write_bytes(tiff({**tags, 259: 34933}, [data], ">"))
    store.good("png_be.tif", pixels)
    corrupt(store, "png_gray_tags.tif", tiff({**tags, 258: 8, 259: 34933}, [data]), "16 bits in a TIFF of 8 bits", "Unsupported")
    corrupt(store, "png_color_tags.tif", tiff({**tags, 258: [16] * 3, 262: 2, 277: 3, 259: 34933}, [data]), "of 1 u16 samples of 16 bits where")
