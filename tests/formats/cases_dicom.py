"""DICOM: written by pydicom, coded by Pillow and pydicom, read by pydicom, too."""

import io
import zlib

import imagecodecs
import numpy
import pydicom
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.pixels import pixel_array
from pydicom.sequence import Sequence
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGBaseline8Bit,
    RLELossless,
)

from dicom import UNCOMPRESSED_FRAMES, bare, coded, dataset, save, save_unknown
from store import image, smooth

PLAIN = {
    "explicit": ExplicitVRLittleEndian,
    "implicit": ImplicitVRLittleEndian,
    "big": ExplicitVRBigEndian,
    "deflated": DeflatedExplicitVRLittleEndian,
}


def dicom_cases(store):
    native(store)
    frames(store)
    bits(store)
    starts(store)
    rle(store)
    jpeg(store)
    wide_jpeg(store)
    fragments(store)
    refused(store)


def agreed(store, name, pixels, **expected):
    """`pixels` are what pydicom reads, too."""
    found = pixel_array(pydicom.dcmread(store.path(name)), raw=True)
    numpy.testing.assert_array_equal(found.reshape(pixels.shape), pixels)
    store.good(name, pixels, **expected)


def native(store):
    for kind in ("u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8"):
        for name, syntax in PLAIN.items():
            pixels = image(kind)
            file = f"dicom_{kind}_{name}.dcm"
            save(store.path(file), dataset(pixels, syntax=syntax), syntax)
            agreed(store, file, pixels)
    for kind in ("u1", "u2"):
        for planar in (0, 1):
            for name, syntax in PLAIN.items():
                pixels = image(kind, channels=3)
                file = f"dicom_rgb_{kind}_{planar}_{name}.dcm"
                save(store.path(file), dataset(pixels, "RGB", planar=planar, syntax=syntax), syntax)
                agreed(store, file, pixels, photometric="Rgb")
    # Bytes in big-endian words of two, an odd number of them.
    for planar in (0, 1):
        pixels = image("u1", channels=3)
        ds = dataset(pixels, "RGB", planar=planar)
        raw = numpy.frombuffer(ds.PixelData, "<u2").astype(">u2").tobytes()
        ds.PixelData = raw
        ds["PixelData"].VR = "OW"
        file = f"dicom_rgb_words_{planar}.dcm"
        save(store.path(file), ds, ExplicitVRBigEndian)
        agreed(store, file, pixels, photometric="Rgb")
    pixels = image("u1", channels=3)
    save(store.path("dicom_ybr.dcm"), dataset(pixels, "YBR_FULL"))
    agreed(store, "dicom_ybr.dcm", pixels, photometric="Ycbcr")
    pixels = image("u1", channels=4)
    save(store.path("dicom_cmyk.dcm"), dataset(pixels, "CMYK"))
    store.good("dicom_cmyk.dcm", pixels, photometric="Cmyk")
    gray = image("u1")
    save(store.path("dicom_white.dcm"), dataset(gray, "MONOCHROME1"))
    agreed(store, "dicom_white.dcm", gray, photometric="MinIsWhite")
    save(store.path("dicom_palette.dcm"), dataset(gray, "PALETTE COLOR"))
    agreed(store, "dicom_palette.dcm", gray, photometric="Palette")
    # Two pixels share their chroma.
    pixels = image("u1", 21, 62, channels=3)
    pixels[:, 1::2, 1:] = pixels[:, ::2, 1:]
    ds = dataset(pixels, "YBR_FULL_422")
    pairs = numpy.stack([pixels[:, ::2, 0], pixels[:, 1::2, 0], pixels[:, ::2, 1], pixels[:, ::2, 2]], axis=-1)
    ds.PixelData = pairs.tobytes()
    save(store.path("dicom_422.dcm"), ds)
    agreed(store, "dicom_422.dcm", pixels, photometric="Ycbcr")


