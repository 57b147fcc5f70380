//! NRRD headers, `.nrrd` and `.nhdr`: a magic line, lines of `field: value`, and the
//! data behind a blank line or in files of their own. As Teem's definition of the
//! format has it.
#![forbid(unsafe_code)]

use super::nrrd_axes::{self, Axes};
use super::text::{Fields, Lines, Text, corrupt, numbers, shown, slices, unsupported};
use super::{Files, Header, Start, names};
use crate::error::Result;
use crate::format::{Limits, Photometric};
use crate::sample::SampleType;

/// As many axes as Teem has.
const MOST_AXES: usize = 16;

/// How the data files are named.
enum DataFile {
    /// Behind the header.
    Attached,
    One(String),
    /// Names, or a pattern and its numbers; and the axes that each file holds.
    Listed(Option<usize>),
    Numbered {
        pattern: String,
        first: i64,
        last: i64,
        step: i64,
        axes: Option<usize>,
    },
}

/// Reads the header.
pub(super) fn parse(text: &Text, limits: &Limits) -> Result<Header> {
    let mut lines = text.lines();
    let magic = lines.next()?.unwrap_or_default();
    if !matches!(magic.strip_prefix("NRRD000").map(str::as_bytes), Some([b'1'..=b'5'])) {
        return Err(unsupported(format!("a NRRD of version {}", shown(&magic))));
    }
    let (fields, is_attached) = fields(&mut lines)?;
    refuse(&fields)?;
    let dimension = fields.number::<usize>("dimension")?;
    let dimension = dimension.ok_or_else(|| corrupt("the header says nothing of dimension"))?;
    if !(1..=MOST_AXES).contains(&dimension) {
        return Err(corrupt(format!("the header says that there are {dimension} dimensions")));
    }
    let sizes = numbers::<u64>("sizes", fields.need("sizes")?, Some(dimension))?;
    let axes = Axes::read(&fields, dimension)?;
    let sample = sample(fields.need("type")?)?;
    let header_slices = slices(&sizes[axes.first + 2..], limits)?;
    let channels = sizes[..axes.first].iter().product();
    let files = files(&fields, &mut lines, is_attached, &sizes, &axes, limits)?;
    Ok(Header {
        width: sizes[axes.first],
        height: sizes[axes.first + 1],
        slices: header_slices,
        channels: u32::try_from(channels).unwrap_or(u32::MAX),
        sample,
        photometric: if axes.color && matches!(channels, 3 | 4) {
            Photometric::Rgb
        } else {
            Photometric::MinIsBlack
        },
        big_endian: big_endian(&fields, sample)?,
        start: start(&fields, if is_attached { lines.offset() } else { 0 })?,
        files,
        voxel: nrrd_axes::voxel(&fields, &axes),
    })
}

/// The fields, and whether the data follow them. Where their files are listed, the
/// lines go on with the names.
fn fields(lines: &mut Lines) -> Result<(Fields, bool)> {
    let mut fields = Fields::default();
    let mut is_detached = false;
    while let Some(line) = lines.next()? {
        if line.is_empty() {
            return Ok((fields, !is_detached));
        }
        let Some((field, value)) = line.split_once(':') else { continue };
        // `key:=value` is a remark of the writer's.
        if line.starts_with('#') || value.starts_with('=') {
            continue;
        }
        let field: String = field.to_ascii_lowercase().split_whitespace().collect();
        let is_data = field == "datafile";
        is_detached |= is_data;
        fields.add(field, value.trim());
        if is_data && value.trim_start().starts_with("LIST") {
            break;
        }
    }
    match is_detached {
        true => Ok((fields, false)),
        false => Err(corrupt("the header neither ends with a blank line nor names a data file")),
    }
}

/// What cannot be read plane by plane.
fn refuse(fields: &Fields) -> Result<()> {
    let encoding = fields.need("encoding")?.to_ascii_lowercase();
    let name = match encoding.as_str() {
        "raw" => return Ok(()),
        "gz" | "gzip" => "gzip",
        "bz2" | "bzip2" => "bzip2",
        "txt" | "text" | "ascii" => "text",
        "hex" => "hex",
        "zrl" => "zrl",
        _ => return Err(corrupt(format!("the header says of encoding {}", shown(&encoding)))),
    };
    Err(unsupported(format!(
        "a NRRD with the encoding {name}, which is one stream from its first slice to its last; \
         write it again with the encoding raw"
    )))
}

fn sample(name: &str) -> Result<SampleType> {
    let words: Vec<String> = name.split_whitespace().map(str::to_ascii_lowercase).collect();
    Ok(match words.join(" ").as_str() {
        "signed char" | "int8" | "int8_t" => SampleType::I8,
        "uchar" | "unsigned char" | "uint8" | "uint8_t" => SampleType::U8,
        "short" | "short int" | "signed short" | "signed short int" | "int16" | "int16_t" => SampleType::I16,
        "ushort" | "unsigned short" | "unsigned short int" | "uint16" | "uint16_t" => SampleType::U16,
        "int" | "signed int" | "int32" | "int32_t" => SampleType::I32,
        "uint" | "unsigned int" | "uint32" | "uint32_t" => SampleType::U32,
        "longlong"
        | "long long"
        | "long long int"
        | "signed long long"
        | "signed long long int"
        | "int64"
        | "int64_t" => SampleType::I64,
        "ulonglong" | "unsigned long long" | "unsigned long long int" | "uint64" | "uint64_t" => {
            SampleType::U64
        }
        "float" => SampleType::F32,
        "double" => SampleType::F64,
        _ => return Err(unsupported(format!("NRRD samples of type {}", shown(name)))),
    })
}

