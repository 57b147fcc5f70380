"""DICOM data sets with pixels, and files of them."""

import io

import numpy
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian, generate_uid

IMAGE = "1.2.840.10008.5.1.4.1.1.7"


def dataset(pixels, photometric="MONOCHROME2", frames=None, planar=0, syntax=ExplicitVRLittleEndian, **tags):
    """One whose frames are `pixels`: height, width, and channels where `photometric` has them."""
    shape = pixels.shape[1:] if frames else pixels.shape
    ds = Dataset()
    ds.SOPClassUID = IMAGE
    ds.SOPInstanceUID = generate_uid(entropy_srcs=["instance"])
    ds.SeriesInstanceUID = generate_uid(entropy_srcs=["series"])
    ds.Modality = "OT"
    ds.SamplesPerPixel = shape[2] if len(shape) > 2 else 1
    ds.PhotometricInterpretation = photometric
    if len(shape) > 2:
        ds.PlanarConfiguration = planar
    if frames:
        ds.NumberOfFrames = frames
    ds.Rows, ds.Columns = shape[:2]
    bits = 8 * pixels.dtype.itemsize
    ds.BitsAllocated = bits
    if pixels.dtype.kind in "ui":
        ds.BitsStored = bits
        ds.HighBit = bits - 1
        ds.PixelRepresentation = int(pixels.dtype.kind == "i")
    for name, value in tags.items():
        setattr(ds, name, value)
    samples = pixels
    if planar and len(shape) > 2:
        samples = numpy.moveaxis(pixels, -1, -3)
    order = ">" if syntax == ExplicitVRBigEndian else "<"
    raw = numpy.ascontiguousarray(samples).astype(samples.dtype.newbyteorder(order)).tobytes()
    padded = raw + b"\0" * (len(raw) % 2)
    if pixels.dtype == "f4":
        ds.FloatPixelData = padded
    elif pixels.dtype == "f8":
        ds.DoubleFloatPixelData = padded
    else:
        ds.PixelData = padded
        ds["PixelData"].VR = "OB" if bits == 8 and syntax != ImplicitVRLittleEndian else "OW"
    return ds


def coded(ds, frames, extended=False, **options):
    """The same with these coded frames in its place."""
    if extended:
        ds.PixelData, ds.ExtendedOffsetTable, ds.ExtendedOffsetTableLengths = encapsulate_extended(frames)
    else:
        ds.PixelData = encapsulate(frames, **options)
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    return ds


def save(path, ds, syntax=ExplicitVRLittleEndian):
    """A file of PS3.10."""
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    out = io.BytesIO()
    ds.save_as(out, enforce_file_format=True)
    path.write_bytes(out.getvalue())


# Frames in fragments, as samples.
UNCOMPRESSED_FRAMES = "1.2.840.10008.1.2.1.98"


def save_unknown(path, ds, syntax):
    """A file of a transfer syntax that pydicom does not write."""
    save(path, ds, UNCOMPRESSED_FRAMES)
    path.write_bytes(path.read_bytes().replace(uid(UNCOMPRESSED_FRAMES), uid(syntax), 1))


def uid(text):
    """An element's value of this kind, with its length."""
    text = text.encode() + b"\0" * (len(text) % 2)
    return b"UI" + len(text).to_bytes(2, "little") + text


def bare(ds, syntax):
    """The bytes of the data set alone, without preamble and meta information."""
    out = DicomBytesIO()
    out.is_implicit_VR = syntax == ImplicitVRLittleEndian
    out.is_little_endian = syntax != ExplicitVRBigEndian
    write_dataset(out, ds)
    return out.getvalue()
