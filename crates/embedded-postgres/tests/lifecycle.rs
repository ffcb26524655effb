//! Starting, restarting and stopping.

use std::fs;
use std::time::{Duration, Instant};

use embedded_postgres::{Cluster, ClusterOptions, Lifetime};
use rustix::process::{Pid, Signal, kill_process};

use crate::harness::{entries, eventually, is_alive, options, query, server_pid, temp_folder};

#[test]
fn a_new_cluster_starts_runs_queries_and_stops() {
    let temp = temp_folder();
    let folder = temp.path().join("not/yet/there");

    let cluster = Cluster::start(options(&folder)).unwrap();

    assert_eq!(query(&cluster, "SELECT 1"), "1");
    assert_eq!(
        query(
            &cluster,
            "SELECT current_user || ' ' || pg_encoding_to_char(encoding) || ' ' || datcollate FROM pg_database WHERE datname = current_database()"
        ),
        "postgres UTF8 C"
    );
    assert!(cluster.is_running());
    let pid = server_pid(cluster.folder());
    cluster.stop().unwrap();
    assert!(!is_alive(&pid));
}

#[test]
fn a_restart_keeps_the_data_and_uses_the_settings_given_then() {
    let temp = temp_folder();
    let cluster = Cluster::start(options(temp.path())).unwrap();
    query(&cluster, "CREATE TABLE kept AS SELECT 42 AS number");
    assert_eq!(query(&cluster, "SHOW fsync"), "off");
    cluster.stop().unwrap();

    let settings = vec![("application_name".to_owned(), "it's \\ here".to_owned())];
    let cluster = Cluster::start(ClusterOptions { durable: true, settings, ..options(temp.path()) }).unwrap();

    assert_eq!(query(&cluster, "SELECT number FROM kept"), "42");
    assert_eq!(query(&cluster, "SHOW fsync"), "on");
    assert_eq!(query(&cluster, "SELECT reset_val || unit FROM pg_settings WHERE name = 'max_wal_size'"), "2048MB");
    assert_eq!(query(&cluster, "SELECT setting FROM pg_file_settings WHERE name = 'application_name'"), "it's \\ here");
}

#[cfg(target_os = "linux")]
#[test]
fn the_server_has_a_session_of_its_own_so_that_ctrl_c_does_not_reach_it() {
    let temp = temp_folder();
    let cluster = Cluster::start(options(temp.path().join("it"))).unwrap();
    let pid = server_pid(cluster.folder());

    let status = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();

    // After the name in parentheses: state, parent, process group, session.
    let fields: Vec<_> = status.rsplit(')').next().unwrap().split_whitespace().collect();
    assert_eq!(fields[2..4], [pid.as_str(), pid.as_str()]);
}

#[test]
fn a_server_that_hangs_is_given_up_within_the_time_to_stop() {
    let temp = temp_folder();
    let stop_timeout = Duration::from_secs(3);
    let cluster = Cluster::start(ClusterOptions { stop_timeout, ..options(temp.path().join("it")) }).unwrap();
    let pid = server_pid(cluster.folder());
    let server = Pid::from_raw(pid.parse().unwrap()).unwrap();
    kill_process(server, Signal::STOP).unwrap();

    let started = Instant::now();
    let stopped = cluster.stop();
    let took = started.elapsed();

    kill_process(server, Signal::CONT).unwrap();
    eventually("it stops when it goes on", || !is_alive(&pid));
    assert!(stopped.unwrap_err().to_string().starts_with("PostgreSQL did not stop in "));
    assert!(took < 2 * stop_timeout, "{took:?}");
}

#[test]
fn dropping_a_cluster_stops_it_and_keeps_its_folder() {
    let temp = temp_folder();
    let cluster = Cluster::start(options(temp.path().join("it"))).unwrap();
    let (folder, pid) = (cluster.folder().to_path_buf(), server_pid(cluster.folder()));

    drop(cluster);

    assert!(!is_alive(&pid));
    assert!(folder.join("cluster/PG_VERSION").exists());
}

#[test]
fn a_cluster_that_lives_with_its_process_is_gone_when_it_is_stopped() {
    let temp = temp_folder();
    let folder = temp.path().join("it");
    let options = ClusterOptions { lifetime: Lifetime::WithThisProcess, ..options(&folder) };
    let cluster = Cluster::start(options).unwrap();
    fs::write(folder.join("of-another-user"), "").unwrap();
    let server = server_pid(&folder);

    cluster.stop().unwrap();

    assert!(!is_alive(&server));
    assert_eq!(entries(&folder), ["of-another-user"], "only what is ours is removed");
}
