//! Raw volumes: what SimpleITK, pynrrd and NumPy write, as the engine loads it; and
//! files that contradict their headers.

mod support;

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use support::python;
use zstack::format::{Format, Photometric, RawLayout, RawStart};
use zstack::load::{Job, LoadOptions, Report};
use zstack::stack::{OpenOptions, Reason, Stack};
use zstack::{Error, SampleType, Status};

/// What stands in a buffer before a load.
const UNTOUCHED: u8 = 0x77;

fn open(path: &Path) -> zstack::Result<Arc<Stack>> {
    Stack::open(path, &OpenOptions::default()).map(Arc::new)
}

fn open_error(path: &Path) -> Error {
    Stack::open(path, &OpenOptions::default()).expect_err("it was opened")
}

fn load(stack: &Arc<Stack>, options: &LoadOptions) -> (Vec<u8>, Report) {
    let bytes = stack.plan(options).unwrap().buffer_bytes as usize;
    // A buffer for any sample.
    let mut buffer = vec![u64::from_ne_bytes([UNTOUCHED; 8]); bytes.div_ceil(8)];
    // SAFETY: `buffer` outlives the job, which ends below.
    let job = unsafe { Job::start(stack, options, buffer.as_mut_ptr().cast(), bytes as u64) };
    let report = job.unwrap().finish().report;
    let buffer: Vec<u8> = buffer.into_iter().flat_map(u64::to_ne_bytes).take(bytes).collect();
    (buffer, report)
}

fn samples(stack: &Arc<Stack>) -> Vec<u8> {
    let (samples, report) = load(stack, &LoadOptions::default());
    assert_eq!(report.totals.failed, 0);
    samples
}

#[test]
fn volumes_are_as_independent_writers_mean_them() {
    let folder = tempfile::tempdir().unwrap();
    let output = python().arg("tests/formats/volumes.py").arg(folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said} (pip install -r tests/requirements.txt)");
    let manifest = fs::read_to_string(folder.path().join("manifest.tsv")).unwrap();
    for line in manifest.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let header = folder.path().join(fields[0]);
        let expected = fs::read(folder.path().join(format!("{}.expected", fields[0]))).unwrap();
        let stack = open(&header).unwrap_or_else(|error| panic!("{}: {error}", fields[0]));
        let image = &stack.description;
        let found = [
            image.sample.name().to_owned(),
            stack.slices.len().to_string(),
            image.height.to_string(),
            image.width.to_string(),
            image.channels.to_string(),
            format!("{:?}", image.photometric),
            spacing(&stack),
        ];
        assert_eq!(found, fields[1..], "{}", fields[0]);
        assert_eq!(image.format, Format::Raw);
        assert_eq!(image.bits_stored as usize, image.sample.bytes() * 8);
        assert!(samples(&stack) == expected, "{}: other samples", fields[0]);
        check_part(&stack, &expected);
        // Where it is the only header in its folder, the folder will do.
        if fields[0].contains("/scan.") && !fields[0].starts_with("nrrd_") {
            let stack = open(header.parent().unwrap()).unwrap();
            assert!(samples(&stack) == expected, "{}: other samples by its folder", fields[0]);
            let data = |path: &Path| stack.slices.iter().any(|slice| slice.path == path);
            assert!(!stack.rejected.iter().any(|other| other.page.is_none() && data(&other.path)));
        }
    }
    assert!(manifest.lines().count() > 120);
}

/// In micrometres.
fn spacing(stack: &Stack) -> String {
    let axes = [stack.voxel.x, stack.voxel.y, stack.voxel.z];
    if axes == [None; 3] {
        return "-".to_owned();
    }
    axes.map(|size| size.map_or("-".to_owned(), |size| size.to_string())).join(" ")
}

/// A region of every other slice, with room between rows and slices.
fn check_part(stack: &Arc<Stack>, expected: &[u8]) {
    let image = &stack.description;
    let (pixel, height) = (image.channels as usize * image.sample.bytes(), 4);
    let (row, stride) = (6 * pixel, 6 * pixel + 16);
    let options = LoadOptions {
        z_step: 2,
        x: 3,
        y: 2,
        width: 6,
        height,
        row_stride: stride as u64,
        slice_stride: 8 * stride as u64,
        ..LoadOptions::default()
    };
    let (mut part, report) = load(stack, &options);
    assert_eq!(report.totals.failed, 0);
    for z in (0..stack.slices.len()).step_by(2) {
        for y in 0..height as usize {
            let at = z / 2 * 8 * stride + y * stride;
            let pixels = (z * image.height as usize + y + 2) * image.width as usize + 3;
            assert!(part[at..at + row] == expected[pixels * pixel..][..row], "slice {z} row {y}");
            part[at..at + row].fill(UNTOUCHED);
        }
    }
    assert!(part.iter().all(|&byte| byte == UNTOUCHED), "something was written between the rows");
}

