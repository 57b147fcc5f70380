//! VGStudio's headers, `.vgi`: `{objects}` with `[sections]` of `key = value`. The
//! section `[file1]` says what the `.vol` beside it holds; `[representation]` is what
//! the program made of it, which may be of another type.
//!
//! Seen from VGStudio MAX, Siemens CERA, and programs that write for it. Samples
//! begin with their lowest byte.
#![forbid(unsafe_code)]

use super::text::{self, Fields, Text, corrupt, numbers, shown, slices, unsupported};
use super::{Files, Header, Start, VoxelSize};
use crate::error::Result;
use crate::format::{Limits, Photometric};
use crate::sample::SampleType;

/// Keys that tell the order of bytes; none was seen yet.
const BYTE_ORDER: [&str; 3] = ["endian", "endianness", "byteorder"];

/// Reads the header.
pub(super) fn parse(text: &Text, limits: &Limits) -> Result<Header> {
    let fields = fields(text)?;
    if fields.get("file2.name")?.is_some() {
        return Err(unsupported("a VGI whose volume is spread over several files"));
    }
    let said = |key: &str| match fields.get(&format!("file1.{key}"))? {
        Some(value) => Ok(value),
        None => fields.need(&format!("representation.{key}")),
    };
    if let Some(format) = fields.get("file1.fileformat")?.filter(|format| !format.eq_ignore_ascii_case("raw"))
    {
        return Err(unsupported(format!("a VGI whose data are {}", shown(format))));
    }
    let big = |key: &str| {
        let order = fields.get(&format!("file1.{key}"));
        order.is_ok_and(|order| order.is_none_or(|order| order.to_ascii_lowercase().contains("little")))
    };
    if !BYTE_ORDER.into_iter().all(big) {
        return Err(unsupported("a VGI whose samples have another byte order than little-endian"));
    }
    let sizes = numbers::<u64>("Size", said("size")?, Some(3))?;
    let bits = numbers::<u64>("BitsPerElement", said("bitsperelement")?, Some(1))?[0];
    let name = fields.get("file1.name")?;
    Ok(Header {
        width: sizes[0],
        height: sizes[1],
        slices: slices(&sizes[2..], limits)?,
        channels: 1,
        sample: sample(said("datatype")?, bits)?,
        photometric: Photometric::MinIsBlack,
        big_endian: false,
        start: Start::at(fields.number("file1.skipheader")?.unwrap_or(0)),
        files: Files::One(
            name.ok_or_else(|| corrupt("the header says nothing of Name in [file1]"))?.to_owned(),
        ),
        voxel: voxel(&fields),
    })
}

/// The fields of the volume as `section.key`. One volume is one stack.
fn fields(text: &Text) -> Result<Fields> {
    let mut fields = Fields::default();
    let (mut object, mut section) = (String::new(), String::new());
    let mut volume = None;
    let mut lines = text.lines();
    while let Some(line) = lines.next()? {
        if let Some(name) = line.strip_prefix('{').and_then(|line| line.strip_suffix('}')) {
            object = name.to_ascii_lowercase();
            section.clear();
        } else if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name.to_ascii_lowercase();
        } else if let Some((key, value)) = line.split_once('=') {
            let is_primitive = object.starts_with("volumeprimitive");
            let is_volume = object.is_empty() || object.starts_with("volume") && !is_primitive;
            let wanted = match section.as_str() {
                "file1" | "file2" | "representation" if is_volume => {
                    let own = volume.get_or_insert_with(|| object.clone());
                    if *own != object {
                        return Err(unsupported(format!(
                            "a VGI of several volumes ({} and {})",
                            shown(own),
                            shown(&object)
                        )));
                    }
                    true
                }
                "geometry" => is_primitive,
                _ => false,
            };
            if wanted {
                fields.add(format!("{section}.{}", key.trim().to_ascii_lowercase()), value.trim());
            }
        }
    }
    Ok(fields)
}

fn sample(kind: &str, bits: u64) -> Result<SampleType> {
    let words: Vec<String> = kind.split_whitespace().map(str::to_ascii_lowercase).collect();
    let sample = match (words.join(" ").as_str(), bits) {
        ("unsigned integer", bits) => text::integer(false, bits),
        ("integer" | "signed integer", bits) => text::integer(true, bits),
        ("float", 32) => Some(SampleType::F32),
        ("float", 64) | ("double", 64) => Some(SampleType::F64),
        _ => None,
    };
    sample.ok_or_else(|| unsupported(format!("VGI samples of type {} with {bits} bits", shown(kind))))
}

