//! What a crash leaves behind, and how the next start heals it.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::Command;

use embedded_postgres::{Cluster, ClusterOptions};

use crate::harness::{Owner, entries, eventually, is_alive, is_root, options, query, server_pid, temp_folder};

#[test]
fn the_server_of_a_killed_owner_is_taken_over_with_its_data_and_new_settings() {
    let temp = temp_folder();
    let folder = temp.path().join("it");
    let mut owner = Owner::of(&folder, "keep");
    let orphan = server_pid(&folder);
    owner.kill();
    assert!(is_alive(&orphan));

    let settings = vec![("max_connections".to_owned(), "33".to_owned())];
    let cluster = Cluster::start(ClusterOptions { settings, ..options(&folder) }).unwrap();

    assert!(!is_alive(&orphan));
    assert_eq!(query(&cluster, "SHOW max_connections"), "33");
}

#[test]
fn a_cluster_that_lives_with_its_process_is_gone_when_that_is_killed() {
    let temp = temp_folder();
    let folder = temp.path().join("it");
    let mut owner = Owner::of(&folder, "remove");
    let server = server_pid(&folder);

    owner.kill();

    eventually("the folder is removed", || !folder.exists());
    assert!(!is_alive(&server));
    let next = Cluster::start(options(&folder)).unwrap();
    assert_eq!(query(&next, "SELECT 1"), "1");
}

#[test]
fn a_server_that_was_killed_recovers_though_its_process_id_is_in_use_again() {
    let temp = temp_folder();
    let folder = temp.path().join("it");
    let cluster = Cluster::start(ClusterOptions { durable: true, ..options(&folder) }).unwrap();
    query(&cluster, "CREATE TABLE kept AS SELECT 42 AS number");
    let server = server_pid(&folder);
    let killed = Command::new("kill").args(["-s", "KILL", &server]).status().unwrap();
    assert!(killed.success());
    eventually("the server is dead", || !cluster.is_running());
    drop(cluster);
    // A living process of the same user that is no server: `sleep` run by the data's owner.
    let data = fs::metadata(folder.join("cluster")).unwrap();
    let mut unrelated = Command::new("sleep");
    if is_root() {
        use std::os::unix::process::CommandExt;
        unrelated.uid(data.uid()).gid(data.gid());
    }
    let mut unrelated = unrelated.arg("60").spawn().unwrap();
    for file in ["cluster/postmaster.pid", "socket/.s.PGSQL.5432.lock"] {
        let text = fs::read_to_string(folder.join(file)).unwrap();
        fs::write(folder.join(file), text.replacen(&server, &unrelated.id().to_string(), 1)).unwrap();
    }

    let started = Cluster::start(options(&folder));

    let spared = unrelated.try_wait().unwrap().is_none();
    unrelated.kill().unwrap();
    unrelated.wait().unwrap();
    assert_eq!(query(&started.unwrap(), "SELECT number FROM kept"), "42");
    assert!(spared, "the unrelated process is left alone");
}

#[test]
fn an_owner_killed_while_it_initialises_leaves_nothing_in_the_way() {
    let temp = temp_folder();
    let folder = temp.path().join("it");
    let mut owner = Owner::starting(&folder, "keep");
    eventually("it initialises", || entries(&folder).iter().any(|name| name.starts_with("initialising-")));
    owner.kill();
    assert!(!folder.join("cluster").exists());

    let cluster = Cluster::start(options(&folder)).unwrap();

    assert_eq!(query(&cluster, "SELECT 1"), "1");
}

#[test]
fn a_cluster_that_lives_with_its_process_is_gone_when_that_is_killed_while_initialising() {
    let temp = temp_folder();
    let folder = temp.path().join("it");
    let mut owner = Owner::starting(&folder, "remove");
    eventually("it initialises", || entries(&folder).iter().any(|name| name.starts_with("initialising-")));

    owner.kill();

    eventually("the folder is removed", || !folder.exists());
}

#[test]
fn an_interrupted_initialisation_is_swept_and_begun_again() {
    let temp = temp_folder();
    let folder = temp.path().join("it");
    let half = folder.join("initialising-1-1");
    fs::create_dir_all(&half).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(half.join("PG_VERSION"), "15\n").unwrap();

    let cluster = Cluster::start(options(&folder)).unwrap();

    assert_eq!(query(&cluster, "SELECT 1"), "1");
    assert!(!half.exists());
}
