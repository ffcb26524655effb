//! What the program is made of: every crate that is linked into it or builds it, as `CycloneDX`.

use cargo_metadata::{MetadataCommand, Package};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PROGRAM: &str = "annotation-statistics";

/// Name and version.
type Part = (String, String);

/// The bill of the program on this kind of machine, the same each time for the same `Cargo.lock`.
pub fn software_bill() -> Value {
    let mut metadata = MetadataCommand::new();
    metadata.manifest_path(root().join("Cargo.toml")).other_options(vec!["--locked".to_owned()]);
    let packages = metadata.exec().unwrap().packages;
    let packages: BTreeMap<Part, Package> = packages
        .into_iter()
        .map(|package| ((package.name.to_string(), package.version.to_string()), package))
        .collect();
    let checksums = checksums(&fs::read_to_string(root().join("Cargo.lock")).unwrap());
    let parts = parts(&tree());
    let component = |part: &Part| component(&packages[part], checksums.get(part));
    let (program, others): (Vec<&Part>, Vec<&Part>) = parts.keys().partition(|(name, _)| name == PROGRAM);
    let dependencies = parts.iter().map(|(part, needs)| {
        let needs: BTreeSet<String> = needs.iter().map(url).collect();
        json!({ "ref": url(part), "dependsOn": needs })
    });
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": component(program[0]) },
        "components": others.into_iter().map(component).collect::<Vec<_>>(),
        "dependencies": dependencies.collect::<Vec<_>>(),
    })
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What cargo builds for the program alone: the metadata of the workspace knows only what it builds with all its tests.
fn tree() -> String {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root()).args(["tree", "--locked", "--package", PROGRAM, "--edges", "normal,build"]);
    let done = cargo.args(["--prefix", "depth", "--format", " {p}"]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

/// All parts of a tree whose lines are depth, name and version, each part with those that it needs itself. A part that
/// comes again comes without what is below it.
fn parts(tree: &str) -> BTreeMap<Part, BTreeSet<Part>> {
    let (mut above, mut found): (Vec<Part>, BTreeMap<Part, BTreeSet<Part>>) = (Vec::new(), BTreeMap::new());
    for line in tree.lines() {
        let mut words = line.split_whitespace();
        let depth: usize = words.next().unwrap().parse().unwrap();
        let name = words.next().unwrap().to_owned();
        let part = (name, words.next().unwrap().trim_start_matches('v').to_owned());
        above.truncate(depth);
        if let Some(needs) = above.last().and_then(|parent| found.get_mut(parent)) {
            needs.insert(part.clone());
        }
        found.entry(part.clone()).or_default();
        above.push(part);
    }
    found
}

fn component(package: &Package, checksum: Option<&String>) -> Value {
    let (name, version) = (package.name.to_string(), package.version.to_string());
    let is_program = name == PROGRAM;
    let url = url(&(name.clone(), version.clone()));
    let mut component = json!({
        "type": if is_program { "application" } else { "library" },
        "bom-ref": url,
        "purl": url,
        "name": name,
        "version": version,
        "licenses": [{ "expression": licence(package) }],
    });
    if let Some(checksum) = checksum {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    }
    if let Some(repository) = &package.repository {
        component["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
    }
    component
}

fn url((name, version): &Part) -> String {
    format!("pkg:cargo/{name}@{}", version.replace('+', "%2B"))
}

/// As SPDX writes it; older crates have a slash for "or".
fn licence(package: &Package) -> String {
    let licence = package.license.as_deref().unwrap_or_else(|| panic!("{} has no licence", package.name));
    licence.split('/').map(str::trim).collect::<Vec<_>>().join(" OR ")
}

/// The checksums of `Cargo.lock`.
fn checksums(lock: &str) -> BTreeMap<Part, String> {
    let packages = lock.split("[[package]]").skip(1);
    let found = packages.filter_map(|package| {
        let value = |key: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \""))?;
            Some(line.trim_end_matches('"').to_owned())
        };
        Some(((value("name")?, value("version")?), value("checksum")?))
    });
    found.collect()
}