def frames(store):
    for name, syntax in PLAIN.items():
        for kind, channels, photometric in (("u1", 0, "MONOCHROME2"), ("i2", 0, "MONOCHROME2"), ("u1", 3, "RGB")):
            stack = numpy.stack([image(kind, 13, 11, channels), image(kind, 13, 11, channels)[::-1], image(kind, 13, 11, channels)[:, ::-1]])
            file = f"dicom_frames_{kind}_{channels}_{name}.dcm"
            ds = dataset(stack, photometric, frames=3, planar=1, syntax=syntax)
            save(store.path(file), ds, syntax)
            every(store, file, stack, photometric="Rgb" if channels else "MinIsBlack")
    # An odd number of bytes each, in words of two.
    ds = dataset(stack, "RGB", frames=3, planar=0)
    raw = ds.PixelData
    ds.PixelData = numpy.frombuffer(raw, "<u2").astype(">u2").tobytes()
    ds["PixelData"].VR = "OW"
    save(store.path("dicom_frames_words.dcm"), ds, ExplicitVRBigEndian)
    every(store, "dicom_frames_words.dcm", stack, photometric="Rgb")


def every(store, name, stack, **expected):
    found = pixel_array(pydicom.dcmread(store.path(name)), raw=True)
    numpy.testing.assert_array_equal(found, stack)
    for page, pixels in enumerate(stack):
        store.good(name, pixels, page=page, **expected)


def bits(store):
    # Frames of one bit begin within a byte.
    stack = numpy.stack([image("u1", 7, 9) & 1, image("u1", 9, 7).reshape(7, 9) >> 3 & 1, image("u1", 7, 9) >> 1 & 1])
    for name, syntax in PLAIN.items():
        ds = dataset(stack, frames=3, BitsAllocated=1, BitsStored=1, HighBit=0)
        packed = numpy.packbits(stack.reshape(-1), bitorder="little").tobytes()
        ds.PixelData = packed + b"\0" * (len(packed) % 2)
        ds["PixelData"].VR = "OB"
        save(store.path(f"dicom_bits_{name}.dcm"), ds, syntax)
        every(store, f"dicom_bits_{name}.dcm", stack, bits=1)
    # What stands above the bits that count is an overlay, or anything.
    for kind, channels in (("u2", 0), ("i2", 0), ("u4", 0), ("i4", 0), ("i8", 0), ("u1", 0), ("u2", 3)):
        for name, syntax in PLAIN.items():
            pixels = image(kind, channels=channels)
            size = 8 * pixels.dtype.itemsize
            stored = size - 3 - channels
            ds = dataset(pixels, "RGB" if channels else "MONOCHROME2", planar=1, syntax=syntax, BitsStored=stored, HighBit=stored - 1)
            file = f"dicom_unused_{kind}_{channels}_{name}.dcm"
            save(store.path(file), ds, syntax)
            expected = pixels << (size - stored) >> (size - stored)
            agreed(store, file, expected, bits=stored, photometric="Rgb" if channels else "MinIsBlack")


def starts(store):
    pixels = image("u2")
    for name in ("explicit", "implicit", "big"):
        syntax = PLAIN[name]
        alone = bare(dataset(pixels, syntax=syntax), syntax)
        # The same tags are no text that could be mistaken for another format.
        store.path(f"dicom_bare_{name}.dcm").write_bytes(alone)
        store.good(f"dicom_bare_{name}.dcm", pixels)
        store.path(f"dicom_unsaid_{name}.dcm").write_bytes(bytes(128) + b"DICM" + alone)
        store.good(f"dicom_unsaid_{name}.dcm", pixels)
        save(store.path("whole.dcm"), dataset(pixels, syntax=syntax), syntax)
        whole = store.path("whole.dcm").read_bytes()
        store.path(f"dicom_meta_{name}.dcm").write_bytes(whole[128 + 4:])
        store.good(f"dicom_meta_{name}.dcm", pixels)
        # A TIFF to those who know no DICOM.
        store.path(f"dicom_dual_{name}.dcm").write_bytes(b"II\x2a\0\x10\x27\0\0" + whole[8:])
        agreed(store, f"dicom_dual_{name}.dcm", pixels)
    store.path("whole.dcm").unlink()
    # The transfer syntax says the one, the elements are the other.
    for said, is_ in (("explicit", "implicit"), ("implicit", "explicit")):
        save(store.path("said.dcm"), dataset(pixels), PLAIN[said])
        whole = store.path("said.dcm").read_bytes()
        start = whole.index(b"\x08\0\x16\0")
        store.path(f"dicom_said_{said}.dcm").write_bytes(whole[:start] + bare(dataset(pixels), PLAIN[is_]))
        agreed(store, f"dicom_said_{said}.dcm", pixels)
    store.path("said.dcm").unlink()
    for name in ("explicit", "implicit", "big"):
        for undefined in (False, True):
            syntax = PLAIN[name]
            file = f"dicom_sequences_{name}_{int(undefined)}.dcm"
            save(store.path(file), with_sequences(dataset(pixels, syntax=syntax), undefined), syntax)
            agreed(store, file, pixels)


