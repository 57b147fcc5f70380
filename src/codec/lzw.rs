//! LZW, for the time being.
#![forbid(unsafe_code)]

use super::Fault;

/// Decodes `raw` into `out`, to its last byte.
pub fn decode(raw: &[u8], out: &mut [u8]) -> Result<(), Fault> {
    let mut decoder = weezl::decode::Decoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8);
    let (mut from, mut to) = (0, 0);
    while to < out.len() {
        let result = decoder.decode_bytes(&raw[from..], &mut out[to..]);
        from += result.consumed_in;
        to += result.consumed_out;
        match result.status {
            Ok(weezl::LzwStatus::Ok) if result.consumed_in + result.consumed_out > 0 => {}
            Ok(_) => break,
            Err(_) => return Err(Fault::Broken("its LZW code is damaged")),
        }
    }
    if to == out.len() { Ok(()) } else { Err(Fault::Short { got: to }) }
}
