"""JPEG beyond baseline: lossless, of 12 bits, CMYK, with arithmetic codes; as files and inside TIFF."""

import base64
import io

import imagecodecs
import numpy
import tifffile
from PIL import Image

from rawtiff import tiff
from store import convert, image, smooth


def jpeg_cases(store):
    lossless(store)
    twelve_bits(store)
    four_components(store)
    sampling(store)
    arithmetic(store)
    odd_but_whole(store)
    inside_tiff(store)
    raw_tiles(store)


def keep(store, name, data, expected=None, **about):
    store.path(name).write_bytes(data)
    expected = imagecodecs.jpeg_decode(data) if expected is None else expected
    about.setdefault("photometric", {2: "MinIsBlack"}.get(expected.ndim, "Rgb"))
    store.good(name, expected, **about)


def below(bits, channels=0):
    """An image whose samples have so many bits."""
    return image("u2" if bits > 8 else "u1", 37, 53, channels) & (1 << bits) - 1


def lossless(store):
    for bits in range(2, 17):
        for predictor in (1, 2, 3, 4, 5, 6, 7) if bits in (8, 12, 16) else (bits % 7 + 1,):
            pixels = below(bits)
            data = imagecodecs.jpeg_encode(pixels, lossless=True, bitspersample=bits, predictor=predictor)
            keep(store, f"lossless_{bits}_{predictor}.jpg", data, pixels, bits=bits)
    for bits in (8, 12, 16):
        for channels, photometric in ((2, "MinIsBlack"), (3, "Rgb"), (4, "Cmyk")):
            pixels = below(bits, channels)
            data = imagecodecs.jpeg_encode(pixels, lossless=True, bitspersample=bits, predictor=4)
            keep(store, f"lossless_{bits}_channels{channels}.jpg", data, pixels, bits=bits, photometric=photometric)


def twelve_bits(store):
    for channels in (0, 3):
        fine = smooth(83, 101, channels).astype("u2") * 16 + image("u1", 83, 101, channels) % 16
        noise = image("u2", 83, 101, channels) >> 4
        for sampling in ((1, 1), (2, 1), (2, 2), (1, 2)) if channels else ((1, 1),):
            for level in (30, 95, 100):
                for kind, pixels in (("fine", fine), ("noise", noise)):
                    data = imagecodecs.jpeg_encode(pixels, level=level, bitspersample=12, subsampling=sampling)
                    keep(store, f"jpeg12_{kind}{channels}_{level}_{sampling[0]}{sampling[1]}.jpg", data, bits=12)


def four_components(store):
    for channels, photometric in ((2, "MinIsBlack"), (4, "Cmyk")):
        data = imagecodecs.jpeg_encode(smooth(83, 101, channels))
        keep(store, f"jpeg_{channels}_channels.jpg", data, photometric=photometric)
    # Adobe's CMYK is stored inverted, which stays so. Pillow turns it round.
    file = io.BytesIO()
    Image.fromarray(smooth(83, 101, 4), "CMYK").save(file, "JPEG")
    keep(store, "jpeg_adobe.jpg", file.getvalue(), photometric="Cmyk")
    numpy.testing.assert_array_equal(
        255 - imagecodecs.jpeg_decode(file.getvalue()), numpy.asarray(Image.open(file)))
    # The same bytes said to be YCCK.
    data = bytearray(file.getvalue())
    data[data.index(b"Adobe") + 11] = 2
    keep(store, "jpeg_ycck.jpg", bytes(data), photometric="Cmyk", note="its YCCK was turned into CMYK")


def sampling(store):
    """As few libraries write them."""
    plain = store.path("plain.ppm")
    Image.fromarray(smooth(83, 101, 3)).save(plain)
    for sampling in ("4x1", "1x4", "4x2", "3x1", "2x2,1x1,2x1", "1x1,2x2,1x1"):
        for interlace in ("None", "Line", "Plane"):
            name = f"jpeg_sampled_{sampling.replace(',', '_')}_{interlace}.jpg"
            convert(plain, "-sampling-factor", sampling, "-interlace", interlace, store.path(name))
            keep(store, name, store.path(name).read_bytes())
    plain.unlink()


def arithmetic(store):
    for name, text in ARITHMETIC.items():
        data = base64.b85decode(text)
        keep(store, f"jpeg_arithmetic_{name}.jpg", data)
        store.path(f"cut_arithmetic_{name}.jpg").write_bytes(data[:-30])
        store.bad(f"cut_arithmetic_{name}.jpg", "Truncated|Corrupt", "JPEG")


