//! Names of what is not supported, as its users know it.
#![forbid(unsafe_code)]

const COMPRESSIONS: &[(u64, &str)] = &[
    (2, "CCITT RLE"),
    (3, "CCITT G3"),
    (4, "CCITT G4"),
    (6, "old-style JPEG"),
    (9, "JBIG black and white"),
    (10, "JBIG color"),
    (32766, "NeXT RLE"),
    (32771, "CCITT RLE, word aligned"),
    (1, "none"),
    (7, "JPEG"),
    (32773, "PackBits"),
    (32809, "ThunderScan"),
    (32908, "Pixar film"),
    (32909, "Pixar log"),
    (32947, "Kodak DCS"),
    (33003, "Aperio JPEG 2000 YCbCr"),
    (33004, "Aperio JPEG 2000 YCbCr, old"),
    (33005, "Aperio JPEG 2000 RGB"),
    (33007, "Alternative JPEG"),
    (34661, "JBIG"),
    (34676, "SGI log"),
    (34677, "SGI log 24"),
    (34712, "JPEG 2000"),
    (34713, "Nikon NEF"),
    (34715, "JBIG2"),
    (34887, "LERC"),
    (34892, "lossy JPEG of DNG"),
    (34925, "LZMA"),
    (34933, "PNG"),
    (34934, "JPEG XR"),
    (50001, "WebP"),
    (50002, "JPEG XL"),
    (52546, "JPEG XL of DNG"),
    (22610, "JPEG XR of NDPI"),
    (65000, "EER"),
    (65001, "EER"),
];

const PHOTOMETRICS: &[(u64, &str)] = &[
    (3, "palette"),
    (4, "transparency mask"),
    (8, "CIELab"),
    (9, "ICCLab"),
    (10, "ITULab"),
    (32803, "color filter array"),
    (32844, "LogL"),
    (32845, "LogLuv"),
    (34892, "linear raw"),
    (51177, "depth map"),
];

const SAMPLE_FORMATS: &[(u64, &str)] = &[(4, "undefined"), (5, "complex integer"), (6, "complex float")];

/// A compression's name and number: "LZMA (34925)".
pub fn compression(number: u64) -> String {
    named(COMPRESSIONS, number)
}

/// A photometric interpretation's name and number: "CIELab (8)".
pub fn photometric(number: u64) -> String {
    named(PHOTOMETRICS, number)
}

/// A sample format's name and number: "complex float (6)".
pub fn sample_format(number: u64) -> String {
    named(SAMPLE_FORMATS, number)
}

fn named(table: &[(u64, &str)], number: u64) -> String {
    let name = table.iter().find(|(known, _)| *known == number).map_or("of unknown number", |(_, name)| name);
    format!("{name} ({number})")
}
