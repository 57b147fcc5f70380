"""What must be refused, and with which words."""

import struct

import numpy
import tifffile
from PIL import Image

from rawtiff import SLONG, tiff
from store import convert, image, run, smooth

SIZE = {256: 30, 257: 20, 258: 8}


def refused_cases(store):
    tags(store)
    compressions(store)
    broken(store)
    truncated(store)
    others(store)


def refuse(store, name, text, data):
    store.path(name).write_bytes(data)
    store.bad(name, "Unsupported", text)


def tags(store):
    gray = image("u1", 20, 30).tobytes()
    color = image("u1", 20, 30, 3).tobytes()
    rgb = {**SIZE, 258: [8, 8, 8], 262: 2, 277: 3}
    refuse(store, "no_mixed_bits.tif", "BitsPerSample: [5, 6, 5]", tiff({**rgb, 258: [5, 6, 5]}, [color]))
    refuse(store, "no_mixed_formats.tif", "SampleFormat", tiff({**rgb, 339: [1, 1, 2]}, [color]))
    refuse(store, "no_float_20.tif", "floating-point samples of 20 bits", tiff({**SIZE, 258: 20, 339: 3}, [gray * 3]))
    refuse(store, "no_57_bits.tif", "unsigned samples of 57 bits", tiff({**SIZE, 258: 57}, [gray * 8]))
    refuse(store, "no_signed_60.tif", "signed samples of 60 bits", tiff({**SIZE, 258: 60, 339: 2}, [gray * 8]))
    refuse(store, "no_complex_24.tif", "complex samples of 24 bits", tiff({**SIZE, 258: 24, 339: 6}, [gray * 3]))
    refuse(store, "no_complex_8.tif", "complex integer samples of 8 bits", tiff({**SIZE, 258: 8, 339: 5}, [gray]))
    refuse(store, "no_format_7.tif", "SampleFormat of unknown number (7)", tiff({**SIZE, 339: 7}, [gray]))
    complex_tags = {**SIZE, 258: 64, 339: 6, 259: 5}
    refuse(store, "no_complex_predictor.tif", "foreign byte order", tiff({**complex_tags, 317: 2}, [gray * 8], ">"))
    refuse(store, "no_complex_wide_predictor.tif", "predictor 2 on complex samples of 128 bits", tiff({**complex_tags, 258: 128, 317: 2}, [gray * 16]))
    refuse(store, "no_complex_predictor_3.tif", "predictor 3 on complex samples", tiff({**complex_tags, 317: 3}, [gray * 8]))
    refuse(store, "no_predictor_plain.tif", "predictor 2 with compression none (1)", tiff({**SIZE, 317: 2}, [gray]))
    refuse(store, "no_predictor_bits.tif", "predictor 2 on u8 samples of 4 bits", tiff({**SIZE, 258: 4, 317: 2, 259: 5}, [gray]))
    refuse(store, "no_predictor_3.tif", "predictor 3 on u8", tiff({**SIZE, 317: 3, 259: 5}, [gray]))
    refuse(store, "no_predictor_9.tif", "predictor 34892", tiff({**SIZE, 317: 34892, 259: 5}, [gray]))


def compressions(store):
    names = {
        34934: "JPEG XR (34934)", 22610: "JPEG XR of NDPI (22610)",
        34661: "JBIG (34661)", 12345: "unknown number (12345)",
    }
    gray = image("u1", 20, 30).tobytes()
    for number, text in names.items():
        refuse(store, f"no_compression_{number}.tif", text, tiff({**SIZE, 259: number}, [gray]))
    for number, text in ((32809, "ThunderScan (32809) with 1 samples of 8 bits"), (32766, "NeXT RLE (32766) with 1 samples of 8 bits")):
        refuse(store, f"no_bits_{number}.tif", text, tiff({**SIZE, 259: number}, [gray]))
    refuse(store, "no_sgilog_grey.tif", "SGI log (34676) with 1 samples of 16 bits, SampleFormat 1, photometric none", tiff({**SIZE, 258: 16, 259: 34676, 262: None}, [gray]))
    refuse(store, "no_sgilog_raw.tif", "photometric LogLuv (32845), in this layout", tiff({**SIZE, 258: 32, 259: 34676, 262: 32845}, [gray]))
    refuse(store, "no_pixarlog_12.tif", "Pixar log (32909) with 1 samples of 12 bits", tiff({**SIZE, 258: 12, 259: 32909}, [gray]))
    refuse(store, "no_pixarlog_tiles.tif", "in this layout", tiff({**SIZE, 259: 32909, 322: 32, 323: 32}, [gray], offsets_tag=324, counts_tag=325))
    faxes = {2: "CCITT RLE (2)", 3: "CCITT G3 (3)", 4: "CCITT G4 (4)", 32771: "CCITT RLE, word aligned (32771)"}
    for number, text in faxes.items():
        refuse(store, f"no_fax_{number}.tif", f"{text} with 1 samples of 8 bits", tiff({**SIZE, 259: number}, [gray]))
        two = tiff({**SIZE, 258: [1, 1], 277: 2, 338: 0, 259: number, 284: 1}, [gray])
        refuse(store, f"no_fax_{number}_two.tif", f"{text} with 2 samples of 1 bits", two)


