//! Where a cluster may live, and who can reach it.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use embedded_postgres::{Cluster, ClusterOptions, Error};

use crate::harness::{Owner, SECRET, is_root, options, query, server_pid, temp_folder};

#[test]
fn no_other_user_can_reach_the_server() {
    let temp = temp_folder();
    let cluster = Cluster::start(options(temp.path().join("it"))).unwrap();

    assert_eq!(query(&cluster, "SHOW listen_addresses"), "");
    for private in [cluster.socket_folder(), &cluster.folder().join("cluster")] {
        assert_eq!(fs::metadata(private).unwrap().permissions().mode() & 0o777, 0o700, "{}", private.display());
    }
    assert_eq!(fs::metadata(cluster.log_file()).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn the_server_and_its_watchdog_have_nothing_of_the_owners_environment() {
    let temp = temp_folder();
    let owner = Owner::of(&temp.path().join("it"), "remove");
    let environment = |pid: &str| fs::read(format!("/proc/{pid}/environ"));
    if environment("self").is_err() {
        return;
    }
    let pid = owner.process.id().to_string();
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
    let server = server_pid(&temp.path().join("it"));
    let text_of = |pid: &str| String::from_utf8(environment(pid).unwrap()).unwrap();
    assert!(text_of(&pid).contains(SECRET), "the owner itself has it");
    for pid in children.split_whitespace().chain([server.as_str()]) {
        assert!(!text_of(pid).contains(SECRET), "process {pid}: {}", text_of(pid));
    }
}

/// Another user with write access to the folder has put links there: to a file of the cluster's owner, and to a folder.
#[test]
fn nothing_is_written_through_a_link_that_was_planted() {
    let temp = temp_folder();
    let folder = temp.path().join("it");
    Cluster::start(options(&folder)).unwrap().stop().unwrap();
    let (file, other) = (temp.path().join("file"), temp.path().join("other"));
    fs::write(&file, "mine").unwrap();
    fs::create_dir(&other).unwrap();
    fs::set_permissions(&other, fs::Permissions::from_mode(0o755)).unwrap();
    let untouched = || (fs::read(&file).unwrap(), [&file, &other].map(|path| identity(path)));
    let before = untouched();

    symlink(&file, folder.join("cluster/embedded.conf.new")).unwrap();
    Cluster::start(options(&folder)).unwrap().stop().unwrap();
    assert_eq!(untouched(), before);
    for (planted, target) in [("postgres.log", &file), ("owner.lock", &file), ("socket", &other)] {
        let planted = folder.join(planted);
        let _ = fs::remove_file(&planted).or_else(|_| fs::remove_dir_all(&planted));
        symlink(target, &planted).unwrap();
        assert!(Cluster::start(options(&folder)).is_err(), "{}", planted.display());
        assert_eq!(untouched(), before, "{}", planted.display());
        fs::remove_file(&planted).unwrap();
    }
    // The same by a second name.
    let _ = fs::remove_file(folder.join("postgres.log"));
    fs::hard_link(&file, folder.join("postgres.log")).unwrap();
    assert!(Cluster::start(options(&folder)).is_err());
    assert_eq!(identity(&file).0, before.1[0].0);
}

/// Owner and permissions.
fn identity(path: &Path) -> (u32, u32) {
    let found = fs::metadata(path).unwrap();
    (found.uid(), found.mode())
}

#[test]
fn odd_and_long_folder_names_work() {
    let temp = temp_folder();
    let folder = temp.path().join("a b, ü & %41 (x);*").join("long".repeat(30));

    let cluster = Cluster::start(options(&folder)).unwrap();

    assert_eq!(query(&cluster, "SELECT 1"), "1");
    let sockets = cluster.socket_folder().to_path_buf();
    assert!(sockets.starts_with("/tmp"));
    cluster.stop().unwrap();
    assert!(!sockets.exists());
}

#[test]
fn as_root_a_folder_that_the_server_cannot_reach_becomes_a_link_to_the_fallback() {
    let closed = tempfile::tempdir().unwrap();
    fs::set_permissions(closed.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let open = temp_folder();
    let folder = closed.path().join("it");
    let with_fallback = || ClusterOptions { root_fallback: Some(open.path().join("base")), ..options(&folder) };
    if !is_root() {
        let cluster = Cluster::start(with_fallback()).unwrap();
        assert_eq!(cluster.folder(), folder.canonicalize().unwrap(), "others need no fallback");
        return;
    }
    let refused = Cluster::start(options(&folder)).unwrap_err();
    assert!(matches!(refused, Error::Unreachable { .. }), "{refused}");

    let cluster = Cluster::start(with_fallback()).unwrap();
    query(&cluster, "CREATE TABLE kept AS SELECT 42 AS number");
    assert!(cluster.folder().starts_with(open.path()));
    assert_eq!(fs::read_link(&folder).unwrap(), cluster.folder());
    cluster.stop().unwrap();

    let again = Cluster::start(with_fallback()).unwrap();
    assert_eq!(query(&again, "SELECT number FROM kept"), "42");
}
