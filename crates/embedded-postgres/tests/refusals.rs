//! What is refused, and what the refusal says.

use std::fs;

use embedded_postgres::{Cluster, ClusterOptions, Error, Lifetime};

use crate::harness::{Owner, options, query, temp_folder};

#[test]
fn a_second_start_in_the_same_folder_is_refused_naming_folder_and_owner() {
    let temp = temp_folder();
    let folder = temp.path().join("it");
    let first = Cluster::start(options(&folder)).unwrap();

    let error = Cluster::start(options(&folder)).unwrap_err();

    assert!(matches!(error, Error::InUse { owner: Some(pid), .. } if pid == std::process::id()), "{error}");
    assert!(error.to_string().contains(first.folder().to_str().unwrap()), "{error}");
    assert_eq!(query(&first, "SELECT 1"), "1");
}

#[test]
fn a_living_owner_in_another_process_is_named() {
    let temp = temp_folder();
    let folder = temp.path().join("it");
    let owner = Owner::of(&folder, "remove");

    let error = Cluster::start(options(&folder)).unwrap_err();

    assert!(matches!(error, Error::InUse { owner: Some(pid), .. } if pid == owner.process.id()), "{error}");
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let temp = temp_folder();
    let file = temp.path().join("cluster/thesis.txt");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "years of work").unwrap();

    for lifetime in [Lifetime::UntilStopped, Lifetime::WithThisProcess] {
        let error = Cluster::start(ClusterOptions { lifetime, ..options(temp.path()) });
        assert!(matches!(error, Err(Error::Foreign { .. })), "{error:?}");
    }

    assert_eq!(fs::read_to_string(&file).unwrap(), "years of work");
}

#[test]
fn data_of_another_major_version_is_refused_with_what_to_do() {
    let temp = temp_folder();
    drop(Cluster::start(options(temp.path())).unwrap());
    fs::write(temp.path().join("cluster/PG_VERSION"), "8.4\n").unwrap();

    let error = Cluster::start(options(temp.path())).unwrap_err();

    assert!(matches!(&error, Error::WrongVersion { needed, .. } if needed == "8.4"), "{error}");
}

#[test]
fn a_server_that_cannot_start_says_why_from_its_log() {
    let temp = temp_folder();
    let settings = vec![("max_connections".to_owned(), "many".to_owned())];

    let error = Cluster::start(ClusterOptions { settings, ..options(temp.path()) }).unwrap_err();

    assert!(matches!(&error, Error::Start { log_tail, .. } if log_tail.contains("max_connections")), "{error}");
    assert!(Cluster::start(options(temp.path())).is_ok(), "and the next start is free to do better");
}
