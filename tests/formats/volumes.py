"""Writes the volumes that tests/volumes.rs reads: volumes.py FOLDER

Most are written by SimpleITK and pynrrd. Those that neither writes (lists of files,
other byte orders, offsets) are put together by NumPy, and must come back from one of
the two as they are. `manifest.tsv` has a line for each:

    header  dtype  slices  height  width  channels  photometric  spacing

and HEADER.expected holds its samples, in native byte order.
"""

import pathlib
import sys

import nrrd
import numpy
import SimpleITK

from store import image

DTYPES = ("u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8")
MET = dict(u1="UCHAR", i1="CHAR", u2="USHORT", i2="SHORT", u4="UINT", i4="INT", u8="ULONG_LONG",
           i8="LONG_LONG", f4="FLOAT", f8="DOUBLE")
WORDS = dict(u1="uint8", i2="short", u2="unsigned short", f4="float", f8="double", i8="long long int")


class Volumes:
    def __init__(self, folder):
        self.folder = folder
        self.lines = []

    def path(self, name):
        (self.folder / name).parent.mkdir(exist_ok=True)
        return self.folder / name

    def good(self, name, pixels, photometric="MinIsBlack", spacing="-"):
        """Header `name` must come out as `pixels`: slices, rows, columns, channels."""
        native = numpy.ascontiguousarray(pixels, pixels.dtype.newbyteorder("="))
        native.tofile(self.path(f"{name}.expected"))
        kind = f"{native.dtype.kind}{native.dtype.itemsize * 8}"
        self.lines.append("\t".join(map(str, (name, kind, *pixels.shape, photometric, spacing))))


def stack(dtype, slices=5, height=7, width=11, channels=1):
    planes = [image(dtype, height + z, width, channels)[:height] for z in range(slices)]
    return numpy.stack(planes)


def same(header, pixels):
    """What SimpleITK makes of a header that it did not write."""
    read = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(header)))
    numpy.testing.assert_array_equal(read.reshape(pixels.shape), pixels)


def simple_itk(volumes):
    for dtype in DTYPES:
        pixels = stack(dtype)
        picture = SimpleITK.GetImageFromArray(pixels[..., 0])
        picture.SetSpacing((0.5, 0.25, 2.0))
        for kind in ("mhd", "mha", "nrrd", "nhdr"):
            name = f"itk_{dtype}_{kind}/scan.{kind}"
            SimpleITK.WriteImage(picture, str(volumes.path(name)), useCompression=False)
            volumes.good(name, pixels, spacing="500 250 2000")
    for dtype, channels in (("u1", 3), ("u2", 4), ("f4", 3), ("i2", 2), ("u1", 7)):
        pixels = stack(dtype, channels=channels)
        picture = SimpleITK.GetImageFromArray(pixels, isVector=True)
        for kind in ("mhd", "mha", "nrrd", "nhdr"):
            name = f"itk_{dtype}x{channels}_{kind}/scan.{kind}"
            SimpleITK.WriteImage(picture, str(volumes.path(name)), useCompression=False)
            # NRRD says that it is a vector; MetaImage does not say.
            color = kind.startswith("mh") and channels in (3, 4) and dtype[0] == "u"
            volumes.good(name, pixels, photometric="Rgb" if color else "MinIsBlack", spacing="1000 1000 1000")
    four = stack("i2", slices=6)
    picture = SimpleITK.GetImageFromArray(four.reshape(2, 3, 7, 11), isVector=False)
    assert picture.GetDimension() == 4
    flat = SimpleITK.GetImageFromArray(four[0, ..., 0])
    for kind in ("mhd", "mha", "nrrd"):
        SimpleITK.WriteImage(picture, str(volumes.path(f"itk_4d_{kind}/scan.{kind}")), useCompression=False)
        volumes.good(f"itk_4d_{kind}/scan.{kind}", four, spacing="1000 1000 1000")
        SimpleITK.WriteImage(flat, str(volumes.path(f"itk_2d_{kind}/scan.{kind}")), useCompression=False)
        volumes.good(f"itk_2d_{kind}/scan.{kind}", four[:1], spacing="1000 1000 -")
    waves = SimpleITK.GetImageFromArray((four[..., 0] + 1j).astype("c8"))
    for kind in ("mhd", "nrrd"):
        SimpleITK.WriteImage(waves, str(volumes.path(f"itk_complex_{kind}/scan.{kind}")), useCompression=False)
        pair = numpy.stack([four[..., 0], numpy.ones_like(four[..., 0])], axis=-1).astype("f4")
        volumes.good(f"itk_complex_{kind}/scan.{kind}", pair, spacing="1000 1000 1000")


