//! The same stream by leaps: as far as there is room, and nothing unusual.
//!
//! Nothing here waits for anything: the next code's place, the number of the next
//! new code and the next place in the output are each one addition away from the
//! last, and a string comes from the table whole. What costs is the number of
//! instructions, about twenty a code, and every branch that cannot be foreseen.
//!
//! Tried on noise, with what it did to the speed (x86-64, Zen 4, rustc 1.95):
//! - one loop for codes of any width: -10 %
//! - room in the output checked for each string: -14 %
//! - a loop that takes any string, for want of registers: -5 %
//! - groups of eight codes: -3 %; of as many as a window holds: -1 %
//! - all codes of a group checked before its first string: -3 %, up to -9 %
//! - the tag in the lowest byte of an entry, which spares constants: -6 %
//! - unchecked loads and stores: nothing, as hardly any check is left
//! - the instructions of newer processors (BMI2, AVX2): -8 %
//! - long strings copied by 16 bytes: nothing; on smooth data -20 %
#![forbid(unsafe_code)]

use super::WIDEST;
use super::entry::Open;
use super::order::Order;
use super::stream::Stream;

/// Codes that are taken from a window, which has at least 57 bits.
const GROUP: usize = 4;
/// Room that a group of short strings takes, the last store being of eight bytes.
const GROUP_ROOM: usize = 32;
/// Bytes that a long string is copied by.
const STRIDE: usize = 32;

impl<O: Order> Stream<'_, O> {
    /// Decodes codes until one is a command or wrong, or the output nearly full or
    /// the input at its end. There may be none.
    pub(super) fn fast(&mut self) {
        while match self.width {
            9 => self.run::<9>(),
            10 => self.run::<10>(),
            11 => self.run::<11>(),
            _ => self.run::<WIDEST>(),
        } {}
    }

    /// Decodes codes of one width; whether to go on with the next.
    fn run<const WIDTH: u32>(&mut self) -> bool {
        loop {
            let calm = self.short::<WIDTH>();
            if !self.any::<WIDTH>(calm) {
                return false;
            }
            if WIDTH < WIDEST && self.next == O::end(WIDTH) {
                self.width = WIDTH + 1;
                return true;
            }
        }
    }

    /// Decodes short strings, until one is not; how calm it was before, see `any`.
    ///
    /// That the reasons to stop differ in it matters: of two branches that do the
    /// same the compiler makes one, of more instructions, which costs a sixth.
    #[inline(never)]
    fn short<const WIDTH: u32>(&mut self) -> usize {
        let Some(mut open) = self.open else { return 0 };
        let (raw, out, table) = (self.raw, &mut *self.out, &mut *self.table);
        let (mut bit, mut next, mut at) = (self.bit, self.next, self.at);
        let mut calm = 0;
        while next + GROUP <= O::end(WIDTH) {
            let Some(bytes) = raw.get((bit / 8) as usize..).and_then(|rest| rest.first_chunk()) else {
                break;
            };
            let Some(room) = out.get_mut(at..).and_then(|rest| rest.first_chunk_mut::<GROUP_ROOM>()) else {
                break;
            };
            let window = O::window(*bytes, bit);
            let (mut taken, mut put) = (0, 0);
            while taken < GROUP {
                let code = O::code(window, WIDTH, taken as u32);
                let entry = table[code];
                if !entry.is_short() {
                    calm = 0;
                    break;
                }
                if code >= next + taken {
                    calm = GROUP - 1;
                    break;
                }
                room[put..put + 8].copy_from_slice(&entry.bytes());
                table[next + taken] = open.close(entry.first());
                open = Open::short(entry);
                put += entry.length();
                taken += 1;
            }
            at += put;
            next += taken;
            bit += taken as u64 * u64::from(WIDTH);
            if taken < GROUP {
                break;
            }
        }
        (self.bit, self.next, self.at, self.open) = (bit, next, at, Some(open));
        calm
    }

    /// Decodes any strings, until as many as a group were short in a row, `calm` of
    /// them before, or codes get wider; false if it cannot go on.
    #[inline(never)]
    fn any<const WIDTH: u32>(&mut self, mut calm: usize) -> bool {
        let Some(mut open) = self.open else { return false };
        let (raw, out, table) = (self.raw, &mut *self.out, &mut *self.table);
        let (mut bit, mut next, mut at) = (self.bit, self.next, self.at);
        let stuck = loop {
            // At the end of the widest codes the table is full, and short strings
            // are not for `short`, which adds to it.
            let end = next == O::end(WIDTH);
            if end && WIDTH < WIDEST || calm >= GROUP && !end {
                break false;
            }
            let Some(code) = O::one(raw, bit, WIDTH) else { break true };
            let mut entry = table[code];
            if code >= next {
                if code > next {
                    break true;
                }
                entry = open.repeat();
                if let Some((from, _)) = entry.place()
                    && at < out.len()
                {
                    // It ends with the byte that is put here.
                    out[at] = out[from];
                }
            }
            if entry.is_command() {
                break true;
            }
            let (length, first);
            if let Some((from, long)) = entry.place() {
                if long + STRIDE > out.len() - at {
                    break true;
                }
                (length, first) = (long, out[from]);
                for done in (0..length).step_by(STRIDE) {
                    out.copy_within(from + done..from + done + STRIDE, at + done);
                }
            } else {
                let Some(room) = out[at..].first_chunk_mut() else { break true };
                *room = entry.bytes();
                (length, first) = (entry.length(), entry.first());
            }
            if let Some(slot) = table.get_mut(next) {
                *slot = open.close(first);
                next += 1;
            }
            open = Open::any(entry, at, length);
            calm = if entry.is_short() { calm + 1 } else { 0 };
            at += length;
            bit += u64::from(WIDTH);
        };
        (self.bit, self.next, self.at, self.open) = (bit, next, at, Some(open));
        !stuck
    }
}
