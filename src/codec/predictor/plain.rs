//! Running sums sample by sample: for machines whose wide registers are not used,
//! and for pixels that are too large for one.
#![forbid(unsafe_code)]

/// Adds to each sample of a row that of the pixel before it. Bytes after the last
/// whole sample are left alone.
pub fn add_up(row: &mut [u8], sample_bytes: usize, channels: usize) {
    match sample_bytes {
        1 => add_up_samples(row, channels, u8::from_ne_bytes, u8::wrapping_add, u8::to_ne_bytes),
        2 => add_up_samples(row, channels, u16::from_ne_bytes, u16::wrapping_add, u16::to_ne_bytes),
        4 => add_up_samples(row, channels, u32::from_ne_bytes, u32::wrapping_add, u32::to_ne_bytes),
        _ => add_up_samples(row, channels, u64::from_ne_bytes, u64::wrapping_add, u64::to_ne_bytes),
    }
}

fn add_up_samples<T: Copy + Default, const N: usize>(
    row: &mut [u8],
    channels: usize,
    from: impl Fn([u8; N]) -> T,
    add: impl Fn(T, T) -> T,
    to: impl Fn(T) -> [u8; N],
) {
    let samples = row.as_chunks_mut::<N>().0;
    match channels {
        0 | 1 => add_up_pixels::<T, N, 1>(samples, from, add, to),
        2 => add_up_pixels::<T, N, 2>(samples, from, add, to),
        3 => add_up_pixels::<T, N, 3>(samples, from, add, to),
        4 => add_up_pixels::<T, N, 4>(samples, from, add, to),
        // Here the sums are read back from memory: enough of them are under way to
        // hide how long that takes.
        _ => {
            for at in channels..samples.len() {
                samples[at] = to(add(from(samples[at]), from(samples[at - channels])));
            }
        }
    }
}

/// Pixels of C samples: the sums stay in registers.
#[inline]
fn add_up_pixels<T: Copy + Default, const N: usize, const C: usize>(
    samples: &mut [[u8; N]],
    from: impl Fn([u8; N]) -> T,
    add: impl Fn(T, T) -> T,
    to: impl Fn(T) -> [u8; N],
) {
    let mut sums = [T::default(); C];
    let (pixels, rest) = samples.as_chunks_mut::<C>();
    for pixel in pixels.iter_mut() {
        for (sum, sample) in sums.iter_mut().zip(pixel) {
            *sum = add(*sum, from(*sample));
            *sample = to(*sum);
        }
    }
    for (sum, sample) in sums.into_iter().zip(rest) {
        *sample = to(add(sum, from(*sample)));
    }
}
