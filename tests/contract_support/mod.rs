//! Builds the C programs of `tests/c`, makes the stacks they load, runs them.
#![allow(dead_code)]

use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tiff::encoder::{Compression, DeflateLevel, TiffEncoder, colortype};

/// A program still running after this hangs. No promise is made of its time.
const HANGS: Duration = Duration::from_secs(240);
/// As in `tests/c/check.h`.
pub const WIDTH: u32 = 40;
pub const HEIGHT: u32 = 30;

/// The sample at (z, y, x) of every stack made here; as `sample` in `tests/c/check.h`.
pub fn sample(z: u32, y: u32, x: u32) -> u16 {
    (z * 1000 + y * 37 + x) as u16
}

/// The repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of the library that this very test run was built with.
pub fn library_dir() -> PathBuf {
    let dir = std::env::current_exe().unwrap().parent().unwrap().to_owned();
    assert!(dir.join("libzstack.so").is_file(), "no libzstack.so in {}", dir.display());
    dir
}

pub fn library() -> PathBuf {
    library_dir().join("libzstack.so")
}

/// The Python that has what tests/requirements.txt names.
pub fn python() -> PathBuf {
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
    python
}

/// What a program left behind.
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

/// Compiles a C source with the strictest warnings, linked to the library.
pub fn compile(source: &Path, program: &Path, flags: &[&str]) {
    let cc = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
    let lib = library_dir();
    // Old tags: cargo sets LD_LIBRARY_PATH, which would go before new ones and
    // finds whatever an earlier `cargo build` left in the folder above.
    let mut rpath = std::ffi::OsString::from("-Wl,--disable-new-dtags,-rpath,");
    rpath.push(&lib);
    let mut command = Command::new(&cc);
    command
        .args(["-std=c11", "-O1", "-g", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-pthread"])
        .arg("-I")
        .arg(root().join("include"))
        .arg("-I")
        .arg(root().join("tests/c"))
        .arg("-o")
        .arg(program)
        .arg(source)
        .args(flags);
    if !flags.contains(&"-shared") && !flags.contains(&"-DNO_LINK") {
        command.arg("-L").arg(&lib).arg("-lzstack").arg(rpath);
    }
    command.arg("-ldl");
    let ran = match Command::new(&cc).arg("--version").output() {
        Ok(_) => run(&mut command),
        Err(error) => panic!("no C compiler ({error}): apt-get install gcc, or set CC"),
    };
    assert!(ran.status.success(), "{command:?}\n{}", ran.err);
}

/// A folder of samples, and the program that looks at them.
pub struct Bench {
    dir: tempfile::TempDir,
}

impl Bench {
    pub fn new() -> Bench {
        Bench { dir: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A folder of grey slices, `s_0000.tif` onwards.
    pub fn grey(&self, name: impl AsRef<OsStr>, slices: u32) -> PathBuf {
        let dir = self.dir.path().join(Path::new(name.as_ref()));
        fs::create_dir_all(&dir).unwrap();
        for z in 0..slices {
            grey_slice(&dir.join(format!("s_{z:04}.tif")), z, WIDTH, HEIGHT);
        }
        dir
    }

    /// Compiles `tests/c/<name>.c`.
    pub fn program(&self, name: &str, flags: &[&str]) -> PathBuf {
        let program = self.dir.path().join(format!("{name}.program"));
        compile(&root().join(format!("tests/c/{name}.c")), &program, flags);
        program
    }

    /// Compiles and runs `tests/c/<name>.c` on the samples. It prints how many
    /// checks it made, and nothing else.
    pub fn check(&self, name: &str) {
        self.check_with(Command::new(self.program(name, &[])).arg(self.dir.path()));
    }

    pub fn check_with(&self, command: &mut Command) {
        let ran = run(command);
        assert!(ran.status.success(), "{command:?}: {}\n{}{}", ran.status, ran.out, ran.err);
        let made = ran.out.strip_suffix(" checks made\n").and_then(|n| n.parse::<u32>().ok());
        assert!(made.is_some_and(|n| n > 0), "no checks were made, or something was printed: {}", ran.out);
        assert_eq!(ran.err, "", "something was printed on stderr");
    }
}

/// One grey slice of 16 bits, in one strip.
pub fn grey_slice(path: &Path, z: u32, width: u32, height: u32) {
    let pixels: Vec<u16> = (0..height).flat_map(|y| (0..width).map(move |x| sample(z, y, x))).collect();
    let mut encoder = TiffEncoder::new(fs::File::create(path).unwrap()).unwrap();
    encoder.write_image::<colortype::Gray16>(width, height, &pixels).unwrap();
}

/// One grey slice of 8 bits.
pub fn byte_slice(path: &Path) {
    let pixels = vec![7u8; (WIDTH * HEIGHT) as usize];
    let mut encoder = TiffEncoder::new(fs::File::create(path).unwrap()).unwrap();
    encoder.write_image::<colortype::Gray8>(WIDTH, HEIGHT, &pixels).unwrap();
}

/// One grey slice, compressed, in many strips: several runs of work.
pub fn stripped_slice(path: &Path, z: u32, width: u32, height: u32, rows_per_strip: u32) {
    let file = std::io::BufWriter::new(fs::File::create(path).unwrap());
    let encoder = TiffEncoder::new(file).unwrap();
    let mut encoder = encoder.with_compression(Compression::Deflate(DeflateLevel::Fast));
    let mut image = encoder.new_image::<colortype::Gray16>(width, height).unwrap();
    image.rows_per_strip(rows_per_strip).unwrap();
    let pixels: Vec<u16> = (0..height).flat_map(|y| (0..width).map(move |x| sample(z, y, x))).collect();
    // Not `write_strip`, which stores the strip as it is.
    image.write_data(&pixels).unwrap();
}

/// A slice whose directory is sound and whose deflated pixels are garbage.
pub fn garbled_slice(path: &Path) {
    stripped_slice(path, 0, WIDTH, HEIGHT, HEIGHT);
    let mut bytes = fs::read(path).unwrap();
    bytes[8..40].fill(0xFF);
    fs::write(path, bytes).unwrap();
}

/// Grey slices as the pages of one file.
pub fn grey_pages(path: &Path, pages: u32) {
    let mut encoder = TiffEncoder::new(fs::File::create(path).unwrap()).unwrap();
    for z in 0..pages {
        let pixels: Vec<u16> = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| sample(z, y, x))).collect();
        encoder.write_image::<colortype::Gray16>(WIDTH, HEIGHT, &pixels).unwrap();
    }
}

/// A grey slice whose directory comes first and is whole, and whose pixels end
/// half-way.
pub fn short_slice(path: &Path, z: u32) {
    let mut file = directory(WIDTH, HEIGHT, WIDTH * HEIGHT * 2);
    let half = (0..HEIGHT / 2).flat_map(|y| (0..WIDTH).flat_map(move |x| sample(z, y, x).to_le_bytes()));
    file.extend(half);
    fs::write(path, file).unwrap();
}

/// A little-endian TIFF of 16-bit grey that claims to be `width` x `height` and
/// holds one strip of nothing.
pub fn claim(path: &Path, width: u32, height: u32) {
    let mut file = directory(width, height, 64);
    file.extend([0; 64]);
    fs::write(path, file).unwrap();
}

const DIRECTORY_BYTES: u32 = 2 + 8 * 12 + 4;

/// The head of a TIFF of 16-bit grey in one strip, and its directory.
fn directory(width: u32, height: u32, bytes: u32) -> Vec<u8> {
    let entries: [(u16, u16, u32, u32); 8] = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 16),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, 8 + DIRECTORY_BYTES),
        (278, 4, 1, height),
        (279, 4, 1, bytes),
    ];
    let mut file = Vec::from(*b"II*\0");
    file.extend(8u32.to_le_bytes());
    file.extend((entries.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in entries {
        file.extend(tag.to_le_bytes());
        file.extend(kind.to_le_bytes());
        file.extend(count.to_le_bytes());
        file.extend(value.to_le_bytes());
    }
    file.extend(0u32.to_le_bytes());
    file
}
