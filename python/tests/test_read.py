"""What is read is what tifffile reads."""

import mmap
import pickle
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

import zstack


def test_a_folder_a_pattern_and_a_list_give_what_tifffile_gives(scan: Path, volume: Any) -> None:
    names = [scan / f"s_{index}.tif" for index in range(len(volume))]
    for source in (scan, str(scan), str(scan / "s_*.tif"), names):
        read = zstack.imread(source)
        assert read.dtype == volume.dtype
        np.testing.assert_array_equal(read, tifffile.imread(names))


@pytest.mark.parametrize("dtype", ["u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8"])
def test_every_type_and_channels_arrive_as_they_are(tmp_path: Path, dtype: str) -> None:
    volume = (np.random.default_rng(1).random((3, 7, 5, 3)) * 100).astype(dtype)
    tifffile.imwrite(tmp_path / "a.tif", volume, photometric="rgb")
    tifffile.imwrite(tmp_path / "b.tif", volume[..., 0], photometric="minisblack")
    np.testing.assert_array_equal(zstack.imread(tmp_path / "a.tif"), volume)
    np.testing.assert_array_equal(zstack.imread(tmp_path / "b.tif"), volume[..., 0])


KEYS = [
    np.s_[3], np.s_[-1], np.s_[2:9], np.s_[::-1], np.s_[9:2:-3], np.s_[1:11:4, ::-3, 5:40:7], np.s_[..., 4],
    np.s_[2:5, ..., ::-1], np.s_[:, 39:0:-4, -50:], np.s_[5:5], np.s_[3, 4, 5], np.s_[()], np.s_[:, -3, :], np.s_[100:],
]  # fmt: skip


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_an_index_gives_what_it_gives_of_an_array(scan: Path, volume: Any, key: Any) -> None:
    with zstack.open(scan) as stack:
        np.testing.assert_array_equal(stack[key], volume[key])


def test_channels_are_indexed_too(tmp_path: Path) -> None:
    volume = np.random.default_rng(1).integers(0, 255, (4, 9, 8, 3)).astype(np.uint8)
    tifffile.imwrite(tmp_path / "a.tif", volume, photometric="rgb")
    with zstack.open(tmp_path / "a.tif") as stack:
        assert stack.shape == volume.shape and stack.ndim == 4
        for key in (np.s_[..., 1], np.s_[1:3, 2, ::2, ::-1], np.s_[0, ..., 1:]):
            np.testing.assert_array_equal(stack[key], volume[key])


@pytest.mark.parametrize("key", [12, -13, (0, 0, 0, 0), (..., ...), [1, 2], None, True, 1.5])
def test_an_index_that_makes_no_sense_is_refused(scan: Path, key: Any) -> None:
    with zstack.open(scan) as stack, pytest.raises((IndexError, TypeError)):
        stack[key]


def test_an_index_reads_only_the_slices_asked_for(scan: Path, volume: Any) -> None:
    for index in range(len(volume)):
        if index not in (0, 4, 6):
            (scan / f"s_{index}.tif").write_bytes(b"II*\0damaged")
    with zstack.open(scan) as stack:
        np.testing.assert_array_equal(stack[4:8:2], volume[4:8:2])


def test_a_part_is_chosen_by_z_step_and_roi(scan: Path, volume: Any) -> None:
    read = zstack.imread(scan, z=(1, 11), step=3, roi=(5, 6, 20, 10))
    np.testing.assert_array_equal(read, volume[1:11:3, 6:16, 5:25])
    np.testing.assert_array_equal(zstack.imread(scan, z=-2), volume[-2:-1])
    for wrong in (dict(z=12), dict(z=(3, 20)), dict(step=0), dict(roi=(0, 0, 0, 1)), dict(roi=(0, 0, 51, 1)), dict(on_error="x")):
        with pytest.raises(ValueError):
            zstack.imread(scan, **wrong)  # type: ignore[arg-type]


def test_a_load_goes_into_arrays_and_buffers_of_the_caller(scan: Path, volume: Any, tmp_path: Path) -> None:
    padded = np.full((14, 44, 50), 7, np.uint16)
    mapped = np.memmap(tmp_path / "map", np.uint16, "w+", shape=volume.shape)
    for out in (np.empty_like(volume), padded[1:13, 2:42], mapped, np.empty((24, 40, 50), "u2")[::2]):
        assert np.shares_memory(zstack.imread(scan, out=out), out)
        np.testing.assert_array_equal(out, volume)
    assert (padded[0] == 7).all() and (padded[:, :2] == 7).all() and (padded[13:] == 7).all()
    buffer = bytearray(volume.nbytes + 100)
    zstack.imread(scan, out=buffer)
    assert buffer == volume.tobytes() + bytes(100)
    with mmap.mmap(-1, volume.nbytes) as anonymous:
        zstack.imread(scan, out=anonymous)
        assert anonymous[:] == volume.tobytes()
    shared = SharedMemory(create=True, size=volume.nbytes)
    try:
        zstack.imread(scan, out=shared.buf)
        assert bytes(shared.buf[: volume.nbytes]) == volume.tobytes()
    finally:
        shared.close()
        shared.unlink()