def broken(store):
    gray = image("u1", 20, 30).tobytes()

    def corrupt(name, data, text="", status="Corrupt"):
        store.path(name).write_bytes(data)
        store.bad(name, status, text)

    corrupt("bad_counts.tif", tiff({**SIZE, 278: 10}, [gray[:300], gray[300:]], counts=[300, 299]), "299")
    corrupt("bad_strips.tif", tiff({**SIZE, 278: 5}, [gray]), "4 chunks")
    corrupt("bad_rows0.tif", tiff({**SIZE, 278: 0}, [gray]), "RowsPerStrip")
    corrupt("bad_width0.tif", tiff({**SIZE, 256: 0}, [gray]), "0 x 20")
    corrupt("bad_no_strips.tif", tiff({**SIZE, 273: None, 279: None}, [gray]), "neither")
    corrupt("bad_no_width.tif", tiff({**SIZE, 256: None}, [gray]), "ImageWidth")
    corrupt("bad_negative_width.tif", tiff({**SIZE, 256: (SLONG, [-30])}, [gray]), "256 has a negative value")
    corrupt("bad_planar.tif", tiff({**SIZE, 277: 3, 284: 3}, [gray] * 3), "PlanarConfiguration is 3")
    corrupt("bad_samples0.tif", tiff({**SIZE, 277: 0}, [gray]), "SamplesPerPixel")
    corrupt("bad_samples0_pixarlog.tif", tiff({**SIZE, 277: 0, 259: 32909}, [gray]), "SamplesPerPixel")
    corrupt("bad_huge.tif", tiff({**SIZE, 256: 2**31, 257: 2**31}, [gray]), "the limit", "LimitExceeded")
    corrupt("bad_no_directory.tif", b"II*\0\0\0\0\0", "no directory")
    corrupt("bad_directory.tif", b"II*\0\xff\xff\0\0", "byte 65535", "Truncated")
    corrupt("bad_lzw.tif", tiff({**SIZE, 259: 5}, [b"\x80" + gray[:40] * 3]))
    corrupt("bad_deflate.tif", tiff({**SIZE, 259: 8}, [b"\x78\x9c" + gray]))
    corrupt("bad_lzma.tif", tiff({**SIZE, 259: 34925}, [gray]), "no xz stream")
    corrupt("bad_zstd.tif", tiff({**SIZE, 259: 50000}, [gray]))
    corrupt("bad_jpeg.tif", tiff({**SIZE, 259: 7}, [gray]))
    for name, shape in (("narrow", (20, 29)), ("wide", (20, 31)), ("low", (19, 30)), ("high", (21, 30))):
        Image.fromarray(smooth(*shape)).save(store.path("plain.jpg"))
        data = store.path("plain.jpg").read_bytes()
        corrupt(f"bad_jpeg_{name}.tif", tiff({**SIZE, 259: 7}, [data]), f"{shape[1]} x {shape[0]}")
    store.path("plain.jpg").unlink()
    # A circle: the second page points back at the first; so does a link into nowhere.
    for name, status, text, link in (("circle", "Corrupt", "circle", 8), ("nowhere", "Truncated", "byte 1000000000", 10**9)):
        file = store.path(f"bad_{name}.tif")
        with tifffile.TiffWriter(file) as writer:
            for _ in range(2):
                writer.write(image("u1", 20, 30), metadata=None, photometric="minisblack")
        with tifffile.TiffFile(file) as reader:
            first, second = reader.pages[0].offset, reader.pages[1].offset
            count = len(reader.pages[1].tags)
        data = bytearray(file.read_bytes())
        struct.pack_into("<I", data, second + 2 + 12 * count, first if name == "circle" else link)
        file.write_bytes(data)
        store.good(file.name, image("u1", 20, 30), page=0)
        store.good(file.name, image("u1", 20, 30), page=1)
        store.bad(file.name, status, text, page=2)


