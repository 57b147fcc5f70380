//! The arithmetic decoder of JPEG (ITU-T T.81, annex D): one binary decision at a
//! time, each with a probability of its own that learns.
#![forbid(unsafe_code)]

use crate::codec::Fault;

/// What has been learnt of a decision: the more probable answer in the highest
/// bit, the state below it.
pub type Bin = u8;

/// State of a decision that never learns: both answers are equally probable.
pub(super) const EVEN: Bin = 113;

/// By state: the part of the interval that the less probable answer has, the next
/// state after that answer and after the other, and whether they change places
/// (table D.3).
const STATES: [(u16, u8, u8, bool); 114] = {
    const N: bool = false;
    const Y: bool = true;
    [
        (0x5A1D, 1, 1, Y),
        (0x2586, 14, 2, N),
        (0x1114, 16, 3, N),
        (0x080B, 18, 4, N),
        (0x03D8, 20, 5, N),
        (0x01DA, 23, 6, N),
        (0x00E5, 25, 7, N),
        (0x006F, 28, 8, N),
        (0x0036, 30, 9, N),
        (0x001A, 33, 10, N),
        (0x000D, 35, 11, N),
        (0x0006, 9, 12, N),
        (0x0003, 10, 13, N),
        (0x0001, 12, 13, N),
        (0x5A7F, 15, 15, Y),
        (0x3F25, 36, 16, N),
        (0x2CF2, 38, 17, N),
        (0x207C, 39, 18, N),
        (0x17B9, 40, 19, N),
        (0x1182, 42, 20, N),
        (0x0CEF, 43, 21, N),
        (0x09A1, 45, 22, N),
        (0x072F, 46, 23, N),
        (0x055C, 48, 24, N),
        (0x0406, 49, 25, N),
        (0x0303, 51, 26, N),
        (0x0240, 52, 27, N),
        (0x01B1, 54, 28, N),
        (0x0144, 56, 29, N),
        (0x00F5, 57, 30, N),
        (0x00B7, 59, 31, N),
        (0x008A, 60, 32, N),
        (0x0068, 62, 33, N),
        (0x004E, 63, 34, N),
        (0x003B, 32, 35, N),
        (0x002C, 33, 9, N),
        (0x5AE1, 37, 37, Y),
        (0x484C, 64, 38, N),
        (0x3A0D, 65, 39, N),
        (0x2EF1, 67, 40, N),
        (0x261F, 68, 41, N),
        (0x1F33, 69, 42, N),
        (0x19A8, 70, 43, N),
        (0x1518, 72, 44, N),
        (0x1177, 73, 45, N),
        (0x0E74, 74, 46, N),
        (0x0BFB, 75, 47, N),
        (0x09F8, 77, 48, N),
        (0x0861, 78, 49, N),
        (0x0706, 79, 50, N),
        (0x05CD, 48, 51, N),
        (0x04DE, 50, 52, N),
        (0x040F, 50, 53, N),
        (0x0363, 51, 54, N),
        (0x02D4, 52, 55, N),
        (0x025C, 53, 56, N),
        (0x01F8, 54, 57, N),
        (0x01A4, 55, 58, N),
        (0x0160, 56, 59, N),
        (0x0125, 57, 60, N),
        (0x00F6, 58, 61, N),
        (0x00CB, 59, 62, N),
        (0x00AB, 61, 63, N),
        (0x008F, 61, 32, N),
        (0x5B12, 65, 65, Y),
        (0x4D04, 80, 66, N),
        (0x412C, 81, 67, N),
        (0x37D8, 82, 68, N),
        (0x2FE8, 83, 69, N),
        (0x293C, 84, 70, N),
        (0x2379, 86, 71, N),
        (0x1EDF, 87, 72, N),
        (0x1AA9, 87, 73, N),
        (0x174E, 72, 74, N),
        (0x1424, 72, 75, N),
        (0x119C, 74, 76, N),
        (0x0F6B, 74, 77, N),
        (0x0D51, 75, 78, N),
        (0x0BB6, 77, 79, N),
        (0x0A40, 77, 48, N),
        (0x5832, 80, 81, Y),
        (0x4D1C, 88, 82, N),
        (0x438E, 89, 83, N),
        (0x3BDD, 90, 84, N),
        (0x34EE, 91, 85, N),
        (0x2EAE, 92, 86, N),
        (0x299A, 93, 87, N),
        (0x2516, 86, 71, N),
        (0x5570, 88, 89, Y),
        (0x4CA9, 95, 90, N),
        (0x44D9, 96, 91, N),
        (0x3E22, 97, 92, N),
        (0x3824, 99, 93, N),
        (0x32B4, 99, 94, N),
        (0x2E17, 93, 86, N),
        (0x56A8, 95, 96, Y),
        (0x4F46, 101, 97, N),
        (0x47E5, 102, 98, N),
        (0x41CF, 103, 99, N),
        (0x3C3D, 104, 100, N),
        (0x375E, 99, 93, N),
        (0x5231, 105, 102, N),
        (0x4C0F, 106, 103, N),
        (0x4639, 107, 104, N),
        (0x415E, 103, 99, N),
        (0x5627, 105, 106, Y),
        (0x50E7, 108, 107, N),
        (0x4B85, 109, 103, N),
        (0x5597, 110, 109, N),
        (0x504F, 111, 107, N),
        (0x5A10, 110, 111, Y),
        (0x5522, 112, 109, N),
        (0x59EB, 112, 111, Y),
        (0x5A1D, 113, 113, N),
    ]
};

