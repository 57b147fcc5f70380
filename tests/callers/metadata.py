"""Voxel sizes and axes as other programs write them: metadata.py FOLDER."""

import math
import sys
from pathlib import Path

import numpy as np
import pydicom
import tifffile
from PIL import Image

import zstack_ctypes as zstack

ROOT = Path(sys.argv[1])
SLICES = np.zeros((3, 4, 5), "u2")
checked = 0


def check(path, sizes, source, remark=None):
    global checked
    with zstack.open(path) as stack:
        voxel = stack.voxel
    found = voxel.x, voxel.y, voxel.z
    assert all(math.isclose(*pair, rel_tol=1e-5) for pair in zip(found, sizes)), (path, found, sizes)
    assert voxel.source == source, (path, voxel.source)
    assert voxel.remark == remark, (path, voxel.remark)
    checked += 1


def folder(name, beside=(), **options):
    """A folder of slices, and of texts beside them."""
    path = ROOT / name
    path.mkdir(parents=True)
    for z, pixels in enumerate(SLICES):
        tifffile.imwrite(path / f"s_rec{z:04}.tif", pixels, **options)
    for file, text in beside:
        (path / file).write_bytes(text)
    return path


tifffile.imwrite(ROOT / "imagej.tif", SLICES, imagej=True, resolution=(4, 2), metadata={"spacing": 1.5, "unit": "um"})
check(ROOT / "imagej.tif", (0.25, 0.5, 1.5), "ImageJ's resolution and spacing")

sizes = {"PhysicalSizeX": 0.5, "PhysicalSizeY": 20, "PhysicalSizeYUnit": "nm", "PhysicalSizeZ": 2}
tifffile.imwrite(ROOT / "ome.ome.tif", SLICES, metadata={"axes": "ZYX", **sizes})
check(ROOT / "ome.ome.tif", (0.5, 0.02, 2), "OME PhysicalSize")

Image.fromarray(SLICES[0].astype("u1")).save(ROOT / "inch.tif", dpi=(254, 127))
check(ROOT / "inch.tif", (100, 200, 0), "XResolution and YResolution")

check(folder("plain"), (0, 0, 0), "")

log = b"[System]\r\nOperator=Gr\xfcn\r\n[Acquisition]\r\nImage Pixel Size (um)=11.5\r\n"
log += b"[Reconstruction]\r\nSection to Section Step=2\r\nPixel Size (um)=7.25\r\n"
path = folder("nrecon", [("s_rec.log", log)], resolution=(1000, 1000), resolutionunit="CENTIMETER")
by = "NRecon's log (s_rec.log)"
remark = "; ".join(f"{axis} is 7.25 um by {by}, but 10 um by XResolution and YResolution" for axis in "xy")
check(path, (7.25, 7.25, 14.5), by, remark)

texts = [("s.pca", b"[Geometry]\nVoxelSizeX=0.5\nVoxelSizeY=0.5\n"), ("s.pcr", b"[VolumeData]\nVoxelSizeRec=0.5\n")]
check(folder("phoenix", texts), (500, 500, 500), "datos|x reconstruction (s.pcr)")

path = folder("rx/Slices")
text = "<unireconstruction><conebeam><volume><voxelSize X='0.5' Y='0.5' Z='0.25'/></volume></conebeam></unireconstruction>"
(ROOT / "rx/unireconstruction.xml").write_text(text)
check(path, (500, 500, 250), "RX Solutions reconstruction (unireconstruction.xml)")


def dicom_slice(path, z):
    """One slice of a CT, two millimetres from the next."""
    file = pydicom.dataset.FileDataset(path, {}, preamble=b"\0" * 128)
    file.file_meta = pydicom.dataset.FileMetaDataset()
    file.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    file.SOPClassUID, file.SOPInstanceUID, file.SeriesInstanceUID = "1.2", f"1.2.{z + 1}", "1.3"
    file.Rows, file.Columns, file.SamplesPerPixel, file.PhotometricInterpretation = 4, 5, 1, "MONOCHROME2"
    file.BitsAllocated, file.BitsStored, file.HighBit, file.PixelRepresentation = 16, 16, 15, 0
    file.PixelSpacing, file.SliceThickness, file.InstanceNumber = [0.5, 0.25], 2, z
    file.ImageOrientationPatient, file.ImagePositionPatient = [1, 0, 0, 0, 1, 0], [0, 0, 2 * z]
    file.PixelData = SLICES[0].tobytes()
    file.save_as(path, enforce_file_format=True)


(ROOT / "ct").mkdir()
for z in range(3):
    dicom_slice(ROOT / f"ct/IM{z}", z)
check(ROOT / "ct", (250, 500, 2000), "DICOM spacing; DICOM positions")


def choose(path, want, order, source):
    """All planes in the order of the file, and one channel or time of them."""
    global checked
    times, depth, channels = want.shape[:3]
    with zstack.open(path) as stack:
        axes = stack.axes
        assert (axes.times, axes.depth, axes.channels) == (times, depth, channels), (path, axes)
        assert (axes.order, axes.source) == (order, source), (path, axes)
    for channel in range(channels + 1):
        for time in range(times + 1):
            with zstack.open(path, channel=channel, time=time) as stack:
                pixels, _ = stack.load()
            chosen = want[slice(None) if time == 0 else slice(time - 1, time)]
            chosen = chosen[:, :, slice(None) if channel == 0 else slice(channel - 1, channel)]
            letters = {"T": 0, "Z": 1, "C": 2}
            chosen = chosen.transpose(*(letters[letter] for letter in reversed(order)), *range(3, want.ndim))
            assert np.array_equal(pixels, chosen.reshape(pixels.shape)), (path, channel, time)
    refuses(path, 16, channel=channels + 1)
    checked += 1


def refuses(path, status, **options):
    try:
        zstack.open(path, **options)
    except zstack.Error as error:
        assert error.status == status, (path, error)
    else:
        raise AssertionError(path)


planes = np.arange(2 * 3 * 4 * 5 * 6, dtype="u2").reshape(2, 3, 4, 5, 6)
tifffile.imwrite(ROOT / "hyper.tif", planes, imagej=True, metadata={"axes": "TZCYX"})
choose(ROOT / "hyper.tif", planes, "CZT", "ImageJ")
tifffile.imwrite(ROOT / "czt.ome.tif", planes, metadata={"axes": "TZCYX"})
choose(ROOT / "czt.ome.tif", planes, "CZT", "OME")
tifffile.imwrite(ROOT / "zct.ome.tif", planes, metadata={"axes": "TCZYX"})
choose(ROOT / "zct.ome.tif", planes.transpose(0, 2, 1, 3, 4), "ZCT", "OME")
colors = np.arange(2 * 3 * 1 * 5 * 6 * 3, dtype="u1").reshape(2, 3, 1, 5, 6, 3)
tifffile.imwrite(ROOT / "rgb.ome.tif", colors[:, :, 0], photometric="rgb", metadata={"axes": "TZYXS"})
choose(ROOT / "rgb.ome.tif", colors, "CZT", "OME")
tifffile.imwrite(ROOT / "plain.tif", planes[0, 0], metadata=None)
refuses(ROOT / "plain.tif", 32, channel=1)
checked += 1

print(checked, "stacks")
