//! Files that keys are kept in.

use crate::sample::{KEY, PUBLIC_KEY};
use annotation_statistics_statements::SigningKeyFile;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

#[test]
fn a_file_that_is_no_key_or_that_others_may_read_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.pem");
    let named = |problem: &str| format!("the signing key {}: {problem}", path.display());
    let error = |file: &SigningKeyFile| file.read().unwrap_err().to_string();
    let file = SigningKeyFile::new(&path);
    assert_eq!(error(&file), named("it is not there; `annotation-statistics statement keygen` makes one"));
    let large = "\n".repeat(65 << 10);
    for (content, mode, expected, reason) in [
        (KEY, 0o644, Err("others than its owner may use it (mode 0644): `chmod 600` it"), "all may read it"),
        (KEY, 0o660, Err("others than its owner may use it (mode 0660): `chmod 600` it"), "a group may replace it"),
        (KEY, 0o602, Err("others than its owner may use it (mode 0602): `chmod 600` it"), "others may replace it"),
        ("", 0o600, Err("it is empty"), "nothing"),
        (PUBLIC_KEY, 0o600, Err("it is a public key; statements are signed with the private one"), "public"),
        ("\u{e9}", 0o600, Err("it has no whole PRIVATE KEY block in PEM (PKCS#8)"), "no key"),
        (&large, 0o600, Err("it is larger than 65536 bytes, so it is not a key"), "no key either"),
        (KEY, 0o600, Ok("21fe31dfa154a261"), "its owner alone"),
        (KEY, 0o400, Ok("21fe31dfa154a261"), "its owner, who may not write it"),
    ] {
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        match expected {
            Ok(id) => assert_eq!(file.read().unwrap().public_key().id.as_str(), id, "{reason}"),
            Err(start) => assert!(error(&file).starts_with(&named(start)), "{reason}: {}", error(&file)),
        }
        fs::remove_file(&path).unwrap();
    }
    fs::write(&path, [0xff, 0xfe]).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    assert!(error(&file).starts_with(&named("it has no whole PRIVATE KEY block")), "{}", error(&file));
}

#[test]
fn a_new_key_is_for_its_owner_alone_and_takes_the_place_of_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.pem");
    let file = SigningKeyFile::new(&path);
    let public = file.create().unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
    assert_eq!(*file.read().unwrap().public_key(), public);
    let pem = fs::read_to_string(&path).unwrap();
    let expected = "it is there, and never overwritten: statements were signed with it. Name another file";
    assert_eq!(file.create().unwrap_err().problem.to_string(), expected);
    assert_eq!(fs::read_to_string(&path).unwrap(), pem);
    let nowhere = SigningKeyFile::new(folder.path().join("no/key.pem"));
    assert_eq!(nowhere.create().unwrap_err().problem.to_string(), "No such file or directory (os error 2)");
}