def truncated(store):
    def cut(name, source, keep, status="Truncated", text=""):
        data = store.path(source).read_bytes()
        store.path(name).write_bytes(data[:int(len(data) * keep)])
        store.bad(name, status, text)

    for source in ("gray8.pgm", "text255.pgm", "rgb16.ppm", "bits.pbm", "png_u2_3.png", "bmp_rgb61.bmp", "bmp_gray61.bmp", "bmp_rle.bmp"):
        if not store.path(source).exists():
            continue
        for keep in (0.5, 0.9):
            cut(f"cut_{keep}_{source}", source, keep)
    for source in ("jpeg_baseline_95_0.jpg", "jpeg_progressive_95_2.jpg", "jpeg_baseline_50_gray.jpg", "jpeg_restart.jpg"):
        for keep in (0.7, 0.9, 0.99):
            cut(f"cut_{keep}_{source}", source, keep)
    # Data too short for the strip, in a file that is whole.
    for codec in ("lzw", "zlib", "zstd", "lzma", "packbits", "jpeg"):
        pixels = smooth(20, 30)
        whole, name = store.path("plain.tif"), f"short_{codec}.tif"
        tifffile.imwrite(whole, pixels, compression=codec, photometric="minisblack", metadata=None)
        with tifffile.TiffFile(whole) as reader:
            page = reader.pages[0]
            number, offset, count = int(page.compression), page.dataoffsets[0], page.databytecounts[0]
        data = whole.read_bytes()[offset:offset + count]
        store.path(name).write_bytes(tiff({**SIZE, 259: number}, [data[:count * 2 // 3]]))
        store.bad(name, "Truncated", "ends before its")
        # The same, with the count of the whole: the strip reaches past the file's end.
        store.path("past_" + name).write_bytes(tiff({**SIZE, 259: number}, [data], counts=[10**6]))
        store.bad("past_" + name, "Truncated", "ends before")
        whole.unlink()
    tall = smooth(64, 64)
    tifffile.imwrite(store.path("plain.tif"), tall, photometric="minisblack", metadata=None)
    for codec, number, options in (("g3:1d", 3, 0), ("g3:2d", 3, 1), ("g4", 4, 0)):
        run("tiffcp", "-c", codec, "-r", "64", *bilevel(store, tall), store.path("fax.tif"))
        with tifffile.TiffFile(store.path("fax.tif")) as reader:
            page = reader.pages[0]
            data = store.path("fax.tif").read_bytes()[page.dataoffsets[0]:][:page.databytecounts[0]]
        name = f"short_fax_{number}_{options}.tif"
        tags = {256: 64, 257: 64, 258: 1, 259: number, 292: options}
        store.path(name).write_bytes(tiff(tags, [data[:len(data) // 2]]))
        store.bad(name, "Truncated", "ends before its")
        # More rows than the data has, which ends as it should: they are white.
        store.path("rows_" + name).write_bytes(tiff({**tags, 257: 65, 262: 0}, [data]))
        white = numpy.concatenate([tall > 128, numpy.zeros((1, 64), bool)])
        if not options:
            numpy.testing.assert_array_equal(tifffile.imread(store.path("rows_" + name)), white)
        store.good("rows_" + name, white, bits=1, photometric="MinIsWhite")
        # Rows that are longer.
        store.path("wide_" + name).write_bytes(tiff({**tags, 256: 63}, [data]))
        store.bad("wide_" + name, "Corrupt", "fax code")


def bilevel(store, pixels):
    tifffile.imwrite(store.path("plain.tif"), pixels > 128, photometric="minisblack", metadata=None)
    return [store.path("plain.tif")]


def others(store):
    signatures = {
        "gif": (b"GIF89a" + bytes(40), "a GIF image"),
        "webp": (b"RIFF\0\0\0\0WEBPVP8 ", "a WebP image"),
        "jp2": (b"\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000 image"),
        "dcm": (bytes(128) + b"DICM" + bytes(20), "a DICOM object without pixels"),
        "h5": (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
        "gz": (b"\x1f\x8b\x08\0", "a gzip file"),
        "zip": (b"PK\x03\x04", "a zip file"),
        "pdf": (b"%PDF-1.4", "a PDF file"),
        "txt": (b"hello world", "68 65 6c 6c 6f 20 77 6f"),
    }
    for suffix, (data, text) in signatures.items():
        refuse(store, f"foreign.{suffix}", text, data)
    store.path("empty.tif").write_bytes(b"")
    store.bad("empty.tif", "Truncated", "empty")
    refuse(store, "custom.pam", "tuple type", b"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nTUPLTYPE HEAT\nENDHDR\n\0")
    refuse(store, "deep.pam", "depth 5", b"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 5\nMAXVAL 255\nENDHDR\n\0\0\0\0\0")
    bitmaps(store)
    data = bytearray(store.path("png_u1_0.png").read_bytes())
    data[data.index(b"IDAT") + 30] ^= 1
    store.path("bad_crc.png").write_bytes(data)
    store.bad("bad_crc.png", "Corrupt", "PNG")
    convert("-size", "30x20", "gradient:", "-sampling-factor", "4:4:4", store.path("plain.jpg"))
    data = bytearray(store.path("plain.jpg").read_bytes())
    for marker, text in ((0xC7, "lossless hierarchical JPEG"), (0xCB, "arithmetic"), (0xC5, "hierarchical")):
        other = bytearray(data)
        other[other.index(b"\xff\xc0") + 1] = marker
        refuse(store, f"no_sof{marker:x}.jpg", text, bytes(other))
    other = bytearray(data)
    other[other.index(b"\xff\xc0") + 4] = 10
    refuse(store, "no_10bit.jpg", "10-bit JPEG", bytes(other))


def bitmaps(store):
    def bitmap(bits, compression=0, more=b"", size=40, start=None):
        head = struct.pack("<IiiHHIIiiII", size, 4, 4, 1, bits, compression, 0, 0, 0, 0, 0)
        start = 14 + len(head) + len(more) if start is None else start
        return b"BM" + struct.pack("<IHHI", 0, 0, 0, start) + head + more + bytes(128)

    refuse(store, "deep.bmp", "BMP of 64 bits", bitmap(64))
    refuse(store, "huge_head.bmp", "header of unknown size", bitmap(8, size=129))
    refuse(store, "rle24.bmp", "RLE24", bitmap(24, 4, bytes(24), size=64))
    refuse(store, "fax.bmp", "Huffman", bitmap(1, 3, bytes(24 + 8), size=64))
    refuse(store, "jpeg_inside.bmp", "JPEG inside", bitmap(0, 4))
    for name, masks, text in (
        ("wide", (0x3FF00000, 0xFFC00, 0x3FF), "color of 10 bits"),
        ("torn", (0xFF0000, 0x5500, 0xFF), "bits do not lie together"),
        ("without", (0xFF0000, 0xFF00, 0), "masks out a color"),
    ):
        refuse(store, f"masks_{name}.bmp", text, bitmap(32, 3, struct.pack("<III", *masks)))
    # Some take the palette for pixels then, some begin behind it.
    for start, text in ((54, "inside its palette"), (40, "inside its header")):
        store.path(f"start_{start}.bmp").write_bytes(bitmap(8, 0, bytes(1024), start=start))
        store.bad(f"start_{start}.bmp", "Corrupt", text)
    # A few bytes that claim to be gigabytes.
    head = struct.pack("<IiiHHIIiiII", 40, 65535, 65535, 1, 8, 1, 0, 0, 0, 0, 0)
    store.path("bomb.bmp").write_bytes(b"BM" + struct.pack("<IHHI", 0, 0, 0, 1078) + head + bytes(1024 + 64))
    store.bad("bomb.bmp", "LimitExceeded", "would unpack to 4294836225 bytes")
    store.path("bomb.pgm").write_bytes(b"P5 65000 65000 255\n" + bytes(100))
    store.bad("bomb.pgm", "Truncated", "before its image")
    store.path("bomb_text.pgm").write_bytes(b"P2 65000 65000 255\n" + b"1 " * 100)
    store.bad("bomb_text.pgm", "Truncated", "before its image")
    store.path("comment_behind.pgm").write_bytes(b"P5 4 1 255#\nabcdefgh")
    store.bad("comment_behind.pgm", "Corrupt", "right behind its maxval")
    store.path("too_much.pgm").write_bytes(b"P2 2 1 9\n 8 10\n")
    store.bad("too_much.pgm", "Corrupt", "above 9")
    for scale in ("0", "nan", "-inf", "one"):
        store.path(f"factor_{scale}.pfm").write_bytes(b"Pf 1 1 " + scale.encode() + b"\n" + bytes(4))
        store.bad(f"factor_{scale}.pfm", "Corrupt", "factor")
