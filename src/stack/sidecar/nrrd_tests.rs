use super::*;
use crate::error::Status;
use crate::stack::sidecar::VoxelSize;

fn read(text: &str) -> Result<Header> {
    parse(&Text::of(text.as_bytes()), &Limits::default())
}

fn status(text: &str) -> Status {
    read(text).unwrap_err().status
}

const PLAIN: &str = "NRRD0004\n# a remark: of the writer\ntype: unsigned short\ndimension: 3\nsizes: 4 5 6\n\
                     encoding: raw\nendian: little\n";

fn with(lines: &str) -> String {
    format!("{PLAIN}{lines}")
}

fn voxel(lines: &str) -> Option<VoxelSize> {
    read(&with(&format!("{lines}\n\n"))).unwrap().voxel
}

#[test]
fn a_header_of_itk_is_understood() {
    let text = "NRRD0004\r\ntype: unsigned char\r\ndimension: 4\r\nspace: left-posterior-superior\r\n\
                sizes: 3 4 5 6\r\nspace directions: none (0.5,0,0) (0,0.25,0) (0, 1.2, 1.6)\r\n\
                space units: \"mm\" \"mm\" \"mm\"\r\nkinds: RGB-color domain domain domain\r\n\
                encoding: raw\r\nspace origin: (0,0,0)\r\nkey:=value\r\n\r\nsamples: no field";
    let header = read(text).unwrap();
    assert_eq!((header.width, header.height, header.slices, header.channels), (4, 5, 6, 3));
    assert_eq!(
        (header.sample, header.photometric, header.big_endian),
        (SampleType::U8, Photometric::Rgb, false)
    );
    let from = (text.len() - "samples: no field".len()) as u64;
    assert_eq!((header.start, header.files), (Start::Behind { from, lines: 0, bytes: 0 }, Files::Own));
    let voxel = header.voxel.unwrap();
    assert_eq!(voxel.size, [Some(0.5), Some(0.25), Some(2.0)]);
    assert_eq!(voxel.unit.as_deref(), Some("mm"));
}

#[test]
fn a_first_axis_that_is_not_of_space_counts_samples() {
    let shape = |lines: &str| {
        let text = format!("NRRD0005\ntype: double\nendian: big\nencoding: raw\ndata file: a\n{lines}\n");
        read(&text).map(|h| (h.channels, h.width, h.height, h.slices)).map_err(|e| e.status)
    };
    let four = "dimension: 4\nsizes: 2 3 4 5\n";
    assert_eq!(shape(four), Ok((1, 2, 3, 20)));
    assert_eq!(shape(&format!("{four}kinds: vector domain domain domain")), Ok((2, 3, 4, 5)));
    assert_eq!(shape(&format!("{four}kinds: complex space space time")), Ok((2, 3, 4, 5)));
    assert_eq!(shape(&format!("{four}space directions: none (1,0) (0,1) none")), Ok((2, 3, 4, 5)));
    // Volumes that follow each other are further slices.
    assert_eq!(shape(&format!("{four}kinds: domain domain domain list")), Ok((1, 2, 3, 20)));
    assert_eq!(shape(&format!("{four}kinds: domain list domain domain")), Err(Status::Unsupported));
    assert_eq!(shape(&format!("{four}kinds: vector domain")), Err(Status::Corrupt));
    assert_eq!(shape("dimension: 2\nsizes: 2 3"), Ok((1, 2, 3, 1)));
    assert_eq!(shape("dimension: 2\nsizes: 2 3\nkinds: vector domain"), Err(Status::Unsupported));
    assert_eq!(shape("dimension: 1\nsizes: 2"), Err(Status::Unsupported));
    assert_eq!(shape("dimension: 17\nsizes: 2"), Err(Status::Corrupt));
    assert_eq!(shape("dimension: 0\nsizes:"), Err(Status::Corrupt));
}

#[test]
fn distances_need_one_unit_and_an_axis_of_space() {
    let mm = |size| Some(VoxelSize { size, unit: Some("mm".to_owned()) });
    let all = [Some(1.0), Some(2.0), Some(3.0)];
    assert_eq!(voxel("spacings: 1 2 3\nunits: \"mm\" \"mm\" \"mm\""), mm(all));
    assert_eq!(voxel("spacings: 1 2 3"), Some(VoxelSize { size: all, unit: None }));
    assert_eq!(voxel("spacings: 1 2 3\nunits: \"mm\" \"mm\" \"um\""), None);
    let time = "spacings: 1 2 3\nkinds: space space time\nunits: \"mm\" \"mm\" \"s\"";
    assert_eq!(voxel(time), mm([Some(1.0), Some(2.0), None]));
    assert_eq!(voxel("spacings: nan 0 -1"), None);
    assert_eq!(voxel(""), None);
}

