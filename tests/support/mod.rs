//! What the tests share: the built library, programs that run, Python. Beside
//! them: compilers (`build`), stacks to load (`stacks`), pages (`pages`).
#![allow(dead_code, unused_imports)] // each test takes what it needs

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

pub mod build;
pub mod pages;
pub mod stacks;

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

/// A program still running after this hangs. No promise is made of its time.
const HANGS: Duration = Duration::from_secs(240);

/// The Python that has what tests/requirements.txt names.
pub fn python() -> Command {
    let installed = || library_dir().ancestors().nth(2).unwrap().join("venv/bin/python");
    let python = std::env::var_os("ZSTACK_PYTHON").map(PathBuf::from).unwrap_or_else(installed);
    let checked =
        Command::new(&python).args(["-c", "import numpy, tifffile, imagecodecs, PIL, pydicom"]).output();
    assert!(
        checked.is_ok_and(|output| output.status.success()),
        "{} has no NumPy, tifffile, imagecodecs, Pillow and pydicom. Run scripts/test, which installs them into \
         target/venv, or name a Python that has them: \
         ZSTACK_PYTHON=/path/to/python (pip install -r tests/requirements.txt)",
        python.display()
    );
    let mut command = Command::new(python);
    command.env("ZSTACK_LIBRARY", library()).env("PYTHONPATH", root().join("examples/python"));
    command.env("PYTHONDONTWRITEBYTECODE", "1").current_dir(root());
    command
}

/// What a program left behind.
#[derive(Debug)]
pub struct Ran {
    pub status: ExitStatus,
    pub out: String,
    pub err: String,
}

/// Runs a command to its end, or fails the test where it hangs.
pub fn run(command: &mut Command) -> Ran {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| panic!("{command:?} does not start: {e}"));
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let text = |pipe: &mut dyn Read| {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let (out, err, status) = std::thread::scope(|scope| {
        let out = scope.spawn(move || text(&mut out));
        let err = scope.spawn(move || text(&mut err));
        let end = Instant::now() + HANGS;
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if Instant::now() > end {
                child.kill().unwrap();
                child.wait().unwrap();
                panic!("{command:?} hangs");
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        (out.join().unwrap(), err.join().unwrap(), status)
    });
    Ran { status, out, err }
}

/// Runs a program that must end with 0, and returns what it printed.
pub fn succeed(command: &mut Command) -> String {
    let ran = run(command);
    assert!(ran.status.success(), "{command:?}\n{}{}", ran.out, ran.err);
    ran.out
}
