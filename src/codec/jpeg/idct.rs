//! The inverse cosine transform of libjpeg (jidctint.c, "slow"): integers, and
//! rounding in the same places, so that samples equal those of every program
//! built on it.
//!
//! Sums of products are arranged for the instruction that multiplies 16-bit
//! numbers and adds pairs of them. Without rounding in between, any arrangement
//! gives the same. What no sound JPEG contains may overflow, here as there.

/// Bits behind the point of a factor.
const POINT: i32 = 13;
/// Bits behind the point kept between the passes.
const KEPT: i32 = 2;
/// What the first pass and the second drop.
const FIRST: i32 = POINT - KEPT;
const SECOND: i32 = POINT + KEPT + 3;

/// `value` in fixed point.
const fn fix(value: f64) -> i32 {
    (value * (1 << POINT) as f64 + 0.5) as i32
}

const F0298: i32 = fix(0.298631336);
const F0390: i32 = fix(0.390180644);
const F0541: i32 = fix(0.541196100);
const F0765: i32 = fix(0.765366865);
const F0899: i32 = fix(0.899976223);
const F1175: i32 = fix(1.175875602);
const F1501: i32 = fix(1.501321110);
const F1847: i32 = fix(1.847759065);
const F1961: i32 = fix(1.961570560);
const F2053: i32 = fix(2.053119869);
const F2562: i32 = fix(2.562915447);
const F3072: i32 = fix(3.072711026);

/// Of values 2 and 6: for the middle outputs, and for the outer ones.
const EVEN: [(i32, i32); 2] = [(F0541, F0541 - F1847), (F0541 + F0765, F0541)];
/// Of values 7 and 1, then of 5 and 3: for each pair of outputs from the outside.
const ODD: [[(i32, i32); 2]; 4] = [
    [(F1175 - F0899, F1501 - F0899 + F1175 - F0390), (F1175 - F0390, F1175)],
    [(F1175 - F1961, F1175), (F1175 - F2562, F3072 - F2562 + F1175 - F1961)],
    [(F1175, F1175 - F0390), (F2053 - F2562 + F1175 - F0390, F1175 - F2562)],
    [(F0298 - F0899 + F1175 - F1961, F1175 - F0899), (F1175, F1175 - F1961)],
];

/// Coefficients in rows, each times its step -> samples in rows.
pub fn samples(coefficients: &[i16; 64], steps: &[i16; 64]) -> [[u8; 8]; 8] {
    let mut block = [[0; 8]; 8];
    for (i, (&coefficient, &step)) in coefficients.iter().zip(steps).enumerate() {
        block[i % 8][i / 8] = coefficient.wrapping_mul(step).into();
    }
    // Columns, then rows.
    let columns = block.map(pass::<FIRST>);
    let rows: [[i32; 8]; 8] = std::array::from_fn(|row| columns.map(|column| column[row]));
    rows.map(|row| pass::<SECOND>(row).map(|value| (value.clamp(-128, 127) + 128) as u8))
}

/// The transform in one direction, `BITS` bits dropped.
fn pass<const BITS: i32>(x: [i32; 8]) -> [i32; 8] {
    let dot = |a: i32, b: i32, factors: (i32, i32)| {
        i32::from(a as i16) * factors.0 + i32::from(b as i16) * factors.1
    };
    let half = 1 << (BITS - 1);
    let sum = (x[0].wrapping_add(x[4]) << POINT).wrapping_add(half);
    let difference = (x[0].wrapping_sub(x[4]) << POINT).wrapping_add(half);
    let middle = dot(x[2], x[6], EVEN[0]);
    let outer = dot(x[2], x[6], EVEN[1]);
    let even = [
        sum.wrapping_add(outer),
        difference.wrapping_add(middle),
        difference.wrapping_sub(middle),
        sum.wrapping_sub(outer),
    ];
    let mut out = [0; 8];
    for i in 0..4 {
        let odd = dot(x[7], x[1], ODD[i][0]).wrapping_add(dot(x[5], x[3], ODD[i][1]));
        out[i] = even[i].wrapping_add(odd) >> BITS;
        out[7 - i] = even[i].wrapping_sub(odd) >> BITS;
    }
    out
}

/// `samples`, by the wide way if the processor has it.
pub fn wide(coefficients: &[i16; 64], steps: &[i16; 64]) -> [[u8; 8]; 8] {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, as was just asked.
        return unsafe { avx2::samples(coefficients, steps) };
    }
    samples(coefficients, steps)
}

/// The same, eight columns at a time.
#[cfg(target_arch = "x86_64")]
pub mod avx2 {
    use std::arch::x86_64::*;