#[test]
fn data_begin_behind_lines_and_bytes_or_before_the_end() {
    let start = |lines: &str| read(&with(&format!("{lines}\ndata file: a"))).unwrap().start;
    assert_eq!(start("line skip: 2\nbyte skip: 9"), Start::Behind { from: 0, lines: 2, bytes: 9 });
    assert_eq!(start("byteskip: -1"), Start::BeforeEnd);
    let attached = with("lineskip: 1\n\n");
    let from = attached.len() as u64;
    assert_eq!(read(&attached).unwrap().start, Start::Behind { from, lines: 1, bytes: 0 });
    assert_eq!(status(&with("byte skip: -2\n\n")), Status::Corrupt);
    assert_eq!(status(&with("line skip: -1\n\n")), Status::Corrupt);
}

#[test]
fn files_are_named_listed_or_numbered() {
    let files =
        |data: &str| read(&with(&format!("data file: {data}"))).map(|h| h.files).map_err(|e| e.status);
    let each = |names: &[&str]| Ok(Files::Each(names.iter().map(|name| (*name).to_owned()).collect()));
    assert_eq!(files("a %d b.raw"), Ok(Files::One("a %d b.raw".to_owned())));
    assert_eq!(files("LIST\na\nb\nc\nd\ne\nf f\n"), each(&["a", "b", "c", "d", "e", "f f"]));
    assert_eq!(files("LIST 3\na\nb\nc\n"), each(&["a", "b", "c"]));
    assert_eq!(
        files("s%02d.raw 5 0 -1"),
        each(&["s05.raw", "s04.raw", "s03.raw", "s02.raw", "s01.raw", "s00.raw"])
    );
    assert_eq!(files("s%d 1 2 1 3"), each(&["s1", "s2"]));
    for data in [
        "LIST\na\nb\n",
        "LIST 3\na\nb\nc\nd\n",
        "LIST 4\na\n",
        "LIST",
        "LIST x\na",
        "s%d 1 5 1",
        "s%d 1 9 1",
        "s%d 1 2 0",
        "s%d 2 1 1",
        "s%d -9223372036854775808 9223372036854775807 1",
        "s%d -9223372036854775808 0 -1",
    ] {
        assert_eq!(files(data), Err(Status::Corrupt), "{data}");
    }
    assert_eq!(files("LIST 1\na\n"), Err(Status::Unsupported));
}

#[test]
fn what_cannot_be_given_slice_by_slice_is_refused_by_name() {
    for (said, word) in [
        ("encoding: gzip", "gzip"),
        ("encoding: bz2", "bzip2"),
        ("encoding: ascii", "text"),
        ("encoding: HEX", "hex"),
        ("type: block", "block"),
        ("type: long", "long"),
    ] {
        let field = said.split(':').next().unwrap();
        let others: String =
            PLAIN.lines().filter(|l| !l.starts_with(field)).map(|l| format!("{l}\n")).collect();
        let error = read(&format!("{others}{said}\n\n")).unwrap_err();
        assert_eq!(error.status, Status::Unsupported, "{said}");
        assert!(error.message.contains(word), "{}", error.message);
    }
    assert_eq!(status("NRRD0006\ntype: uchar\n\n"), Status::Unsupported);
    assert_eq!(status("NRRD00.01\n\n"), Status::Unsupported);
}

#[test]
fn contradictions_and_senseless_sizes_are_refused() {
    let sized = |size: &str| format!("NRRD0001\ntype: uchar\ndimension: 3\nencoding: raw\nsizes: {size}\n\n");
    for size in ["4 5", "4 5 6 7", "4 -5 6", "4 5 0", "4 5 99999999999999999999"] {
        assert_eq!(status(&sized(size)), Status::Corrupt, "{size}");
    }
    assert_eq!(status(&sized("4 5 1000000000000000000")), Status::LimitExceeded);
    let many = "NRRD0001\ntype: uchar\ndimension: 4\nencoding: raw\nsizes: 4 5 4294967296 4294967296\n";
    for data in ["\n", "data file: LIST\na\n", "data file: %d 1 9 1\n"] {
        assert_eq!(status(&format!("{many}{data}")), Status::LimitExceeded, "{data}");
    }
    assert_eq!(status(&with("sizes: 4 5 7\n\n")), Status::Corrupt);
    assert_eq!(status(&with("endian: big\n\n")), Status::Corrupt);
    assert_eq!(status(&PLAIN.replace("endian: little", "endian: middle\n")), Status::Corrupt);
    assert_eq!(status(&PLAIN.replace("endian: little\n", "\n")), Status::Corrupt);
    assert_eq!(status(PLAIN), Status::Corrupt);
    assert_eq!(status("NRRD0004\n\n"), Status::Corrupt);
    assert_eq!(status("NRRD0004"), Status::Corrupt);
    assert_eq!(status(""), Status::Unsupported);
}
