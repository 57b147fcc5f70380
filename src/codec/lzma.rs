//! LZMA2 in an xz stream (TIFF compression 34925).
#![forbid(unsafe_code)]

use liblzma::stream::{Action, Error, Status, Stream};

use super::Fault;

/// Largest dictionary of xz's presets. More only helps files larger than it, and a
/// damaged or hostile header may ask for 4 GiB.
pub(crate) const DICTIONARY: u64 = 64 << 20;
/// What the decoder takes besides its dictionary.
pub(crate) const BESIDES: u64 = 1 << 20;

/// Decodes `raw` into `out`, to its last byte.
pub fn decode(raw: &[u8], out: &mut [u8]) -> Result<(), Fault> {
    let mut stream = Stream::new_stream_decoder(DICTIONARY + BESIDES, 0).map_err(failed)?;
    loop {
        let (from, to) = (stream.total_in(), stream.total_out());
        let ended = match stream.process(&raw[from as usize..], &mut out[to as usize..], Action::Run) {
            Ok(status) => status == Status::StreamEnd,
            Err(error) => return Err(failed(error)),
        };
        // Once `out` is full, the stream's end is still read: its checksum tells
        // whether the samples are right. More samples, or no end, are no fault.
        let stuck = (stream.total_in(), stream.total_out()) == (from, to);
        if ended || stuck {
            let got = stream.total_out() as usize;
            return if got == out.len() { Ok(()) } else { Err(Fault::Short { got }) };
        }
    }
}

fn failed(error: Error) -> Fault {
    match error {
        Error::Mem => Fault::NoMemory,
        Error::MemLimit => Fault::Broken("its LZMA dictionary is larger than 64 MiB"),
        Error::Format => Fault::Broken("it is no xz stream"),
        _ => Fault::Broken("its LZMA stream is damaged"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use liblzma::stream::{Check, Filters, LzmaOptions};

    fn xz(samples: &[u8], filters: &Filters) -> Vec<u8> {
        let mut stream = Stream::new_stream_encoder(filters, Check::Crc64).unwrap();
        let mut raw = Vec::with_capacity(2 * samples.len() + 1000);
        assert_eq!(stream.process_vec(samples, &mut raw, Action::Finish).unwrap(), Status::StreamEnd);
        raw
    }

    fn plain(dictionary: u32) -> Filters {
        let mut options = LzmaOptions::new_preset(6).unwrap();
        options.dict_size(dictionary);
        let mut filters = Filters::new();
        filters.lzma2(&options);
        filters
    }

    fn samples() -> Vec<u8> {
        (0..9000_u32).map(|i| ((i * i) >> 7) as u8).collect()
    }

    #[test]
    fn a_stream_comes_back_with_and_without_the_filter_that_libtiff_uses() {
        let samples = samples();
        // Differences of bytes so far apart stand in front of LZMA2 there.
        let mut delta = Filters::new();
        delta.delta_properties(&[1]).unwrap();
        delta.lzma2(&LzmaOptions::new_preset(6).unwrap());
        for filters in [plain(1 << 16), delta] {
            let mut out = vec![0; samples.len()];
            assert_eq!(decode(&xz(&samples, &filters), &mut out), Ok(()));
            assert_eq!(out, samples);
        }
    }

    #[test]
    fn what_follows_the_samples_is_no_fault() {
        let samples = samples();
        let mut raw = xz(&samples, &plain(1 << 16));
        raw.extend(b"more");
        let mut out = vec![0; 5000];
        assert_eq!(decode(&raw, &mut out), Ok(()));
        assert_eq!(out, samples[..5000]);
    }

    #[test]
    fn a_cut_stream_is_short_and_a_damaged_one_broken() {
        let samples = samples();
        let raw = xz(&samples, &plain(1 << 16));
        let mut out = vec![0; samples.len()];
        assert!(matches!(decode(&raw[..raw.len() / 2], &mut out), Err(Fault::Short { .. })));
        assert_eq!(decode(b"no xz stream at all", &mut out), Err(Fault::Broken("it is no xz stream")));
        for at in (0..raw.len() - 40).step_by(7) {
            let mut damaged = raw.clone();
            damaged[at] ^= 4;
            assert!(decode(&damaged, &mut out).is_err(), "byte {at}");
        }
    }

    #[test]
    fn a_dictionary_of_a_gigabyte_is_refused() {
        let raw = xz(&samples(), &plain(1 << 30));
        let mut out = vec![0; 9000];
        let refused = decode(&raw, &mut out);
        assert_eq!(refused, Err(Fault::Broken("its LZMA dictionary is larger than 64 MiB")));
    }
}