const MHD: &str = "NDims = 3\nDimSize = 2 2 3\nElementType = MET_UCHAR\nElementDataFile = a.raw\n";

/// A folder with `scan.mhd`, and `a.raw` of so many bytes.
fn scan(header: &str, bytes: u8) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("scan.mhd"), header).unwrap();
    fs::write(dir.path().join("a.raw"), (0..bytes).collect::<Vec<u8>>()).unwrap();
    dir
}

#[test]
fn a_slice_is_a_plane_of_the_data_file_and_costs_one_read() {
    let dir = scan(MHD, 12);
    let stack = open(&dir.path().join("scan.mhd")).unwrap();
    assert!(stack.one_file);
    assert_eq!(stack.raw.as_ref().unwrap().header, Some(dir.path().join("scan.mhd")));
    for (z, slice) in stack.slices.iter().enumerate() {
        assert_eq!(slice.path, dir.path().join("a.raw"));
        assert_eq!((slice.page.index, slice.page.plane), (z as u64, z as u64));
    }
    let (samples, report) = load(&stack, &LoadOptions::default());
    assert_eq!(samples, (0..12).collect::<Vec<u8>>());
    assert_eq!(report.totals.bytes_read, 12);
}

#[test]
fn slices_that_the_data_are_too_short_for_fail_by_name() {
    let dir = scan(MHD, 7);
    let header = dir.path().join("scan.mhd");
    let stack = open(&header).unwrap();
    let (samples, report) = load(&stack, &LoadOptions::default());
    assert_eq!(samples[..4], [0, 1, 2, 3]);
    assert_eq!(samples[4..], [0; 8]);
    for line in &report.slices[1..] {
        let error = line.cause.as_ref().unwrap();
        assert_eq!(error.status, Status::Truncated);
        assert!(error.message.contains("7 bytes"), "{}", error.message);
    }
    let verified = Stack::open(&header, &OpenOptions { verify: true, ..OpenOptions::default() }).unwrap();
    let known: Vec<bool> = verified.slices.iter().map(|slice| slice.known.is_some()).collect();
    assert_eq!(known, [false, true, true]);
    fs::write(dir.path().join("a.raw"), [0; 3]).unwrap();
    assert_eq!(open_error(&header).status, Status::Truncated);
}

