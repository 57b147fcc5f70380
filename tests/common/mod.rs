//! What the tests of callers share: the built library, compilers, Python, a scan.
#![allow(dead_code)] // each test takes what it needs

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

#[path = "../../examples/phantom.rs"]
pub mod phantom;

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of the shared library that was built along with this test.
///
/// Cargo puts a test into target/<profile>/deps, and its library beside it; the
/// copy one folder up is made by `cargo build` only, and may be an older one.
pub fn library_dir() -> PathBuf {
    let dir = std::env::current_exe().unwrap().parent().unwrap().to_owned();
    assert!(dir.join(library_name()).exists(), "no {} in {}", library_name(), dir.display());
    dir
}

/// The shared library that was built along with this test.
pub fn library() -> PathBuf {
    library_dir().join(library_name())
}

fn library_name() -> String {
    format!("{}zstack{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX)
}

/// A language, and how its compiler is called.
#[derive(Clone, Copy, Debug)]
pub enum Language {
    C(&'static str),
    Cpp(&'static str),
}

/// C as the examples are written: C99 and POSIX.
pub const C: Language = Language::C("-std=c99");
/// C++ as the examples are written.
pub const CPP: Language = Language::Cpp("-std=c++17");

impl Language {
    fn command(self) -> Command {
        let (variable, default, kind, standard) = match self {
            Language::C(standard) => ("CC", "cc", "c", standard),
            Language::Cpp(standard) => ("CXX", "c++", "c++", standard),
        };
        let given = std::env::var(variable).unwrap_or_else(|_| default.to_owned());
        let mut words = given.split_whitespace();
        let mut command = Command::new(words.next().unwrap_or(default));
        command.args(words).args(["-x", kind, standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror"]);
        if matches!(self, Language::C(_)) {
            command.arg("-D_POSIX_C_SOURCE=200809L");
        }
        command.arg("-I").arg(root().join("include"));
        command
    }
}

/// Compiles `sources`, relative to the root, with all warnings as errors, links
/// them with the library, and returns the program, which lies in `dir`.
pub fn compile(language: Language, sources: &[&str], dir: &Path) -> PathBuf {
    let mut rpath = OsString::from("-Wl,--disable-new-dtags,-rpath,");
    rpath.push(library_dir());
    build(language, sources, dir, &["-L".into(), library_dir().into(), "-lzstack".into(), rpath])
}

/// The same without the library.
pub fn compile_alone(language: Language, sources: &[&str], dir: &Path) -> PathBuf {
    build(language, sources, dir, &[])
}

fn build(language: Language, sources: &[&str], dir: &Path, libraries: &[OsString]) -> PathBuf {
    let program = dir.join(Path::new(sources[0]).file_stem().unwrap());
    let mut command = language.command();
    command.args(["-g", "-O1"]).args(sources.iter().map(|source| root().join(source)));
    // `-x` holds for all that follows, but a library has no language.
    command.args(["-x", "none"]).args(libraries).args(["-lm", "-ldl", "-pthread"]);
    succeed(command.arg("-o").arg(&program));
    program
}

/// Compiles a text and throws the result away.
pub fn check_syntax(language: Language, text: &str, flags: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    let source = dir.path().join("text");
    std::fs::write(&source, text).unwrap();
    succeed(language.command().args(flags).arg("-fsyntax-only").arg(&source));
}

/// The Python that has what tests/requirements.txt names.
pub fn python() -> Command {
    let installed = || library_dir().ancestors().nth(2).unwrap().join("venv/bin/python");
    let python = std::env::var_os("ZSTACK_PYTHON").map(PathBuf::from).unwrap_or_else(installed);
    let checked = Command::new(&python).args(["-c", "import numpy, tifffile, imagecodecs, PIL"]).output();
    assert!(
        checked.is_ok_and(|output| output.status.success()),
        "{} has no NumPy, tifffile, imagecodecs and Pillow. Run scripts/test, which installs them into \
         target/venv, or name a Python that has them: \
         ZSTACK_PYTHON=/path/to/python (pip install -r tests/requirements.txt)",
        python.display()
    );
    let mut command = Command::new(python);
    command.env("ZSTACK_LIBRARY", library()).env("PYTHONPATH", root().join("examples/python"));
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// A small scan of a head, with all its troubles.
pub const SCAN: phantom::Scan = phantom::Scan { slices: 24, size: 96 };

/// Writes `SCAN` into a folder of its own.
pub fn scan() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    phantom::write(dir.path(), SCAN).unwrap();
    dir
}

/// A scan that takes a while: one slice under 8000 names.
pub fn long_scan() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let one = dir.path().join("one");
    phantom::write(&one, phantom::Scan { slices: 8, size: 64 }).unwrap();
    for number in 1..=8000 {
        let link = phantom::slice_path(dir.path(), number);
        std::fs::hard_link(phantom::slice_path(&one, 1), link).unwrap();
    }
    dir
}

/// What a program printed, and how it ended.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// Runs a program to its end.
pub fn run(command: &mut Command) -> Ran {
    let Output { status, stdout, stderr } =
        command.output().unwrap_or_else(|error| panic!("cannot run {command:?}: {error}"));
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ran { code: status.code(), out: text(stdout), err: text(stderr) }
}

/// Runs a program that must end with 0, and returns what it printed.
pub fn succeed(command: &mut Command) -> String {
    let ran = run(command);
    assert_eq!(ran.code, Some(0), "{command:?}\n{}{}", ran.out, ran.err);
    ran.out
}

/// Runs `program` with `arguments`.
pub fn run_program(program: &Path, arguments: &[&OsStr]) -> Ran {
    run(Command::new(program).args(arguments))
}
