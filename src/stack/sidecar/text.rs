//! The text of a header: bounded in length, read line by line, its fields looked up
//! by name.
#![forbid(unsafe_code)]

use crate::error::{Error, Result, Status};
use crate::format::{Limits, ReadAt};
use crate::sample::SampleType;
use crate::stack::voxel::ini;

/// A header is a few hundred bytes, or some more with a list of files.
const LONGEST: u64 = 1 << 20;
/// So much of a text is shown in a message.
const SHOWN: usize = 60;

/// The beginning of a file, as far as a header may go.
#[derive(Debug)]
pub(super) struct Text {
    bytes: Vec<u8>,
    /// The file ends where the bytes do.
    whole: bool,
}

/// The lines of a text, one after the other.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    text: &'a Text,
    at: usize,
}

/// What a header says, in its own words.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Text {
    pub(super) fn read(source: &dyn ReadAt) -> Result<Text> {
        let mut bytes = vec![0; source.len().min(LONGEST) as usize];
        source.read_at(0, &mut bytes).map_err(|error| Error::io("read the header", &error))?;
        Ok(Text { whole: bytes.len() as u64 == source.len(), bytes })
    }

    /// For tests of the parsers.
    #[cfg(test)]
    pub(super) fn of(text: &[u8]) -> Text {
        Text { bytes: text.to_vec(), whole: true }
    }

    pub(super) fn lines(&self) -> Lines<'_> {
        let mark = if self.bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        Lines { text: self, at: mark }
    }
}

impl Lines<'_> {
    /// The next line without its end and the blanks around it, UTF-8 or Latin-1;
    /// `None` where the file ends.
    pub(super) fn next(&mut self) -> Result<Option<String>> {
        let rest = &self.text.bytes[self.at..];
        let line = match rest.iter().position(|&byte| byte == b'\n') {
            Some(end) => &rest[..end],
            None if !self.text.whole => {
                let message = format!("the header does not end within {LONGEST} bytes");
                return Err(Error::new(Status::LimitExceeded, message));
            }
            None if rest.is_empty() => return Ok(None),
            None => rest,
        };
        self.at = (self.at + line.len() + 1).min(self.text.bytes.len());
        Ok(Some(ini::text(line).trim().to_owned()))
    }

    /// Bytes of the file up to here.
    pub(super) fn offset(&self) -> u64 {
        self.at as u64
    }
}

impl Fields {
    pub(super) fn add(&mut self, key: impl Into<String>, value: &str) {
        self.0.push((key.into(), value.to_owned()));
    }

    /// What the header says of `key`, if anything. It must not say two things.
    pub(super) fn get(&self, key: &str) -> Result<Option<&str>> {
        let mut said = self.0.iter().filter(|(name, _)| name == key).map(|(_, value)| value.as_str());
        let first = said.next();
        match said.find(|other| Some(*other) != first) {
            Some(other) => Err(corrupt(format!(
                "the header says of {key} both {} and {}",
                shown(first.unwrap_or_default()),
                shown(other)
            ))),
            None => Ok(first),
        }
    }

    /// What the header must say of `key`.
    pub(super) fn need(&self, key: &str) -> Result<&str> {
        self.get(key)?.ok_or_else(|| corrupt(format!("the header says nothing of {key}")))
    }

    /// A whole number.
    pub(super) fn number<T: std::str::FromStr>(&self, key: &str) -> Result<Option<T>> {
        self.get(key)?.map(|value| Ok(numbers(key, value, Some(1))?.remove(0))).transpose()
    }
}

/// The numbers of a text; `count` of them, where that is known.
pub(super) fn numbers<T: std::str::FromStr>(key: &str, value: &str, count: Option<usize>) -> Result<Vec<T>> {
    let numbers: Option<Vec<T>> = value.split_whitespace().map(|word| word.parse().ok()).collect();
    numbers.filter(|list| count.is_none_or(|count| list.len() == count)).ok_or_else(|| {
        let what = count.map_or_else(String::new, |count| format!("{count} "));
        corrupt(format!("the header says of {key} {}; {what}numbers are needed", shown(value)))
    })
}

