//! Transfer syntaxes (PS3.5, Annex A): how elements are written, and pixels coded.
//!
//! A further codec is a variant of `Coding`, its numbers in `CODINGS`, and an arm
//! where `decode` asks for the coding.
#![forbid(unsafe_code)]

/// How data elements are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Implicit,
    Explicit,
    ExplicitBig,
}

/// How pixels are coded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Frames behind each other, as samples.
    Native,
    /// As native, in a data set that is deflated as a whole.
    DeflatedSet,
    /// Frames in fragments, as samples.
    Encapsulated,
    /// Frames in fragments, each deflated.
    Deflated,
    Rle,
    /// JPEG: baseline, extended, progressive, lossless.
    Jpeg,
    /// One that is not read: its name.
    Other(String),
}

/// A transfer syntax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Syntax {
    pub encoding: Encoding,
    pub coding: Coding,
}

const ROOT: &str = "1.2.840.10008.1.2";

/// Behind `ROOT`: those that are read.
const CODINGS: &[(&str, Encoding, Coding)] = &[
    ("", Encoding::Implicit, Coding::Native),
    (".1", Encoding::Explicit, Coding::Native),
    (".2", Encoding::ExplicitBig, Coding::Native),
    (".1.99", Encoding::Explicit, Coding::DeflatedSet),
    (".1.98", Encoding::Explicit, Coding::Encapsulated),
    (".8.1", Encoding::Explicit, Coding::Deflated),
    (".5", Encoding::Explicit, Coding::Rle),
    (".4.50", Encoding::Explicit, Coding::Jpeg),
    (".4.51", Encoding::Explicit, Coding::Jpeg),
    (".4.53", Encoding::Explicit, Coding::Jpeg),
    (".4.55", Encoding::Explicit, Coding::Jpeg),
    (".4.57", Encoding::Explicit, Coding::Jpeg),
    (".4.70", Encoding::Explicit, Coding::Jpeg),
];

/// Behind `ROOT`: those that have a name; the first that fits.
const NAMES: &[(&str, &str)] = &[
    (".4.80", "JPEG-LS"),
    (".4.81", "JPEG-LS"),
    (".4.9", "JPEG 2000"),
    (".4.10", "MPEG video"),
    (".4.11", "JPEG XL"),
    (".4.20", "High-Throughput JPEG 2000"),
    (".4.", "JPEG of a retired kind"),
    (".6.1", "RFC 2557 MIME"),
    (".7.", "SMPTE video"),
];

impl Syntax {
    /// The transfer syntax of this number. All that are not native, deflated or of
    /// the first DICOM have elements of explicit little endian.
    pub fn of(uid: &str) -> Syntax {
        let tail = uid.strip_prefix(ROOT).unwrap_or("?");
        if let Some((_, encoding, coding)) = CODINGS.iter().find(|(known, ..)| *known == tail) {
            return Syntax { encoding: *encoding, coding: coding.clone() };
        }
        let name = NAMES.iter().find(|(known, _)| tail.starts_with(known));
        let name = name.map_or("a transfer syntax of unknown number", |(_, name)| name);
        Syntax { encoding: Encoding::Explicit, coding: Coding::Other(format!("{name} ({uid})")) }
    }
}

impl Coding {
    /// Whether frames come in fragments.
    pub fn is_encapsulated(&self) -> bool {
        !matches!(self, Coding::Native | Coding::DeflatedSet)
    }

    /// Whether what comes out are samples as native ones lie.
    pub fn is_samples(&self) -> bool {
        matches!(self, Coding::Native | Coding::DeflatedSet | Coding::Encapsulated | Coding::Deflated)
    }

    /// The number that TIFF has for it.
    pub fn compression(&self) -> u32 {
        match self {
            Coding::Native | Coding::Encapsulated | Coding::Other(_) => 1,
            Coding::DeflatedSet | Coding::Deflated => 8,
            Coding::Rle => 32773,
            Coding::Jpeg => 7,
        }
    }
}
