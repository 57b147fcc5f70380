//! LZW as TIFF has it (TIFF 6.0, section 13), through `weezl`.
#![forbid(unsafe_code)]

use weezl::decode::Configuration;
use weezl::{BitOrder, LzwStatus};

/// Decodes until `out` is full. Returns the bytes written, fewer when the codes
/// end before, or what is wrong with them.
pub(crate) fn decode(codes: &[u8], out: &mut [u8]) -> Result<usize, String> {
    let mut decoder =
        Configuration::with_tiff_size_switch(BitOrder::Msb, 8).with_yield_on_full_buffer(true).build();
    let (mut read, mut written) = (0, 0);
    while written < out.len() {
        let step = decoder.decode_bytes(&codes[read..], &mut out[written..]);
        read += step.consumed_in;
        written += step.consumed_out;
        let status = step.status.map_err(|error| error.to_string())?;
        if !matches!(status, LzwStatus::Ok) || (step.consumed_in == 0 && step.consumed_out == 0) {
            break;
        }
    }
    Ok(written)
}
