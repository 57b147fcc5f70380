//! An entry of the table: the string of a code, in eight bytes.
//!
//! | bytes | up to 7 long | longer |
//! |---|---|---|
//! | 0 to 3 | the string | where in the output it stands |
//! | 4, 5 | the string | its length |
//! | 6 | the string | of no meaning |
//! | 7, the tag | 8 times its length | [`LONG`] |
//!
//! Noise has strings of one to three bytes, and most of the rest fits too: then
//! the table alone gives them, with one load, and one store of eight bytes puts
//! them out. Strings that don't fit are long enough to be worth a copy.
#![forbid(unsafe_code)]

const TAG: u32 = 56;
/// The tag of a string that stands in the output.
const LONG: u64 = 0x80;
/// The bytes of a string that an entry holds at most.
const HELD: usize = 7;
/// Where the length of a longer one stands.
const LENGTH: u32 = 32;
/// One byte more, in the tag.
const STEP: u64 = 8 << TAG;

/// The string of a code.
#[derive(Clone, Copy)]
pub(super) struct Entry(u64);

/// cbindgen:ignore
impl Entry {
    /// No string: clear or end.
    pub const COMMAND: Entry = Entry(u64::MAX);

    /// The string of one byte.
    pub fn of(byte: u8) -> Entry {
        Entry(u64::from(byte) | STEP)
    }

    /// Whether the string is held here, and would be with a byte more.
    #[inline(always)]
    pub fn is_short(self) -> bool {
        self.0 < HELD as u64 * STEP
    }

    #[inline(always)]
    pub fn is_command(self) -> bool {
        self.0 == Entry::COMMAND.0
    }

    /// Where the string stands in the output, and its length, if it isn't held here.
    #[inline(always)]
    pub fn place(self) -> Option<(usize, usize)> {
        let (at, length) = (self.0 as u32, (self.0 >> LENGTH) as u16);
        (self.0 >= LONG << TAG).then_some((at as usize, length.into()))
    }

    /// The length of a string held here.
    #[inline(always)]
    pub fn length(self) -> usize {
        (self.0 >> (TAG + 3)) as usize
    }

    /// A string held here, and bytes that are none of it.
    #[inline(always)]
    pub fn bytes(self) -> [u8; 8] {
        self.0.to_le_bytes()
    }

    /// The first byte of a string held here.
    #[inline(always)]
    pub fn first(self) -> u8 {
        self.0 as u8
    }
}

/// The string put out last, as a new entry that lacks its last byte.
#[derive(Clone, Copy)]
pub struct Open {
    entry: u64,
    /// The place of that byte.
    shift: u32,
}

impl Open {
    /// After the string of an entry that is short.
    #[inline(always)]
    pub fn short(entry: Entry) -> Open {
        Open { entry: entry.0 + STEP, shift: (entry.0 >> TAG) as u32 }
    }

    /// After any string: that of `entry`, `length` long and put out at `at`.
    ///
    /// A place has 32 bits, which do: it counts from the last clear, and before the
    /// table is full there are fewer than 4,096 strings of fewer than 4,096 bytes.
    #[inline(always)]
    pub fn any(entry: Entry, at: usize, length: usize) -> Open {
        match entry.is_short() {
            true => Open::short(entry),
            // The byte goes where it has no meaning.
            false => Open { entry: LONG << TAG | (length as u64 + 1) << LENGTH | at as u64, shift: 48 },
        }
    }

    /// The new entry, with the first byte of the string that followed.
    #[inline(always)]
    pub fn close(self, byte: u8) -> Entry {
        Entry(self.entry | u64::from(byte) << self.shift)
    }

    /// The new entry when the string that followed is itself: it ends as it begins.
    #[inline(always)]
    pub fn repeat(self) -> Entry {
        self.close(self.entry as u8)
    }
}
