//! How the page looks.

/// The stylesheet.
pub const STYLESHEET: &str =
    concat!(include_str!("../templates/page.css"), include_str!("../templates/statement/statement.css"));

/// Its file name, which is another one whenever it changes: a browser may keep what it has got.
pub fn stylesheet_name() -> String {
    // FNV-1a: it distinguishes versions of our own file, and nothing depends on it.
    let hash = STYLESHEET
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("page-{hash:016x}.css")
}
