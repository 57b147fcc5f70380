use super::*;
use crate::error::Status;
use crate::format::Photometric;

fn read(text: &str) -> Result<Header> {
    parse(&Text::of(text.as_bytes()), &Limits::default())
}

fn status(text: &str) -> Status {
    read(text).unwrap_err().status
}

const PLAIN: &str = "NDims = 3\nDimSize = 4 5 6\nElementType = MET_USHORT\n";

fn with(lines: &str) -> String {
    format!("{PLAIN}{lines}")
}

#[test]
fn a_header_of_itk_is_understood() {
    let text = "ObjectType = Image\r\nNDims = 3\r\nBinaryData = True\r\nBinaryDataByteOrderMSB = True\r\n\
                CompressedData = False\r\nTransformMatrix = 1 0 0 0 1 0 0 0 1\r\nElementSpacing = 0.5 0.25 2\r\n\
                DimSize = 4 5 6\r\nDistanceUnits = um\r\nElementNumberOfChannels = 3\r\nElementType = MET_UCHAR\r\n\
                ElementDataFile = a file.raw\r\n";
    let header = read(text).unwrap();
    assert_eq!((header.width, header.height, header.slices, header.channels), (4, 5, 6, 3));
    assert_eq!(
        (header.sample, header.photometric, header.big_endian),
        (SampleType::U8, Photometric::Rgb, true)
    );
    assert_eq!(header.start, Start::at(0));
    assert_eq!(header.files, Files::One("a file.raw".to_owned()));
    let voxel = header.voxel.unwrap();
    assert_eq!(voxel.size, [Some(0.5), Some(0.25), Some(2.0)]);
    assert_eq!(voxel.unit.as_deref(), Some("um"));
}

#[test]
fn data_begin_behind_the_header_at_an_offset_or_before_the_end() {
    let local = with("ElementDataFile = LOCAL\n");
    let header = read(&(local.clone() + "= : not a line but samples")).unwrap();
    assert_eq!((header.start, header.files), (Start::at(local.len() as u64), Files::Own));
    let at = |lines: &str| read(&with(lines)).unwrap().start;
    assert_eq!(at("HeaderSize = 9\nElementDataFile = a"), Start::at(9));
    assert_eq!(at("HeaderSize = 9\nElementDataFile = LOCAL"), Start::at(9));
    assert_eq!(at("HeaderSize = -1\nElementDataFile = a"), Start::BeforeEnd);
    assert_eq!(status(&with("HeaderSize = -2\nElementDataFile = a")), Status::Corrupt);
}

#[test]
fn types_have_the_sizes_of_metaio() {
    for (name, sample) in [
        ("MET_CHAR", SampleType::I8),
        ("MET_UCHAR_ARRAY", SampleType::U8),
        ("MET_SHORT", SampleType::I16),
        ("MET_LONG", SampleType::I32),
        ("MET_ULONG", SampleType::U32),
        ("MET_LONG_LONG", SampleType::I64),
        ("MET_ULONG_LONG", SampleType::U64),
        ("MET_FLOAT_ARRAY", SampleType::F32),
        ("MET_DOUBLE", SampleType::F64),
    ] {
        let text = format!("NDims = 2\nDimSize = 4 5\nElementType = {name}\nElementDataFile = a");
        let header = read(&text).unwrap();
        assert_eq!((header.sample, header.slices), (sample, 1), "{name}");
    }
    assert_eq!(
        status("NDims = 2\nDimSize = 4 5\nElementType = MET_STRING\nElementDataFile = a"),
        Status::Unsupported
    );
}