def odd_but_whole(store):
    """Files that break a rule, and of which libjpeg makes the same pixels as of sound ones."""
    for kind, options in (("baseline", {}), ("progressive", {"progressive": True})):
        file = io.BytesIO()
        Image.fromarray(smooth(47, 61, 3)).save(file, "JPEG", **options)
        data = file.getvalue()
        pixels = imagecodecs.jpeg_decode(data)

        def odd(name, changed):
            numpy.testing.assert_array_equal(imagecodecs.jpeg_decode(changed), pixels)
            keep(store, f"odd_{kind}_{name}.jpg", changed, pixels)

        steps = data.index(b"\xff\xdb")
        odd("junk", data[:steps] + b"junk\xff\0\x12" + data[steps:])
        odd("fill", data[:steps] + b"\xff\xff\xff" + data[steps:])
        odd("no_end", data[:-2])
        if kind == "baseline":
            odd("padded", data[:-2] + bytes(3) + data[-2:])
            # As frames of motion JPEG are: the codes are those of the standard.
            first, last = data.index(b"\xff\xc4"), data.index(b"\xff\xda")
            odd("no_codes", data[:first] + data[last:])
            # Numbers of a scan that can be no others, left out.
            numbers = data.index(b"\x00\x3f\x00", last)
            odd("no_numbers", data[:numbers] + bytes(3) + data[numbers + 3:])


def inside_tiff(store):
    def case(name, pixels, compressionargs=None, **about):
        options = about.pop("options", {})
        name = f"tiff_jpeg_{name}.tif"
        tifffile.imwrite(store.path(name), pixels, compression="jpeg", compressionargs=dict(compressionargs or {}), metadata=None, **options)
        expected = tifffile.imread(store.path(name))
        if options.get("planarconfig") == "separate":
            expected = numpy.moveaxis(expected, 0, 2)
        store.good(name, expected, **about)

    gray, rgb, cmyk = ({"photometric": name} for name in ("minisblack", "rgb", "separated"))
    lossless = {"lossless": True, "predictor": 6}
    case("lossless", smooth(), lossless, options=gray)
    # tifffile writes no such strips.
    pixels = smooth(channels=3)
    data = tiff({256: 61, 257: 47, 258: [8] * 3, 259: 7, 262: 2, 277: 3}, [imagecodecs.jpeg_encode(pixels, **lossless)])
    store.path("tiff_jpeg_lossless_rgb.tif").write_bytes(data)
    store.good("tiff_jpeg_lossless_rgb.tif", pixels, photometric="Rgb")
    for bits in (12, 16):
        pixels, name = below(bits), f"tiff_jpeg_lossless_{bits}.tif"
        strips = [imagecodecs.jpeg_encode(pixels[y:y + 19], **lossless, bitspersample=bits) for y in (0, 19)]
        store.path(name).write_bytes(tiff({256: 53, 257: 37, 258: bits, 259: 7, 278: 19}, strips))
        numpy.testing.assert_array_equal(tifffile.imread(store.path(name)), pixels)
        store.good(name, pixels, bits=bits)
    twelve = {"bitspersample": 12}
    fine = smooth(channels=3).astype("u2") << 4
    case("12", fine[:, :, 0], twelve, options={**gray, **twelve}, bits=12)
    case("12_tiles", fine[:, :, 0], twelve, options={**gray, **twelve, "tile": (32, 32)}, bits=12)
    case("12_rgb", fine, twelve, options={**rgb, **twelve}, bits=12, photometric="Rgb")
    case("12_ycbcr", fine, twelve, options={"photometric": "ycbcr", **twelve}, bits=12, photometric="Rgb")
    case("cmyk", smooth(channels=4), options={**cmyk, "planarconfig": "contig"}, photometric="Cmyk")
    case("cmyk_planar", numpy.moveaxis(smooth(channels=4), 2, 0), options={**cmyk, "planarconfig": "separate"}, photometric="Cmyk")
    # No writer at hand makes JPEGs of color or grey with alpha.
    for channels, number, photometric in ((2, 1, "MinIsBlack"), (4, 2, "Rgb")):
        name, tags = f"tiff_jpeg_alpha{channels}.tif", {258: [8] * channels, 262: number, 277: channels, 338: 2}
        data = imagecodecs.jpeg_encode(smooth(channels=channels))
        store.path(name).write_bytes(tiff({256: 61, 257: 47, 259: 7, **tags}, [data]))
        store.good(name, tifffile.imread(store.path(name)), photometric=photometric)


