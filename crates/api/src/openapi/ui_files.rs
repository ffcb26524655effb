//! The files of the browser UI, out of the archive in which they are a part of the program.

use actix_web::web::Bytes;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::LazyLock;
use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED as ARCHIVE;
use zip::ZipArchive;
use zip::result::{ZipError, ZipResult};

/// The folder of the archive with what a browser loads.
const FOLDER: &str = "/dist/";

/// The file that names the document to show, and that of an example in its place.
const START: &str = "swagger-initializer.js";
const EXAMPLE: &str = "https://petstore.swagger.io/v2/swagger.json";

/// Where the UI finds the document: relative, so that it works behind any prefix.
const DOCUMENT: &str = "../openapi.json";

/// Each of them by its name, unpacked once: those who load one may be slow, and many.
static FILES: LazyLock<ZipResult<BTreeMap<String, Bytes>>> = LazyLock::new(unpack);

/// The file of this name, if there is one. The first call takes a while: it unpacks them all.
///
/// # Errors
/// When the archive is broken: a bug.
pub(super) fn ui_file(name: &str) -> Result<Option<Bytes>, &'static ZipError> {
    FILES.as_ref().map(|files| files.get(name).cloned())
}

fn unpack() -> ZipResult<BTreeMap<String, Bytes>> {
    let mut archive = ZipArchive::new(Cursor::new(ARCHIVE))?;
    let mut files = BTreeMap::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index)?;
        let path = file.name()?.into_owned();
        let Some((_, name)) = path.split_once(FOLDER) else { continue };
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        if name == START {
            bytes = String::from_utf8_lossy(&bytes).replace(EXAMPLE, DOCUMENT).into_bytes();
        }
        files.insert(name.to_owned(), bytes.into());
    }
    Ok(files)
}
