//! Structs that may grow: they begin with their size as the caller knows it.
//!
//! A shorter struct comes from an older caller: the rest counts as zero, or is
//! not written. A longer one comes from a newer caller, and will do while the
//! part that this library does not know is zero.

use std::mem::MaybeUninit;

use crate::error::{Error, Result, Status};

/// Longer structs than this are garbage in `struct_size`.
const LONGEST: usize = 64 << 10;
/// No struct was ever shorter. A pointer is: its size is the commonest mistake.
const SHORTEST: usize = 2 * size_of::<usize>();

/// A `repr(C)` struct whose first field is `struct_size: usize`, for which any
/// bytes that a C caller can write are valid, zeros among them.
///
/// # Safety
/// As it says: no Rust enums, references or booleans inside, no padding.
pub(super) unsafe trait Growable: Copy {
    /// Name in the header, for messages.
    const NAME: &'static str;
}

/// Checks `struct_size` and the unknown tail; returns the size.
///
/// # Safety
/// `ptr` must be NULL or point to a struct of as many readable bytes as its
/// `struct_size` says.
unsafe fn checked_size<T: Growable>(ptr: *const T) -> Result<usize> {
    let refuse = |what: String| Error::new(Status::StructSize, format!("{}.struct_size {what}", T::NAME));
    if !ptr.is_aligned() {
        return Err(Error::new(Status::InvalidArgument, format!("the {} is misaligned", T::NAME)));
    }
    // SAFETY: the caller vouches for at least this field.
    let size = unsafe { ptr.cast::<usize>().read() };
    if !(SHORTEST..=LONGEST).contains(&size) {
        return Err(refuse(format!("is {size}; set it to sizeof({})", T::NAME)));
    }
    // SAFETY: the caller vouches for `size` bytes, and this is the part of them
    // beyond the struct known here.
    let tail = unsafe {
        std::slice::from_raw_parts(
            ptr.cast::<u8>().add(size.min(size_of::<T>())),
            size.saturating_sub(size_of::<T>()),
        )
    };
    if tail.iter().any(|&byte| byte != 0) {
        return Err(refuse(format!(
            "is {size}, and a field beyond the {} bytes that this version of the library knows is set; \
             a newer library is needed for it",
            size_of::<T>()
        )));
    }
    Ok(size)
}

/// Reads a caller's struct; NULL reads as all defaults.
///
/// # Safety
/// As `checked_size`.
pub(super) unsafe fn read<T: Growable>(ptr: *const T) -> Result<T> {
    let mut value = MaybeUninit::<T>::zeroed();
    if !ptr.is_null() {
        // SAFETY: the caller's promise is passed on; no more bytes are copied
        // than either side has.
        unsafe {
            let size = checked_size(ptr)?.min(size_of::<T>());
            std::ptr::copy_nonoverlapping(ptr.cast::<u8>(), value.as_mut_ptr().cast::<u8>(), size);
        }
    }
    // SAFETY: `Growable` promises that zeros and a caller's bytes are valid.
    Ok(unsafe { value.assume_init() })
}

/// A caller's struct that is to be filled: checked first, written later.
pub(super) struct Out<T: Growable> {
    ptr: *mut T,
    size: usize,
}

impl<T: Growable> Out<T> {
    /// Checks the struct; NULL is refused.
    ///
    /// # Safety
    /// As `checked_size`, and writable until `write`.
    pub(super) unsafe fn new(ptr: *mut T) -> Result<Out<T>> {
        if ptr.is_null() {
            return Err(Error::new(Status::InvalidArgument, format!("the {} to fill is NULL", T::NAME)));
        }
        // SAFETY: the caller's promise is passed on.
        let size = unsafe { checked_size(ptr)? };
        Ok(Out { ptr, size })
    }

    /// Writes what the caller's struct has room for; its size stays.
    pub(super) fn write(self, value: &T) {
        let known = self.size.min(size_of::<T>());
        let head = size_of::<usize>();
        // SAFETY: `new` checked that `size` bytes are there, and both structs
        // begin with their size, which is left alone.
        unsafe {
            std::ptr::copy_nonoverlapping(
                std::ptr::from_ref(value).cast::<u8>().add(head),
                self.ptr.cast::<u8>().add(head),
                known - head,
            );
        }
    }

    /// Bytes that the caller has room for.
    pub(super) fn size(&self) -> usize {
        self.size
    }
}

/// Checks a pointer to a result (a handle) before the work is done.
pub(super) fn required<T>(ptr: *mut T, name: &str) -> Result<*mut T> {
    if ptr.is_null() {
        return Err(Error::new(Status::InvalidArgument, format!("{name} is NULL")));
    }
    Ok(ptr)
}

/// A handle given by the caller, which must not be NULL.
///
/// # Safety
/// `ptr` must be NULL or a live handle of this library.
pub(super) unsafe fn handle<'a, T>(ptr: *const T, name: &str) -> Result<&'a T> {
    // SAFETY: the caller's promise.
    unsafe { ptr.as_ref() }.ok_or_else(|| Error::new(Status::InvalidArgument, format!("{name} is NULL")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[repr(C)]
    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Sample {
        struct_size: usize,
        a: u64,
        b: u64,
    }
    // SAFETY: plain integers without padding.
    unsafe impl Growable for Sample {
        const NAME: &'static str = "sample";
    }

    #[test]
    fn short_reads_as_zero_and_long_must_be_zero() {
        // SAFETY: 32 bytes are there, and every size below is at most that, or refused.
        let read = |memory: [usize; 4]| unsafe { read(memory.as_ptr().cast::<Sample>()) };
        assert_eq!(read([16, 7, 9, 0]).unwrap(), Sample { struct_size: 16, a: 7, b: 0 });
        assert_eq!(read([32, 7, 9, 0]).unwrap(), Sample { struct_size: 32, a: 7, b: 9 });
        for refused in [[32, 7, 9, 1], [8, 7, 9, 0], [15, 7, 9, 0], [0, 7, 9, 0], [usize::MAX, 7, 9, 0]] {
            assert_eq!(read(refused).unwrap_err().status, Status::StructSize);
        }
        // SAFETY: NULL is allowed.
        assert_eq!(unsafe { super::read::<Sample>(std::ptr::null()) }.unwrap().struct_size, 0);
    }

    #[test]
    fn no_more_is_written_than_there_is_room_for() {
        let mut memory = [16usize, 7, 9];
        let ptr = memory.as_mut_ptr().cast::<Sample>();
        // SAFETY: `memory` has 24 bytes, of which 16 are offered.
        let out = unsafe { Out::new(ptr).unwrap() };
        out.write(&Sample { struct_size: 24, a: 1, b: 2 });
        assert_eq!(memory, [16, 1, 9]);
    }
}
