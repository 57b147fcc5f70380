//! MetaImage headers, `.mhd` and `.mha`: lines of `Key = value`, of which the last
//! names the data. As MetaIO (ITK, SimpleITK) reads them.
#![forbid(unsafe_code)]

use super::text::{self, Fields, Lines, Text, corrupt, numbers, shown, slices, unsupported};
use super::{Files, Header, Start, VoxelSize, names};
use crate::error::Result;
use crate::format::{Limits, RawLayout};
use crate::sample::SampleType;

/// The key that ends the header.
const DATA: &str = "ElementDataFile";
/// As many axes as MetaIO has.
const MOST_AXES: usize = 10;

/// Reads the header.
pub(super) fn parse(text: &Text, limits: &Limits) -> Result<Header> {
    let mut fields = Fields::default();
    let mut lines = text.lines();
    while let Some(line) = lines.next()? {
        let Some((key, value)) = line.split_once(['=', ':']) else { continue };
        fields.add(key.trim(), value.trim());
        if key.trim() == DATA {
            break;
        }
    }
    refuse(&fields)?;
    let axes = fields.number::<usize>("NDims")?.ok_or_else(|| corrupt("the header says nothing of NDims"))?;
    if !(2..=MOST_AXES).contains(&axes) {
        return Err(unsupported(format!("a MetaImage of {axes} dimensions")));
    }
    let sizes = numbers::<u64>("DimSize", fields.need("DimSize")?, Some(axes))?;
    let sample = sample(fields.need("ElementType")?)?;
    let channels = fields.number("ElementNumberOfChannels")?.unwrap_or(1);
    let (start, files) = data(&fields, &mut lines, &sizes, limits)?;
    let spacing = fields.get("ElementSpacing")?.or(fields.get("ElementSize")?);
    Ok(Header {
        width: sizes[0],
        height: sizes[1],
        slices: slices(&sizes[2..], limits)?,
        channels,
        sample,
        photometric: RawLayout::likely_meaning(channels, sample),
        big_endian: big_endian(&fields)?,
        start,
        files,
        voxel: spacing.map(|spacing| VoxelSize {
            size: text::distances(spacing),
            unit: fields.get("DistanceUnits").ok().flatten().filter(|unit| *unit != "?").map(str::to_owned),
        }),
    })
}

/// What cannot be read plane by plane.
fn refuse(fields: &Fields) -> Result<()> {
    if let Some(kind) = fields.get("ObjectType")?.filter(|kind| *kind != "Image") {
        return Err(unsupported(format!("a MetaIO object of type {}, which is no image", shown(kind))));
    }
    if flag(fields, "CompressedData")? == Some(true) {
        return Err(unsupported(
            "a compressed MetaImage, which is one stream from its first slice to its last; \
             write it again without compression",
        ));
    }
    if flag(fields, "BinaryData")? == Some(false) {
        return Err(unsupported("a MetaImage whose samples are text; write it again as binary data"));
    }
    Ok(())
}

fn flag(fields: &Fields, key: &str) -> Result<Option<bool>> {
    let Some(value) = fields.get(key)? else { return Ok(None) };
    match value.as_bytes().first() {
        Some(b'T' | b't' | b'1') => Ok(Some(true)),
        Some(b'F' | b'f' | b'0') => Ok(Some(false)),
        _ => Err(corrupt(format!("the header says of {key} {}; it is True or False", shown(value)))),
    }
}

fn big_endian(fields: &Fields) -> Result<bool> {
    let keys = ["BinaryDataByteOrderMSB", "ElementByteOrderMSB"];
    match (flag(fields, keys[0])?, flag(fields, keys[1])?) {
        (Some(a), Some(b)) if a != b => {
            Err(corrupt(format!("{} and {} contradict each other", keys[0], keys[1])))
        }
        (a, b) => Ok(a.or(b).unwrap_or(false)),
    }
}