fn big_endian(fields: &Fields, sample: SampleType) -> Result<bool> {
    match fields.get("endian")?.map(str::to_ascii_lowercase).as_deref() {
        Some("big") => Ok(true),
        Some("little") => Ok(false),
        Some(other) => {
            Err(corrupt(format!("the header says of endian {}; it is big or little", shown(other))))
        }
        None if sample.bytes() == 1 => Ok(false),
        None => Err(corrupt(format!(
            "the header says nothing of endian, which samples of {} need",
            sample.name()
        ))),
    }
}

/// Where the data begin, behind the header of `from` bytes.
fn start(fields: &Fields, from: u64) -> Result<Start> {
    let lines = fields.number::<u64>("lineskip")?.unwrap_or(0);
    match fields.number::<i64>("byteskip")?.unwrap_or(0) {
        -1 => Ok(Start::BeforeEnd),
        bytes => match u64::try_from(bytes) {
            Ok(bytes) => Ok(Start::Behind { from, lines, bytes }),
            Err(_) => Err(corrupt(format!("the header says of byte skip {bytes}"))),
        },
    }
}

fn files(
    fields: &Fields,
    lines: &mut Lines,
    is_attached: bool,
    sizes: &[u64],
    axes: &Axes,
    limits: &Limits,
) -> Result<Files> {
    let data = if is_attached { DataFile::Attached } else { DataFile::of(fields.need("datafile")?)? };
    let (held, names) = match data {
        DataFile::Attached => return Ok(Files::Own),
        DataFile::One(name) => return Ok(Files::One(name)),
        DataFile::Listed(held) => {
            let mut names = Vec::new();
            while let Some(line) = lines.next()? {
                names.extend(Some(line).filter(|line| !line.is_empty()));
            }
            (held, names)
        }
        DataFile::Numbered { pattern, first, last, step, axes: held } => {
            let count = last.checked_sub(first).and_then(|span| span.checked_div(step)).unwrap_or(-1);
            let count = u64::try_from(count).ok().and_then(|steps| steps.checked_add(1));
            let all = slices(&sizes[axes.first + 2..], limits)?;
            let Some(count) = count.filter(|count| *count <= all) else {
                return Err(corrupt(format!(
                    "numbers from {first} to {last} by {step} do not name files of {all} slices"
                )));
            };
            let nth = |n: u64| first.checked_add(step.checked_mul(n as i64)?);
            (held, names::numbered(&pattern, (0..count).filter_map(nth))?)
        }
    };
    check_count(names.len() as u64, held, sizes, axes, limits)?;
    Ok(Files::Each(names))
}

/// Whether so many files, each with the first `held` axes, are the whole.
fn check_count(count: u64, held: Option<usize>, sizes: &[u64], axes: &Axes, limits: &Limits) -> Result<()> {
    let held = held.unwrap_or(sizes.len() - 1);
    if held < axes.first + 2 {
        return Err(unsupported("a NRRD whose slices are spread over several files"));
    }
    let all = slices(&sizes[axes.first + 2..], limits)?;
    let fits = match held.cmp(&sizes.len()) {
        std::cmp::Ordering::Less => slices(&sizes[held..], limits)? == count,
        std::cmp::Ordering::Equal => count > 0 && all.is_multiple_of(count),
        std::cmp::Ordering::Greater => false,
    };
    match fits {
        true => Ok(()),
        false => Err(corrupt(format!(
            "the header names {count} files of data, of {held} dimensions each, for {all} slices"
        ))),
    }
}

impl DataFile {
    fn of(value: &str) -> Result<DataFile> {
        let words: Vec<&str> = value.split_whitespace().collect();
        let held = |word: Option<&&str>| match word {
            None => Ok(None),
            Some(word) => Ok(Some(numbers("data file", word, Some(1))?[0])),
        };
        if words.first() == Some(&"LIST") {
            return Ok(DataFile::Listed(held(words.get(1))?));
        }
        let pattern = value.contains('%')
            && matches!(words.len(), 4 | 5)
            && words[1..].iter().all(|word| word.parse::<i64>().is_ok());
        if !pattern {
            return Ok(DataFile::One(value.to_owned()));
        }
        let range = numbers::<i64>("data file", &words[1..4].join(" "), Some(3))?;
        Ok(DataFile::Numbered {
            pattern: words[0].to_owned(),
            first: range[0],
            last: range[1],
            step: range[2],
            axes: held(words.get(4))?,
        })
    }
}

#[cfg(test)]
#[path = "nrrd_tests.rs"]
mod tests;
