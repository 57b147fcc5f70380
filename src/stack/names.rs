//! A file's name: what kind it is, and its parts: prefix, number, suffix.
#![forbid(unsafe_code)]

use super::Reason;

/// Extensions of readable types, in lower case. What a file really is, its first
/// bytes say when it is opened.
const READABLE: [&str; 15] = [
    "tif", "tiff", "btf", "tf8", "png", "jpg", "jpeg", "jpe", "bmp", "dib", "pbm", "pgm", "ppm", "pnm", "pam",
];

/// Extensions of headers of raw volumes, in lower case.
const HEADERS: [&str; 5] = ["mhd", "mha", "nhdr", "nrrd", "vgi"];
/// Extensions of DICOM, in lower case.
const DICOM: [&str; 4] = ["dcm", "dicom", "dic", "ima"];

/// Names that file managers leave behind, in lower case.
const JUNK: [&str; 5] = ["thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store", ".directory"];

/// The extension without its dot; empty when there is none.
pub(super) fn extension(name: &[u8]) -> &[u8] {
    match name.iter().rposition(|&byte| byte == b'.') {
        Some(dot) if dot > 0 => &name[dot + 1..],
        _ => &[],
    }
}

/// Whether a name is that of an image.
pub(super) fn is_image(name: &[u8]) -> bool {
    has_extension(name, &READABLE) || has_extension(name, &DICOM)
}

/// Whether a file of this name may be a DICOM one: by its extension, or since it has
/// none: IM000001, or a number such as 1.2.840.113619.2.5.
pub(super) fn may_be_dicom(name: &[u8]) -> bool {
    extension(name).iter().all(u8::is_ascii_digit) || has_extension(name, &DICOM)
}

fn has_extension(name: &[u8], known: &[&str]) -> bool {
    let extension = extension(name);
    known.iter().any(|known| extension.eq_ignore_ascii_case(known.as_bytes()))
}

/// Why a name alone rules a file out, if it does. Raw samples may have any extension.
pub(super) fn objection(name: &[u8], raw: bool) -> Option<(Reason, String)> {
    let lower = name.to_ascii_lowercase();
    if JUNK.iter().any(|junk| lower == junk.as_bytes()) || name.starts_with(b"._") {
        return Some((Reason::Junk, "left behind by a file manager".to_owned()));
    }
    if name.starts_with(b".") {
        return Some((Reason::Hidden, "hidden: its name begins with a dot".to_owned()));
    }
    if !raw && !is_image(name) && !has_extension(name, &HEADERS) {
        let kind = match extension(name) {
            [] => "no extension".to_owned(),
            extension => format!(".{}", String::from_utf8_lossy(extension)),
        };
        return Some((Reason::OtherType, format!("not an image type that is read ({kind})")));
    }
    let stem = lower.strip_suffix(extension(&lower)).and_then(|stem| stem.strip_suffix(b"."));
    if stem.is_some_and(|stem| stem.ends_with(b"_spr")) {
        return Some((Reason::Preview, "a scanner's preview (*_spr)".to_owned()));
    }
    None
}

/// A name around one of its runs of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    pub prefix: &'a [u8],
    pub digits: &'a [u8],
    /// What follows the digits, up to the dot of the extension.
    pub middle: &'a [u8],
    /// With its dot.
    pub extension: &'a [u8],
}

/// Splits a name at its `from_end`-th run of digits, counted from the end of the
/// stem; `None` when it has fewer. Digits of the extension never count.
pub(super) fn split(name: &[u8], from_end: usize) -> Option<Parts<'_>> {
    let stem_end = match extension(name).len() {
        0 => name.len(),
        length => name.len() - length - 1,
    };
    let (stem, extension) = name.split_at(stem_end);
    let mut end = stem.len();
    for _ in 0..from_end {
        let run_end = stem[..end].iter().rposition(u8::is_ascii_digit)? + 1;
        end = run_start(&stem[..run_end]);
    }
    let end = stem[..end].iter().rposition(u8::is_ascii_digit)? + 1;
    let start = run_start(&stem[..end]);
    Some(Parts { prefix: &stem[..start], digits: &stem[start..end], middle: &stem[end..], extension })
}

/// Start of the run of digits that a text ends with.
fn run_start(text: &[u8]) -> usize {
    text.iter().rposition(|byte| !byte.is_ascii_digit()).map_or(0, |last| last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(name: &str, from_end: usize) -> Option<(String, String, String, String)> {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let p = split(name.as_bytes(), from_end)?;
        Some((text(p.prefix), text(p.digits), text(p.middle), text(p.extension)))
    }

    fn own(a: &str, b: &str, c: &str, d: &str) -> Option<(String, String, String, String)> {
        Some((a.into(), b.into(), c.into(), d.into()))
    }

    #[test]
    fn the_last_digits_of_the_stem_are_the_number() {
        assert_eq!(parts("s_3um_0012.tif", 0), own("s_3um_", "0012", "", ".tif"));
        assert_eq!(parts("s_3um_0012.tif", 1), own("s_", "3", "um_0012", ".tif"));
        assert_eq!(parts("s_3um_0012.tif", 2), None);
        assert_eq!(parts("s (10).tif", 0), own("s (", "10", ")", ".tif"));
        assert_eq!(parts("a1.ome.tif", 0), own("a", "1", ".ome", ".tif"));
        assert_eq!(parts("7.tf8", 0), own("", "7", "", ".tf8"));
        assert_eq!(parts("head.tf8", 0), None);
        assert_eq!(parts("12", 0), own("", "12", "", ""));
    }

    #[test]
    fn a_name_alone_can_rule_a_file_out() {
        let reason = |name: &str| objection(name.as_bytes(), false).map(|(reason, _)| reason);
        assert_eq!(reason("Thumbs.db"), Some(Reason::Junk));
        assert_eq!(reason("._s_01.tif"), Some(Reason::Junk));
        assert_eq!(reason(".s_01.tif"), Some(Reason::Hidden));
        assert_eq!(reason("scan.log"), Some(Reason::OtherType));
        assert_eq!(reason("README"), Some(Reason::OtherType));
        assert_eq!(reason("scan_SPR.bmp"), Some(Reason::Preview));
        assert_eq!(reason("scan_spr.log"), Some(Reason::OtherType));
        assert_eq!(reason("S_01.TIF"), None);
        assert_eq!(reason("s.pam"), None);
        assert_eq!(reason("scan.MHD"), None);
        assert_eq!(reason("scan.raw"), Some(Reason::OtherType));
        let raw = |name: &str| objection(name.as_bytes(), true).map(|(reason, _)| reason);
        assert_eq!((raw("scan.raw"), raw("scan")), (None, None));
        assert_eq!(raw("scan_spr.raw"), Some(Reason::Preview));
        assert_eq!(raw("Thumbs.db"), Some(Reason::Junk));
        assert_eq!(reason("s_01.DCM"), None);
    }

    #[test]
    fn names_without_an_extension_may_be_those_of_dicom_files() {
        for name in ["IM000001", "1.2.840.113619.2.5", "a.dcm", "A.IMA"] {
            assert!(may_be_dicom(name.as_bytes()), "{name}");
        }
        for name in ["a.tif", "scan.log", "a.b1"] {
            assert!(!may_be_dicom(name.as_bytes()), "{name}");
        }
    }
}
