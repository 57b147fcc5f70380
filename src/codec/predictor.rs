//! Differencing predictors, undone row by row: horizontal (TIFF 6.0, section
//! 14) and floating point (TIFF technical note 3).
#![forbid(unsafe_code)]

/// Adds to each sample the one `channels` before it. Samples have `bytes` bytes
/// in the machine's order.
pub(crate) fn undo_horizontal(row: &mut [u8], bytes: usize, channels: usize) {
    match bytes {
        1 => add::<1>(row, channels, |a, b| [a[0].wrapping_add(b[0])]),
        2 => add::<2>(row, channels, |a, b| {
            u16::from_ne_bytes(a).wrapping_add(u16::from_ne_bytes(b)).to_ne_bytes()
        }),
        4 => add::<4>(row, channels, |a, b| {
            u32::from_ne_bytes(a).wrapping_add(u32::from_ne_bytes(b)).to_ne_bytes()
        }),
        _ => add::<8>(row, channels, |a, b| {
            u64::from_ne_bytes(a).wrapping_add(u64::from_ne_bytes(b)).to_ne_bytes()
        }),
    }
}

fn add<const N: usize>(row: &mut [u8], channels: usize, sum: impl Fn([u8; N], [u8; N]) -> [u8; N]) {
    let samples = row.as_chunks_mut::<N>().0;
    for n in channels..samples.len() {
        samples[n] = sum(samples[n], samples[n - channels]);
    }
}

/// Sums the bytes of a row, then brings those of each sample together: they are
/// stored all first bytes, all second bytes, ..., most significant first,
/// whatever the file's byte order.
pub(crate) fn undo_floating(row: &mut [u8], bytes: usize, channels: usize, spare: &mut Vec<u8>) {
    for n in channels..row.len() {
        row[n] = row[n].wrapping_add(row[n - channels]);
    }
    spare.clear();
    spare.extend_from_slice(row);
    let samples = row.len() / bytes;
    for (n, sample) in row.chunks_exact_mut(bytes).enumerate() {
        for (significance, byte) in sample.iter_mut().enumerate() {
            *byte = spare[significance * samples + n];
        }
        if cfg!(target_endian = "little") {
            sample.reverse();
        }
    }
}
