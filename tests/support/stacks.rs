//! Stacks to load, and a folder for them and the programs that load them.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use tiff::encoder::{Compression, DeflateLevel, TiffEncoder, colortype};

use super::build::compile_contract;
use super::{root, run};

#[path = "../../examples/phantom.rs"]
pub mod phantom;

/// As in `tests/c/check.h`.
pub const WIDTH: u32 = 40;
pub const HEIGHT: u32 = 30;

/// The sample at (z, y, x) of every stack made here; as `sample` in `tests/c/check.h`.
pub fn sample(z: u32, y: u32, x: u32) -> u16 {
    (z * 1000 + y * 37 + x) as u16
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
        compile_contract(&root().join(format!("tests/c/{name}.c")), &program, flags);
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