#[test]
fn files_are_listed_or_numbered() {
    let files = |lines: &str| match read(&with(lines)).unwrap().files {
        Files::Each(names) => names,
        other => panic!("{other:?}"),
    };
    let six = "a\n\nb b\nc\nd\ne\nf\ng\n";
    assert_eq!(files(&format!("ElementDataFile = LIST\n{six}")), ["a", "b b", "c", "d", "e", "f"]);
    assert_eq!(files(&format!("ElementDataFile = LIST 2D\n{six}")).len(), 6);
    assert_eq!(files("ElementDataFile = s%02d.raw")[5], "s06.raw");
    assert_eq!(
        files("ElementDataFile = s %d.raw 0 10 2"),
        ["s 0.raw", "s 2.raw", "s 4.raw", "s 6.raw", "s 8.raw", "s 10.raw"]
    );
    // As MetaIO: what the sizes do not ask for is left alone.
    assert_eq!(files("ElementDataFile = %d 1 100 1").len(), 6);
    assert_eq!(files("ElementDataFile = %d 3")[0], "3");
    for lines in ["LIST\na\nb\n", "%d 1 5 1", "%d 1 100 0", "%d 9223372036854775807", "%d 1 9 -1"] {
        assert_eq!(status(&with(&format!("ElementDataFile = {lines}"))), Status::Corrupt, "{lines}");
    }
    let four = "NDims = 4\nDimSize = 4 5 6 2\nElementType = MET_CHAR\n";
    let header = read(&format!("{four}ElementDataFile = LIST\na\nb\n")).unwrap();
    assert_eq!((header.slices, header.files), (12, Files::Each(vec!["a".to_owned(), "b".to_owned()])));
    assert_eq!(
        status("NDims = 2\nDimSize = 4 5\nElementType = MET_CHAR\nElementDataFile = LIST\na\n"),
        Status::Unsupported
    );
}

#[test]
fn what_cannot_be_given_slice_by_slice_is_refused_by_name() {
    for (lines, word) in [
        ("CompressedData = True\nElementDataFile = a.zraw", "without compression"),
        ("BinaryData = False\nElementDataFile = LOCAL\n1 2 3", "binary"),
        ("ObjectType = Tube\nElementDataFile = a", "Tube"),
    ] {
        let error = read(&with(lines)).unwrap_err();
        assert_eq!(error.status, Status::Unsupported);
        assert!(error.message.contains(word), "{}", error.message);
    }
}

#[test]
fn a_megabyte_of_lines_is_soon_read() {
    assert_eq!(status(&"a=\n".repeat(340_000)), Status::Corrupt);
}

#[test]
fn contradictions_and_senseless_sizes_are_refused() {
    let sized =
        |size: &str| format!("NDims = 3\nDimSize = {size}\nElementType = MET_USHORT\nElementDataFile = a");
    for size in ["4 5", "4 5 6 7", "-4 5 6", "4 5 x", "4 5 18446744073709551616", "4 5 0"] {
        assert_eq!(status(&sized(size)), Status::Corrupt, "{size}");
    }
    for size in ["4 5 1000000000000000000", "4 5 18446744073709551615"] {
        assert_eq!(status(&sized(size)), Status::LimitExceeded, "{size}");
    }
    let huge = "NDims = 4\nDimSize = 4 5 4294967296 4294967296\nElementType = MET_CHAR\nElementDataFile = ";
    for data in ["a", "%d", "LIST 2\na\n"] {
        assert_eq!(status(&format!("{huge}{data}")), Status::LimitExceeded, "{data}");
    }
    let both = "BinaryDataByteOrderMSB = True\nElementByteOrderMSB = False\nElementDataFile = a";
    assert_eq!(status(&with(both)), Status::Corrupt);
    assert_eq!(status(&with("DimSize = 4 5 7\nElementDataFile = a")), Status::Corrupt);
    assert_eq!(status(PLAIN), Status::Corrupt);
    assert_eq!(status("NDims = 3\nElementDataFile = a"), Status::Corrupt);
    assert_eq!(status(""), Status::Corrupt);
    for axes in ["0", "1", "11", "99999999999"] {
        let status =
            status(&format!("NDims = {axes}\nDimSize = 1\nElementType = MET_CHAR\nElementDataFile = a"));
        assert_eq!(status, Status::Unsupported, "{axes}");
    }
}