def raw_tiles(store):
    """A raw file of a camera: one component, whose columns are coded as two or four."""
    pixels = image("u2", 48, 64) & 0x3FFF
    tags = {256: 64, 257: 48, 258: 16, 262: 32803, 322: 32, 323: 24}
    tiles = [pixels[y:y + 24, x:x + 32] for y in (0, 24) for x in (0, 32)]
    for columns in (1, 2, 4):
        coded = [
            imagecodecs.jpeg_encode(
                tile.reshape(24, 32 // columns, columns).squeeze(), lossless=True, bitspersample=14, predictor=1)
            for tile in tiles
        ]
        data = tiff({**tags, 259: 7, 273: None, 279: None}, coded, offsets_tag=324, counts_tag=325)
        store.path(f"raw_{columns}.tif").write_bytes(data)
        store.good(f"raw_{columns}.tif", pixels, bits=16, photometric="Cfa")
    # Two rows beside each other.
    coded = [imagecodecs.ljpeg_encode(tile.reshape(12, 64), bitspersample=14) for tile in tiles]
    data = tiff({**tags, 259: 7, 273: None, 279: None}, coded, offsets_tag=324, counts_tag=325)
    store.path("raw_rows.tif").write_bytes(data)
    store.good("raw_rows.tif", pixels, bits=16, photometric="Cfa")
    # Fewer samples than the tile has.
    coded[2] = imagecodecs.ljpeg_encode(tiles[2][:, :31].copy(), bitspersample=14)
    data = tiff({**tags, 259: 7, 273: None, 279: None}, coded, offsets_tag=324, counts_tag=325)
    store.path("bad_raw.tif").write_bytes(data)
    store.bad("bad_raw.tif", "Corrupt", "x 24 pixels where 32 x 24 belong")
    # More bits than the tags promise.
    data = imagecodecs.jpeg_encode(image("u2", 20, 30), lossless=True, bitspersample=16)
    store.path("no_jpeg_bits.tif").write_bytes(tiff({256: 30, 257: 20, 258: 12, 259: 7}, [data]))
    store.bad("no_jpeg_bits.tif", "Unsupported", "a JPEG of 16 bits in a TIFF of 12")


# Made with libjpeg-turbo's jpegtran, as no library at hand writes arithmetic codes.
ARITHMETIC = {
    "sequential":
        "|JeWF01!$>Nk#wx0RR9200961|JwjV01XKW3knDg3knMk4h;_zAQcl55)&sJ9v2`kDKRiEDJ?8BI!Zn>HbyrrEkIX6ModmpQ&KWM"
        "T47pHU`kO^PygEhLjevB4iga*CKVMXPc<zyPft%zPft%zPft%zPft%zPft%zPft%zPft%zPft%zPft%zPft%zPft%zPft%zPf!2J"
        "01*fP6#yFp0U`hb5di}c0sqVZ3IGrg1pyEd1^?Or3<CiG0ucid06zf#0HLT3HCkpMlRrdXQAt#$`bgNdU|P8&Uk2LlR&sZ#e0aq9"
        "tG}<NRA5wQ7G-`Y^*__w>G8-7#SeZ8RuZSU#Z(w48UphL?HXm|8-=5Ku=3t1{ocQ(1c<?pg>Fxzlg%ESzn1DF>Xy-)R#Kn}jNt#-",
    "restarts":
        "|JeWF01!$>Nk#wx0RR9200961|JwjV01XKW3knDg3knMk4h;_zAQcl55)&sJ9v2`kDKRiEDJ?8BI!Zn>HbyrrEkIX6ModmpQ&KWM"
        "T47pHU`kO^PygEhLjevB4iga*CKVMXPc<zyPft%zPft%zPft%zPft%zPft%zPft%zPft%zPft%zPft%zPft%zPft%zPft%zPf!2J"
        "01*fP6#yFp0U`hb5di}c0sqVZ3IGrg1pyEd1^?Xu1ONj6+5ij#0RRFK0}%i}0RI4?s17w+W+0P4L|;)!RHph!*tK9<xg%c&+U{0z"
        "cd2}M#QCeguclOBRAv@sekk=n)7$Cs$PL90ehO9+r?|yb7$+J6^9Ai1|IqzglVc+UYN5(#`wMD9Bfao?*M$5-`Pepc-"
        "7XmDG!T;9qQ*F>E>U*dSpV4",
    "progressive":
        "|JeWF01!$>Nk#wx0RR9200961|JwjV01XKW3knDg3knMk4h;_zAQcl55)&sJ9v2`kDKRiEDJ?8BI!Zn>HbyrrEkIX6ModmpQ&KWM"
        "T47pHU`kO^PygEhLjevB4iga*CKVMXPc<zyPft%zPft%zPft%zPft%zPft%zPft%zPft%zPft%zPft%zPft%zPft%zPft%zPf!2K"
        "01*fP6#yFp0U`hb5di}c0sqVZ1^^HN5dYc$3<CiG0uTcb0006107dhJ;?wllg<IJ>wPNZZudOczwr2m#00a;P|Jncu0RaF31p)^0"
        ">MeIBpGH9c%m4%t1^?Or2mu2D0Y3p0JB#zQJf_t=F#pT|1Q7-"
        "Q+5iXv0s#R(0ZMDifLYq~MMGps$p6d$1P}%P+5iXv0RRR+0>J;w00a;P|Jncu0RaF3KOxHG^e);$dFH69o!Nsx|Jncy0|5X600RI"
        "301y}D8~@Az1Q7-Q+5iXv0|5a)5FAVttFfBU|I7dc5e5I+00;pB0RcY{eOh+5`%Zh-"
        "F#pT|1P}%P+5iXv0RRC%5a;gcgr7!c2j~TwU_`<t!B2#Yh%t#Y?f=;",
}
