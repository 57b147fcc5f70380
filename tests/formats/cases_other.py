"""PNG, JPEG, BMP and PNM."""

import io
import struct
import zlib

import imagecodecs
import numpy
from PIL import Image

from rawtiff import pack_bits
from store import convert, image, smooth


def other_cases(store):
    png(store)
    jpeg(store)
    bmp(store)
    pnm(store)


def png_file(width, height, bits, color, rows, extra=b"", interlace=0):
    """A PNG chunk by chunk; `rows` are packed, unfiltered."""
    filtered = b"".join(b"\0" + row for row in rows)
    head = struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, interlace)
    chunks = png_chunk(b"IHDR", head) + extra + png_chunk(b"IDAT", zlib.compress(filtered)) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def png_chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(store):
    for kind, channels in (("u1", 0), ("u1", 2), ("u1", 3), ("u1", 4), ("u2", 0), ("u2", 2), ("u2", 3), ("u2", 4)):
        pixels = image(kind, channels=channels)
        name = f"png_{kind}_{channels}.png"
        store.path(name).write_bytes(imagecodecs.png_encode(pixels))
        numpy.testing.assert_array_equal(imagecodecs.png_decode(store.path(name).read_bytes()), pixels)
        store.good(name, pixels, photometric="Rgb" if channels > 2 else "MinIsBlack")
        lace = f"png_{kind}_{channels}_interlaced.png"
        convert(store.path(name), "-interlace", "PNG", "-define", f"png:bit-depth={8 * int(kind[1])}", "-define", f"png:color-type={ {0: 0, 2: 4, 3: 2, 4: 6}[channels] }", store.path(lace))
        expected = imagecodecs.png_decode(store.path(lace).read_bytes())
        store.good(lace, expected.reshape(pixels.shape), photometric="Rgb" if channels > 2 else "MinIsBlack")
    for bits in (1, 2, 4):
        for width in (1, 7, 37):
            pixels = image("u1", 19, width) & ((1 << bits) - 1)
            packed = pack_bits(pixels, bits)
            size = len(packed) // 19
            rows = [packed[at:at + size] for at in range(0, len(packed), size)]
            name = f"png_gray{bits}_{width}.png"
            store.path(name).write_bytes(png_file(width, 19, bits, 0, rows))
            store.good(name, pixels, bits=bits)
            palette = png_chunk(b"PLTE", bytes((index * 37) % 256 for index in range(3 << bits)))
            name = f"png_palette{bits}_{width}.png"
            store.path(name).write_bytes(png_file(width, 19, bits, 3, rows, palette))
            store.good(name, pixels, bits=bits, photometric="Palette")
    pixels = image("u1")
    rows = [row.tobytes() for row in pixels]
    palette = png_chunk(b"PLTE", bytes((index * 37) % 256 for index in range(768)))
    store.path("png_palette8.png").write_bytes(png_file(61, 47, 8, 3, rows, palette))
    store.good("png_palette8.png", pixels, photometric="Palette")
    clear = png_chunk(b"tRNS", b"\0\5")
    store.path("png_trns.png").write_bytes(png_file(61, 47, 8, 0, rows, clear))
    store.good("png_trns.png", pixels, note="transparency by color (tRNS) is left out")
    first = Image.fromarray(pixels)
    first.save(store.path("animated.png"), save_all=True, append_images=[Image.fromarray(pixels[::-1])])
    store.good("animated.png", pixels, note="the PNG is animated; only its first image is loaded")
    gray4 = Image.fromarray(pixels)
    gray4.save(store.path("png_pillow.png"), optimize=True)
    store.good("png_pillow.png", pixels)


