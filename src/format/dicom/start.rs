//! The beginning of a file: where its data set starts, and how it is written.
//! What is missing or wrong there is made up for as pydicom does when forced.
#![forbid(unsafe_code)]

use dicom_core::Tag;

use super::elements::{Element, text};
use super::signs::PREAMBLE;
use super::syntax::{Coding, Encoding, Syntax};
use crate::error::Result;
use crate::format::errors::corrupt;
use crate::format::view::View;

const TRANSFER_SYNTAX: Tag = Tag(0x0002, 0x0010);
const CLASS: Tag = Tag(0x0002, 0x0002);
/// Elements in front of the data set; there are some ten.
const MOST: usize = 4096;
/// A number of a transfer syntax has up to 64 characters.
const UID: u64 = 64;

/// What the beginning says.
pub struct Start {
    /// Where the data set begins.
    pub data: u64,
    pub syntax: Syntax,
    /// The file does not say which transfer syntax it has.
    pub guessed: bool,
    /// The class of the object, if the meta information says it.
    pub class: String,
}

/// Reads the preamble and the meta information.
pub fn read(view: &mut View) -> Result<Start> {
    let mut at = signature(view)?;
    let (mut uid, mut class) = (None, String::new());
    for count in 0.. {
        // Behind the last element of a file that has nothing else.
        if view.len().saturating_sub(at) < 8 {
            break;
        }
        let [low, high, _, _, letters @ ..] = peek(view, at)?;
        let encoding = match u16::from_le_bytes([low, high]) {
            2 if letters.iter().all(u8::is_ascii_uppercase) => Encoding::Explicit,
            // Of a message that was saved with its commands, or a careless writer.
            0 | 2 => Encoding::Implicit,
            _ => break,
        };
        if count == MOST {
            return Err(corrupt("the DICOM's meta information does not end"));
        }
        let element = Element::read(view, at, encoding)?;
        let value = |view: &mut View| element.value(view, UID).map(|bytes| text(&bytes));
        match element.tag {
            TRANSFER_SYNTAX => uid = Some(value(view)?),
            CLASS => class = value(view)?,
            _ => {}
        }
        at = element.end().ok_or_else(|| corrupt("the DICOM's meta information has no length"))?;
    }
    let guessed = uid.is_none();
    let mut syntax = Syntax::of(&uid.unwrap_or_default());
    if guessed {
        syntax.coding = Coding::Native;
    }
    if syntax.coding != Coding::DeflatedSet && view.len().saturating_sub(at) >= 8 {
        syntax.encoding = found(peek(view, at)?, guessed, syntax.encoding);
    }
    Ok(Start { data: at, syntax, guessed, class })
}

/// How the first element of the data set is really written.
fn found(first: [u8; 6], guessed: bool, stated: Encoding) -> Encoding {
    let [low, high, _, _, letters @ ..] = first;
    match letters.iter().all(u8::is_ascii_uppercase) {
        // A group above 0x3FF in one byte order is a low one in the other.
        true if guessed && u16::from_le_bytes([low, high]) >= 0x400 => Encoding::ExplicitBig,
        true if guessed || stated == Encoding::Implicit => Encoding::Explicit,
        true => stated,
        false if stated == Encoding::ExplicitBig && !guessed => stated,
        false => Encoding::Implicit,
    }
}

/// Where the elements begin.
fn signature(view: &mut View) -> Result<u64> {
    let mut letters = [0; 4];
    let after = PREAMBLE as u64 + 4;
    if view.len() >= after {
        view.fill("its preamble", PREAMBLE as u64, &mut letters)?;
        if &letters == b"DICM" {
            return Ok(after);
        }
    }
    if view.len() >= 4 {
        view.fill("its preamble", 0, &mut letters)?;
    }
    Ok(if &letters == b"DICM" { 4 } else { 0 })
}

/// A tag, and what are two letters where the element is an explicit one.
fn peek(view: &mut View, at: u64) -> Result<[u8; 6]> {
    let mut bytes = [0; 6];
    view.fill("its header", at, &mut bytes)?;
    Ok(bytes)
}
