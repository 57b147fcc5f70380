//! Writes a small CT scan of a head that never was, with the troubles that
//! folders of real scans have: what the loader is tried on.
//!
//!     cargo run --release --example phantom -- DIR [--slices N] [--size W]

use std::error::Error;
use std::fs::{self, File, OpenOptions};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use tiff::encoder::{TiffEncoder, colortype};

/// How large a scan to write.
#[derive(Clone, Copy, Debug)]
pub struct Scan {
    /// Slices, the missing one among them.
    pub slices: u32,
    /// Columns, and rows as well.
    pub size: u32,
}

impl Default for Scan {
    fn default() -> Scan {
        Scan { slices: 64, size: 256 }
    }
}

impl Scan {
    /// The number that no file has. Files count from 1.
    pub fn gap(&self) -> u32 {
        self.slices * 3 / 8
    }

    /// The number of the file that ends too soon.
    pub fn truncated(&self) -> u32 {
        self.slices * 5 / 8
    }
}

/// The file of slice `number`.
pub fn slice_path(dir: &Path, number: u32) -> PathBuf {
    dir.join(format!("phantom_{number:04}.tif"))
}

/// Writes the scan and its troubles into `dir`, and tells what the troubles are.
pub fn write(dir: &Path, scan: Scan) -> Result<Vec<String>, Box<dyn Error>> {
    if scan.slices < 8 || scan.size < 16 {
        return Err("a phantom needs at least 8 slices of 16 x 16".into());
    }
    fs::create_dir_all(dir)?;
    for number in (1..=scan.slices).filter(|&number| number != scan.gap()) {
        write_slice(&slice_path(dir, number), scan, number)?;
    }

    let broken = slice_path(dir, scan.truncated());
    let file = OpenOptions::new().write(true).open(&broken)?;
    let (whole, kept) = (file.metadata()?.len(), file.metadata()?.len() * 3 / 5);
    file.set_len(kept)?;

    fs::write(dir.join("phantom_spr.bmp"), preview(scan))?;
    fs::write(dir.join("phantom.log"), log(scan))?;
    fs::write(dir.join("Thumbs.db"), b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")?;

    Ok(vec![
        format!("{} does not exist", file_name(&slice_path(dir, scan.gap()))),
        format!("{} ends after {kept} of {whole} bytes", file_name(&broken)),
        "phantom_spr.bmp is the scanner's preview, no slice".to_owned(),
        "phantom.log is the reconstruction's log".to_owned(),
        "Thumbs.db was left by a file manager".to_owned(),
    ])
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn write_slice(path: &Path, scan: Scan, number: u32) -> Result<(), Box<dyn Error>> {
    let mut samples = Vec::with_capacity((scan.size * scan.size) as usize);
    // The head fills the middle 90 % of the scan, so that no slice is empty.
    let z = 0.9 * position(number - 1, scan.slices);
    for row in 0..scan.size {
        for column in 0..scan.size {
            let density = density(position(column, scan.size), -position(row, scan.size), z);
            let noise = noise([column, row, number]);
            samples.push((4000.0 + 40000.0 * density + 1500.0 * noise) as u16);
        }
    }
    let mut encoder = TiffEncoder::new(BufWriter::new(File::create(path)?))?;
    let mut image = encoder.new_image::<colortype::Gray16>(scan.size, scan.size)?;
    // Several rows to a strip, and a last strip that is shorter: as scanners write.
    image.rows_per_strip(24)?;
    image.write_data(&samples)?;
    Ok(())
}

/// The middle of cell `index` of `count` between -1 and 1.
fn position(index: u32, count: u32) -> f64 {
    (2.0 * f64::from(index) + 1.0) / f64::from(count) - 1.0
}

/// An ellipsoid that adds to the density of everything in it.
struct Ellipsoid {
    density: f64,
    semi_axes: [f64; 3],
    centre: [f64; 3],
    /// Turned about z, in degrees.
    turned: f64,
}

const fn ellipsoid(density: f64, semi_axes: [f64; 3], centre: [f64; 3], turned: f64) -> Ellipsoid {
    Ellipsoid { density, semi_axes, centre, turned }
}

/// Shepp and Logan's head in three dimensions, with more contrast inside the
/// skull than theirs has, so that a picture shows it.
const HEAD: [Ellipsoid; 10] = [
    ellipsoid(1.00, [0.6900, 0.920, 0.810], [0.00, 0.0000, 0.00], 0.0),
    ellipsoid(-0.60, [0.6624, 0.874, 0.780], [0.00, -0.0184, 0.00], 0.0),
    ellipsoid(-0.30, [0.1100, 0.310, 0.220], [0.22, 0.0000, 0.00], -18.0),
    ellipsoid(-0.30, [0.1600, 0.410, 0.280], [-0.22, 0.0000, 0.00], 18.0),
    ellipsoid(0.15, [0.2100, 0.250, 0.410], [0.00, 0.3500, -0.15], 0.0),
    ellipsoid(0.20, [0.0460, 0.046, 0.050], [0.00, 0.1000, 0.25], 0.0),
    ellipsoid(0.20, [0.0460, 0.046, 0.050], [0.00, -0.1000, 0.25], 0.0),
    ellipsoid(0.25, [0.0460, 0.023, 0.050], [-0.08, -0.6050, 0.00], 0.0),
    ellipsoid(0.25, [0.0230, 0.023, 0.020], [0.00, -0.6060, 0.00], 0.0),
    ellipsoid(0.25, [0.0230, 0.046, 0.020], [0.06, -0.6050, 0.00], 0.0),
];

/// Density at a point of the cube from -1 to 1; 0 is air.
fn density(x: f64, y: f64, z: f64) -> f64 {
    HEAD.iter()
        .filter(|part| {
            let (sin, cos) = part.turned.to_radians().sin_cos();
            let (x, y, z) = (x - part.centre[0], y - part.centre[1], z - part.centre[2]);
            let turned = [x * cos + y * sin, y * cos - x * sin, z];
            turned.iter().zip(part.semi_axes).map(|(along, axis)| (along / axis).powi(2)).sum::<f64>() <= 1.0
        })
        .map(|part| part.density)
        .sum()
}

/// Noise from -1 to 1 that is the same in every run: the position, hashed.
fn noise(at: [u32; 3]) -> f64 {
    let hash = at.iter().fold(0x9E37_79B9_u32, |hash, &part| {
        let mixed = (hash ^ part).wrapping_mul(0x85EB_CA6B);
        (mixed ^ (mixed >> 15)).wrapping_mul(0xC2B2_AE35)
    });
    f64::from(hash >> 8) / f64::from(1 << 23) - 1.0
}

/// A valid 8-bit grey BMP: the head seen from the side.
fn preview(scan: Scan) -> Vec<u8> {
    let (width, height) = (scan.size, scan.slices);
    let row_bytes = width.next_multiple_of(4);
    let pixels_at = 14 + 40 + 256 * 4;
    let mut bmp = Vec::new();
    bmp.extend(b"BM");
    for field in [pixels_at + row_bytes * height, 0, pixels_at] {
        bmp.extend(field.to_le_bytes());
    }
    // BITMAPINFOHEADER: one plane of 8 bits, not compressed, 2835 pixels per metre.
    for field in [40, width, height, 8 << 16 | 1, 0, row_bytes * height, 2835, 2835, 256, 0] {
        bmp.extend(field.to_le_bytes());
    }
    for grey in 0..=255 {
        bmp.extend([grey, grey, grey, 0]);
    }
    // Rows go from the bottom up, as slices do.
    for slice in 0..height {
        for column in 0..row_bytes {
            let density = density(0.0, position(column.min(width - 1), width), 0.9 * position(slice, height));
            bmp.push((255.0 * density.clamp(0.0, 1.0)) as u8);
        }
    }
    bmp
}

/// What a reconstruction program leaves beside its slices.
fn log(scan: Scan) -> String {
    format!(
        "[System]\nScanner=Phantom\n[Reconstruction]\nProgram=phantom.rs\nSections Count={}\n\
         Result File Type=TIF\nResult File Header Length (bytes)=8\nResult Image Width (pixels)={}\n\
         Result Image Height (pixels)={}\nPixel Size (um)=27.5\nFirst Section=1\nLast Section={}\n\
         [File name convention]\nFilename Index Length=4\nFilename Prefix=phantom_\n",
        scan.slices, scan.size, scan.size, scan.slices
    )
}

const USAGE: &str = "usage: phantom DIR [--slices N] [--size W]";

fn main() -> Result<(), Box<dyn Error>> {
    let mut dir = None;
    let mut scan = Scan::default();
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|text| text.to_str()?.parse().ok()).ok_or(USAGE);
        match argument.to_str() {
            Some("--slices") => scan.slices = number()?,
            Some("--size") => scan.size = number()?,
            _ if dir.is_none() => dir = Some(PathBuf::from(argument)),
            _ => return Err(USAGE.into()),
        }
    }
    let dir = dir.ok_or(USAGE)?;
    let troubles = write(&dir, scan)?;
    println!(
        "wrote {} slices of {} x {}, u16, to {}; the troubles:",
        scan.slices - 1,
        scan.size,
        scan.size,
        dir.display()
    );
    for trouble in troubles {
        println!("  {trouble}");
    }
    Ok(())
}
