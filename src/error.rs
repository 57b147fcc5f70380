//! What went wrong, where, and what to do about it.
#![forbid(unsafe_code)]

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// How a call ended. The numbers are stable; a newer library may add some.
///
/// 0 and 1 mean that the call did its work. Everything else means that it did
/// not, and the `zstack_error` says why.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// All done.
    Ok = 0,
    /// The load is complete, but at least one slice could not be had; the
    /// buffer holds what the policy says there, and the report names each one.
    Partial = 1,
    /// The load was cancelled. The report says which slices are whole.
    Cancelled = 2,
    /// Nothing yet: the time given ran out, the job goes on.
    Pending = 3,
    /// There are no more events: all were handed over and the job is done.
    NoMoreEvents = 4,

    /// An argument makes no sense; the message says which.
    InvalidArgument = 10,
    /// A struct's `struct_size` is wrong: below 16 (8 is the size of a pointer),
    /// above 64 KiB, or with a non-zero tail that this library does not know.
    StructSize = 11,
    /// The buffer is shorter than the plan asks for.
    BufferTooSmall = 12,
    /// The buffer's address or a stride is no multiple of the sample's size.
    BufferMisaligned = 13,
    /// The job is in use by another call, or by the very callback that called.
    Busy = 14,
    /// The job was already finished; its report was handed over then.
    AlreadyFinished = 15,
    /// An index lies past the end.
    OutOfRange = 16,

    /// No such file or folder, or no file that matches the pattern.
    NotFound = 20,
    /// The system refuses access.
    PermissionDenied = 21,
    /// The system failed to read.
    Io = 22,
    /// A FIFO, a socket or a device where a file is needed; in a list, a folder, too.
    NotAFile = 23,

    /// No readable image was found.
    Empty = 30,
    /// Two families of names are equally large; the message names both and how
    /// to choose.
    Ambiguous = 31,
    /// No image that this version can give as stored: of a kind that is not
    /// supported, or in no format that it knows. The message says which.
    Unsupported = 32,
    /// The bytes contradict their format.
    Corrupt = 33,
    /// The file ends before its image does.
    Truncated = 34,
    /// The slice has other dimensions, or another number of channels, than the
    /// stack.
    ShapeMismatch = 35,
    /// The slice has another sample type than the stack.
    TypeMismatch = 36,
    /// The number is missing from the folder: a gap kept as a missing slice.
    Missing = 37,

    /// A limit given in the open options was reached.
    LimitExceeded = 40,
    /// The memory limit is below the least that this load needs.
    MemoryLimit = 41,
    /// The system has no memory left.
    OutOfMemory = 42,
    /// The system did not start a thread.
    NoThread = 43,

    /// A fault inside the library, caught before it could leave it. Please
    /// report it with the message.
    Internal = 50,
}

/// cbindgen:ignore
impl Status {
    /// All statuses, for names and tests.
    pub const ALL: &[Status] = &[
        Status::Ok,
        Status::Partial,
        Status::Cancelled,
        Status::Pending,
        Status::NoMoreEvents,
        Status::InvalidArgument,
        Status::StructSize,
        Status::BufferTooSmall,
        Status::BufferMisaligned,
        Status::Busy,
        Status::AlreadyFinished,
        Status::OutOfRange,
        Status::NotFound,
        Status::PermissionDenied,
        Status::Io,
        Status::NotAFile,
        Status::Empty,
        Status::Ambiguous,
        Status::Unsupported,
        Status::Corrupt,
        Status::Truncated,
        Status::ShapeMismatch,
        Status::TypeMismatch,
        Status::Missing,
        Status::LimitExceeded,
        Status::MemoryLimit,
        Status::OutOfMemory,
        Status::NoThread,
        Status::Internal,
    ];
}

/// An error as a person needs it: what happened, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The kind of failure.
    pub status: Status,
    /// The system's error number, 0 when the system was not involved.
    pub os_error: i32,
    /// Index of the slice concerned, in the opened stack.
    pub slice: Option<u64>,
    /// The file or folder concerned.
    pub path: Option<PathBuf>,
    /// What happened and what to do, in one or two sentences.
    pub message: String,
}

/// Results of this crate.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error of a kind, with its sentence.
    pub fn new(status: Status, message: impl Into<String>) -> Error {
        Error { status, os_error: 0, slice: None, path: None, message: message.into() }
    }

    /// A failure of the system while doing `action` ("open", "read", "list").
    ///
    /// The end of a file where more was needed is `Truncated`.
    pub fn io(action: &str, error: &io::Error) -> Error {
        let status = match error.kind() {
            // Nothing lies below a file, nor under a name that is too long.
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidFilename => {
                Status::NotFound
            }
            io::ErrorKind::PermissionDenied => Status::PermissionDenied,
            io::ErrorKind::UnexpectedEof => Status::Truncated,
            io::ErrorKind::OutOfMemory => Status::OutOfMemory,
            _ => Status::Io,
        };
        let os_error = error.raw_os_error().unwrap_or(0);
        let text = error.to_string();
        // The number has a field of its own.
        let text = text.strip_suffix(&format!(" (os error {os_error})")).unwrap_or(&text);
        Error { os_error, ..Error::new(status, format!("cannot {action}: {text}")) }
    }

    /// Something that is no file lies at `path`.
    pub fn not_a_file(path: &Path) -> Error {
        let what = if path.is_dir() { "a folder" } else { "a FIFO, socket or device" };
        Error::new(Status::NotAFile, format!("this is {what}, not a file")).at(path)
    }

    /// The same error, naming its file.
    pub fn at(mut self, path: &Path) -> Error {
        self.path.get_or_insert_with(|| path.to_owned());
        self
    }

    /// The same error, naming its slice.
    pub fn in_slice(mut self, slice: u64) -> Error {
        self.slice.get_or_insert(slice);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.path {
            write!(f, "{}: ", path.display())?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
