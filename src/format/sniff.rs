//! Which format a file has: by its first bytes, never by its name.
#![forbid(unsafe_code)]

use super::errors::{io_error, truncated, unsupported};
use super::pnm_text::is_blank;
use super::{Format, ReadAt, dicom};
use crate::error::{Error, Result, Status};

/// Bytes that every known format needs at the least.
const FIRST: usize = 8;
/// Bytes until the size of a BMP's header, which tells that it is one.
const BMP_SIGNATURE: usize = 18;
/// Bytes looked at when these do not tell; a DICOM file says what it is at 128.
const LOOKED_AT: usize = 132;
/// Where it says it.
const PREAMBLE: u64 = 128;
/// Bytes shown when nothing is known about them.
const SHOWN: usize = 8;

/// The format of `source`.
pub fn format(source: &dyn ReadAt) -> Result<Format> {
    let mut buffer = [0; LOOKED_AT];
    for wanted in [FIRST, LOOKED_AT] {
        let length = source.len().min(wanted as u64) as usize;
        let start = &mut buffer[..length];
        source.read_at(0, start).map_err(|error| io_error("its header", &error))?;
        match known(start) {
            Some(Format::Tiff) if shows_dicom(source)? => return Ok(Format::Dicom),
            Some(format) => return Ok(format),
            None => {}
        }
    }
    let length = source.len().min(LOOKED_AT as u64) as usize;
    Err(unknown(&buffer[..length]))
}

/// Whether a file that begins as a TIFF is a DICOM one, which shows these bytes to
/// those who know no DICOM. Where samples were read straight into their place behind
/// a few bytes, these were a TIFF's header.
fn shows_dicom(source: &dyn ReadAt) -> Result<bool> {
    let is_in_parts = !source.held(0).is_empty() && source.held(PREAMBLE).is_empty();
    if is_in_parts || source.len() < LOOKED_AT as u64 || cfg!(not(feature = "dicom")) {
        return Ok(false);
    }
    let mut letters = [0; 4];
    source.read_at(PREAMBLE, &mut letters).map_err(|error| io_error("its header", &error))?;
    Ok(&letters == b"DICM")
}

fn known(start: &[u8]) -> Option<Format> {
    match start {
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Some(Format::Tiff),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(Format::Png),
        [0xFF, 0xD8, 0xFF, ..] => Some(Format::Jpeg),
        // Two letters are weak: the header's size must make sense, too.
        [b'B', b'M', _, _, _, _, _, _, _, _, _, _, _, _, 12 | 16..=128, 0, 0, 0, ..] => Some(Format::Bmp),
        _ if is_dib(start) => Some(Format::Bmp),
        [b'P', b'1'..=b'7' | b'F' | b'f', blank, ..] if is_blank(*blank) || *blank == b'#' => {
            Some(Format::Pnm)
        }
        // Two elements are needed to tell one without a preamble.
        _ if start.len() > FIRST && dicom::is_dicom(start) => Some(Format::Dicom),
        _ => None,
    }
}

/// A BMP without the file's own header: of one plane, of known bits and compression.
fn is_dib(start: &[u8]) -> bool {
    let Some((&[size, 0, 0, 0, ..], &[1, 0, bits, 0, compression, 0, 0, 0])) =
        start.get(..20).and_then(|start| start.split_last_chunk())
    else {
        return false;
    };
    matches!((size, bits, compression), (40 | 108 | 124, 1 | 4 | 8 | 16 | 24 | 32, 0..=3))
}

/// Whether the file ends within the signature of a known format.
fn is_cut_off(start: &[u8]) -> bool {
    const SIGNATURES: [&[u8]; 6] =
        [b"II\x2a\0", b"II\x2b\0", b"MM\0\x2a", b"MM\0\x2b", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"];
    SIGNATURES.iter().any(|signature| signature.starts_with(start))
        || start.starts_with(b"BM") && start.len() < BMP_SIGNATURE
}

fn unknown(start: &[u8]) -> Error {
    if start.is_empty() {
        return Error::new(Status::Truncated, "the file is empty");
    }
    if is_cut_off(start) {
        return truncated("its header");
    }
    let shown: Vec<String> = start.iter().take(SHOWN).map(|byte| format!("{byte:02x}")).collect();
    let name = foreign(start).map_or("a file of unknown format", |name| name);
    unsupported(format!("{name} (it begins with {})", shown.join(" ")))
}

/// Formats that this library does not read, but can name.
fn foreign(start: &[u8]) -> Option<&'static str> {
    const AT_START: &[(&[u8], &str)] = &[
        (b"GIF8", "a GIF image"),
        (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 image"),
        (b"\xff\x4f\xff\x51", "a JPEG 2000 codestream"),
        (b"\xff\x0a", "a JPEG XL image"),
        (b"\x00\x00\x00\x0cJXL ", "a JPEG XL image"),
        (b"II\xbc", "a JPEG XR image"),
        (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
        (b"\x1f\x8b", "a gzip file"),
        (b"PK\x03\x04", "a zip file"),
        (b"BZh", "a bzip2 file"),
        (b"\xfd7zXZ", "an xz file"),
        (b"\x28\xb5\x2f\xfd", "a zstd file"),
        (b"7z\xbc\xaf", "a 7-Zip file"),
        (b"%PDF", "a PDF file"),
        (b"%!PS", "a PostScript file"),
        (b"SIMPLE  =", "a FITS image"),
        (b"NRRD", "a NRRD volume"),
        (b"CDF\x01", "a NetCDF file"),
        (b"CDF\x02", "a NetCDF file"),
        (b"\x93NUMPY", "a NumPy array"),
        (b"ObjectType", "a MetaImage header"),
        (b"8BPS", "a Photoshop image"),
        (b"v/1\x01", "an OpenEXR image"),
        (b"\x00\x00\x01\x00", "a Windows icon"),
        (b"#?RADIANCE", "a Radiance image"),
        (b"FORM", "an IFF image"),
        (b"<?xml", "an XML file"),
        (b"<svg", "an SVG image"),
        (b"DDS ", "a DirectDraw surface"),
        (b"BM", "a BMP with a header of unknown size"),
    ];
    if start.starts_with(b"RIFF") && start.get(8..12) == Some(b"WEBP") {
        return Some("a WebP image");
    }
    if let Some(brand) = start.get(4..12).and_then(|brand| brand.strip_prefix(b"ftyp")) {
        return Some(match brand {
            b"avif" | b"avis" => "an AVIF image",
            b"heic" | b"heix" | b"mif1" | b"msf1" => "a HEIF image",
            _ => "a file of the MP4 family",
        });
    }
    AT_START.iter().find(|(magic, _)| start.starts_with(magic)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Status;

    #[test]
    fn a_cut_off_signature_is_a_short_file_and_other_bytes_are_no_image() {
        let status = |bytes: &[u8]| format(&bytes.to_vec()).unwrap_err().status;
        for whole in [&b"II\x2a\0\x08"[..], b"MM\0\x2b\0", b"\x89PNG\r\n\x1a\n\0", b"\xff\xd8\xff\xe0"] {
            for cut in 0..whole.len() - 1 {
                assert_eq!(status(&whole[..cut]), Status::Truncated, "{:?}", &whole[..cut]);
            }
        }
        assert_eq!(status(b"BM\x36\0\x01"), Status::Truncated);
        assert_eq!(status(b"BM, of all things, begins here"), Status::Unsupported);
        assert_eq!(status(b"\x89PNX"), Status::Unsupported);
    }
}
