//! Sixteen bytes of choices and a payload -> a TIFF of one page.
//!
//! | Bytes | Choice |
//! |---|---|
//! | 0, 1 | Compression; where `KNOWN` is set, an index into those that exist |
//! | 2, 3 | PhotometricInterpretation |
//! | 4 | BitsPerSample |
//! | 5 | SamplesPerPixel |
//! | 6 | SampleFormat |
//! | 7 | Predictor |
//! | 8, 9 | width, height |
//! | 10 | RowsPerStrip; of tiles, both sides in sixteenths less one |
//! | 11 | flags, see below |
//! | 12 | T4Options and T6Options |
//! | 13 | YCbCrSubSampling, across and down |
//! | 14, 15 | bytes of the payload that are JPEGTables, 0 for none |
//!
//! What follows is divided among the chunks. `scripts/fuzz-seeds` writes the same.

const TILES: u8 = 1;
const PLANAR: u8 = 2;
const BIG_ENDIAN: u8 = 4;
const BIG_TIFF: u8 = 8;
const REVERSED: u8 = 16;
const KNOWN: u8 = 32;
const NO_PHOTOMETRIC: u8 = 64;
const OLD_JPEG: u8 = 128;

/// Compressions that some program writes, read by zstack or not.
const COMPRESSIONS: [u16; 34] = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 99, 262, 32766, 32771, 32773, 32809, 32895, 32908, 32909, 32946, 32947,
    33003, 33005, 33007, 34661, 34676, 34677, 34712, 34887, 34892, 34925, 50000, 50001, 50002,
];

/// Most chunks; more of them would only be more of the same.
const MOST_CHUNKS: usize = 64;

const SHORT: u16 = 3;
const LONG: u16 = 4;
const UNDEFINED: u16 = 7;

/// `None` where `data` has no room for the choices.
pub fn wrap(data: &[u8]) -> Option<Vec<u8>> {
    let (choices, payload) = data.split_at_checked(16)?;
    let pair = |at: usize| u16::from_le_bytes([choices[at], choices[at + 1]]);
    let flag = |bit: u8| choices[11] & bit != 0;
    let compression = match flag(KNOWN) {
        true => COMPRESSIONS[pair(0) as usize % COMPRESSIONS.len()],
        false => pair(0),
    };
    let [samples, width, height, side] = [5, 8, 9, 10].map(|at| u64::from(choices[at]));
    let (tile_width, tile_height) = (16 * (side % 16 + 1), 16 * (side / 16 + 1));
    let chunks = match flag(TILES) {
        true => width.div_ceil(tile_width) * height.div_ceil(tile_height),
        false => height.div_ceil(side.max(1)),
    };
    let chunks = (chunks * if flag(PLANAR) { samples } else { 1 }) as usize;
    if chunks > MOST_CHUNKS {
        return None;
    }

    let mut writer = Writer::new(flag(BIG_ENDIAN), flag(BIG_TIFF));
    let (tables, payload) = payload.split_at(payload.len().min(pair(14).into()));
    let start = writer.file.len() as u64;
    writer.file.extend(payload);
    let share = payload.len().div_ceil(chunks.max(1)) as u64;
    let end = start + payload.len() as u64;
    let offsets: Vec<u64> = (0..chunks as u64).map(|chunk| (start + chunk * share).min(end)).collect();
    let counts: Vec<u64> = offsets.iter().map(|&offset| share.min(end - offset)).collect();

    let per_sample = |value: u8| vec![u64::from(value); samples.max(1) as usize];
    writer.tag(256, LONG, &[width]);
    writer.tag(257, LONG, &[height]);
    writer.tag(258, SHORT, &per_sample(choices[4]));
    writer.tag(259, SHORT, &[compression.into()]);
    if !flag(NO_PHOTOMETRIC) {
        writer.tag(262, SHORT, &[pair(2).into()]);
    }
    writer.tag(266, SHORT, &[1 + u64::from(flag(REVERSED))]);
    if !flag(TILES) {
        writer.tag(273, LONG, &offsets);
    }
    writer.tag(277, SHORT, &[samples]);
    if !flag(TILES) {
        writer.tag(278, LONG, &[side]);
        writer.tag(279, LONG, &counts);
    }
    writer.tag(284, SHORT, &[1 + u64::from(flag(PLANAR))]);
    writer.tag(292, LONG, &[choices[12].into()]);
    writer.tag(293, LONG, &[choices[12].into()]);
    writer.tag(317, SHORT, &[choices[7].into()]);
    if flag(TILES) {
        writer.tag(322, LONG, &[tile_width]);
        writer.tag(323, LONG, &[tile_height]);
        writer.tag(324, LONG, &offsets);
        writer.tag(325, LONG, &counts);
    }
    writer.tag(339, SHORT, &per_sample(choices[6]));
    if !tables.is_empty() {
        writer.tag(347, UNDEFINED, &tables.iter().map(|&byte| byte.into()).collect::<Vec<u64>>());
    }
    if flag(OLD_JPEG) {
        writer.tag(512, SHORT, &[1]);
        writer.tag(513, LONG, &[start]);
        writer.tag(514, LONG, &[payload.len() as u64]);
    }
    writer.tag(530, SHORT, &[u64::from(choices[13] >> 4), u64::from(choices[13] & 15)]);
    Some(writer.finish())
}

struct Writer {
    file: Vec<u8>,
    entries: Vec<u8>,
    count: u64,
    big_endian: bool,
    big_tiff: bool,
}

impl Writer {
    fn new(big_endian: bool, big_tiff: bool) -> Writer {
        let mut writer = Writer { file: Vec::new(), entries: Vec::new(), count: 0, big_endian, big_tiff };
        writer.file.extend(if big_endian { b"MM" } else { b"II" });
        let rest = match big_tiff {
            true => {
                [writer.number(43, 2), writer.number(8, 2), writer.number(0, 2), writer.number(0, 8)].concat()
            }
            false => [writer.number(42, 2), writer.number(0, 4)].concat(),
        };
        writer.file.extend(rest);
        writer
    }

    fn number(&self, value: u64, bytes: usize) -> Vec<u8> {
        match self.big_endian {
            true => value.to_be_bytes()[8 - bytes..].to_vec(),
            false => value.to_le_bytes()[..bytes].to_vec(),
        }
    }

    fn word(&self) -> usize {
        if self.big_tiff { 8 } else { 4 }
    }

    /// Tags have to come in rising order.
    fn tag(&mut self, tag: u16, kind: u16, values: &[u64]) {
        let size = match kind {
            UNDEFINED => 1,
            SHORT => 2,
            _ => 4,
        };
        let mut bytes: Vec<u8> = values.iter().flat_map(|&value| self.number(value, size)).collect();
        if bytes.len() > self.word() {
            let offset = self.number(self.file.len() as u64, self.word());
            self.file.append(&mut bytes);
            bytes = offset;
        }
        bytes.resize(self.word(), 0);
        let count = self.number(values.len() as u64, self.word());
        let head = [self.number(tag.into(), 2), self.number(kind.into(), 2), count].concat();
        self.entries.extend(head);
        self.entries.extend(bytes);
        self.count += 1;
    }

    fn finish(mut self) -> Vec<u8> {
        let directory = self.number(self.file.len() as u64, self.word());
        let link = if self.big_tiff { 8 } else { 4 };
        self.file[link..link + directory.len()].copy_from_slice(&directory);
        let count = self.number(self.count, if self.big_tiff { 8 } else { 2 });
        self.file.extend(count);
        self.file.append(&mut self.entries);
        self.file.extend([0; 8]);
        self.file
    }
}
