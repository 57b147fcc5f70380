use std::fs;

use super::*;
use crate::error::Status;

const HEAD: &str = "NDims = 3\nDimSize = 2 1 3\nElementType = MET_UCHAR\n";

fn volume(head: &str, files: &[(&str, &[u8])]) -> Result<Volume> {
    let dir = tempfile::tempdir().unwrap();
    let header = dir.path().join("head.mhd");
    fs::write(&header, format!("{HEAD}{head}")).unwrap();
    for (name, bytes) in files {
        fs::write(dir.path().join(name), bytes).unwrap();
    }
    Found::at(&header).unwrap().read(&Limits::default())
}

fn kind(name: &str, bytes: &[u8]) -> Option<Kind> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    fs::write(&path, bytes).unwrap();
    Found::at(&path).map(|found| found.kind)
}

#[test]
fn a_header_is_known_by_its_beginning_or_its_name() {
    assert_eq!(kind("a", b"NRRD0004\n"), Some(Kind::Nrrd));
    assert_eq!(kind("a", b"ObjectType = Image\n"), Some(Kind::MetaImage));
    assert_eq!(kind("a", b"{volume1}\n"), Some(Kind::Vgi));
    assert_eq!(kind("a.MHA", b"NDims = 3\n"), Some(Kind::MetaImage));
    assert_eq!(kind("a.vgi", b"\n{volume1}\n"), Some(Kind::Vgi));
    assert_eq!(kind("a.mha", b"P5 1 1 255\n\0"), None);
    assert_eq!(kind("a.nrrd", b"NRR"), None);
    assert_eq!(kind("a.raw", b""), None);
    assert!(Found::at(Path::new("no such file.mhd")).is_none());
}

#[test]
fn one_file_is_looked_at_and_several_are_not() {
    let one = volume("HeaderSize = 1\nElementDataFile = a.raw", &[("a.raw", b"-abcdef##")]).unwrap();
    assert_eq!((one.layout.planes, one.rest, one.layout.start), (3, 2, RawStart::At(1)));
    let each = volume("ElementDataFile = %d.raw", &[]).unwrap();
    assert_eq!((each.layout.planes, each.files.len()), (1, 3));
    assert_eq!(each.files[2].file_name().unwrap(), "3.raw");
    let error = volume("ElementDataFile = a.raw", &[]).unwrap_err();
    assert_eq!(error.status, Status::NotFound);
    assert!(error.path.unwrap().ends_with("a.raw"));
    assert!(error.message.contains("head.mhd"), "{}", error.message);
}

#[test]
fn a_header_that_names_itself_or_a_folder_is_refused() {
    assert_eq!(volume("ElementDataFile = head.mhd", &[]).unwrap_err().status, Status::Corrupt);
    assert_eq!(volume("ElementDataFile = .", &[]).unwrap_err().status, Status::Corrupt);
    assert_eq!(volume("ElementDataFile =", &[]).unwrap_err().status, Status::Corrupt);
}

#[test]
fn lines_are_skipped_before_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let start = |lines: &str, data: &[u8]| {
        let header = dir.path().join("head.nhdr");
        let head = "NRRD0004\ntype: uchar\ndimension: 2\nsizes: 2 1\nencoding: raw\ndata file: a\n";
        fs::write(&header, format!("{head}{lines}")).unwrap();
        fs::write(dir.path().join("a"), data).unwrap();
        let volume = Found::at(&header).unwrap().read(&Limits::default());
        volume.map(|volume| volume.layout.start).map_err(|error| error.status)
    };
    assert_eq!(start("line skip: 2\nbyte skip: 3", b"a\n\xff\n---xy"), Ok(RawStart::At(7)));
    assert_eq!(start("line skip: 3", b"a\nb\n"), Err(Status::Corrupt));
    assert_eq!(start("line skip: 18446744073709551615", b"a\nb\n"), Err(Status::Corrupt));
    let long = vec![b'a'; 2 << 20];
    assert_eq!(start("line skip: 1", &long), Err(Status::LimitExceeded));
    let most = "line skip: 1\nbyte skip: 9223372036854775807";
    assert_eq!(start(most, b"a\nb\n"), Ok(RawStart::At(2 + i64::MAX as u64)));
}

/// Each parser on headers that are cut, or some of whose bytes are others.
#[test]
fn no_header_makes_a_parser_panic() {
    const HEADERS: [&str; 3] = [
        "ObjectType = Image\nNDims = 4\nDimSize = 4 5 6 2\nHeaderSize = -1\nElementSpacing = 1 2 3 4\n\
         ElementNumberOfChannels = 3\nElementType = MET_SHORT\nElementDataFile = s %03d.raw 1 2 1\n",
        "NRRD0005\ntype: short\ndimension: 4\nsizes: 3 4 5 2\nkinds: vector space space time\n\
         space directions: none (1,0,0) (0,1,0) (0,0,2)\nspace units: \"mm\" \"mm\" \"mm\"\nendian: big\n\
         encoding: raw\nline skip: 1\nbyte skip: 9\ndata file: s%d 1 2 1 3\n",
        "{volume1}\n[representation]\nsize = 4 5 6\n[file1]\nSkipHeader = 9\nFileFormat = raw\nSize = 4 5 6\n\
         Name = a.vol\nDatatype = float\nBitsPerElement = 32\n{volumeprimitive1}\n[geometry]\nresolution = 1 2 3\n",
    ];
    const OTHERS: &[u8] = b"0129-%.=:,()[]{}\"#/\\ \r\nLIST\0\x80\xff";
    let parsers = [metaimage::parse, nrrd::parse, vgi::parse];
    let mut state = 1_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let (mut good, mut bad) = (0, 0);
    for (header, parse) in HEADERS.iter().zip(parsers) {
        assert!(parse(&Text::of(header.as_bytes()), &Limits::default()).is_ok(), "{header}");
        for round in 0..20_000 {
            let mut bytes = header.as_bytes().to_vec();
            if round % 4 == 0 {
                bytes.truncate(random(bytes.len()));
            }
            for _ in 0..random(4) {
                let at = random(bytes.len() + 1);
                let to = (at + random(3)).min(bytes.len());
                bytes.splice(at..to, [OTHERS[random(OTHERS.len())]]);
            }
            match parse(&Text::of(&bytes), &Limits::default()) {
                Ok(header) => {
                    good += 1;
                    assert!(header.slices <= Limits::default().pages);
                    if let Files::Each(names) = header.files {
                        assert!(names.len() as u64 <= header.slices);
                    }
                }
                Err(error) => {
                    bad += 1;
                    assert!(!error.message.is_empty());
                }
            }
        }
    }
    assert!(good > 5_000 && bad > 5_000, "{good} {bad}");
}
