use std::process::Command;

use super::*;

fn folder_with(names: &[&str]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for name in names {
        fs::write(dir.path().join(name), b"x").unwrap();
    }
    dir
}

fn names(listing: &Listing) -> Vec<String> {
    listing.files.iter().map(|f| f.path.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

fn reason(listing: &Listing, name: &str) -> Option<Reason> {
    listing.rejected.iter().find(|r| r.path.ends_with(name)).map(|r| r.reason)
}

#[test]
#[cfg(unix)]
fn everything_left_out_has_its_reason() {
    let dir = folder_with(&[
        "s_1.tif",
        "s_2.tif",
        "s_3.tif",
        "t_1.tif",
        "s_spr.bmp",
        "s.log",
        "Thumbs.db",
        ".hidden.tif",
    ]);
    let at = |name: &str| dir.path().join(name);
    fs::create_dir(at("s_4.tif")).unwrap();
    std::os::unix::fs::symlink("nowhere", at("s_5.tif")).unwrap();
    std::os::unix::fs::symlink("s_1.tif", at("s_6.tif")).unwrap();
    assert!(Command::new("mkfifo").arg(at("s_7.tif")).status().unwrap().success());
    let listing = folder(dir.path(), &OpenOptions::default()).unwrap();
    assert_eq!(names(&listing), ["s_1.tif", "s_2.tif", "s_3.tif", "s_6.tif"]);
    for (name, expected) in [
        ("t_1.tif", Reason::OtherFamily),
        ("s_spr.bmp", Reason::Preview),
        ("s.log", Reason::OtherType),
        ("Thumbs.db", Reason::Junk),
        (".hidden.tif", Reason::Hidden),
        ("s_4.tif", Reason::Directory),
        ("s_5.tif", Reason::DanglingLink),
        ("s_7.tif", Reason::NotAFile),
    ] {
        assert_eq!(reason(&listing, name), Some(expected), "{name}");
    }
    assert_eq!(listing.rejected.len(), 8);
}

#[test]
fn names_without_an_extension_are_images_only_where_they_are_dicom() {
    let dir = folder_with(&["s_1.tif", "s_2.tif", "README", "1.2.840"]);
    let listing = folder(dir.path(), &OpenOptions::default()).unwrap();
    assert_eq!(names(&listing), ["s_1.tif", "s_2.tif"]);
    assert_eq!(reason(&listing, "README"), Some(Reason::OtherType));
    assert_eq!(reason(&listing, "1.2.840"), Some(Reason::OtherType));
    let dir = folder_with(&["IM1", "IM2"]);
    let error = folder(dir.path(), &OpenOptions::default()).unwrap_err();
    assert!(error.message.contains("2 of other types"), "{}", error.message);
}

#[test]
fn a_pattern_narrows_the_listing() {
    let dir = folder_with(&["s_1_c1.tif", "s_1_c2.tif", "s_2_c1.tif", "s_2_c2.tif", "s_3_c1.log"]);
    let listing = glob(&dir.path().join("s_*_c1.*"), &OpenOptions::default()).unwrap();
    assert_eq!(names(&listing), ["s_1_c1.tif", "s_2_c1.tif"]);
    // Names that don't match were not asked for, and are not mentioned.
    assert_eq!(listing.rejected.len(), 1);
    let error = glob(&dir.path().join("x*.tif"), &OpenOptions::default()).unwrap_err();
    assert_eq!(error.status, Status::NotFound);
    let error = glob(&dir.path().join("[.tif"), &OpenOptions::default()).unwrap_err();
    assert_eq!(error.status, Status::InvalidArgument);
}

#[test]
fn a_pattern_may_span_folders() {
    let dir = tempfile::tempdir().unwrap();
    for (folder, file) in [("p10", "b.tif"), ("p2", "b.tif"), ("p2", "a.tif")] {
        fs::create_dir_all(dir.path().join(folder)).unwrap();
        fs::write(dir.path().join(folder).join(file), b"x").unwrap();
    }
    let listing = glob(&dir.path().join("p*/*.tif"), &OpenOptions::default()).unwrap();
    let found: Vec<_> = listing.files.iter().map(|f| f.path.strip_prefix(dir.path()).unwrap()).collect();
    assert_eq!(found, [Path::new("p2/a.tif"), Path::new("p2/b.tif"), Path::new("p10/b.tif")]);
}

#[test]
fn an_empty_folder_says_what_it_holds() {
    let dir = folder_with(&["a.log", "b.txt"]);
    let error = folder(dir.path(), &OpenOptions::default()).unwrap_err();
    assert_eq!(error.status, Status::Empty);
    assert!(error.message.contains("2 of other types"), "{}", error.message);
    assert_eq!(error.path.as_deref(), Some(dir.path()));
}

#[test]
fn more_files_than_allowed_are_refused() {
    let dir = folder_with(&["a1.tif", "a2.tif", "a3.tif"]);
    let mut options = OpenOptions::default();
    options.limits.files = 2;
    assert_eq!(folder(dir.path(), &options).unwrap_err().status, Status::LimitExceeded);
}

#[test]
#[cfg(unix)]
fn names_that_are_not_utf8_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    for number in ["1", "2"] {
        let name = os_string([b"s\xff", number.as_bytes(), b".tif"].concat());
        fs::write(dir.path().join(name), b"x").unwrap();
    }
    let listing = folder(dir.path(), &OpenOptions::default()).unwrap();
    assert_eq!(listing.files.len(), 2);
    assert!(bytes(listing.files[0].path.file_name().unwrap()).contains(&0xff));
}

#[test]
fn what_was_asked_for_in_vain_is_named() {
    let dir = folder_with(&["a1.tif", "a2.tif"]);
    let options = OpenOptions {
        prefix: Some(b"zzz".to_vec()),
        first_number: 7,
        last_number: Some(9),
        ..OpenOptions::default()
    };
    let message = folder(dir.path(), &options).unwrap_err().message;
    assert!(message.contains("prefix \"zzz\"") && message.contains("numbers from 7 to 9"), "{message}");
    let message = glob(&dir.path().join("b*.tif"), &OpenOptions::default()).unwrap_err().message;
    assert!(message.contains("b*.tif"), "{message}");
}
