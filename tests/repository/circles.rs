//! A rule about imports: no files of a crate import each other in a circle. It lists what breaks it.

mod modules;
mod tokens;
mod use_tree;

use crate::rule::holds;
use annotation_statistics_tests::Repository;
use modules::Modules;
use std::collections::{BTreeMap, BTreeSet};

/// A module, by the names that lead to it from the root of its crate.
type Path = Vec<String>;

/// Files of a crate that import each other in a circle, a re-export taken as the file that it leads to.
fn import_circles(repository: &Repository) -> Vec<String> {
    let libraries = repository.ending("/lib.rs").filter_map(|(path, _)| path.strip_suffix("lib.rs"));
    let programs = repository.ending("/main.rs").filter_map(|(path, _)| path.strip_suffix("main.rs"));
    let tools = programs.filter(|folder| folder.starts_with("tests/tools/"));
    let found = libraries.chain(tools).flat_map(|folder| {
        let edges = Modules::of(repository, folder).edges();
        let reported = circles_of(&edges).into_iter().map(|circle| {
            let files: Vec<String> = circle.iter().map(|path| format!("{}.rs", path.join("/"))).collect();
            format!("{folder}: a circle of imports: {}", files.join(", "))
        });
        reported.collect::<Vec<_>>()
    });
    found.collect()
}

/// Sets of more than one module each of which is reached from each other one.
fn circles_of(edges: &BTreeMap<Path, BTreeSet<Path>>) -> BTreeSet<BTreeSet<&Path>> {
    let reached: BTreeMap<&Path, BTreeSet<&Path>> =
        edges.keys().map(|from| (from, reached_from(from, edges))).collect();
    let circles = reached.iter().filter(|(from, those)| those.contains(*from)).map(|(from, those)| {
        let comes_back = |path: &&&Path| reached.get(**path).is_some_and(|back| back.contains(from));
        those.iter().filter(comes_back).copied().collect()
    });
    circles.collect()
}

fn reached_from<'a>(from: &Path, edges: &'a BTreeMap<Path, BTreeSet<Path>>) -> BTreeSet<&'a Path> {
    let (mut reached, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(path) = open.pop() {
        let next = edges.get(path).into_iter().flatten().filter(|next| reached.insert(*next));
        open.extend(next.collect::<Vec<_>>());
    }
    reached
}

#[test]
fn no_files_of_a_crate_import_each_other_in_a_circle() {
    let direct = [
        ("crates/a/src/lib.rs", "mod one;\nmod two;\nmod three;"),
        ("crates/a/src/one.rs", "use crate::two::{self, Two};"),
        ("crates/a/src/two.rs", "use super::three::Three;"),
        ("crates/a/src/three.rs", "fn f() -> crate::one::One {}"),
    ];
    let behind_the_root = [
        ("crates/b/src/lib.rs", "mod one;\nmod two;\npub use two::{Other, Two as Second};"),
        ("crates/b/src/one.rs", "use crate::Second;"),
        ("crates/b/src/two.rs", "use crate::one::One;"),
    ];
    let behind_a_face = [
        ("crates/c/src/lib.rs", "mod folder;\nmod user;"),
        ("crates/c/src/folder.rs", "mod inner;\npub(crate) use inner::Inner;"),
        ("crates/c/src/folder/inner.rs", "use crate::user::User;"),
        ("crates/c/src/user.rs", "use crate::folder::Inner;"),
    ];
    let with_the_parent = [
        ("crates/d/src/lib.rs", "mod folder;"),
        ("crates/d/src/folder.rs", "mod inner;\nuse inner::Inner;\nconst LIMIT: u32 = 1;"),
        ("crates/d/src/folder/inner.rs", "use super::*;"),
    ];
    holds(
        import_circles,
        &[
            (&direct, &["crates/a/src/: a circle of imports: one.rs, three.rs, two.rs"]),
            (&behind_the_root, &["crates/b/src/: a circle of imports: one.rs, two.rs"]),
            (&behind_a_face, &["crates/c/src/: a circle of imports: folder/inner.rs, user.rs"]),
            (&with_the_parent, &["crates/d/src/: a circle of imports: folder.rs, folder/inner.rs"]),
        ],
    );
}

#[test]
fn imports_of_tests_comments_and_strings_make_no_circle() {
    let planted = Repository::planted(&[
        ("crates/a/src/lib.rs", "mod one;\nmod one_tests;\nmod two;\npub use two::Two;"),
        ("crates/a/src/one.rs", "use crate::{Two, two::More};\n#[cfg(test)]\nmod tests {\n    use crate::two;\n}\n"),
        ("crates/a/src/one_tests.rs", "use crate::one::One;\nuse crate::two::Two;"),
        (
            "crates/a/src/two.rs",
            "//! See crate::one.\nconst A: (&str, &str, char) = (\"use crate::one;\", r#\"crate::one\"#, '\"');\n\
             fn f<'a>(_: &'a str) {}\n#[cfg(test)]\nmod tests {\n    use crate::one::One;\n}\n",
        ),
    ]);
    assert_eq!(import_circles(&planted), [""; 0]);
}
