//! `annotation-statistics statement keygen`

use super::arguments::KeygenArguments;
use crate::cli::failure::Failure;
use crate::terminal::print;
use annotation_statistics_statements::{SigningKeyFile, public_key_to_pem};

const NEXT: &str = "\
next: let statements.signing_key_file (ANNOTATION_STATISTICS__STATEMENTS__SIGNING_KEY_FILE) name the file, where the service
can read it, and give clients the public key another way than the statements";

pub(super) fn keygen(arguments: &KeygenArguments) -> Result<(), Failure> {
    let file = &arguments.out;
    let key = SigningKeyFile::new(file).create().map_err(|error| Failure::Input(error.to_string()))?;
    let public_key = public_key_to_pem(&key);
    if arguments.json {
        print(serde_json::json!({ "file": file, "keyId": key.id.as_str(), "publicKey": public_key }));
    } else {
        let id = &key.id;
        print(format_args!("made {}, which only its owner can read\n\nkey {id}\n{public_key}\n{NEXT}", file.display()));
    }
    Ok(())
}