def jpeg(store):
    gray, color = smooth(83, 101), smooth(83, 101, 3)
    for progressive in (False, True):
        for quality in (50, 95):
            stem = f"jpeg_{'progressive' if progressive else 'baseline'}_{quality}"
            save = {"quality": quality, "progressive": progressive}
            jpeg_case(store, f"{stem}_gray.jpg", Image.fromarray(gray), **save)
            for sampling in (0, 1, 2):
                jpeg_case(store, f"{stem}_{sampling}.jpg", Image.fromarray(color), subsampling=sampling, **save)
            jpeg_case(store, f"{stem}_rgb.jpg", Image.fromarray(color), keep_rgb=True, **save)
    jpeg_case(store, "jpeg_restart.jpg", Image.fromarray(color), restart_marker_blocks=3)
    jpeg_case(store, "jpeg_restart_progressive.jpg", Image.fromarray(color), restart_marker_rows=1, progressive=True)
    jpeg_case(store, "jpeg_optimized.jpg", Image.fromarray(color), optimize=True)
    for size in (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33, 65):
        for sampling in (0, 1, 2):
            jpeg_case(store, f"jpeg_size{size}_{sampling}.jpg", Image.fromarray(smooth(size, size, 3)), subsampling=sampling)
        jpeg_case(store, f"jpeg_size{size}_gray.jpg", Image.fromarray(smooth(size, 2 * size)))
    for quality in (1, 30, 75, 100):
        noise = image("u1", channels=3)
        jpeg_case(store, f"jpeg_noise{quality}.jpg", Image.fromarray(noise), quality=quality)
        jpeg_case(store, f"jpeg_noise{quality}_gray.jpg", Image.fromarray(noise[:, :, 0]), quality=quality)
    ppm = store.path("plain.ppm")
    Image.fromarray(color).save(ppm)
    for name, options in {
        "plain": [],
        "line": ["-interlace", "Line"],
        "plane": ["-interlace", "Plane"],
        "none": ["-interlace", "None", "-sampling-factor", "4:4:4"],
        "422": ["-sampling-factor", "4:2:2"],
        "411": ["-sampling-factor", "4:1:1"],
        "440": ["-sampling-factor", "1x2"],
    }.items():
        convert(ppm, *options, store.path(f"jpeg_magick_{name}.jpg"))
        expect_jpeg(store, f"jpeg_magick_{name}.jpg")
    ppm.unlink()
    # What libjpeg warns of and reads all the same.
    data = store.path("jpeg_baseline_95_0.jpg").read_bytes()
    at = data.index(b"\xff\xc0")
    store.path("jpeg_stray.jpg").write_bytes(data[:at] + b"stray\xff\0" + data[at:])
    expect_jpeg(store, "jpeg_stray.jpg")
    assert data.endswith(b"\xff\xd9")
    store.path("jpeg_unended.jpg").write_bytes(data[:-2])
    store.good("jpeg_unended.jpg", numpy.asarray(Image.open(store.path("jpeg_baseline_95_0.jpg"))), photometric="Rgb")
    # An Exif segment in front; the orientation is declared, not applied.
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(gray).save(store.path("jpeg_exif.jpg"), exif=exif)
    expect_jpeg(store, "jpeg_exif.jpg")


def jpeg_case(store, name, picture, **options):
    picture.save(store.path(name), **options)
    expect_jpeg(store, name)


def expect_jpeg(store, name):
    """Equal to libjpeg to the last bit."""
    with Image.open(store.path(name)) as picture:
        expected = numpy.asarray(picture)
    store.good(name, expected, photometric="Rgb" if expected.ndim == 3 else "MinIsBlack")