fn voxel(fields: &Fields) -> Option<VoxelSize> {
    let size = text::distances(fields.get("geometry.resolution").ok()??);
    let unit = fields.get("geometry.unit").ok()?.map(str::to_owned);
    size.iter().any(Option::is_some).then_some(VoxelSize { size, unit })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Status;

    fn read(text: &[u8]) -> Result<Header> {
        parse(&Text::of(text), &Limits::default())
    }

    fn status(text: &str) -> Status {
        read(text.as_bytes()).unwrap_err().status
    }

    const SCAN: &str = "{volume1}\n[representation]\nsize = 4 5 6\nmirror = 0 0 0 0\ndatatype = unsigned integer\n\
        datarange = 0 65535\nbitsperelement = 16\n[file1]\nRegionOfInterestStart = 0 0 0\nSkipHeader = 0\n\
        FileFormat = raw\nSize = 4 5 6\nName = scan.vol\nDatatype = float\ndatarange = -94.1933 394.005\n\
        BitsPerElement = 32\n{volumeprimitive12}\n[geometry]\nposition = 0 0 0\nresolution = 0.5 0.25 2\n\
        unit = mm\n[volume]\nvolume = volume1\n{scene}\n[geometry]\nresolution = 9 9 9\n";

    #[test]
    fn the_file_counts_not_what_the_program_made_of_it() {
        let header = read(SCAN.replace('\n', "\r\n").as_bytes()).unwrap();
        assert_eq!((header.width, header.height, header.slices, header.channels), (4, 5, 6, 1));
        assert_eq!((header.sample, header.big_endian, header.start), (SampleType::F32, false, Start::at(0)));
        assert_eq!(header.files, Files::One("scan.vol".to_owned()));
        let voxel = header.voxel.unwrap();
        assert_eq!(voxel.size, [Some(0.5), Some(0.25), Some(2.0)]);
        assert_eq!(voxel.unit.as_deref(), Some("mm"));
    }

    #[test]
    fn what_the_file_does_not_say_its_representation_may() {
        let header = read(
            b"{volume1}\n[representation]\nsize = 4 5 6\ndatatype = unsigned integer\nbitsperelement = 16\n\
                            [file1]\nSkipHeader = 64\nName = gr\xfc\xdf.vol\n",
        )
        .unwrap();
        assert_eq!((header.sample, header.start), (SampleType::U16, Start::at(64)));
        assert_eq!(header.files, Files::One("grüß.vol".to_owned()));
        assert_eq!(header.voxel, None);
    }

    #[test]
    fn other_objects_say_nothing_of_the_volume() {
        let more = "{volumeprimitive2}\n[representation]\nsize = 9 9 9\n{scene}\n[file1]\nName = other.vol\n";
        let header = read(format!("{SCAN}{more}").as_bytes()).unwrap();
        assert_eq!((header.slices, header.files), (6, Files::One("scan.vol".to_owned())));
    }

    #[test]
    fn what_is_not_known_is_refused_by_name() {
        let changed = |from: &str, to: &str| status(&SCAN.replace(from, to));
        assert_eq!(changed("FileFormat = raw", "FileFormat = vgl"), Status::Unsupported);
        assert_eq!(changed("Datatype = float", "Datatype = rgba"), Status::Unsupported);
        assert_eq!(changed("BitsPerElement = 32", "BitsPerElement = 12"), Status::Unsupported);
        assert_eq!(changed("SkipHeader = 0", "Endian = big"), Status::Unsupported);
        assert_eq!(changed("{volumeprimitive12}", "[file2]\nName = more.vol\n"), Status::Unsupported);
        assert_eq!(status(&format!("{SCAN}{}", SCAN.replace("{volume1}", "{volume2}"))), Status::Unsupported);
    }

    #[test]
    fn contradictions_and_senseless_sizes_are_refused() {
        let changed = |from: &str, to: &str| status(&SCAN.replace(from, to));
        for size in ["Size = 4 5", "Size = -4 5 6", "Size = 4 5 0", "Size = 4 5 6\nsize = 4 5 7"] {
            assert_eq!(changed("Size = 4 5 6", size), Status::Corrupt, "{size}");
        }
        assert_eq!(changed("Size = 4 5 6", "Size = 4 5 1000000000000000000"), Status::LimitExceeded);
        assert_eq!(changed("Name = scan.vol\n", ""), Status::Corrupt);
        assert_eq!(changed("SkipHeader = 0", "SkipHeader = -1"), Status::Corrupt);
        assert_eq!(status(""), Status::Corrupt);
    }
}