def with_sequences(ds, undefined):
    """An icon with pixels of its own, sequences in sequences, and functions of frames."""
    icon = Dataset()
    icon.Rows, icon.Columns, icon.SamplesPerPixel, icon.BitsAllocated = 2, 2, 1, 8
    icon.PhotometricInterpretation = "MONOCHROME1"
    icon.PixelData = b"\1\2\3\4"
    icon["PixelData"].VR = "OB"
    deep = Dataset()
    deep.Rows = 1
    inner = Dataset()
    inner.ReferencedImageSequence = Sequence([deep, Dataset()])
    measures = Dataset()
    measures.PixelSpacing = [0.5, 0.25]
    shared = Dataset()
    shared.PixelMeasuresSequence = Sequence([measures])
    ds.IconImageSequence = Sequence([icon])
    ds.ReferencedSeriesSequence = Sequence([inner, inner])
    ds.SharedFunctionalGroupsSequence = Sequence([shared])
    ds.PerFrameFunctionalGroupsSequence = Sequence([inner] * 3)
    if undefined:
        for outer in (ds, inner, shared):
            for element in outer:
                if element.VR == "SQ":
                    element.is_undefined_length = True
                    for item in element.value:
                        item.is_undefined_length_sequence_item = True
    return ds


def rle(store):
    for kind in ("u1", "u2", "i2"):
        for channels, photometric in ((0, "MONOCHROME2"), (3, "RGB")):
            # No color has a sign.
            if channels and kind == "i2":
                continue
            pixels = image(kind, channels=channels)
            ds = dataset(pixels, photometric)
            ds.file_meta = pydicom.dataset.FileMetaDataset()
            ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
            ds.compress(RLELossless)
            file = f"dicom_rle_{kind}_{channels}.dcm"
            save(store.path(file), ds, RLELossless)
            agreed(store, file, pixels, photometric="Rgb" if channels else "MinIsBlack")
    stack = numpy.stack([image("u2", 13, 11), image("u2", 13, 11)[::-1]])
    ds = dataset(stack, frames=2)
    ds.file_meta = pydicom.dataset.FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.compress(RLELossless)
    save(store.path("dicom_rle_frames.dcm"), ds, RLELossless)
    every(store, "dicom_rle_frames.dcm", stack)