/// Distances along x, y and z, as far as they are told and make sense.
pub(super) fn distances(value: &str) -> [Option<f64>; 3] {
    let mut words = value.split_whitespace().map(|word| word.parse().ok());
    [(); 3].map(|()| words.next().flatten().and_then(distance))
}

/// A distance that makes sense.
pub(super) fn distance(value: f64) -> Option<f64> {
    (value.is_finite() && value > 0.0).then_some(value)
}

/// Slices in all, of so many along each further axis.
pub(super) fn slices(further: &[u64], limits: &Limits) -> Result<u64> {
    let all = further.iter().try_fold(1_u64, |all, &size| all.checked_mul(size));
    match all {
        Some(0) => Err(corrupt("the header says that there are 0 slices")),
        Some(all) if all <= limits.pages => Ok(all),
        _ => {
            let message =
                format!("the header tells of more than {} slices; max_pages is the limit", limits.pages);
            Err(Error::new(Status::LimitExceeded, message))
        }
    }
}

/// The type of samples that take so many bits.
pub(super) fn integer(signed: bool, bits: u64) -> Option<SampleType> {
    Some(match (signed, bits) {
        (false, 8) => SampleType::U8,
        (false, 16) => SampleType::U16,
        (false, 32) => SampleType::U32,
        (false, 64) => SampleType::U64,
        (true, 8) => SampleType::I8,
        (true, 16) => SampleType::I16,
        (true, 32) => SampleType::I32,
        (true, 64) => SampleType::I64,
        _ => return None,
    })
}

/// A value as it may stand in a message.
pub(super) fn shown(value: &str) -> String {
    let start: String = value.chars().take(SHOWN).collect();
    let more = if start.len() < value.len() { "..." } else { "" };
    format!("{start:?}{more}")
}

pub(super) fn corrupt(message: impl Into<String>) -> Error {
    Error::new(Status::Corrupt, message)
}

pub(super) fn unsupported(what: impl AsRef<str>) -> Error {
    Error::new(Status::Unsupported, format!("not supported: {}", what.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_in_either_way_and_are_utf8_or_latin1() {
        let text = Text::of(b"\xef\xbb\xbfa = 1\r\n b \nN = gr\xfc\xdf\nN = gr\xc3\xbc\xc3\x9f");
        let mut lines = text.lines();
        let mut next = || lines.next().unwrap();
        assert_eq!(next().as_deref(), Some("a = 1"));
        assert_eq!(next().as_deref(), Some("b"));
        assert_eq!(next().as_deref(), Some("N = grüß"));
        assert_eq!(next().as_deref(), Some("N = grüß"));
        assert_eq!(next(), None);
        assert_eq!(next(), None);
    }

    #[test]
    fn a_text_without_an_end_is_read_to_its_limit_only() {
        let file = vec![b'a'; (LONGEST + 1) as usize];
        let text = Text::read(&file).unwrap();
        assert_eq!(text.bytes.len() as u64, LONGEST);
        assert_eq!(text.lines().next().unwrap_err().status, Status::LimitExceeded);
        let text = Text::read(&file[1..].to_vec()).unwrap();
        assert_eq!(text.lines().next().unwrap().unwrap().len() as u64, LONGEST);
    }

    #[test]
    fn what_is_said_twice_must_be_the_same() {
        let mut fields = Fields::default();
        fields.add("a", "1");
        fields.add("b", "2");
        fields.add("a", "1");
        assert_eq!(fields.get("a"), Ok(Some("1")));
        assert_eq!(fields.get("c"), Ok(None));
        fields.add("a", "3");
        assert_eq!(fields.get("a").unwrap_err().message, "the header says of a both \"1\" and \"3\"");
    }

    #[test]
    fn only_distances_that_make_sense_count() {
        assert_eq!(distances("0.5 1e-3 2"), [Some(0.5), Some(0.001), Some(2.0)]);
        assert_eq!(distances("nan -1 inf"), [None; 3]);
        assert_eq!(distances("0 x"), [None; 3]);
    }
}
