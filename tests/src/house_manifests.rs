//! Rules about the manifests: who may depend on whom, and what is set for everybody. A rule lists what breaks it.

use crate::House;
use cargo_metadata::{DependencyKind, MetadataCommand};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Each crate and everything it may depend on outside of tests. The direction is: HTTP -> api -> port of the domain <-
/// storage -> Postgres; the server alone sees everybody.
const WALLS: [(&str, &[&str]); 9] = [
    ("annotation-statistics-domain", &["async-trait", "mockall", "serde", "thiserror"]),
    (
        "annotation-statistics-access",
        &["annotation-statistics-domain", "async-trait", "mockall", "secrecy", "thiserror"],
    ),
    (
        "annotation-statistics-storage",
        &[
            "annotation-statistics-access",
            "annotation-statistics-domain",
            "async-trait",
            "chacha20poly1305",
            "data-encoding",
            "diesel",
            "diesel_migrations",
            "nix",
            "percent-encoding",
            "r2d2",
            "rand",
            "rustix",
            "secrecy",
            "serde_json",
            "thiserror",
            "tokio",
            "tracing",
        ],
    ),
    (
        "annotation-statistics-api",
        &[
            "actix-web",
            "annotation-statistics-access",
            "annotation-statistics-domain",
            "annotation-statistics-exports",
            "annotation-statistics-page",
            "brotli",
            "flate2",
            "futures-util",
            "governor",
            "hmac",
            "ipnet",
            "jiff",
            "md-5",
            "percent-encoding",
            "rand",
            "serde",
            "serde_json",
            "serde_path_to_error",
            "sha2",
            "subtle",
            "thiserror",
            "tokio",
            "tracing",
            "utoipa",
            "utoipa-swagger-ui",
            "zstd",
        ],
    ),
    (
        "annotation-statistics-exports",
        &["annotation-statistics-domain", "parquet", "rust_xlsxwriter", "serde", "serde_json", "thiserror"],
    ),
    (
        "annotation-statistics-formats",
        &[
            "annotation-statistics-domain",
            "quick-xml",
            "serde",
            "serde_json",
            "serde_path_to_error",
            "struson",
            "thiserror",
        ],
    ),
    ("annotation-statistics-page", &["annotation-statistics-domain", "askama"]),
    ("embedded-postgres", &["percent-encoding", "rustix", "thiserror"]),
    (
        "annotation-statistics",
        &[
            "actix-http",
            "actix-service",
            "actix-tls",
            "actix-web",
            "annotation-statistics-access",
            "annotation-statistics-api",
            "annotation-statistics-domain",
            "annotation-statistics-exports",
            "annotation-statistics-formats",
            "annotation-statistics-storage",
            "async-trait",
            "clap",
            "config",
            "embedded-postgres",
            "flate2",
            "h2",
            "http",
            "indicatif",
            "jiff",
            "listenfd",
            "prometheus-client",
            "rand",
            "rustls",
            "rustix",
            "secrecy",
            "serde",
            "serde_json",
            "socket2",
            "thiserror",
            "tokio",
            "tokio-util",
            "tracing",
            "tracing-subscriber",
            "ureq",
            "x509-parser",
            "zstd",
        ],
    ),
];

/// The member that holds no part of the program.
const TESTS: &str = "annotation-statistics-tests";

/// Crates, and what each depends on outside of tests.
pub type Dependencies = BTreeMap<String, BTreeSet<String>>;

/// What the manifests say, optional dependencies included.
pub fn declared_dependencies() -> Dependencies {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec().unwrap();
    let members = metadata.packages.into_iter().map(|package| {
        let normal = package.dependencies.into_iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
        (package.name.to_string(), normal.map(|dependency| dependency.name).collect())
    });
    members.filter(|(name, _)| name != TESTS).collect()
}

