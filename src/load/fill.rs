//! The fill value, as a sample.
#![forbid(unsafe_code)]

use half::f16;

use crate::error::{Error, Result, Status};
use crate::sample::SampleType;

/// Whether the sample type holds this value.
pub(super) fn check(value: f64, sample: SampleType) -> Result<()> {
    let (low, high) = match sample {
        SampleType::U8 => (0.0, u8::MAX.into()),
        SampleType::U16 => (0.0, u16::MAX.into()),
        SampleType::U32 => (0.0, u32::MAX.into()),
        SampleType::U64 => (0.0, u64::MAX as f64),
        SampleType::I8 => (i8::MIN.into(), i8::MAX.into()),
        SampleType::I16 => (i16::MIN.into(), i16::MAX.into()),
        SampleType::I32 => (i32::MIN.into(), i32::MAX.into()),
        SampleType::I64 => (i64::MIN as f64, i64::MAX as f64),
        // A float holds whatever it rounds to, NaN and infinity among it.
        SampleType::F16 | SampleType::F32 | SampleType::F64 => return Ok(()),
    };
    if (low..=high).contains(&value.round()) {
        return Ok(());
    }
    Err(Error::new(
        Status::InvalidArgument,
        format!("fill_value is {value:?}, but samples of type {} go from {low} to {high}", sample.name()),
    ))
}

/// The value as one sample in the machine's byte order; the first
/// `sample.bytes()` of it count.
pub(super) fn sample(value: f64, sample: SampleType) -> [u8; 8] {
    let mut bytes = [0; 8];
    let whole = value.round();
    match sample {
        SampleType::U8 => bytes[..1].copy_from_slice(&(whole as u8).to_ne_bytes()),
        SampleType::U16 => bytes[..2].copy_from_slice(&(whole as u16).to_ne_bytes()),
        SampleType::U32 => bytes[..4].copy_from_slice(&(whole as u32).to_ne_bytes()),
        SampleType::U64 => bytes.copy_from_slice(&(whole as u64).to_ne_bytes()),
        SampleType::I8 => bytes[..1].copy_from_slice(&(whole as i8).to_ne_bytes()),
        SampleType::I16 => bytes[..2].copy_from_slice(&(whole as i16).to_ne_bytes()),
        SampleType::I32 => bytes[..4].copy_from_slice(&(whole as i32).to_ne_bytes()),
        SampleType::I64 => bytes.copy_from_slice(&(whole as i64).to_ne_bytes()),
        SampleType::F16 => bytes[..2].copy_from_slice(&f16::from_f64(value).to_ne_bytes()),
        SampleType::F32 => bytes[..4].copy_from_slice(&(value as f32).to_ne_bytes()),
        SampleType::F64 => bytes.copy_from_slice(&value.to_ne_bytes()),
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn out_of_range_is_refused_and_nan_is_a_float() {
        assert!(check(256.0, SampleType::U8).is_err());
        assert!(check(-1.0, SampleType::U16).is_err());
        assert!(check(f64::NAN, SampleType::I32).is_err());
        assert!(check(255.4, SampleType::U8).is_ok());
        assert!(check(f64::NAN, SampleType::F32).is_ok());
        assert_eq!(sample(-2.0, SampleType::I16)[..2], (-2i16).to_ne_bytes());
        assert_eq!(sample(1.5, SampleType::F16)[..2], f16::from_f32(1.5).to_ne_bytes());
    }
}
