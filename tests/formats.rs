//! Images written by tifffile, Pillow, ImageMagick and libtiff's tools, read
//! by zstack, compared sample by sample with what independent readers give.

mod contract_support;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use ndarray::Array4;
use zstack::load::{LoadOptions, Outcome, Sample};
use zstack::stack::{OpenOptions, Stack};
use zstack::{SampleType, Status};

/// A line of the manifest.
struct Case<'a> {
    file: &'a str,
    expected: &'a str,
    kind: &'a str,
    shape: [usize; 3],
    tolerance: i32,
    words: &'a str,
}

impl<'a> Case<'a> {
    fn parse(line: &'a str) -> Case<'a> {
        let mut fields = line.split('\t');
        let mut next = || fields.next().unwrap();
        let (file, expected, kind) = (next(), next(), next());
        let shape = [next(), next(), next()].map(|n| n.parse().unwrap());
        Case { file, expected, kind, shape, tolerance: next().parse().unwrap(), words: next() }
    }
}

/// Loads the one image of a file, as bytes.
fn load(stack: &Arc<Stack>) -> (Vec<u8>, [usize; 3], Outcome) {
    fn bytes<T: Sample, const N: usize>(
        stack: &Arc<Stack>,
        to_bytes: impl Fn(&T) -> [u8; N],
    ) -> (Vec<u8>, [usize; 3], Outcome) {
        let (array, outcome): (Array4<T>, Outcome) = stack.load(&LoadOptions::default(), &mut ()).unwrap();
        let shape = [array.shape()[1], array.shape()[2], array.shape()[3]];
        (array.iter().flat_map(to_bytes).collect(), shape, outcome)
    }
    match stack.description.sample {
        SampleType::U8 => bytes(stack, |s: &u8| s.to_ne_bytes()),
        SampleType::U16 => bytes(stack, |s: &u16| s.to_ne_bytes()),
        SampleType::U32 => bytes(stack, |s: &u32| s.to_ne_bytes()),
        SampleType::U64 => bytes(stack, |s: &u64| s.to_ne_bytes()),
        SampleType::I8 => bytes(stack, |s: &i8| s.to_ne_bytes()),
        SampleType::I16 => bytes(stack, |s: &i16| s.to_ne_bytes()),
        SampleType::I32 => bytes(stack, |s: &i32| s.to_ne_bytes()),
        SampleType::I64 => bytes(stack, |s: &i64| s.to_ne_bytes()),
        SampleType::F16 => bytes(stack, |s: &half::f16| s.to_ne_bytes()),
        SampleType::F32 => bytes(stack, |s: &f32| s.to_ne_bytes()),
        SampleType::F64 => bytes(stack, |s: &f64| s.to_ne_bytes()),
    }
}

/// What is wrong with a case, if anything.
fn fault(dir: &Path, case: &Case<'_>) -> Option<String> {
    let opened = Stack::open(&dir.join(case.file), &OpenOptions::default());
    if case.expected == "unsupported" {
        return match opened {
            Ok(_) => Some("opened, but should be refused".to_owned()),
            Err(e) if e.status == Status::Unsupported && e.message.contains(case.words) => None,
            Err(e) => Some(format!("refused with {:?}, {e}", e.status)),
        };
    }
    let stack = match opened {
        Ok(stack) => Arc::new(stack),
        Err(error) => return Some(format!("not opened: {:?}, {error}", error.status)),
    };
    let (pixels, shape, outcome) = load(&stack);
    if let Some(error) = outcome.error {
        return Some(format!("not loaded: {:?}, {error}", error.status));
    }
    if stack.description.sample.name() != case.kind || shape != case.shape {
        return Some(format!(
            "is {} {shape:?}, not {} {:?}",
            stack.description.sample.name(),
            case.kind,
            case.shape
        ));
    }
    let expected = std::fs::read(dir.join(case.expected)).unwrap();
    if case.tolerance == 0 {
        return (pixels != expected).then(|| "other pixels".to_owned());
    }
    let worst = pixels.iter().zip(&expected).map(|(a, b)| (i32::from(*a) - i32::from(*b)).abs()).max();
    (worst > Some(case.tolerance)).then(|| format!("differs by {worst:?}"))
}

#[test]
fn every_sample_is_what_independent_readers_give() {
    let dir = tempfile::tempdir().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats/make.py");
    let made = Command::new(contract_support::python()).arg(script).arg(dir.path()).output().unwrap();
    assert!(made.status.success(), "make.py failed:\n{}", String::from_utf8_lossy(&made.stderr));

    let manifest = std::fs::read_to_string(dir.path().join("manifest.tsv")).unwrap();
    let cases: Vec<Case<'_>> = manifest.lines().map(Case::parse).collect();
    let faults: Vec<String> = cases
        .iter()
        .filter_map(|case| Some(format!("{}: {}", case.file, fault(dir.path(), case)?)))
        .collect();
    assert!(cases.len() > 250, "only {} images were made", cases.len());
    assert!(faults.is_empty(), "{} of {} images:\n{}", faults.len(), cases.len(), faults.join("\n"));
}
