//! The inverse cosine transform of `idct` for samples of 12 bits: one bit fewer is
//! kept between the passes, and products take more than 16 bits.
#![forbid(unsafe_code)]

/// Bits behind the point of a factor.
const POINT: u32 = 13;
/// Bits behind the point kept between the passes.
const KEPT: u32 = 1;

/// `value` in fixed point.
const fn fix(value: f64) -> i64 {
    (value * (1 << POINT) as f64 + 0.5) as i64
}

/// Coefficients in rows, each times its step -> samples in rows.
pub fn samples(coefficients: &[i16; 64], steps: &[u16; 64]) -> [[u16; 8]; 8] {
    let mut block = [[0; 8]; 8];
    for (i, (&coefficient, &step)) in coefficients.iter().zip(steps).enumerate() {
        block[i % 8][i / 8] = i64::from(i32::from(coefficient).wrapping_mul(step.into()));
    }
    // Columns, then rows.
    let columns = block.map(|column| pass(column, POINT - KEPT));
    let rows: [[i64; 8]; 8] = std::array::from_fn(|row| columns.map(|column| column[row]));
    // libjpeg looks the sample up by the lowest 14 bits.
    let clamp = |value: i64| ((((value << 50) >> 50).clamp(-2048, 2047)) + 2048) as u16;
    rows.map(|row| pass(row, POINT + KEPT + 3).map(clamp))
}

/// The transform in one direction, `bits` bits dropped.
fn pass(x: [i64; 8], bits: u32) -> [i64; 8] {
    let half = 1 << (bits - 1);
    let z = (x[2] + x[6]) * fix(0.541196100);
    let outer = z + x[2] * fix(0.765366865);
    let middle = z - x[6] * fix(1.847759065);
    let (sum, difference) = ((x[0] + x[4]) << POINT, (x[0] - x[4]) << POINT);
    let even = [sum + outer, difference + middle, difference - middle, sum - outer];
    let z5 = (x[7] + x[3] + x[5] + x[1]) * fix(1.175875602);
    let z1 = (x[7] + x[1]) * -fix(0.899976223);
    let z2 = (x[5] + x[3]) * -fix(2.562915447);
    let z3 = (x[7] + x[3]) * -fix(1.961570560) + z5;
    let z4 = (x[5] + x[1]) * -fix(0.390180644) + z5;
    let odd = [
        x[1] * fix(1.501321110) + z1 + z4,
        x[3] * fix(3.072711026) + z2 + z3,
        x[5] * fix(2.053119869) + z2 + z4,
        x[7] * fix(0.298631336) + z1 + z3,
    ];
    let mut out = [0; 8];
    for i in 0..4 {
        out[i] = i64::from(((even[i] + odd[i] + half) >> bits) as i32);
        out[7 - i] = i64::from(((even[i] - odd[i] + half) >> bits) as i32);
    }
    out
}