def picture(pixels, strip=True, **options):
    """A JPEG; what says which color it is can be left out."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=90, **options)
    data = out.getvalue()
    if strip and data[2:4] in (b"\xff\xe0", b"\xff\xee"):
        data = data[:2] + data[4 + int.from_bytes(data[4:6], "big"):]
    return data


def wide_jpeg(store):
    """JPEG of more than 8 bits: lossless, and extended of 12."""
    gray = image("u2") >> 4
    for number in ("4.57", "4.70"):
        data = imagecodecs.ljpeg_encode(gray, bitspersample=12)
        ds = coded(dataset(gray, BitsStored=12, HighBit=11), [data])
        save(store.path(f"dicom_lossless_{number}.dcm"), ds, f"1.2.840.10008.1.2.{number}")
        store.good(f"dicom_lossless_{number}.dcm", gray, bits=12)
    data = imagecodecs.jpeg_encode(gray, level=95, bitspersample=12)
    ds = coded(dataset(gray, BitsStored=12, HighBit=11), [data])
    save(store.path("dicom_extended_12.dcm"), ds, "1.2.840.10008.1.2.4.51")
    store.good("dicom_extended_12.dcm", imagecodecs.jpeg_decode(data), bits=12)


def jpeg(store):
    gray, color = smooth(83, 101), smooth(83, 101, 3)
    data = picture(gray)
    save(store.path("dicom_jpeg_gray.dcm"), coded(dataset(gray), [data]), JPEGBaseline8Bit)
    agreed(store, "dicom_jpeg_gray.dcm", numpy.asarray(Image.open(io.BytesIO(data))))
    for sampling in (0, 1, 2):
        for declared in ("YBR_FULL_422", "RGB"):
            for strip in (True, False):
                data = picture(color, strip=strip, subsampling=sampling)
                whole = picture(color, strip=False, subsampling=sampling)
                with Image.open(io.BytesIO(whole)) as opened:
                    # JFIF's marker goes before what is declared.
                    if strip and declared == "RGB":
                        opened.draft("YCbCr", opened.size)
                    expected = numpy.asarray(opened)
                file = f"dicom_jpeg_{sampling}_{declared}_{int(strip)}.dcm"
                save(store.path(file), coded(dataset(color, declared), [data]), JPEGBaseline8Bit)
                store.good(file, expected, photometric="Rgb")
    data = picture(color, strip=False, keep_rgb=True)
    save(store.path("dicom_jpeg_rgb.dcm"), coded(dataset(color, "RGB"), [data]), JPEGBaseline8Bit)
    store.good("dicom_jpeg_rgb.dcm", numpy.asarray(Image.open(io.BytesIO(data))), photometric="Rgb")


def fragments(store):
    """Frames in one fragment or several, with every table of them or none."""
    pictures = [smooth(40, 56), smooth(40, 56)[::-1], smooth(40, 56)[:, ::-1]]
    data = [picture(numpy.ascontiguousarray(one)) for one in pictures]
    stack = numpy.stack([numpy.asarray(Image.open(io.BytesIO(one))) for one in data])
    for pieces in (1, 2, 3):
        for table in ("basic", "none", "extended"):
            if table == "extended" and pieces > 1:
                continue
            file = f"dicom_fragments_{pieces}_{table}.dcm"
            ds = dataset(stack, frames=3)
            if table == "extended":
                coded(ds, data, extended=True)
            else:
                coded(ds, data, fragments_per_frame=pieces, has_bot=table == "basic")
            save(store.path(file), ds, JPEGBaseline8Bit)
            every(store, file, stack)
    one = coded(dataset(stack[0]), data[:1], fragments_per_frame=4, has_bot=False)
    save(store.path("dicom_fragments_one.dcm"), one, JPEGBaseline8Bit)
    agreed(store, "dicom_fragments_one.dcm", stack[0])
    pixels = image("u2", channels=3)
    raw = pixels.astype("<u2").tobytes()
    planes = numpy.moveaxis(pixels, -1, 0).astype("<u2").tobytes()
    for planar, samples in ((0, raw), (1, planes)):
        plain = coded(dataset(pixels, "RGB", planar=planar), [samples])
        save(store.path(f"dicom_encapsulated_{planar}.dcm"), plain, UNCOMPRESSED_FRAMES)
        store.good(f"dicom_encapsulated_{planar}.dcm", pixels, photometric="Rgb")
        packer = zlib.compressobj(wbits=-15)
        packed = packer.compress(samples) + packer.flush()
        deflated = coded(dataset(pixels, "RGB", planar=planar), [packed])
        file = store.path(f"dicom_deflated_frames_{planar}.dcm")
        save_unknown(file, deflated, "1.2.840.10008.1.2.8.1")
        store.good(file.name, pixels, photometric="Rgb")


def refused(store):
    pixels = image("u2")

    def file(name, syntax=ExplicitVRLittleEndian, frames=None, **tags):
        ds = dataset(pixels, **tags)
        if frames:
            coded(ds, frames)
        save(store.path(name), ds, syntax)
        return store.path(name)

    for number, name in {
        "4.80": "JPEG-LS",
        "4.90": "JPEG 2000",
        "4.201": "High-Throughput JPEG 2000",
        "4.102": "MPEG video",
        "4.110": "JPEG XL",
    }.items():
        save_unknown(store.path(f"dicom_{number}.dcm"), coded(dataset(pixels), [b"nothing!"]), f"1.2.840.10008.1.2.{number}")
        store.bad(f"dicom_{number}.dcm", "Unsupported", name)
    save_unknown(store.path("dicom_private.dcm"), coded(dataset(pixels), [b"nothing!"]), "1.2.3.4")
    store.bad("dicom_private.dcm", "Unsupported", "1.2.3.4")
    file("dicom_extended.dcm", "1.2.840.10008.1.2.4.51", [picture(smooth())])
    store.bad("dicom_extended.dcm", "Unsupported", "u16 samples with a JPEG of 8 bits")
    for keyword, text in {
        "BitsAllocated": "BitsAllocated",
        "PhotometricInterpretation": "PhotometricInterpretation",
        "Rows": "Rows",
    }.items():
        ds = dataset(pixels)
        del ds[keyword]
        save(store.path(f"dicom_no_{keyword}.dcm"), ds)
        store.bad(f"dicom_no_{keyword}.dcm", "Corrupt", text)
    ds = dataset(image("u1", channels=3), "RGB")
    del ds.PlanarConfiguration
    save(store.path("dicom_no_planar.dcm"), ds)
    store.bad("dicom_no_planar.dcm", "Corrupt", "PlanarConfiguration")
    ds = dataset(image("u1", channels=3), "HSV")
    save(store.path("dicom_hsv.dcm"), ds)
    store.bad("dicom_hsv.dcm", "Unsupported", "HSV")
    file("dicom_high.dcm", BitsStored=12, HighBit=15)
    store.bad("dicom_high.dcm", "Unsupported", "12 bits that end at bit 15")
    file("dicom_24.dcm", BitsAllocated=24)
    store.bad("dicom_24.dcm", "Unsupported", "24 bits")
    # The pixels' element is shorter than the image, and something follows it.
    ds = dataset(pixels)
    ds.PixelData = ds.PixelData[:-100]
    ds.add_new(0xFFFCFFFC, "OB", bytes(500))
    save(store.path("dicom_short.dcm"), ds)
    store.bad("dicom_short.dcm", "Truncated", "but this frame ends at byte")
    ds = dataset(numpy.stack([pixels, pixels]), frames=2, NumberOfFrames=3)
    save(store.path("dicom_frames_short.dcm"), ds)
    for page in (0, 1):
        store.good("dicom_frames_short.dcm", pixels, page=page)
    whole = file("dicom_cut.dcm").read_bytes()
    store.path("dicom_cut.dcm").write_bytes(whole[:-10])
    store.bad("dicom_cut.dcm", "Truncated", "ends before its image")
    store.path("dicom_cut_head.dcm").write_bytes(whole[:whole.index(b"MONOCHROME2") + 4])
    store.bad("dicom_cut_head.dcm", "Truncated", "the file ends before")
    ds = coded(dataset(numpy.stack([smooth()] * 3), frames=3), [picture(smooth())] * 2, has_bot=False)
    save(store.path("dicom_too_few.dcm"), ds, JPEGBaseline8Bit)
    store.bad("dicom_too_few.dcm", "Truncated", "2 fragments for its 3 frames")
    # The one is said, the other written.
    for name, written, said, frames, text in (
        ("one_piece", ExplicitVRLittleEndian, RLELossless, None, "in one piece"),
        ("pieces", RLELossless, ExplicitVRLittleEndian, [bytes(100)], "in fragments"),
    ):
        path = file(f"dicom_{name}.dcm", written, frames)
        path.write_bytes(path.read_bytes().replace(written.encode() + b"\0", said.encode() + b"\0", 1))
        store.bad(path.name, "Corrupt", text)
    ds = dataset(pixels, Modality="SR")
    del ds.PixelData
    save(store.path("dicom_report.dcm"), ds)
    store.bad("dicom_report.dcm", "Unsupported", "a DICOM object without pixels of modality SR")
    ds.SOPClassUID = "1.2.840.10008.1.3.10"
    save(store.path("DICOMDIR"), ds)
    store.bad("DICOMDIR", "Unsupported", "a DICOM directory")
