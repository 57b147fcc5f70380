#![allow(missing_docs)]
use super::*;
use crate::error::Result;
use std::path::Path;
pub struct Listed {
    pub path: PathBuf,
    pub number: Option<u64>,
    pub missing: bool,
}
pub struct Listing {
    pub files: Vec<Listed>,
    pub rejected: Vec<Rejected>,
    pub gaps: Vec<Gap>,
}
pub fn folder(dir: &Path, _o: &OpenOptions) -> Result<Listing> {
    let mut files: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|e| Listed { path: e.unwrap().path(), number: None, missing: false })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Listing { files, rejected: vec![], gaps: vec![] })
}
pub fn glob(_p: &Path, _o: &OpenOptions) -> Result<Listing> {
    Ok(Listing { files: vec![], rejected: vec![], gaps: vec![] })
}
pub fn is_glob(_p: &Path) -> bool {
    false
}
