//! Texts of sections and keys, as scanners write them: `[Section]`, `Key=value`.
#![forbid(unsafe_code)]

/// The text in UTF-8 or, where it is not that, in Latin-1.
pub(in crate::stack) fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => bytes.iter().map(|&byte| char::from(byte)).collect(),
    }
}

/// The number at `key` in `section`, both written as they are in the file.
pub(super) fn number(text: &str, section: &str, key: &str) -> Option<f64> {
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            inside = name.trim() == section;
        } else if let Some((name, value)) = line.split_once('=')
            && inside
            && name.trim() == key
        {
            // Some systems write a comma for the point.
            return value.trim().replace(',', ".").parse().ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_counts_in_its_section_only() {
        let text = "[A]\r\nSize=1\r\n[B]\r\nOther Size=2\r\n Size = 3,5 \r\nSize=4\r\n";
        assert_eq!(number(text, "A", "Size"), Some(1.0));
        assert_eq!(number(text, "B", "Size"), Some(3.5));
        assert_eq!(number(text, "B", "size"), None);
        assert_eq!(number(text, "C", "Size"), None);
        assert_eq!(number("Size=1\n[A]\nSize=many\n", "A", "Size"), None);
    }

    #[test]
    fn latin_1_is_read_where_the_text_is_not_utf_8() {
        assert_eq!(text(b"Gr\xf6\xdfe (\xb5m)=1"), "Größe (µm)=1");
        assert_eq!(text("\u{feff}Größe".as_bytes()), "Größe");
    }
}