#[test]
fn data_that_shrink_after_opening_are_cut_off() {
    let dir = scan(MHD, 12);
    let stack = open(&dir.path().join("scan.mhd")).unwrap();
    fs::write(dir.path().join("a.raw"), [9; 5]).unwrap();
    let (samples, report) = load(&stack, &LoadOptions::default());
    assert_eq!(samples, [9, 9, 9, 9, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert!(report.slices[1].cause.as_ref().is_some_and(|error| error.status == Status::Truncated));
}

#[test]
fn bytes_behind_the_last_slice_are_told() {
    let dir = scan(MHD, 14);
    let stack = open(&dir.path().join("scan.mhd")).unwrap();
    let [rest] = stack.rejected.as_slice() else { panic!("{:?}", stack.rejected) };
    assert_eq!((rest.page, rest.reason), (Some(3), Reason::Unreadable));
    assert!(rest.message.starts_with("2 bytes"), "{}", rest.message);
}

#[test]
fn a_folder_with_other_things_in_it_says_what_it_opens() {
    let dir = scan(MHD, 12);
    let at = |name: &str| dir.path().join(name);
    fs::write(at("notes.txt"), "no image").unwrap();
    let stack = open(dir.path()).unwrap();
    assert_eq!(stack.slices.len(), 3);
    let rejected: Vec<_> = stack.rejected.iter().map(|other| other.path.file_name().unwrap()).collect();
    assert_eq!(rejected, ["notes.txt"]);

    // One image and one header: who knows which is meant?
    fs::write(at("view.pgm"), b"P5 1 1 255\n\0").unwrap();
    assert_eq!(open_error(dir.path()).status, Status::Ambiguous);
    let mhd = OpenOptions { extension: Some("mhd".to_owned()), ..OpenOptions::default() };
    assert_eq!(Stack::open(dir.path(), &mhd).unwrap().slices.len(), 3);
    fs::write(at("more.pgm"), b"P5 1 1 255\n\0").unwrap();
    assert_eq!(open(dir.path()).unwrap().description.format, Format::Pnm);

    // Two headers are two volumes.
    fs::write(at("other.mhd"), MHD).unwrap();
    let error = Stack::open(dir.path(), &mhd).unwrap_err();
    assert_eq!(error.status, Status::Ambiguous);
    assert!(error.message.contains("by its path"), "{}", error.message);
    let both = vec![at("scan.mhd"), at("other.mhd")];
    assert_eq!(Stack::open_list(both, &OpenOptions::default()).unwrap_err().status, Status::Ambiguous);
    let one = Stack::open_list(vec![at("other.mhd")], &OpenOptions::default()).unwrap();
    assert_eq!(one.slices.len(), 3);
}

#[test]
#[cfg(unix)]
fn data_are_looked_for_in_the_folder_of_the_header_only() {
    let dir = tempfile::tempdir().unwrap();
    let (inner, outer) = (dir.path().join("inner"), dir.path().join("a.raw"));
    fs::create_dir(&inner).unwrap();
    fs::write(&outer, [1; 12]).unwrap();
    for name in [outer.to_str().unwrap(), "../a.raw", "..\\a.raw", "C:\\data\\a.raw"] {
        fs::write(inner.join("scan.mhd"), MHD.replace("a.raw", name)).unwrap();
        let error = open_error(&inner.join("scan.mhd"));
        assert_eq!(error.status, Status::NotFound, "{name}");
        assert_eq!(error.path.unwrap(), inner.join("a.raw"), "{name}");
    }
    fs::write(inner.join("a.raw"), [2; 12]).unwrap();
    assert_eq!(samples(&open(&inner.join("scan.mhd")).unwrap()), [2; 12]);

    // A FIFO is not waited for, a folder is no data.
    assert!(std::process::Command::new("mkfifo").arg(inner.join("pipe")).status().unwrap().success());
    fs::create_dir(inner.join("folder")).unwrap();
    for name in ["pipe", "folder"] {
        fs::write(inner.join("scan.mhd"), MHD.replace("a.raw", name)).unwrap();
        assert_eq!(open_error(&inner.join("scan.mhd")).status, Status::NotAFile, "{name}");
    }
}

#[test]
fn hostile_headers_are_refused_soon_and_take_no_memory() {
    let long = "x".repeat(100_000);
    let list = "%d\n".repeat(300_000);
    let begun = Instant::now();
    for (text, status) in [
        (
            "NDims = 3\nDimSize = 1 1 1000000000000000000\nElementType = MET_UCHAR\nElementDataFile = a.raw\n",
            Status::LimitExceeded,
        ),
        (
            "NDims = 3\nDimSize = 1 1 999999\nElementType = MET_UCHAR\nElementDataFile = none\n",
            Status::NotFound,
        ),
        (
            "NDims = 3\nDimSize = 1 5000 999999\nElementType = MET_UCHAR\nElementDataFile = a.raw\n",
            Status::Truncated,
        ),
        (
            "NDims = 3\nDimSize = 1 5000 999999\nElementType = MET_UCHAR\nElementDataFile = %d\n",
            Status::NotFound,
        ),
        (
            "NDims = 3\nDimSize = 4000000000 4000000000 1\nElementType = MET_UCHAR\nElementDataFile = a.raw\n",
            Status::LimitExceeded,
        ),
        (
            "NDims = 3\nDimSize = 1 1 2\nElementType = MET_UCHAR\nElementNumberOfChannels = 4294967295\nElementDataFile = a.raw\n",
            Status::LimitExceeded,
        ),
        (
            "NDims = 3\nDimSize = 1 1 2\nElementType = MET_UCHAR\nElementNumberOfChannels = -1\nElementDataFile = a.raw\n",
            Status::Corrupt,
        ),
        (
            "NDims = 3\nDimSize = 1 1 2\nElementType = MET_UCHAR\nHeaderSize = 9223372036854775807\nElementDataFile = a.raw\n",
            Status::Truncated,
        ),
        ("NDims = 3\nDimSize = 0 0 0\nElementType = MET_UCHAR\nElementDataFile = a.raw\n", Status::Corrupt),
        (
            &format!(
                "NDims = 3\nDimSize = 1 1 300000\nElementType = MET_UCHAR\nElementDataFile = LIST\n{list}"
            ),
            Status::NotFound,
        ),
        (
            &format!("NDims = 3\nDimSize = {long}\nElementType = MET_UCHAR\nElementDataFile = a.raw\n"),
            Status::Corrupt,
        ),
        (&"NDims = 3\n".repeat(200_000), Status::LimitExceeded),
        (&"=".repeat(2_000_000), Status::LimitExceeded),
        ("", Status::Corrupt),
    ] {
        let dir = scan(text, 9);
        let error = open_error(&dir.path().join("scan.mhd"));
        assert_eq!(error.status, status, "{error} for {}", &text[..text.len().min(200)]);
        assert!(error.message.len() < 500, "{}", error.message);
    }
    assert!(begun.elapsed() < Duration::from_secs(60));
}

#[test]
fn data_without_their_header_say_what_is_missing() {
    let dir = scan(MHD, 12);
    let error = open_error(&dir.path().join("a.raw"));
    assert_eq!(error.status, Status::Unsupported);
    assert!(error.message.contains("raw_ options"), "{}", error.message);
}

fn layout(width: u32, planes: u64) -> RawLayout {
    RawLayout {
        width,
        height: 2,
        channels: 1,
        sample: SampleType::U8,
        photometric: Photometric::MinIsBlack,
        big_endian: false,
        start: RawStart::At(1),
        planes,
    }
}

fn raw(layout: RawLayout) -> OpenOptions {
    OpenOptions { raw: Some(layout), ..OpenOptions::default() }
}

#[test]
fn a_raw_file_is_what_the_options_say_whatever_it_looks_like() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("scan.tif");
    fs::write(&path, b"II*\0abcdefghij").unwrap();
    let stack = Arc::new(Stack::open(&path, &raw(layout(3, 0))).unwrap());
    assert_eq!((stack.description.format, stack.slices.len()), (Format::Raw, 2));
    assert_eq!(samples(&stack), b"I*\0abcdefghi");
    assert_eq!((stack.rejected.len(), stack.rejected[0].page), (1, Some(2)));
    let three = Arc::new(Stack::open(&path, &raw(layout(3, 3))).unwrap());
    let (_, report) = load(&three, &LoadOptions::default());
    assert_eq!(report.slices[2].cause.as_ref().unwrap().status, Status::Truncated);
    assert_eq!(Stack::open(&path, &raw(layout(30, 0))).unwrap_err().status, Status::Truncated);
    assert_eq!(Stack::open(&path, &raw(layout(3, u64::MAX))).unwrap_err().status, Status::LimitExceeded);
}

#[test]
fn a_folder_of_raw_files_is_one_stack() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    for z in 0..12_u8 {
        fs::write(at(&format!("s{z}.vol")), [0, z, z, z, z, 100 + z, z, z, z]).unwrap();
    }
    fs::write(at("s.txt"), "notes").unwrap();
    let plane = |z: u8| [z; 4];
    let whole = |planes: u64| Arc::new(Stack::open(dir.path(), &raw(layout(2, planes))).unwrap());
    let both: Vec<u8> = (0..12).flat_map(|z| [plane(z), [100 + z, z, z, z]].concat()).collect();
    assert_eq!(samples(&whole(0)), both);
    assert_eq!(samples(&whole(2)), both);
    let one = whole(1);
    let (first, report) = load(&one, &LoadOptions::default());
    assert_eq!(first, (0..12).flat_map(plane).collect::<Vec<u8>>());
    assert!(report.slices[3].note.as_ref().unwrap().contains("4 bytes are left out"));

    // A file that cannot be had is as many slices as it should hold.
    fs::remove_file(at("s5.vol")).unwrap();
    let list = (0..12).map(|z| at(&format!("s{z}.vol"))).collect();
    let listed = Stack::open_list(list, &raw(layout(2, 2))).unwrap();
    let known: Vec<usize> = (0..24).filter(|z| listed.slices[*z].known.is_some()).collect();
    assert_eq!(known, [10, 11]);
    let kept = OpenOptions { keep_gaps: true, ..raw(layout(2, 1)) };
    assert_eq!(
        Stack::open(dir.path(), &kept).unwrap().slices[5].known.as_ref().unwrap().status,
        Status::Missing
    );
}
