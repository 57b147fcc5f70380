//! Several rows of a PNG at once, each two pixels behind the row above it.
//!
//! In a row, each pixel waits for the one to its left: 15 cycles for the dearest
//! filter. But the row below can follow close behind, and so can the one below
//! that: a register holds a pixel of each, and one step decodes them all. Two
//! pixels behind rather than one, since what comes from above has then been
//! there for a step, and only `a` is waited for.
//!
//! Sums need lanes of 16 bits. The 16 lanes of AVX2 hold 16 rows of one byte a
//! pixel, 8 of two, 4 of three or four, 2 of six or eight. As many pixels make a
//! block: turned over, it has in each register what one step needs.

/// Undoes the first few rows of `filtered`, `above` being the row above them,
/// and returns how many. 0 where that pays less than row by row, or can't be
/// done. Parameters as of `unfilter::rows`.
#[cfg(not(target_arch = "x86_64"))]
pub fn undo<const N: usize>(_: &[u8], _: usize, _: bool, _: &[u8], _: &mut [u8]) -> usize {
    0
}

#[cfg(target_arch = "x86_64")]
pub use avx2::undo;

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::*;
    use std::array::from_fn;

    /// Narrower rows do not pay for the start and the end of the wave.
    const LEAST_ROW: usize = 64;
    /// How long a row takes by itself, by filter.
    const COST: [usize; 5] = [0, 1, 0, 2, 4];

    /// As above.
    pub fn undo<const N: usize>(
        filtered: &[u8],
        row: usize,
        swap: bool,
        above: &[u8],
        out: &mut [u8],
    ) -> usize {
        let rows = 16 / N.next_power_of_two();
        if row < LEAST_ROW || out.len() < rows * row || !is_x86_feature_detected!("avx2") {
            return 0;
        }
        let filters = filtered.iter().step_by(row + 1).take(rows);
        let cost: Option<usize> = filters.map(|&filter| COST.get(usize::from(filter))).sum();
        if cost.is_none_or(|cost| cost < rows) {
            return 0;
        }
        // SAFETY: the processor has AVX2; it was asked above.
        unsafe {
            match N {
                1 => roll::<N, 1, 16, 16>(filtered, row, swap, above, out),
                2 => roll::<N, 2, 8, 16>(filtered, row, swap, above, out),
                3 => roll::<N, 4, 4, 12>(filtered, row, swap, above, out),
                4 => roll::<N, 4, 4, 16>(filtered, row, swap, above, out),
                6 => roll::<N, 8, 2, 12>(filtered, row, swap, above, out),
                8 => roll::<N, 8, 2, 16>(filtered, row, swap, above, out),
                _ => return 0,
            }
        }
        rows
    }

    /// `L` lanes a pixel, `R` rows, blocks of `B` bytes: `R` pixels.
    #[target_feature(enable = "avx2")]
    fn roll<const N: usize, const L: i32, const R: usize, const B: usize>(
        filtered: &[u8],
        row: usize,
        swap: bool,
        above: &[u8],
        out: &mut [u8],
    ) {
        let mut wave = Wave::<L, R>::new(N, swap, from_fn(|y| filtered[y * (row + 1)]));
        let mut coded = filtered.chunks_exact(row + 1);
        let coded: [&[u8]; R] = from_fn(|_| &coded.next().expect("R rows")[1..]);
        let mut out = out.chunks_exact_mut(row);
        let mut out: [&mut [u8]; R] = from_fn(|_| out.next().expect("R rows"));

        // Blocks that some row has only a part of come at the start and the end.
        let behind = |y: usize| 2 * y;
        let steps = row / N + behind(R - 1);
        let first_whole = behind(R - 1).next_multiple_of(R);
        let whole = (row / N).saturating_sub(first_whole) / R;
        let last_whole = first_whole + whole * R;
        for from in (0..first_whole).step_by(R) {
            edge::<N, L, R, B>(&mut wave, from, &coded, above, &mut out);
        }
        if whole > 0 {
            let start = |y: usize| (first_whole - behind(y)) * N;
            let coded: [&[[u8; B]]; R] = from_fn(|y| &coded[y][start(y)..].as_chunks().0[..whole]);
            let above: &[[u8; B]] = &above[start(0)..].as_chunks().0[..whole];
            let mut rows = out.iter_mut().enumerate();
            let out: [&mut [[u8; B]]; R] = from_fn(|_| {
                let (y, row) = rows.next().expect("R rows");
                &mut row[start(y)..].as_chunks_mut().0[..whole]
            });
            for at in 0..whole {
                let block = from_fn(|y| load(&coded[y][at]));
                let done = wave.advance(block, load(&above[at]));
                for y in 0..R {
                    out[y][at] = store(done[y]);
                }
            }
        }
        for from in (last_whole..steps).step_by(R) {
            edge::<N, L, R, B>(&mut wave, from, &coded, above, &mut out);
        }
    }

    /// A block that some rows have only a part of, or nothing.
    #[target_feature(enable = "avx2")]
    fn edge<const N: usize, const L: i32, const R: usize, const B: usize>(
        wave: &mut Wave<L, R>,
        from: usize,
        coded: &[&[u8]; R],
        above: &[u8],
        out: &mut [&mut [u8]; R],
    ) {
        // Where the block of row `y` has its byte `i`, if it has it.
        let place = |y: usize, i: usize| (from * N + i).checked_sub(2 * y * N);
        let byte = |row: &[u8], at: Option<usize>| at.and_then(|at| row.get(at)).copied().unwrap_or(0);
        let block = from_fn(|y| load::<B>(&from_fn(|i| byte(coded[y], place(y, i)))));
        let done = wave.advance(block, load::<B>(&from_fn(|i| byte(above, place(0, i)))));
        for y in 0..R {
            for (i, byte) in store::<B>(done[y]).into_iter().enumerate() {
                if let Some(out) = place(y, i).and_then(|at| out[y].get_mut(at)) {
                    *out = byte;
                }
            }
        }
    }

    struct Wave<const L: i32, const R: usize> {
        /// Bytes of pixels as coded -> `L` bytes each, swapped where asked for.
        spread: __m128i,
        /// The same of pixels as decoded, which have been swapped.
        spread_above: __m128i,
        /// The way back.
        gather: __m128i,
        /// The first pixel of those above -> the highest lanes of 128 bits.
        lift: __m128i,
        /// Lanes that use `a`, `b` and `c` as the Paeth filter does, and those
        /// that use the average of `a` and `b`.
        uses_a: __m256i,
        uses_b: __m256i,
        uses_c: __m256i,
        average: __m256i,
        /// Pixels of the last step and of the one before, and what was above
        /// those of the last.
        last: __m256i,
        earlier: __m256i,
        above: __m256i,
    }

    impl<const L: i32, const R: usize> Wave<L, R> {
        /// In front of the first pixels, all is zero.
        #[target_feature(enable = "avx2")]
        fn new(pixel: usize, swap: bool, filters: [u8; R]) -> Wave<L, R> {
            let lanes = L as usize;
            let swapped = |byte: usize| if swap { byte ^ 1 } else { byte };
            // Shuffles make zero of bytes that come from nowhere.
            let spread = |order: &dyn Fn(usize) -> usize| {
                load(&from_fn::<u8, 16, _>(|i| match i % lanes {
                    byte if byte < pixel => (i / lanes * pixel + order(byte)) as u8,
                    _ => 0x80,
                }))
            };
            let gather = from_fn::<u8, 16, _>(|i| match i / pixel {
                at if at < R => (at * lanes + i % pixel) as u8,
                _ => 0x80,
            });
            let lift = from_fn::<u8, 16, _>(|i| match i.checked_sub(16 - 2 * lanes) {
                Some(i) if i % 2 == 0 => (i / 2) as u8,
                _ => 0x80,
            });
            let lanes_of = |which: &[u8]| {
                let bytes =
                    from_fn::<u8, 16, _>(|i| if which.contains(&filters[i / lanes]) { 0xFF } else { 0 });
                _mm256_cvtepi8_epi16(load(&bytes))
            };
            Wave {
                spread: spread(&swapped),
                spread_above: spread(&|byte| byte),
                gather: load(&gather),
                lift: load(&lift),
                uses_a: lanes_of(&[1, 4]),
                uses_b: lanes_of(&[2, 4]),
                uses_c: lanes_of(&[4]),
                average: lanes_of(&[3]),
                last: _mm256_setzero_si256(),
                earlier: _mm256_setzero_si256(),
                above: _mm256_setzero_si256(),
            }
        }

        /// Decodes the next `R` pixels of all rows; `above` are those of the row
        /// above the first.
        #[inline]
        #[target_feature(enable = "avx2")]
        fn advance(&mut self, rows: [__m128i; R], above: __m128i) -> [__m128i; R] {
            let rows = rows.map(|row| _mm_shuffle_epi8(row, self.spread));
            let mut steps = turn_over::<L, R>(rows);
            let mut above = _mm_shuffle_epi8(above, self.spread_above);
            for step in &mut steps {
                let first = _mm256_castsi128_si256(_mm_shuffle_epi8(above, self.lift));
                above = _mm_srli_si128::<L>(above);
                *step = self.step(_mm256_cvtepu8_epi16(*step), first);
            }
            turn_over::<L, R>(steps).map(|row| _mm_shuffle_epi8(row, self.gather))
        }

        /// Decodes a pixel of each row; `first`, in the highest lanes of its low
        /// half, is the pixel above the first row's.
        #[inline]
        #[target_feature(enable = "avx2")]
        fn step(&mut self, coded: __m256i, first: __m256i) -> __m128i {
            let (a, c) = (self.last, self.above);
            let b = up_one_row::<L>(self.earlier, first);
            let average = _mm256_srli_epi16::<1>(_mm256_add_epi16(a, b));
            self.above = b;
            self.earlier = a;

            // The filters but Average are Paeth's with some of a, b and c zero.
            let a = _mm256_and_si256(a, self.uses_a);
            let b = _mm256_and_si256(b, self.uses_b);
            let c = _mm256_and_si256(c, self.uses_c);
            let three_c = _mm256_add_epi16(_mm256_add_epi16(c, c), c);
            let turn = _mm256_sub_epi16(_mm256_sub_epi16(three_c, b), a);
            let (low, high) = (_mm256_min_epi16(a, b), _mm256_max_epi16(a, b));
            let inner = _mm256_blendv_epi8(low, c, _mm256_cmpgt_epi16(high, turn));
            let paeth = _mm256_blendv_epi8(high, inner, _mm256_cmpgt_epi16(turn, low));
            let guess = _mm256_blendv_epi8(paeth, average, self.average);
            // High bytes of lanes are zero and stay so.
            self.last = _mm256_add_epi8(guess, coded);
            _mm_packus_epi16(_mm256_castsi256_si128(self.last), _mm256_extracti128_si256::<1>(self.last))
        }
    }

    /// Moves each pixel to the row below, and the one in the highest lanes of the
    /// low half of `first` to the first row.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn up_one_row<const L: i32>(pixels: __m256i, first: __m256i) -> __m256i {
        let halves = _mm256_permute2x128_si256::<0x02>(pixels, first);
        match L {
            1 => _mm256_alignr_epi8::<14>(pixels, halves),
            2 => _mm256_alignr_epi8::<12>(pixels, halves),
            4 => _mm256_alignr_epi8::<8>(pixels, halves),
            _ => halves,
        }
    }

    /// Rows of pixels -> columns of pixels, or back. Each time, the first half of
    /// them is shuffled with the second like two halves of a pack of cards.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn turn_over<const L: i32, const R: usize>(mut rows: [__m128i; R]) -> [__m128i; R] {
        for _ in 0..R.ilog2() {
            let pack = rows;
            for i in 0..R / 2 {
                let (a, b) = (pack[i], pack[i + R / 2]);
                (rows[2 * i], rows[2 * i + 1]) = match L {
                    1 => (_mm_unpacklo_epi8(a, b), _mm_unpackhi_epi8(a, b)),
                    2 => (_mm_unpacklo_epi16(a, b), _mm_unpackhi_epi16(a, b)),
                    4 => (_mm_unpacklo_epi32(a, b), _mm_unpackhi_epi32(a, b)),
                    _ => (_mm_unpacklo_epi64(a, b), _mm_unpackhi_epi64(a, b)),
                };
            }
        }
        rows
    }

    /// `B` bytes, 12 or 16, and zeros.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn load<const B: usize>(bytes: &[u8; B]) -> __m128i {
        let low = bytes.first_chunk().map_or(0, |&low| i64::from_le_bytes(low));
        let high = match bytes[8..] {
            [a, b, c, d] => u32::from_le_bytes([a, b, c, d]).into(),
            _ => bytes.last_chunk().map_or(0, |&high| i64::from_le_bytes(high)),
        };
        _mm_set_epi64x(high, low)
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn store<const B: usize>(register: __m128i) -> [u8; B] {
        let mut bytes = [0; B];
        bytes[..8].copy_from_slice(&_mm_cvtsi128_si64(register).to_le_bytes());
        bytes[8..].copy_from_slice(&_mm_extract_epi64::<1>(register).to_le_bytes()[..B - 8]);
        bytes
    }
}
