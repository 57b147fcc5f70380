//! Names of units of length, as programs write them.
#![forbid(unsafe_code)]

/// Micrometres in one of these; `None` for what is no length, such as "pixel".
pub(super) fn micrometres(name: &str) -> Option<f64> {
    // ImageJ writes the sign of micro as an escape, OME as one of two characters.
    let name = name.trim().replace("\\u00B5", "u").replace(['\u{b5}', '\u{3bc}'], "u");
    Some(match name.as_str() {
        "A" | "\u{c5}" | "angstrom" => 1e-4,
        "pm" | "picometer" => 1e-6,
        "nm" | "nanometer" | "nanometre" => 1e-3,
        "um" | "micron" | "microns" | "micrometer" | "micrometre" => 1.0,
        "mm" | "millimeter" | "millimetre" => 1e3,
        "cm" | "centimeter" | "centimetre" => 1e4,
        "m" | "meter" | "metre" => 1e6,
        "in" | "inch" | "inches" => 25_400.0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_signs_of_micro_are_one() {
        for name in ["um", "\\u00B5m", "\u{b5}m", "\u{3bc}m", " micron "] {
            assert_eq!(micrometres(name), Some(1.0), "{name}");
        }
        assert_eq!(micrometres("mm"), Some(1000.0));
        assert_eq!(micrometres("pixel"), None);
    }
}