/// The decoder, in the bytes of a scan.
pub struct Decoder<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where the marker is that was met: from there on there are zeros.
    marker: Option<usize>,
    code: u64,
    interval: u64,
    /// Bits of `code` that are ahead; negative while it is filled at first.
    ahead: i32,
}

impl<'a> Decoder<'a> {
    /// From `at` on.
    pub fn new(bytes: &'a [u8], at: usize) -> Decoder<'a> {
        Decoder { bytes, at, marker: None, code: 0, interval: 0, ahead: -16 }
    }

    fn byte(&mut self) -> u8 {
        if self.marker.is_some() {
            return 0;
        }
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        match rest {
            [0xFF, 0x00, ..] => {
                self.at += 2;
                0xFF
            }
            [0xFF, ..] | [] => {
                self.marker = Some(self.at);
                0
            }
            [byte, ..] => {
                self.at += 1;
                *byte
            }
        }
    }

    /// The answer to the decision of `bin`.
    #[inline]
    pub fn decide(&mut self, bin: &mut Bin) -> bool {
        while self.interval < 0x8000 {
            self.ahead -= 1;
            if self.ahead < 0 {
                self.code = self.code << 8 | u64::from(self.byte());
                self.ahead += 8;
                if self.ahead < 0 {
                    self.ahead += 1;
                    if self.ahead == 0 {
                        self.interval = 0x8000;
                    }
                }
            }
            self.interval <<= 1;
        }
        let probable = *bin & 0x80;
        let (part, after_less, after_more, change) = STATES[usize::from(*bin & 0x7F).min(113)];
        let part = u64::from(part);
        self.interval -= part;
        let bound = self.interval << self.ahead;
        let less = if self.code >= bound {
            self.code -= bound;
            // Where the interval is the smaller part, the answers have changed places.
            let less = self.interval >= part;
            self.interval = part;
            less
        } else if self.interval < 0x8000 {
            self.interval < part
        } else {
            return probable != 0;
        };
        *bin = match (less, change) {
            (false, _) => probable | after_more,
            (true, false) => probable | after_less,
            (true, true) => probable ^ 0x80 | after_less,
        };
        (probable != 0) != less
    }

    /// Where the next marker begins. Bytes in front of it that were not needed
    /// carry nothing.
    pub fn marker(&self) -> Result<usize, Fault> {
        if let Some(at) = self.marker {
            return if at < self.bytes.len() { Ok(at) } else { Err(Fault::Short { got: 0 }) };
        }
        let pairs = self.bytes.get(self.at..).unwrap_or(&[]).windows(2);
        let found = pairs.into_iter().position(|pair| pair[0] == 0xFF && pair[1] != 0);
        found.map(|place| self.at + place).ok_or(Fault::Short { got: 0 })
    }

    /// The bytes ended, without a marker, before the decisions did.
    pub fn ran_out(&self) -> bool {
        self.marker.is_some_and(|at| at >= self.bytes.len())
    }
}
