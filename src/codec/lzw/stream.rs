//! One stream, code by code: with every check, and in no hurry.
#![forbid(unsafe_code)]

use std::marker::PhantomData;

use super::entry::{Entry, Open};
use super::order::Order;
use super::{CLEAR, CODES, END, FIRST, NARROWEST, WIDEST};
use crate::codec::Fault;

/// A stream that is being decoded.
pub struct Stream<'a, O> {
    pub(super) raw: &'a [u8],
    /// From the last clear on: what the table speaks of stands here.
    pub(super) out: &'a mut [u8],
    pub(super) table: &'a mut [Entry; CODES],
    /// Bytes put out before `out`.
    done: usize,
    /// Bytes put out of `out`.
    pub(super) at: usize,
    /// Bits read of `raw`.
    pub(super) bit: u64,
    /// Bits of the next code.
    pub(super) width: u32,
    /// The next new code.
    pub(super) next: usize,
    /// What it will be; nothing after a clear.
    pub(super) open: Option<Open>,
    order: PhantomData<O>,
}

impl<'a, O: Order> Stream<'a, O> {
    pub fn new(raw: &'a [u8], out: &'a mut [u8], table: &'a mut [Entry; CODES]) -> Self {
        let (done, at, bit) = (0, 0, 0);
        let (width, next, open) = (NARROWEST, FIRST, None);
        Stream { raw, out, table, done, at, bit, width, next, open, order: PhantomData }
    }

    pub fn decode(mut self) -> Result<(), Fault> {
        while self.at < self.out.len() {
            self.step()?;
            self.fast();
        }
        Ok(())
    }

    /// Reads a code and does what it says. There is room for a byte at least.
    fn step(&mut self) -> Result<(), Fault> {
        let short = Fault::Short { got: self.done + self.at };
        let code = O::one(self.raw, self.bit, self.width).ok_or(short)?;
        self.bit += u64::from(self.width);
        match code {
            CLEAR => self.clear(),
            END => return Err(short),
            _ => self.string(code)?,
        }
        Ok(())
    }

    fn clear(&mut self) {
        self.done += self.at;
        self.out = &mut std::mem::take(&mut self.out)[self.at..];
        (self.at, self.width, self.next, self.open) = (0, NARROWEST, FIRST, None);
    }

    fn string(&mut self, code: usize) -> Result<(), Fault> {
        let entry = match self.open {
            None if code < CLEAR => self.table[code],
            Some(_) if code < self.next => self.table[code],
            Some(open) if code == self.next => open.repeat(),
            _ => return Err(Fault::Broken("an LZW code that is not in the table yet")),
        };
        let start = self.at;
        let length = self.put(entry);
        if let Some(open) = self.open
            && self.next < CODES
        {
            self.table[self.next] = open.close(self.out[start]);
            self.next += 1;
            if self.next == O::end(self.width) && self.width < WIDEST {
                self.width += 1;
            }
        }
        self.open = Some(Open::any(entry, start, length));
        Ok(())
    }

    /// Puts out as much of a string as there is room for; the length of all of it.
    fn put(&mut self, entry: Entry) -> usize {
        let room = self.out.len() - self.at;
        match entry.place() {
            None => {
                let some = entry.length().min(room);
                self.out[self.at..][..some].copy_from_slice(&entry.bytes()[..some]);
                self.at += some;
                entry.length()
            }
            Some((from, length)) => {
                let some = length.min(room);
                // A string that follows itself ends with the byte that is put here.
                self.out[self.at] = self.out[from];
                self.out.copy_within(from..from + some, self.at);
                self.at += some;
                length
            }
        }
    }
}
