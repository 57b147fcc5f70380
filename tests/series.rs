//! Folders of DICOM files: which of them are the stack, and in what order.
#![cfg(feature = "dicom")]

mod support;

use std::path::Path;
use std::sync::Arc;

use support::python;
use zstack::Status;
use zstack::format::{slice_distance, slice_place};
use zstack::load::{Job, LoadOptions};
use zstack::stack::{OpenOptions, Reason, Stack};

fn folders() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let output = python().arg("tests/formats/series.py").arg(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn names(stack: &Stack) -> Vec<String> {
    stack.slices.iter().map(|slice| name(&slice.path)).collect()
}

fn expected(folder: &Path, series: &str) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join(format!("{series}.txt"))).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// Loads a stack, failed slices filled with 0; the first sample of each slice.
fn first_samples(stack: &Arc<Stack>) -> (Vec<i16>, usize) {
    let options = LoadOptions::default();
    let plan = stack.plan(&options).unwrap();
    let mut samples = vec![0_i16; plan.buffer_bytes as usize / 2];
    // SAFETY: `samples` outlives the job, which ends below.
    let job = unsafe { Job::start(stack, &options, samples.as_mut_ptr().cast(), plan.buffer_bytes) };
    let report = job.unwrap().finish();
    let failed = report.report.slices.iter().filter(|slice| slice.cause.is_some()).count();
    (samples.chunks(plan.slice_stride as usize / 2).map(|slice| slice[0]).collect(), failed)
}

#[test]
fn slices_are_ordered_along_the_direction_that_they_face() {
    let folder = folders();
    let stack = Arc::new(Stack::open(&folder.path().join("positions"), &OpenOptions::default()).unwrap());
    assert_eq!(names(&stack), expected(folder.path(), "positions"));
    let mut rejected: Vec<(String, Reason)> =
        stack.rejected.iter().map(|one| (name(&one.path), one.reason)).collect();
    rejected.sort_by(|a, b| a.0.cmp(&b.0));
    let reasons = [
        ("IM000090", Reason::Duplicate),
        ("IM000091", Reason::OtherFamily),
        ("IM000092", Reason::OtherFamily),
        ("IM000093", Reason::OtherFamily),
        ("IM000094", Reason::OtherType),
        ("IM000095", Reason::Unreadable),
        ("README", Reason::OtherType),
        ("VERSION", Reason::Unreadable),
        ("scan.log", Reason::OtherType),
        ("shot.pgm", Reason::OtherFamily),
    ];
    assert_eq!(rejected, reasons.map(|(name, reason)| (name.to_owned(), reason)));
    let message = |file: &str| &stack.rejected.iter().find(|one| one.path.ends_with(file)).unwrap().message;
    assert!(message("IM000090").contains("same position as IM0000"), "{}", message("IM000090"));
    assert!(message("IM000092").contains("another DICOM series (2 images)"), "{}", message("IM000092"));

    // The slice of another shape fails in its place.
    let (values, failed) = first_samples(&stack);
    assert_eq!((values, failed), ((0..11).map(|step| if step == 4 { 0 } else { step }).collect(), 1));

    let places = stack.slices.iter().map(|slice| {
        let file = std::fs::read(&slice.path).unwrap();
        slice_place(&file).unwrap().unwrap()
    });
    let places: Vec<_> = places.collect();
    let normal = places[0].normal.unwrap();
    let along: Vec<f64> = places.iter().map(|place| place.along(&normal).unwrap()).collect();
    assert!((slice_distance(&along).unwrap() - 2.5).abs() < 1e-5, "{along:?}");
    assert_eq!(places[0].spacing, Some([0.5, 0.25]));
    assert_eq!((places[0].slope, places[0].intercept), (Some(2.0), Some(-1024.0)));
}

#[test]
fn without_positions_numbers_decide_and_then_names() {
    let folder = folders();
    for series in ["instances", "names"] {
        let stack = Stack::open(&folder.path().join(series), &OpenOptions::default()).unwrap();
        assert_eq!(names(&stack), expected(folder.path(), series));
    }
}

#[test]
fn a_pattern_chooses_among_series_and_a_list_is_taken_as_it_is() {
    let folder = folders();
    let tie = folder.path().join("tie");
    let error = Stack::open(&tie, &OpenOptions::default()).unwrap_err();
    assert_eq!(error.status, Status::Ambiguous);
    assert!(error.message.contains("s1_1.dcm") && error.message.contains("s2_1.dcm"), "{}", error.message);
    let stack = Stack::open(&tie.join("s2_*"), &OpenOptions::default()).unwrap();
    assert_eq!(names(&stack), ["s2_1.dcm", "s2_2.dcm"]);
    let prefix = OpenOptions { prefix: Some(b"s1".to_vec()), ..OpenOptions::default() };
    assert_eq!(names(&Stack::open(&tie, &prefix).unwrap()), ["s1_1.dcm", "s1_2.dcm"]);
    let list = ["s2_2.dcm", "s1_1.dcm"];
    let stack = Stack::open_list(list.map(|file| tie.join(file)).to_vec(), &OpenOptions::default()).unwrap();
    assert_eq!(names(&stack), list);
    // From several folders at once, too.
    let stack = Stack::open(&folder.path().join("[ip]*s/IM*"), &OpenOptions::default()).unwrap();
    assert_eq!(names(&stack), expected(folder.path(), "positions"));
}

#[test]
fn numbers_in_names_say_nothing_of_a_series() {
    let folder = folders();
    let numbers = OpenOptions { first_number: 2, ..OpenOptions::default() };
    let error = Stack::open(&folder.path().join("names"), &numbers).unwrap_err();
    assert_eq!(error.status, Status::InvalidArgument);
    assert!(error.message.contains("ordered by their position"), "{}", error.message);
}
