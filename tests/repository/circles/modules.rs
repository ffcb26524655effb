//! The modules of a crate, and what each imports of the others.

use super::Path;
use super::tokens::tokens;
use super::use_tree::{Import, imports};
use annotation_statistics_tests::Repository;
use std::collections::{BTreeMap, BTreeSet};

/// Files of a crate, with what they import; those of tests are left out.
pub(super) struct Modules {
    imports: BTreeMap<Path, Vec<Import>>,
    /// For each module, where a name leads that it exports.
    exports: BTreeMap<Path, BTreeMap<String, Path>>,
}

impl Modules {
    /// Those of the crate whose `lib.rs` is in this folder.
    pub(super) fn of(repository: &Repository, folder: &str) -> Self {
        let files = repository.ending(".rs").filter_map(|(path, text)| Some((path.strip_prefix(folder)?, text)));
        let files = files.filter(|(path, _)| !is_of_tests(path));
        let imports = files.map(|(path, text)| (module(path), imports(&tokens(text)))).collect();
        let mut modules = Self { imports, exports: BTreeMap::new() };
        let exports = modules.imports.iter().map(|(here, imports)| {
            let exported = imports.iter().filter(|import| import.is_export);
            let led = exported.filter_map(|import| Some((import.name.clone(), modules.absolute(here, &import.path)?)));
            (here.clone(), led.collect())
        });
        modules.exports = exports.collect();
        modules
    }

    /// For each module but the root, the other ones that it imports from.
    pub(super) fn edges(&self) -> BTreeMap<Path, BTreeSet<Path>> {
        let others = self.imports.iter().filter(|(here, _)| !here.is_empty());
        let edges = others.map(|(here, imports)| {
            let paths = imports.iter().filter_map(|import| self.absolute(here, &import.path));
            let targets = paths.map(|path| self.resolved(&path, &mut BTreeSet::new()));
            (here.clone(), targets.filter(|target| !target.is_empty() && target != here).collect())
        });
        edges.collect()
    }

    /// A path as it is written in a module, from the root of the crate; `None` where it leads out of the crate.
    fn absolute(&self, here: &Path, path: &[String]) -> Option<Path> {
        let ups = path.iter().take_while(|name| *name == "super").count();
        match path.first()?.as_str() {
            "crate" => Some(path[1..].to_vec()),
            "self" => Some([here, &path[1..]].concat()),
            "super" => Some([&here[..here.len().saturating_sub(ups)], &path[ups..]].concat()),
            child => {
                let is_child = self.imports.contains_key(&[here.as_slice(), &[child.to_owned()]].concat());
                is_child.then(|| [here, path].concat())
            }
        }
    }

    /// The module that a path leads to, past everything that re-exports it.
    fn resolved(&self, path: &[String], passed: &mut BTreeSet<Path>) -> Path {
        let known = (0..=path.len()).rev().find(|length| self.imports.contains_key(&path[..*length]));
        let (module, rest) = path.split_at(known.unwrap_or_default());
        let exported = rest.first().and_then(|name| self.exports.get(module)?.get(name));
        match exported {
            Some(next) if passed.insert(path[..=module.len()].to_vec()) => {
                self.resolved(&[next, &rest[1..]].concat(), passed)
            }
            _ => module.to_vec(),
        }
    }
}

fn is_of_tests(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.ends_with("_tests.rs") || ["tests.rs", "main.rs", "test_support.rs"].contains(&name)
}

fn module(path: &str) -> Path {
    let names = path.trim_end_matches(".rs").split('/').filter(|name| *name != "lib");
    names.map(str::to_owned).collect()
}
