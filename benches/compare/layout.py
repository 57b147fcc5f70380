"""Where the samples of a case lie in its files, for the floor: it is told
beforehand what every reader has to find out."""

import struct
from pathlib import Path

import numpy as np
import tifffile

RAW, SWAPPED, LZW, DEFLATE, ZSTD, FLIPPED, PNG, PNG_BY_FDEFLATE = range(8)
_CODECS = {1: RAW, 5: LZW, 8: DEFLATE, 50000: ZSTD}
# What is read at once of a file that both threads work on.
_RUN = 1 << 20


class Layout:
    """Items (file, offset, bytes, destination, first chunk, chunks) and their
    chunks (offset, bytes, destination, rows, bytes of a row, stride)."""

    def __init__(self, data):
        self.case, self.paths = data.case, data.paths
        self.codec, self.predictor = RAW, 1
        self._items, self._chunks = [], []
        _, rows, columns = self.case.shape
        self._row_bytes = columns * int(self.case.dtype[-1])
        self._slice_bytes = rows * self._row_bytes
        {"png": self._png, "bmp": self._bmp, "imagej": self._imagej}.get(self.case.store, self._tiff)()
        self.items = np.array(self._items, np.uint64)
        self.chunks = np.array(self._chunks, np.uint64).reshape(-1, 6)

    def _item(self, file, offset, size, z, chunks=()):
        first = len(self._chunks)
        self._chunks.extend(chunks)
        self._items.append((file, offset, size, z * self._slice_bytes, first, len(chunks)))

    def _png(self):
        self.codec = PNG
        for z, path in enumerate(self.paths):
            content = Path(path).read_bytes()
            at, first, end = 8, None, None
            while at < len(content):
                size, kind = struct.unpack_from(">I4s", content, at)
                if kind == b"IDAT":
                    first, end = first or at, at + 12 + size
                at += 12 + size
            self._item(z, first, end - first, z, [(0, end - first, *self._whole(z))])

    def _bmp(self):
        self.codec = FLIPPED
        for z, path in enumerate(self.paths):
            offset, = struct.unpack_from("<I", Path(path).read_bytes(), 10)
            self._item(z, offset, self._slice_bytes, z, [(0, self._slice_bytes, *self._whole(z))])

    def _whole(self, z):
        return z * self._slice_bytes, self.case.shape[1], self._row_bytes, self._row_bytes

    def _imagej(self):
        with tifffile.TiffFile(self.paths[0]) as tiff:
            self._swap(tiff)
            for z in range(self.case.shape[0]):
                offset = tiff.pages[0].dataoffsets[0] + z * self._slice_bytes
                self._item(0, offset, self._slice_bytes, z)

    def _tiff(self):
        for file, path in enumerate(self.paths):
            with tifffile.TiffFile(path) as tiff:
                for z, page in enumerate(tiff.pages, start=file):
                    self.codec = _CODECS[page.compression]
                    self.predictor = int(page.predictor)
                    self._swap(tiff)
                    self._page(file, page, z)

    def _swap(self, tiff):
        if tiff.byteorder == ">" and self.codec == RAW:
            self.codec = SWAPPED

    def _page(self, file, page, z):
        """A page read at once, or in runs when it is the only one."""
        run = []
        for index, (offset, size) in enumerate(zip(page.dataoffsets, page.databytecounts)):
            if run and self.case.shape[0] == 1 and offset + size - run[0][0] > _RUN:
                self._run(file, run, z)
                run = []
            run.append((offset, size, *self._place(page, index, z)))
        self._run(file, run, z)

    def _run(self, file, run, z):
        first = run[0][0]
        size = run[-1][0] + run[-1][1] - first
        raw = self.codec in (RAW, SWAPPED)
        self._item(file, first, size, z, [] if raw else [(chunk[0] - first, *chunk[1:]) for chunk in run])

    def _place(self, page, index, z):
        """Destination, rows, bytes of a row and stride of a strip or tile."""
        sample = int(self.case.dtype[-1])
        _, rows, columns = self.case.shape
        start = z * self._slice_bytes
        if page.is_tiled:
            across = columns // page.tilewidth
            assert columns % page.tilewidth == rows % page.tilelength == 0, "tiles over the edge"
            start += index // across * page.tilelength * self._row_bytes + index % across * page.tilewidth * sample
            return start, page.tilelength, page.tilewidth * sample, self._row_bytes
        first = index * page.rowsperstrip
        return start + first * self._row_bytes, min(page.rowsperstrip, rows - first), self._row_bytes, self._row_bytes
