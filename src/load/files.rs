//! The files of a load, opened one by one. Those of one folder are opened by name.
#![forbid(unsafe_code)]

use std::io;
use std::path::{Path, PathBuf};

use crate::machine::{self, Folder, RegularFile};
use crate::stack::Stack;

/// With fewer slices it is not worth to open the folder, too.
const WORTH_A_FOLDER: usize = 16;

/// Opens the files of a stack.
#[derive(Debug)]
pub(super) struct Files {
    folder: Option<(PathBuf, Folder)>,
}

impl Files {
    /// For the files of `stack`; nothing is wrong with it where the folder of the
    /// first one cannot be opened.
    pub(super) fn new(stack: &Stack) -> Files {
        let first = stack.slices.first().filter(|_| stack.slices.len() >= WORTH_A_FOLDER && !stack.one_file);
        let path = first.and_then(|slice| slice.path.parent()).filter(|path| !path.as_os_str().is_empty());
        let folder = path.and_then(|path| Some((path.to_owned(), Folder::open(path).ok()?)));
        Files { folder }
    }

    /// As `machine::open_regular`.
    pub(super) fn open(&self, path: &Path) -> io::Result<Option<RegularFile>> {
        match (&self.folder, path.file_name()) {
            (Some((parent, folder)), Some(name)) if path.parent() == Some(parent) => {
                folder.open_regular(name)
            }
            _ => machine::open_regular(path),
        }
    }
}
