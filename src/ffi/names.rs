//! Words for numbers: the version, and the names of all constants.

use std::ffi::{CStr, c_char};

use crate::error::Status;
use crate::format::{Format, Photometric};
use crate::load::State;
use crate::machine::Storage;
use crate::sample::SampleType;
use crate::stack::Reason;

/// The crate's version, with the NUL that C wants.
pub(super) const VERSION: &CStr = {
    match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(version) => version,
        Err(_) => panic!("the version holds a NUL"),
    }
};

/// Version of the library, such as "0.1.0". Static; any thread.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn zstack_version() -> *const c_char {
    VERSION.as_ptr()
}

/// ABI number of the library: equal to ZSTACK_ABI if this header is its own.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn zstack_abi() -> u32 {
    super::ZSTACK_ABI
}

/// A few words for a zstack_status, such as "buffer too small"; "unknown
/// status" for one that this library does not know. Static; any thread.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn zstack_status_name(status: i32) -> *const c_char {
    let known = Status::ALL.iter().find(|known| **known as i32 == status);
    known.map_or(c"unknown status", |known| status_name(*known)).as_ptr()
}

fn status_name(status: Status) -> &'static CStr {
    match status {
        Status::Ok => c"ok",
        Status::Partial => c"partial",
        Status::Cancelled => c"cancelled",
        Status::Pending => c"pending",
        Status::NoMoreEvents => c"no more events",
        Status::InvalidArgument => c"invalid argument",
        Status::StructSize => c"struct size",
        Status::BufferTooSmall => c"buffer too small",
        Status::BufferMisaligned => c"buffer misaligned",
        Status::Busy => c"busy",
        Status::AlreadyFinished => c"already finished",
        Status::OutOfRange => c"out of range",
        Status::NotFound => c"not found",
        Status::PermissionDenied => c"permission denied",
        Status::Io => c"input or output error",
        Status::NotAFile => c"not a file",
        Status::Empty => c"empty",
        Status::Ambiguous => c"ambiguous",
        Status::Unsupported => c"not supported",
        Status::Corrupt => c"corrupt",
        Status::Truncated => c"truncated",
        Status::ShapeMismatch => c"shape mismatch",
        Status::TypeMismatch => c"type mismatch",
        Status::Missing => c"missing",
        Status::LimitExceeded => c"limit exceeded",
        Status::MemoryLimit => c"memory limit",
        Status::OutOfMemory => c"out of memory",
        Status::NoThread => c"no thread",
        Status::Internal => c"internal error",
    }
}

/// Name of a zstack_sample_type, such as "u16"; "unknown". Static; any thread.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn zstack_sample_type_name(sample_type: i32) -> *const c_char {
    let name = match sample_type_of(sample_type) {
        Some(SampleType::U8) => c"u8",
        Some(SampleType::U16) => c"u16",
        Some(SampleType::U32) => c"u32",
        Some(SampleType::U64) => c"u64",
        Some(SampleType::I8) => c"i8",
        Some(SampleType::I16) => c"i16",
        Some(SampleType::I32) => c"i32",
        Some(SampleType::I64) => c"i64",
        Some(SampleType::F16) => c"f16",
        Some(SampleType::F32) => c"f32",
        Some(SampleType::F64) => c"f64",
        None => c"unknown",
    };
    name.as_ptr()
}

/// Bytes of one sample of a zstack_sample_type: 1, 2, 4 or 8; 0 for an unknown
/// one. Any thread.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn zstack_sample_type_bytes(sample_type: i32) -> u32 {
    sample_type_of(sample_type).map_or(0, |known| known.bytes() as u32)
}

pub(super) fn sample_type_of(number: i32) -> Option<SampleType> {
    SampleType::ALL.into_iter().find(|known| *known as i32 == number)
}

/// A word for a zstack_state, such as "measured"; "unknown". Static; any thread.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn zstack_state_name(state: i32) -> *const c_char {
    let known = [State::NotReached, State::Measured, State::Repaired, State::Missing];
    let name = match known.into_iter().find(|known| *known as i32 == state) {
        Some(State::NotReached) => c"not reached",
        Some(State::Measured) => c"measured",
        Some(State::Repaired) => c"repaired",
        Some(State::Missing) => c"missing",
        None => c"unknown",
    };
    name.as_ptr()
}

