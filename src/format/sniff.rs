//! Which format a file has: its first bytes say, never its name.
#![forbid(unsafe_code)]

use super::{Format, ReadAt};
use crate::error::{Error, Result, Status};

use super::errors::from_io;

/// Formats that are recognised so that they can be named.
const FOREIGN: [(&[u8], &str); 16] = [
    (b"GIF8", "a GIF"),
    (b"RIFF", "a WebP or another RIFF file"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 codestream"),
    (b"\xff\x0a", "a JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"PK\x03\x04", "a zip archive; unpack it first"),
    (b"%PDF", "a PDF"),
    (b"SIMPLE", "a FITS file"),
    (b"NRRD", "an NRRD volume"),
    (b"\x76\x2f\x31\x01", "an OpenEXR"),
    (b"8BPS", "a Photoshop file"),
    (b"II\xbc\x01", "a JPEG XR"),
    (b"PF\n", "a PFM"),
];

/// Recognises a file by its first bytes.
pub(super) fn format(source: &dyn ReadAt) -> Result<Format> {
    let mut head = [0; 132];
    let length = source.len().min(head.len() as u64) as usize;
    let head = &mut head[..length];
    source.read_at(0, head).map_err(|error| from_io(&error))?;
    match head {
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Ok(Format::Tiff),
        [0x89, b'P', b'N', b'G', ..] => Ok(Format::Png),
        [0xff, 0xd8, 0xff, ..] => Ok(Format::Jpeg),
        [b'B', b'M', ..] => Ok(Format::Bmp),
        [b'P', b'1'..=b'7', b' ' | b'\t' | b'\r' | b'\n' | b'#', ..] => Ok(Format::Pnm),
        [] => Err(Error::new(Status::Truncated, "the file is empty")),
        _ => Err(stranger(head)),
    }
}

fn stranger(head: &[u8]) -> Error {
    let known = FOREIGN.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, name)| *name);
    let dicom = (head.get(128..132) == Some(b"DICM")).then_some("a DICOM file");
    let message = match known.or(dicom) {
        Some(name) => format!("this is {name}, which is not supported"),
        None => {
            let first: Vec<String> = head.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            format!("no image format that is supported begins with the bytes {}", first.join(" "))
        }
    };
    Error::new(Status::Unsupported, message)
}
