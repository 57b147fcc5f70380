//! C and C++, compiled with all warnings as errors.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Ran, library_dir, root, run, succeed};

/// A language, and how its compiler is called.
#[derive(Clone, Copy, Debug)]
pub enum Language {
    C(&'static str),
    Cpp(&'static str),
}

/// C as the examples are written: C99 and POSIX.
pub const C: Language = Language::C("-std=c99");
/// C as the programs of `tests/c` are written.
pub const C11: Language = Language::C("-std=c11");
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
    build(language, sources, dir, &linked())
}

/// What links a program to the library that was built along with this test.
fn linked() -> [OsString; 4] {
    // Old tags: cargo sets LD_LIBRARY_PATH, which would go before new ones and
    // finds whatever an earlier `cargo build` left in the folder above.
    let mut rpath = OsString::from("-Wl,--disable-new-dtags,-rpath,");
    rpath.push(library_dir());
    ["-L".into(), library_dir().into(), "-lzstack".into(), rpath]
}

/// Compiles a program of `tests/c`; `flags` may say that it stands alone.
pub fn compile_contract(source: &Path, program: &Path, flags: &[&str]) {
    let mut command = C11.command();
    command.arg("-I").arg(root().join("tests/c")).args(["-O1", "-g", "-pthread"]);
    command.arg("-o").arg(program).arg(source).args(flags).args(["-x", "none"]);
    if !flags.contains(&"-shared") && !flags.contains(&"-DNO_LINK") {
        command.args(linked());
    }
    succeed(command.arg("-ldl"));
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

/// Runs `program` with `arguments`.
pub fn run_program(program: &Path, arguments: &[&OsStr]) -> Ran {
    run(Command::new(program).args(arguments))
}