    use super::*;

    /// As above.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub fn samples(coefficients: &[i16; 64], steps: &[i16; 64]) -> [[u8; 8]; 8] {
        let (coefficients, steps) = (coefficients.as_chunks().0, steps.as_chunks().0);
        let rows = std::array::from_fn(|row| {
            _mm256_cvtepi16_epi32(_mm_mullo_epi16(load(&coefficients[row]), load(&steps[row])))
        });
        let rows = turn(pass::<SECOND>(turn(pass::<FIRST>(rows))));
        let (upper, lower) = (bytes(&rows[..4]), bytes(&rows[4..]));
        [upper[0], upper[1], upper[2], upper[3], lower[0], lower[1], lower[2], lower[3]]
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn load(values: &[i16; 8]) -> __m128i {
        let [a, b, c, d, e, f, g, h] = *values;
        _mm_setr_epi16(a, b, c, d, e, f, g, h)
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn pass<const BITS: i32>(x: [__m256i; 8]) -> [__m256i; 8] {
        let half = _mm256_set1_epi32(1 << (BITS - 1));
        let sum = _mm256_slli_epi32::<POINT>(_mm256_add_epi32(x[0], x[4]));
        let difference = _mm256_slli_epi32::<POINT>(_mm256_sub_epi32(x[0], x[4]));
        let (sum, difference) = (_mm256_add_epi32(sum, half), _mm256_add_epi32(difference, half));
        let (two_six, seven_one, five_three) = (pair(x[2], x[6]), pair(x[7], x[1]), pair(x[5], x[3]));
        let (middle, outer) = (dot(two_six, EVEN[0]), dot(two_six, EVEN[1]));
        let even = [
            _mm256_add_epi32(sum, outer),
            _mm256_add_epi32(difference, middle),
            _mm256_sub_epi32(difference, middle),
            _mm256_sub_epi32(sum, outer),
        ];
        let mut out = x;
        for i in 0..4 {
            let odd = _mm256_add_epi32(dot(seven_one, ODD[i][0]), dot(five_three, ODD[i][1]));
            out[i] = _mm256_srai_epi32::<BITS>(_mm256_add_epi32(even[i], odd));
            out[7 - i] = _mm256_srai_epi32::<BITS>(_mm256_sub_epi32(even[i], odd));
        }
        out
    }

    /// The lower halves of the lanes of both.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn pair(low: __m256i, high: __m256i) -> __m256i {
        _mm256_blend_epi16::<0xAA>(low, _mm256_slli_epi32::<16>(high))
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn dot(pairs: __m256i, factors: (i32, i32)) -> __m256i {
        _mm256_madd_epi16(pairs, _mm256_set1_epi32(factors.0 & 0xFFFF | factors.1 << 16))
    }

    /// Rows -> columns.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn turn(x: [__m256i; 8]) -> [__m256i; 8] {
        let (mut a, mut b, mut c) = (x, x, x);
        for i in [0, 2, 4, 6] {
            a[i] = _mm256_unpacklo_epi32(x[i], x[i + 1]);
            a[i + 1] = _mm256_unpackhi_epi32(x[i], x[i + 1]);
        }
        for i in [0, 4] {
            b[i] = _mm256_unpacklo_epi64(a[i], a[i + 2]);
            b[i + 1] = _mm256_unpackhi_epi64(a[i], a[i + 2]);
            b[i + 2] = _mm256_unpacklo_epi64(a[i + 1], a[i + 3]);
            b[i + 3] = _mm256_unpackhi_epi64(a[i + 1], a[i + 3]);
        }
        for i in 0..4 {
            c[i] = _mm256_permute2x128_si256::<0x20>(b[i], b[i + 4]);
            c[i + 4] = _mm256_permute2x128_si256::<0x31>(b[i], b[i + 4]);
        }
        c
    }

    /// Four rows of values around 0 -> samples around 128.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn bytes(x: &[__m256i]) -> [[u8; 8]; 4] {
        let middle = _mm256_set1_epi16(128);
        let two = _mm256_adds_epi16(_mm256_packs_epi32(x[0], x[1]), middle);
        let more = _mm256_adds_epi16(_mm256_packs_epi32(x[2], x[3]), middle);
        let order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
        let all = _mm256_permutevar8x32_epi32(_mm256_packus_epi16(two, more), order);
        [
            _mm256_extract_epi64::<0>(all).to_le_bytes(),
            _mm256_extract_epi64::<1>(all).to_le_bytes(),
            _mm256_extract_epi64::<2>(all).to_le_bytes(),
            _mm256_extract_epi64::<3>(all).to_le_bytes(),
        ]
    }
}