/// Dependencies that are not in the table of the walls, and those that are there and no longer needed.
pub fn broken_walls(found: &Dependencies) -> Vec<String> {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from(WALLS);
    let each = found.iter().flat_map(|(name, dependencies)| {
        let allowed = allowed.get(name.as_str()).copied().unwrap_or_default();
        let strange = dependencies.iter().filter(|dependency| !allowed.contains(&dependency.as_str()));
        let missing = allowed.iter().filter(|dependency| !dependencies.contains(**dependency));
        let strange = strange.map(move |dependency| format!("{name} must not depend on {dependency}"));
        strange.chain(missing.map(move |dependency| format!("{name} no longer depends on {dependency}")))
    });
    let gone = WALLS.iter().filter(|(name, _)| !found.contains_key(*name)).map(|(name, _)| format!("{name} is gone"));
    each.chain(gone).collect()
}

/// Shared versions without a comment in the line above that says what they are for. The crates of the house need none.
pub fn unexplained_versions(house: &House) -> Vec<String> {
    let lines: Vec<&str> = house.text("Cargo.toml").lines().collect();
    let pairs = lines.windows(2).skip_while(|pair| pair[0] != "[workspace.dependencies]");
    let section = pairs.take_while(|pair| !pair[1].starts_with('['));
    let versions = section.filter(|pair| pair[1].contains(" = ") && !pair[1].starts_with('#'));
    let bare = versions.filter(|pair| !pair[0].starts_with('#') && !pair[1].contains("path = \"crates/"));
    bare.map(|pair| format!("Cargo.toml: say why in the line above: {}", pair[1])).collect()
}

/// Manifests that do not inherit what the workspace sets for everybody. Tests have lints of their own: they may panic.
pub fn disinherited(house: &House) -> Vec<String> {
    let manifests = house.ending("/Cargo.toml");
    let found = manifests.flat_map(|(path, text)| {
        let shared = ["version", "edition", "rust-version", "license", "publish"];
        let lines = shared.map(|key| format!("{key}.workspace = true\n"));
        let section = (!path.starts_with("tests/")).then(|| "[lints]\nworkspace = true\n".to_owned());
        let missing = lines.into_iter().chain(section).filter(|line| !text.contains(line.as_str()));
        missing.map(move |line| format!("{path}: {} is missing", line.trim_end().replace('\n', " ")))
    });
    found.collect()
}

/// What makes the compiler and clippy hold the rest of the rules, where it is not set.
pub fn missing_lints(house: &House) -> Vec<String> {
    let needed = [
        (".clippy.toml", "too-many-lines-threshold = 40"),
        (".clippy.toml", r#"path = "std::env::var""#),
        (".clippy.toml", r#"path = "std::env::var_os""#),
        (".clippy.toml", r#"path = "actix_web::web::Query""#),
        ("Cargo.toml", r#"too_many_lines = "deny""#),
        ("Cargo.toml", r#"disallowed_methods = "deny""#),
        ("Cargo.toml", r#"disallowed_types = "deny""#),
        ("Cargo.toml", r#"unwrap_used = "deny""#),
        ("Cargo.toml", r#"missing_docs = "deny""#),
        ("Cargo.toml", r#"unsafe_code = "forbid""#),
        ("tests/Cargo.toml", r#"too_many_lines = "deny""#),
        ("tests/Cargo.toml", r#"unsafe_code = "forbid""#),
    ];
    let says = |line: &str, needed: &str| line == needed || (needed.starts_with("path") && line.contains(needed));
    let missing = needed.iter().filter(|(path, needed)| !house.text(path).lines().any(|line| says(line, needed)));
    missing.map(|(path, line)| format!("{path}: {line} is missing")).collect()
}

/// A pinned toolchain, which makes rustup fetch one.
pub fn pinned_toolchain(house: &House) -> Vec<String> {
    let pins = ["rust-toolchain", "rust-toolchain.toml"].into_iter().filter(|path| house.has(path));
    pins.map(|path| format!("{path}: rust-version in Cargo.toml says what is needed")).collect()
}
