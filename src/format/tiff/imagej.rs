//! ImageJ's promise: it writes a stack too large for classic TIFF as one
//! directory, and in its description `ImageJ=1.53t\nimages=100\n`. The images
//! follow each other behind the first one, without compression.
#![forbid(unsafe_code)]

use super::directory::Directory;
use crate::error::Result;
use crate::format::view::View;

/// ImageDescription.
const DESCRIPTION: u16 = 270;
/// What ImageJ's begins with.
const SIGN: &[u8] = b"ImageJ=";
/// Enough of one to find `images=N` in it.
const DESCRIPTION_BYTES: u64 = 4096;

/// The number of images that ImageJ's description promises, 0 where there is none.
pub fn images(view: &mut View, directory: &Directory) -> Result<u64> {
    let mut beginning = |bytes| match directory.bytes(view, DESCRIPTION, bytes) {
        Ok(text) => Ok(text.unwrap_or_default()),
        Err(error) if error.os_error != 0 => Err(error),
        // A text that is not there spoils no pixel.
        Err(_) => Ok(Vec::new()),
    };
    // Asked of every slice: most have another text, or a long one.
    if beginning(SIGN.len() as u64)? != SIGN {
        return Ok(0);
    }
    let text = beginning(DESCRIPTION_BYTES)?;
    let text = String::from_utf8_lossy(&text);
    let images = text.lines().find_map(|line| line.strip_prefix("images="));
    Ok(images.and_then(|count| count.trim().parse().ok()).unwrap_or(0))
}
