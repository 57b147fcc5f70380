"""Writes the files that tests/formats.rs reads, with what they must come out as.

    make.py FOLDER

Into FOLDER go the files, FILE.N.raw with the samples of page N as independent
readers (tifffile, Pillow, imagecodecs, pydicom) or the generator know them, and
`manifest.tsv` with a line for each page:

    file  page  ok    dtype  height  width  channels  bits  photometric  tolerance  note
    file  page  fail  status  text that the message must contain
"""

import pathlib
import sys

from cases_codecs import codecs_cases
from cases_dicom import dicom_cases
from cases_jpeg import jpeg_cases
from cases_old_jpeg import old_jpeg_cases
from cases_other import other_cases
from cases_rare import rare_cases
from cases_refused import refused_cases
from cases_samples import samples_cases
from cases_tiff import tiff_cases
from cases_ycbcr import ycbcr_cases
from store import Store


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    store = Store(folder)
    tiff_cases(store)
    samples_cases(store)
    codecs_cases(store)
    rare_cases(store)
    other_cases(store)
    dicom_cases(store)
    jpeg_cases(store)
    old_jpeg_cases(store)
    ycbcr_cases(store)
    refused_cases(store)
    store.close()


main()
