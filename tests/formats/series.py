"""Folders of DICOM files, as scanners leave them: series.py FOLDER.

Beside each folder NAME stands NAME.txt: the names of its slices in order.
"""

import pathlib
import sys

import numpy

from dicom import dataset, save
from store import image

# Rows and columns of a plane that stands on no axis.
ACROSS, DOWN = numpy.array([0.8, 0.6, 0.0]), numpy.array([0.0, 0.0, -1.0])
NORMAL = numpy.cross(ACROSS, DOWN)
OBLIQUE = [*ACROSS, *DOWN]


def main():
    folder = pathlib.Path(sys.argv[1])
    by_position(folder / "positions")
    by_instance(folder / "instances")
    by_name(folder / "names")
    tie(folder / "tie")


def write(path, value, shape=(6, 5), series="1.2.3", **tags):
    path.parent.mkdir(parents=True, exist_ok=True)
    save(path, dataset(numpy.full(shape, value, "i2"), SeriesInstanceUID=series, **tags))


def ordered(folder, names):
    folder.with_suffix(".txt").write_text("".join(f"{name}\n" for name in names))


def place(step):
    """Slices also move within their plane, as those of a tilted gantry do."""
    return [round(float(part), 6) for part in NORMAL * 2.5 * step + ACROSS * step * 0.1 - 40]


def by_position(folder):
    names = [f"IM{7 * step % 11:06}" for step in range(11)]
    for step, name in enumerate(names):
        # One of another shape keeps its place.
        shape = (6, 4) if step == 4 else (6, 5)
        tags = {"ImagePositionPatient": place(step), "ImageOrientationPatient": OBLIQUE, "InstanceNumber": 100 - step}
        write(folder / name, step, shape, PixelSpacing=[0.5, 0.25], RescaleSlope=2, RescaleIntercept=-1024, **tags)
    ordered(folder, names)
    write(folder / "IM000090", 0, ImagePositionPatient=place(3), ImageOrientationPatient=OBLIQUE, InstanceNumber=200)
    scout = {"ImagePositionPatient": place(3), "ImageOrientationPatient": [1, 0, 0, 0, 1, 0]}
    write(folder / "IM000091", 0, InstanceNumber=1, **scout)
    for number in (92, 93):
        write(folder / f"IM{number:06}", 0, series="1.2.4", InstanceNumber=number)
    ds = dataset(image("u2"), Modality="SR")
    del ds.PixelData
    save(folder / "IM000094", ds)
    (folder / "README").write_text("Made by a scanner.\n")
    (folder / "VERSION").write_bytes(b"")
    (folder / "scan.log").write_text("exposure 3\n")
    (folder / "IM000095").write_bytes(bytes(128) + b"DICM" + b"\x08\0\x08\0CS\xff\xff")
    (folder / "shot.pgm").write_bytes(b"P5 1 1 255\n\0")


def by_instance(folder):
    """Positions are missing."""
    for number in (3, 1, 10, 2):
        write(folder / f"1.2.840.{20 - number}", number, InstanceNumber=number)
    ordered(folder, [f"1.2.840.{20 - number}" for number in (1, 2, 3, 10)])


def by_name(folder):
    """Nothing but names."""
    for number in (10, 2, 1):
        write(folder / f"s{number}.dcm", number)
    ordered(folder, ["s1.dcm", "s2.dcm", "s10.dcm"])


def tie(folder):
    for series in (1, 2):
        for number in (1, 2):
            write(folder / f"s{series}_{number}.dcm", number, series=f"1.{series}", InstanceNumber=number)


main()