def bmp(store):
    gray, color = image("u1"), image("u1", channels=3)
    for width in (1, 2, 3, 4, 61):
        part = numpy.ascontiguousarray(color[:, :width])
        Image.fromarray(part).save(store.path(f"bmp_rgb{width}.bmp"))
        store.good(f"bmp_rgb{width}.bmp", part, photometric="Rgb")
        part = numpy.ascontiguousarray(gray[:, :width])
        Image.fromarray(part).save(store.path(f"bmp_gray{width}.bmp"))
        store.good(f"bmp_gray{width}.bmp", part)
    palette = Image.fromarray(gray, "L").convert("P")
    palette.putpalette(bytes((index * 37) % 256 for index in range(768)))
    palette.save(store.path("bmp_palette.bmp"))
    store.good("bmp_palette.bmp", numpy.asarray(palette), photometric="Palette")
    alpha = image("u1", channels=4)
    Image.fromarray(alpha).save(store.path("bmp_rgba.bmp"))
    note = "the fourth byte of each BMP pixel, which its header leaves undefined, is left out"
    with Image.open(store.path("bmp_rgba.bmp")) as again:
        bands = len(again.getbands())
    store.good("bmp_rgba.bmp", alpha[:, :, :bands], photometric="Rgb", note=note if bands == 3 else "")
    for bits in (1, 2, 4, 8):
        for flip in (1, -1):
            pixels = image("u1", 19, 37) & ((1 << bits) - 1)
            for colors in ("ramp", "other", "short"):
                name = f"bmp_{bits}_{flip}_{colors}.bmp"
                used = (1 << bits) - (colors == "short")
                entries = [index * 255 // ((1 << bits) - 1) if colors == "ramp" else (index * 91 + 5) % 256 for index in range(used)]
                store.path(name).write_bytes(bmp_file(pixels, bits, entries, flip))
                # Indices past the end of a short palette stay what they are.
                store.good(name, pixels, bits=bits, photometric="MinIsBlack" if colors == "ramp" else "Palette")
    # Masks in the order of alpha, blue, green, red, as GIMP and ImageMagick write.
    convert("-size", "31x17", "gradient:red-blue", "-alpha", "set", "-channel", "A", "-evaluate", "set", "40%", store.path("bmp_masks.bmp"))
    with Image.open(store.path("bmp_masks.bmp")) as again:
        store.good("bmp_masks.bmp", numpy.asarray(again), photometric="Rgb")
    for name, kind in (("bmp2", "BMP2"), ("bmp3", "BMP3")):
        convert("-size", "31x17", "gradient:red-blue", "-type", "TrueColor", f"{kind}:{store.path(name + '.bmp')}")
        with Image.open(store.path(name + ".bmp")) as again:
            store.good(name + ".bmp", numpy.asarray(again.convert("RGB")), photometric="Rgb")
    convert("-size", "40x20", "pattern:checkerboard", "-colors", "8", "-compress", "RLE", f"BMP3:{store.path('bmp_rle.bmp')}")
    with Image.open(store.path("bmp_rle.bmp")) as again:
        assert again.mode == "P"
        store.good("bmp_rle.bmp", numpy.asarray(again), photometric="Palette")
    bmp_masks(store)
    bmp_heads(store)
    bmp_runs(store)


def bmp_masks(store):
    """Colors of other widths than 8 bits, as Pillow and imagecodecs scale them."""
    noise = numpy.random.default_rng(5)
    for name, bits, masks in (
        ("555", 16, None),
        ("565", 16, (0xF800, 0x07E0, 0x001F)),
        ("4444", 16, (0x0F00, 0x00F0, 0x000F, 0xF000)),
        ("231", 16, (0x0030, 0x000E, 0x0001)),
        ("swapped", 32, (0xFF000000, 0x00FF0000, 0x0000FF00)),
    ):
        pixels = noise.integers(0, 1 << bits, (21, 13), numpy.uint64).astype(f"<u{bits // 8}")
        size = 40 if masks is None or len(masks) == 3 else 56
        more = b"" if masks is None else struct.pack(f"<{len(masks)}I", *masks)
        rows = b"".join(row.tobytes() + bytes(-row.nbytes % 4) for row in pixels)
        file = store.path(f"bmp_{name}.bmp")
        file.write_bytes(bmp_start(size, 13, 21, bits, 0 if masks is None else 3, more, len(rows)) + rows)
        # It takes what no mask names for alpha.
        expected = imagecodecs.bmp_decode(file.read_bytes())[:, :, :max(3, len(masks or ()))]
        if name in ("555", "565"):
            with Image.open(file) as again:
                assert (numpy.asarray(again) == expected).all()
        widths = [bin(mask).count("1") for mask in masks or (0x7C00, 0x3E0, 0x1F)]
        note = f"samples of {', '.join(map(str, widths))} bits are scaled to 8"
        if name == "swapped":
            note = "the fourth byte of each BMP pixel, which its header leaves undefined, is left out"
        store.good(file.name, expected, photometric="Rgb", note=note)


def bmp_start(size, width, height, bits, compression, more, length):
    """Both headers, and what follows them in front of the pixels."""
    if size == 12:
        head = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        head = struct.pack("<IiiHHIIiiII", size, width, height, 1, bits, compression, length, 0, 0, 0, 0)
    body = (head + more)[:size] if size < 40 else head + more
    body = body + bytes(max(0, size - len(body)))
    body += more if size < 40 else b""
    start = 14 + len(body)
    return b"BM" + struct.pack("<IHHI", start + length, 0, 0, start) + body


def bmp_heads(store):
    """Headers of OS/2 and others of unusual sizes; the last row may lack its filling."""
    pixels = image("u1", 19, 37)
    rows = b"".join(row.tobytes() + bytes(3) for row in pixels[::-1])
    for size in (12, 16, 24, 64, 66, 108, 124):
        entry = 3 if size == 12 else 4
        palette = b"".join(bytes([(index * 7) % 256, index, 9, 0])[:entry] for index in range(256))
        more = palette if size <= 40 else bytes(size - 40) + palette
        file = store.path(f"bmp_head{size}.bmp")
        file.write_bytes(bmp_start(size, 37, 19, 8, 0, more, len(rows)) + rows)
        if size in (12, 64, 108, 124):
            with Image.open(file) as again:
                assert (numpy.asarray(again) == pixels).all(), size
        store.good(file.name, pixels, photometric="Palette")
    # Without the file's own header, as Pillow writes and reads it.
    Image.fromarray(image("u1", channels=3)).save(store.path("rgb.dib"))
    store.good("rgb.dib", image("u1", channels=3), photometric="Rgb")
    store.path("palette.dib").write_bytes(store.path("bmp_8_1_other.bmp").read_bytes()[14:])
    with Image.open(store.path("palette.dib")) as again:
        store.good("palette.dib", numpy.asarray(again), photometric="Palette")
    file = store.path("bmp_unfilled.bmp")
    file.write_bytes(store.path("bmp_head124.bmp").read_bytes()[:-3])
    store.good(file.name, pixels, photometric="Palette")


def bmp_runs(store):
    """Runs, literals and jumps, also from the top down and over filled-up rows."""
    palette = b"".join(bytes([index, 0, 255 - index, 0]) for index in range(256))
    for bits, wide in ((8, 18), (4, 18), (8, 17), (4, 17)):
        pixels = image("u1", 12, wide) & ((1 << bits) - 1)
        pixels[3:8, 4:] = 0
        pixels[5] = 0
        for flip in (1, -1):
            filled = numpy.pad(pixels, ((0, 0), (0, -wide % 4))) if wide == 17 else pixels
            data = rle(filled[::-flip], bits)
            file = store.path(f"bmp_runs{bits}_{wide}_{flip}.bmp")
            start = bmp_start(40, wide, 12 * flip, bits, 1 if bits == 8 else 2, palette[:4 << bits], len(data))
            file.write_bytes(start + data)
            store.good(file.name, pixels, bits=bits, photometric="Palette")


def rle(rows, bits):
    """Each row from 0 on jumped over, the rest in runs and literals by turns."""
    data = bytearray()
    skipped = 0
    for row in rows:
        if not row.any():
            skipped += 1
            continue
        if skipped:
            data += bytes([0, 2, 0, skipped])
            skipped = 0
        at = int(numpy.flatnonzero(row)[0])
        if at:
            data += bytes([0, 2, at, 0])
        while at < len(row):
            run = 1
            while at + run < len(row) and row[at + run] == row[at]:
                run += 1
            left = min(len(row) - at, 7)
            if run > 1 or left < 3:
                data += bytes([run, int(row[at]) * (17 if bits == 4 else 1)])
                at += run
                continue
            literal = row[at:at + left]
            packed = literal.tobytes() if bits == 8 else pack_bits(literal[None], 4)
            data += bytes([0, left]) + packed + bytes(len(packed) % 2)
            at += left
        data += b"\0\0"
    return bytes(data) + b"\0\1"


def bmp_file(pixels, bits, entries, flip):
    height, width = pixels.shape
    rows = pixels[::-1] if flip > 0 else pixels
    data = rows.tobytes() if bits == 8 else pack_bits(rows, bits)
    size = len(data) // height
    pad = -size % 4
    data = b"".join(data[at:at + size] + b"\0" * pad for at in range(0, len(data), size))
    used = len(entries)
    palette = b"".join(bytes([entry, entry, entry, 0]) for entry in entries)
    head = struct.pack("<IiiHHIIiiII", 40, width, height * flip, 1, bits, 0, len(data), 0, 0, used, 0)
    start = 14 + len(head) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + head + palette + data


def pnm(store):
    gray, color = image("u1"), image("u1", channels=3)
    wide, wide_color = image("u2"), image("u2", channels=3)
    bits = image("u1") & 1
    for name, pixels, head in (
        ("gray8.pgm", gray, b"P5 61 47 255\n"),
        ("gray16.pgm", wide, b"P5\n61 47\n65535\n"),
        ("rgb8.ppm", color, b"P6\n# a comment\n61\n# another\n47 255\n"),
        ("rgb16.ppm", wide_color, b"P6 61 47 65535\n"),
    ):
        store.path(name).write_bytes(head + pixels.astype(">u2" if pixels.dtype == "u2" else "u1").tobytes())
        store.good(name, pixels, photometric="Rgb" if pixels.ndim == 3 else "MinIsBlack")
    for maxval in (1, 15, 100, 256, 1023, 4095):
        small = (wide % (maxval + 1)).astype("u2" if maxval > 255 else "u1")
        note = f"samples are as stored, from 0 to the maxval of {maxval}"
        store.path(f"max{maxval}.pgm").write_bytes(b"P5 61 47 %d\n" % maxval + small.astype(">u2" if maxval > 255 else "u1").tobytes())
        store.good(f"max{maxval}.pgm", small, note=note)
        text = "\n".join(" ".join(str(value) for value in row) for row in small)
        store.path(f"text{maxval}.pgm").write_text(f"P2\n# text\n61 47\n{maxval}\n{text}\n")
        store.good(f"text{maxval}.pgm", small, note=note)
    text = " ".join(str(value) for value in color.flat)
    store.path("text.ppm").write_text(f"P3 61 47 255\n{text}")
    store.good("text.ppm", color, photometric="Rgb")
    store.path("bits.pbm").write_bytes(b"P4 61 47\n" + pack_bits(bits, 1))
    store.good("bits.pbm", bits, bits=1, photometric="MinIsWhite")
    store.path("text.pbm").write_text("P1 61 47\n" + "\n".join("".join(map(str, row)) for row in bits))
    store.good("text.pbm", bits, bits=1, photometric="MinIsWhite")
    for depth, kind in ((1, "GRAYSCALE"), (2, "GRAYSCALE_ALPHA"), (3, "RGB"), (4, "RGB_ALPHA"), (1, ""), (3, "")):
        for maxval in (255, 65535, 1000):
            pixels = image("u1" if maxval < 256 else "u2", channels=depth)
            pixels = (pixels % (maxval + 1)).astype(pixels.dtype) if maxval == 1000 else pixels
            head = f"P7\nWIDTH 61\nHEIGHT 47\n# why not\nDEPTH {depth}\nMAXVAL {maxval}\n" + (f"TUPLTYPE {kind}\n" if kind else "") + "ENDHDR\n"
            name = f"pam_{depth}_{kind}_{maxval}.pam"
            store.path(name).write_bytes(head.encode() + pixels.astype(">u2" if maxval > 255 else "u1").tobytes())
            note = "samples are as stored, from 0 to the maxval of 1000" if maxval == 1000 else ""
            store.good(name, pixels, photometric="Rgb" if depth > 2 else "MinIsBlack", note=note)
    store.path("pam_bw.pam").write_bytes(b"P7\nWIDTH 61\nHEIGHT 47\nDEPTH 1\nMAXVAL 1\nTUPLTYPE BLACKANDWHITE\nENDHDR\n" + bits.tobytes())
    store.good("pam_bw.pam", bits, note="samples are as stored, from 0 to the maxval of 1")
    store.path("two.pgm").write_bytes((b"P5 61 47 255\n" + gray.tobytes()) * 2)
    store.good("two.pgm", gray, note="the file holds further images; only the first is loaded")
    for name, pixels, kind in (("grey", image("f4"), b"Pf"), ("rgb", image("f4", channels=3), b"PF")):
        for order, scale in (("<", b"-1.0"), (">", b"1"), (">", b"2.5")):
            file = store.path(f"pfm_{name}_{scale.decode()}.pfm")
            # The bottom row comes first.
            file.write_bytes(kind + b"\n61 47\n" + scale + b"\n" + pixels[::-1].astype(order + "f4").tobytes())
            note = "samples are as stored, without the factor of 2.5" if scale == b"2.5" else ""
            store.good(file.name, pixels, photometric="Rgb" if name == "rgb" else "MinIsBlack", note=note)
    with Image.open(store.path("pfm_grey_-1.0.pfm")) as again:
        assert (numpy.asarray(again) == image("f4")).all()
    store.path("comments.pgm").write_bytes(b"P2# one\n61 # two\n47 255 # three\n" + b"# four\n".join(b" %d " % value for value in gray.flat))
    store.good("comments.pgm", gray)
    store.path("tab.pbm").write_bytes(b"P4\x0b61\t47\n" + pack_bits(bits, 1))
    store.good("tab.pbm", bits, bits=1, photometric="MinIsWhite")
    out = io.BytesIO()
    Image.fromarray(gray > 100).save(out, "PPM")
    store.path("pillow.pbm").write_bytes(out.getvalue())
    # Pillow has white as 1 where PBM has black.
    store.good("pillow.pbm", ~(gray > 100), bits=1, photometric="MinIsWhite")
