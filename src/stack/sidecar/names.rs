//! Names of data files, as a header gives them, and where these files lie.
//!
//! Only the header's own folder, and what lies in it, is looked at. A name that
//! leads out of it (an absolute path, `..`) is that of another machine or another
//! time; it counts by its last part: the file of that name beside the header.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};

use super::text::{corrupt, shown, unsupported};
use crate::error::Result;

/// Most digits that a number is filled up to.
const MOST_DIGITS: usize = 20;

/// The file of that name beside the header. Headers from Windows have backslashes.
pub(super) fn beside(header: &Path, name: &str) -> Result<PathBuf> {
    let parts: Vec<&str> = name.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".").collect();
    let Some(last) = parts.last().filter(|last| **last != ".." && !name.ends_with(['/', '\\'])) else {
        return Err(corrupt(format!("the header names {} as its data, which is no file", shown(name))));
    };
    if name.contains('\0') {
        return Err(corrupt(format!("the header names {} as its data, which holds a NUL", shown(name))));
    }
    let drive = name.as_bytes().get(1) == Some(&b':') && name.as_bytes()[0].is_ascii_alphabetic();
    let leads_out = drive || name.starts_with(['/', '\\']) || parts.contains(&"..");
    let last = if drive && parts.len() == 1 { &last[2..] } else { last };
    let folder = header.parent().unwrap_or(Path::new(""));
    let path = match leads_out {
        true => folder.join(last),
        false => parts.iter().fold(folder.to_owned(), |path, part| path.join(part)),
    };
    if path == header {
        return Err(corrupt("the header names itself as its data"));
    }
    Ok(path)
}

/// The names that a pattern such as `s_%03d.raw` gives for these numbers.
pub(super) fn numbered(pattern: &str, numbers: impl Iterator<Item = i64>) -> Result<Vec<String>> {
    let (before, digits, after) = split(pattern)?;
    let name = |number| match digits {
        Digits::Plain(width) => format!("{before}{number:width$}{after}"),
        Digits::Zeros(width) => format!("{before}{number:0width$}{after}"),
    };
    Ok(numbers.map(name).collect())
}

/// How a number is filled up to its width.
#[derive(Clone, Copy)]
enum Digits {
    Plain(usize),
    Zeros(usize),
}

/// A pattern around its one number.
fn split(pattern: &str) -> Result<(String, Digits, String)> {
    let refuse = || {
        unsupported(format!(
            "{} as the pattern of file names; one number, such as %03d, is needed",
            shown(pattern)
        ))
    };
    let mut texts = vec![String::new()];
    let mut found = None;
    let mut rest = pattern;
    while let Some((text, behind)) = rest.split_once('%') {
        let at = texts.len() - 1;
        texts[at] += text;
        if let Some(behind) = behind.strip_prefix('%') {
            texts[at].push('%');
            rest = behind;
            continue;
        }
        let width = behind.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, behind) = behind.split_at(width);
        let behind = behind.strip_prefix(['d', 'i', 'u']).ok_or_else(refuse)?;
        let width = if digits.is_empty() { Some(0) } else { digits.parse().ok() };
        let width = width.filter(|width| *width <= MOST_DIGITS).ok_or_else(refuse)?;
        let digits = if digits.starts_with('0') { Digits::Zeros(width) } else { Digits::Plain(width) };
        if found.replace(digits).is_some() {
            return Err(refuse());
        }
        texts.push(String::new());
        rest = behind;
    }
    let at = texts.len() - 1;
    texts[at] += rest;
    let after = texts.pop().unwrap_or_default();
    let (Some(before), Some(digits)) = (texts.pop(), found) else { return Err(refuse()) };
    Ok((before, digits, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Status;

    #[test]
    fn a_name_leads_to_a_file_in_the_folder_of_the_header() {
        let header = Path::new("scan/head.mhd");
        let path = |name: &str| beside(header, name).unwrap();
        for (name, file) in [
            ("a.raw", "scan/a.raw"),
            ("./a b.raw", "scan/a b.raw"),
            ("data/a.raw", "scan/data/a.raw"),
            (".\\data\\a.raw", "scan/data/a.raw"),
            // What leads out counts by its last part.
            ("/etc/passwd", "scan/passwd"),
            ("../../etc/passwd", "scan/passwd"),
            ("data/../../a.raw", "scan/a.raw"),
            ("C:\\scans\\a.raw", "scan/a.raw"),
            ("c:a.raw", "scan/a.raw"),
            ("\\\\server\\share\\a.raw", "scan/a.raw"),
        ] {
            assert_eq!(path(name), Path::new(file), "{name}");
        }
        assert_eq!(beside(Path::new("head.mhd"), "a.raw").unwrap(), Path::new("a.raw"));
        for name in ["", ".", "..", "/", "data/", "data/..", "a\0b", "head.mhd", "/other/head.mhd"] {
            assert_eq!(beside(header, name).unwrap_err().status, Status::Corrupt, "{name:?}");
        }
    }

    #[test]
    fn patterns_are_those_of_printf() {
        let names = |pattern: &str| numbered(pattern, [7, 1234].into_iter()).unwrap();
        assert_eq!(names("s_%03d.raw"), ["s_007.raw", "s_1234.raw"]);
        assert_eq!(names("%d"), ["7", "1234"]);
        assert_eq!(names("100%% %4i.r"), ["100%    7.r", "100% 1234.r"]);
        for pattern in ["%s", "%", "a%", "%d%d", "none", "%%", "%99999d", "%-3d", "%n", "%03x"] {
            assert_eq!(
                numbered(pattern, [1].into_iter()).unwrap_err().status,
                Status::Unsupported,
                "{pattern}"
            );
        }
    }
}
