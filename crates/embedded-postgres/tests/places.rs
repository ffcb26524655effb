//! Where a cluster may live, and who can reach it.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use embedded_postgres::{Cluster, ClusterOptions, Error};

use crate::harness::{is_root, options, query, temp_folder};

#[test]
fn nobody_else_can_reach_the_server() {
    let temp = temp_folder();
    let cluster = Cluster::start(options(temp.path().join("it"))).unwrap();

    assert_eq!(query(&cluster, "SHOW listen_addresses"), "");
    for private in [cluster.socket_folder(), &cluster.folder().join("cluster")] {
        assert_eq!(fs::metadata(private).unwrap().permissions().mode() & 0o777, 0o700, "{}", private.display());
    }
    assert_eq!(fs::metadata(cluster.log_file()).unwrap().permissions().mode() & 0o777, 0o600);
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
    query(&cluster, "CREATE TABLE kept AS SELECT 42 AS answer");
    assert!(cluster.folder().starts_with(open.path()));
    assert_eq!(fs::read_link(&folder).unwrap(), cluster.folder());
    cluster.stop().unwrap();

    let again = Cluster::start(with_fallback()).unwrap();
    assert_eq!(query(&again, "SELECT answer FROM kept"), "42");
}