def metaimage(volumes):
    def head(name, pixels, lines):
        slices, height, width, channels = pixels.shape
        text = f"ObjectType = Image\nNDims = 3\nBinaryData = True\nDimSize = {width} {height} {slices}\n"
        text += f"ElementNumberOfChannels = {channels}\nElementType = MET_{MET[pixels.dtype.str[1:]]}\n{lines}\n"
        volumes.path(name).write_bytes(text.encode())
        same(volumes.path(name), pixels)
        volumes.good(name, pixels)

    for dtype in DTYPES:
        pixels = stack(dtype)
        name = f"met_big_{dtype}/scan.mhd"
        volumes.path(f"met_big_{dtype}/a b.raw").write_bytes(pixels.astype(pixels.dtype.newbyteorder(">")).tobytes())
        head(name, pixels, "BinaryDataByteOrderMSB = True\nElementDataFile = a b.raw")
    pixels = stack("u2")
    for size, around in (("9", (b"x" * 9, b"")), ("-1", (b"any length", b"")), ("4", (b"skip", b"behind"))):
        volumes.path(f"met_head{size}/a.raw").write_bytes(around[0] + pixels.tobytes() + around[1])
        head(f"met_head{size}/scan.mhd", pixels, f"ElementByteOrderMSB = False\nHeaderSize = {size}\nElementDataFile = a.raw")
    for z, plane in enumerate(pixels):
        for folder, number in (("met_list", z), ("met_pattern", z + 1), ("met_step", 10 + 3 * z), ("met_last", z)):
            before = b"any" * z if folder == "met_last" else b""
            volumes.path(f"{folder}/s {number:03d}.raw").write_bytes(before + plane.tobytes())
    names = "\n".join(f"s {z:03d}.raw" for z in range(5))
    head("met_list/scan.mhd", pixels, f"ElementDataFile = LIST\n{names}")
    head("met_last/scan.mhd", pixels, f"HeaderSize = -1\nElementDataFile = LIST\n{names}")
    head("met_pattern/scan.mhd", pixels, "ElementDataFile = s %03d.raw 1 5 1")
    head("met_step/scan.mhd", pixels, "ElementDataFile = s %03d.raw 10 22 3")


def nrrds(volumes):
    for dtype in DTYPES:
        for endian in ("little", "big"):
            # It writes samples as they are and says of them what it is told.
            pixels = stack(dtype).astype(("<" if endian == "little" else ">") + dtype)
            for kind in ("nrrd", "nhdr"):
                name = f"nrrd_{dtype}_{endian}/scan.{kind}"
                said = {"encoding": "raw", "endian": endian, "spacings": [0.5, 0.25, 2.0], "units": ["um"] * 3}
                nrrd.write(str(volumes.path(name)), pixels[..., 0], said, index_order="C")
                read, _ = nrrd.read(str(volumes.path(name)), index_order="C")
                numpy.testing.assert_array_equal(read, pixels[..., 0])
                volumes.good(name, pixels, spacing="0.5 0.25 2")

    def head(name, pixels, lines, kinds=""):
        slices, height, width, channels = pixels.shape
        sizes = f"{channels} {width} {height} {slices}" if kinds else f"{width} {height} {slices}"
        text = f"NRRD0005\n# put together\ntype: {WORDS[pixels.dtype.str[1:]]}\ndimension: {len(sizes.split())}\n"
        text += f"sizes: {sizes}\nencoding: raw\nendian: little\n{kinds}{lines}"
        volumes.path(name).write_bytes(text.encode())
        same(volumes.path(name), pixels)
        volumes.good(name, pixels, photometric="Rgb" if "RGB" in kinds else "MinIsBlack")

    pixels = stack("f4")
    for z, plane in enumerate(pixels):
        volumes.path(f"nrrd_list/s{z:02d}.raw").write_bytes(plane.tobytes())
    names = "\n".join(f"s{z:02d}.raw" for z in range(5))
    head("nrrd_list/list.nhdr", pixels, f"data file: LIST\n{names}\n")
    head("nrrd_list/pattern.nhdr", pixels, "data file: s%02d.raw 0 4 1\n")
    head("nrrd_list/down.nhdr", pixels[::-1], "data file: s%02d.raw 4 0 -1\n")
    volumes.path("nrrd_skip/a.raw").write_bytes(b"two\nlines\nskip" + pixels.tobytes())
    head("nrrd_skip/lines.nhdr", pixels, "line skip: 2\nbyte skip: 4\ndata file: a.raw\n")
    head("nrrd_skip/end.nhdr", pixels, "byte skip: -1\ndata file: a.raw\n")
    color = stack("u1", channels=3)
    volumes.path("nrrd_color/a.raw").write_bytes(color.tobytes())
    head("nrrd_color/color.nhdr", color, "data file: a.raw\n", "kinds: RGB-color domain domain domain\n")
    head("nrrd_color/vector.nhdr", color, "data file: a.raw\n", "kinds: vector domain domain domain\n")


def vgis(volumes):
    for dtype, words, bits in (("u1", "unsigned integer", 8), ("u2", "unsigned integer", 16), ("f4", "float", 32)):
        pixels = stack(dtype)
        volumes.path(f"vgi_{dtype}/größe.vol").write_bytes(pixels.tobytes())
        text = "{volume1}\n[representation]\nsize = 11 7 5\ndatatype = unsigned integer\nbitsperelement = 16\n"
        text += f"[file1]\nSkipHeader = 0\nFileFormat = raw\nSize = 11 7 5\nName = größe.vol\nDatatype = {words}\n"
        text += f"BitsPerElement = {bits}\n{{volumeprimitive12}}\n[geometry]\nresolution = 0.5 0.25 2\nunit = mm\n"
        for coding in ("utf-8", "latin-1"):
            name = f"vgi_{dtype}/{coding}.vgi"
            volumes.path(name).write_bytes(text.replace("\n", "\r\n").encode(coding))
            volumes.good(name, pixels, spacing="500 250 2000")


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    volumes = Volumes(folder)
    simple_itk(volumes)
    metaimage(volumes)
    nrrds(volumes)
    vgis(volumes)
    (folder / "manifest.tsv").write_text("\n".join(volumes.lines) + "\n")


main()