def test_an_out_that_will_not_do_is_refused_in_words(scan: Path, volume: Any) -> None:
    frozen = np.empty_like(volume)
    frozen.flags.writeable = False
    wrong = [
        (frozen, "written"), (np.empty(volume.shape, "f4"), "float32"), (np.empty((12, 40, 51), "u2"), "51"),
        (np.empty(volume.shape, ">u2"), ">u2"), (np.empty((12, 40, 100), "u2")[..., ::2], "gaps"),
        (np.empty_like(volume)[::-1], "backwards"), (np.empty_like(volume, order="F"), "axes"),
        (bytearray(10), "10 bytes"), (bytes(volume.nbytes), "written"),
    ]  # fmt: skip
    for out, word in wrong:
        with pytest.raises(ValueError, match=word):
            zstack.imread(scan, out=out)


def test_what_was_found_is_told(scan: Path) -> None:
    (scan / "notes.txt").write_text("x")
    (scan / "s_5.tif").unlink()
    with zstack.open(scan) as stack:
        assert len(stack) == 11 and len(stack.names) == 11 and stack.names[0].endswith("s_0.tif")
        assert [(gap.first, gap.last, gap.before) for gap in stack.gaps] == [(5, 5, 5)]
        assert [one.path.endswith("notes.txt") for one in stack.rejected] == [True]
        assert stack.nbytes == 11 * 40 * 50 * 2 == stack.plan().nbytes
        assert stack.meta["format"] == "TIFF"
        assert (stack.spacing.z, stack.spacing.unit) == (None, "um")
    with pytest.raises(ValueError, match="closed"):
        stack.load()


def test_the_size_of_a_voxel_comes_in_micrometres(tmp_path: Path) -> None:
    volume = np.zeros((3, 5, 4), np.uint16)
    tifffile.imwrite(
        tmp_path / "a.tif", volume, imagej=True, resolution=(1 / 2.5, 1 / 3.5), metadata={"spacing": 4.5, "unit": "um"}
    )
    with zstack.open(tmp_path / "a.tif") as stack:
        spacing = stack.spacing
    assert (spacing.z, spacing.y, spacing.x) == pytest.approx((4.5, 3.5, 2.5), rel=1e-4)
    assert spacing.source


def test_a_slice_that_cannot_be_had_is_told(scan: Path, volume: Any) -> None:
    (scan / "s_4.tif").write_bytes(b"II*\0damaged")
    with pytest.warns(zstack.IncompleteWarning, match="s_4"):
        read, report = zstack.imread(scan, fill=9, report=True)
    assert (read[4] == 9).all() and report.mask.tolist() == [index != 4 for index in range(12)]
    assert [one.slice for one in report.failures] == [4] and "s_4.tif" in repr(report)
    assert pickle.loads(pickle.dumps(report)).to_dict() == report.to_dict()
    with pytest.warns(zstack.IncompleteWarning):
        skipped, report = zstack.imread(scan, on_error="skip", report=True)
    np.testing.assert_array_equal(skipped, np.delete(volume, 4, 0))
    assert report.mask.all() and len(report.mask) == 11
    with pytest.raises(zstack.FormatError) as caught:
        zstack.imread(scan, on_error="raise")
    assert caught.value.slice == 4 and str(caught.value.path).endswith("s_4.tif")
    assert pickle.loads(pickle.dumps(caught.value)).slice == 4


def test_a_failure_is_caught_as_what_it_is_for_any_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        zstack.open(tmp_path / "nowhere")
    error: Any = caught.value
    assert isinstance(error, zstack.NotFound) and error.path == error.filename and "nowhere" in str(error)
    with pytest.raises(ValueError):
        zstack.open(tmp_path)
    with pytest.raises(ValueError, match="NUL"):
        zstack.open("a\0b")
    with pytest.raises(TypeError, match="no such option"):
        zstack.open(tmp_path, colour=1)


def test_an_array_of_a_stack_is_its_samples(scan: Path, volume: Any) -> None:
    with zstack.open(scan) as stack:
        np.testing.assert_array_equal(np.asarray(stack), volume)
        assert np.asarray(stack, dtype=np.float32).dtype == np.float32
        with pytest.raises(ValueError):
            stack.__array__(copy=False)