/// A word for a zstack_reason, such as "preview"; "unknown". Static; any thread.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn zstack_reason_name(reason: i32) -> *const c_char {
    let name = match Reason::ALL.iter().find(|known| **known as i32 == reason) {
        Some(Reason::OtherFamily) => c"other family",
        Some(Reason::OtherType) => c"other type",
        Some(Reason::Junk) => c"junk",
        Some(Reason::Preview) => c"preview",
        Some(Reason::Hidden) => c"hidden",
        Some(Reason::Directory) => c"folder",
        Some(Reason::NotAFile) => c"not a file",
        Some(Reason::DanglingLink) => c"dangling link",
        Some(Reason::Duplicate) => c"duplicate number",
        Some(Reason::NotAskedFor) => c"not asked for",
        Some(Reason::Thumbnail) => c"thumbnail or mask",
        Some(Reason::OtherShape) => c"other shape",
        Some(Reason::Unreadable) => c"unreadable",
        Some(Reason::Level) => c"level",
        None => c"unknown",
    };
    name.as_ptr()
}

/// A word for a zstack_storage, such as "network"; "unknown". Static; any thread.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn zstack_storage_name(storage: i32) -> *const c_char {
    let known =
        [Storage::Rotational, Storage::SolidState, Storage::Network, Storage::UserSpace, Storage::Memory];
    let name = match known.into_iter().find(|known| *known as i32 == storage) {
        Some(Storage::Rotational) => c"rotational",
        Some(Storage::SolidState) => c"solid state",
        Some(Storage::Network) => c"network",
        Some(Storage::UserSpace) => c"user space",
        Some(Storage::Memory) => c"memory",
        Some(Storage::Unknown) | None => c"unknown",
    };
    name.as_ptr()
}

/// Name of a zstack_format, such as "TIFF"; "unknown". Static; any thread.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn zstack_format_name(format: i32) -> *const c_char {
    let known =
        [Format::Tiff, Format::Png, Format::Jpeg, Format::Bmp, Format::Pnm, Format::Dicom, Format::Raw];
    let name = match known.into_iter().find(|known| *known as i32 == format) {
        Some(Format::Tiff) => c"TIFF",
        Some(Format::Png) => c"PNG",
        Some(Format::Jpeg) => c"JPEG",
        Some(Format::Bmp) => c"BMP",
        Some(Format::Pnm) => c"PNM",
        Some(Format::Dicom) => c"DICOM",
        Some(Format::Raw) => c"raw",
        None => c"unknown",
    };
    name.as_ptr()
}

/// A word for a zstack_photometric, such as "RGB"; "unknown". Static; any thread.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn zstack_photometric_name(photometric: i32) -> *const c_char {
    let known = [
        Photometric::MinIsWhite,
        Photometric::MinIsBlack,
        Photometric::Rgb,
        Photometric::Palette,
        Photometric::Mask,
        Photometric::Cmyk,
        Photometric::Ycbcr,
        Photometric::CieLab,
        Photometric::IccLab,
        Photometric::ItuLab,
        Photometric::Cfa,
        Photometric::LinearRaw,
        Photometric::LogL,
        Photometric::LogLuv,
        Photometric::Depth,
    ];
    let name = match known.into_iter().find(|known| *known as i32 == photometric) {
        Some(Photometric::MinIsWhite) => c"grey, 0 is white",
        Some(Photometric::MinIsBlack) => c"grey, 0 is black",
        Some(Photometric::Rgb) => c"RGB",
        Some(Photometric::Palette) => c"palette",
        Some(Photometric::Cmyk) => c"CMYK",
        Some(Photometric::Ycbcr) => c"YCbCr",
        Some(Photometric::Mask) => c"mask",
        Some(Photometric::CieLab) => c"CIELab",
        Some(Photometric::IccLab) => c"ICCLab",
        Some(Photometric::ItuLab) => c"ITULab",
        Some(Photometric::Cfa) => c"color filter array",
        Some(Photometric::LinearRaw) => c"linear raw",
        Some(Photometric::Depth) => c"depth",
        Some(Photometric::LogL) => c"LogL",
        Some(Photometric::LogLuv) => c"LogLuv as XYZ",
        None => c"unknown",
    };
    name.as_ptr()
}