fn sample(name: &str) -> Result<SampleType> {
    let element = name.strip_suffix("_ARRAY").unwrap_or(name);
    Ok(match element {
        "MET_CHAR" | "MET_ASCII_CHAR" => SampleType::I8,
        "MET_UCHAR" => SampleType::U8,
        "MET_SHORT" => SampleType::I16,
        "MET_USHORT" => SampleType::U16,
        // A long has 32 bits here, on every machine.
        "MET_INT" | "MET_LONG" => SampleType::I32,
        "MET_UINT" | "MET_ULONG" => SampleType::U32,
        "MET_LONG_LONG" => SampleType::I64,
        "MET_ULONG_LONG" => SampleType::U64,
        "MET_FLOAT" => SampleType::F32,
        "MET_DOUBLE" => SampleType::F64,
        _ => return Err(unsupported(format!("MetaImage samples of type {}", shown(name)))),
    })
}

/// Where the data are: behind the header, in one file, or in one for each step along
/// the last axis.
fn data(fields: &Fields, lines: &mut Lines, sizes: &[u64], limits: &Limits) -> Result<(Start, Files)> {
    let name = fields.need(DATA)?;
    let local = ["LOCAL", "Local", "local"].contains(&name);
    let start = match fields.number::<i64>("HeaderSize")?.unwrap_or(0) {
        -1 => Start::BeforeEnd,
        // Of a file that holds its data, too, it counts from the beginning.
        0 if local => Start::at(lines.offset()),
        size => Start::at(u64::try_from(size).map_err(|_| corrupt(format!("HeaderSize is {size}")))?),
    };
    let words: Vec<&str> = name.split_whitespace().collect();
    let files = if local {
        Files::Own
    } else if words.first() == Some(&"LIST") {
        Files::Each(list(&words, lines, sizes, limits)?)
    } else if name.contains('%') {
        Files::Each(pattern(&words, sizes, limits)?)
    } else {
        Files::One(name.to_owned())
    };
    Ok((start, files))
}

/// The names that follow the line `LIST` or `LIST 2D`.
fn list(words: &[&str], lines: &mut Lines, sizes: &[u64], limits: &Limits) -> Result<Vec<String>> {
    let last = sizes.len() - 1;
    let asked = words.get(1).and_then(|word| word.trim_end_matches(['D', 'd']).parse().ok());
    let axes = asked.filter(|axes| (1..=last).contains(axes)).unwrap_or(last);
    let count = files(sizes, axes, limits)?;
    let mut names = Vec::new();
    while (names.len() as u64) < count {
        match lines.next()? {
            Some(name) if name.is_empty() => {}
            Some(name) => names.push(name),
            None => {
                let found = names.len();
                return Err(corrupt(format!(
                    "the header lists {found} files of data, but its sizes ask for {count}"
                )));
            }
        }
    }
    Ok(names)
}

/// The names that `s_%03d.raw 1 100 1` stands for; the numbers may be left out.
fn pattern(words: &[&str], sizes: &[u64], limits: &Limits) -> Result<Vec<String>> {
    let count = files(sizes, sizes.len() - 1, limits)?;
    let trailing = words[1..].iter().rev().take_while(|word| word.parse::<i64>().is_ok()).count().min(3);
    let (name, numbers) = words.split_at(words.len() - trailing);
    let number = |index: usize| numbers.get(index).and_then(|word| word.parse::<i64>().ok());
    let (first, step) = (number(0).unwrap_or(1), number(2).unwrap_or(1));
    let end = number(1).unwrap_or(i64::MAX);
    let nth = |n: u64| step.checked_mul(n as i64).and_then(|by| first.checked_add(by));
    // Names beyond the sizes are left alone, as MetaIO does.
    if step < 1 || nth(count - 1).is_none_or(|last| last > end) {
        return Err(corrupt(format!(
            "numbers from {first} to {end} by {step} do not give the {count} files of data that the sizes ask for"
        )));
    }
    names::numbered(&name.join(" "), (0..count).filter_map(nth))
}

/// Files of data where each holds the first `axes` axes.
fn files(sizes: &[u64], axes: usize, limits: &Limits) -> Result<u64> {
    if axes < 2 {
        return Err(unsupported("a MetaImage whose slices are spread over several files"));
    }
    slices(&sizes[axes..], limits)
}

#[cfg(test)]
#[path = "metaimage_tests.rs"]
mod tests;
