//! A cluster that is reached over the network, and that encrypts.

use super::binaries::binaries;
use super::session::SqlSession;
use crate::{Certified, temp_folder};
use embedded_postgres::{Cluster, ClusterOptions};
use std::fs::{self, Permissions};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;
use tempfile::TempDir;

/// A private cluster on a loopback address of its own, stopped and removed with this value.
pub struct EncryptedPostgres {
    /// Before the folder, which must outlive it.
    _cluster: Cluster,
    _folder: TempDir,
    address: SocketAddr,
}

impl EncryptedPostgres {
    /// One that shows this certificate; `None` for one that does not encrypt.
    pub fn showing(certified: Option<&Certified>) -> Self {
        let folder = temp_folder();
        let options =
            ClusterOptions { durable: false, ..ClusterOptions::new(folder.path().join("cluster"), binaries()) };
        let cluster = Cluster::start(options.clone()).unwrap_or_else(|error| panic!("{error}"));
        let data = SqlSession::open(&cluster.url("postgres")).query("SELECT current_setting('data_directory')");
        let [data] = data.try_into().unwrap();
        let address = free_address();
        configure(&mut SqlSession::open(&cluster.url("postgres")), &data, address, certified.is_some());
        cluster.stop().unwrap();
        write_for_server(Path::new(&data), "hba.conf", "host all all all trust\n");
        if let Some(certified) = certified {
            write_for_server(Path::new(&data), "server.crt", &certified.certificate);
            write_for_server(Path::new(&data), "server.key", &certified.private_key);
        }
        let cluster = Cluster::start(options).unwrap_or_else(|error| panic!("{error}"));
        Self { _cluster: cluster, _folder: folder, address }
    }

    /// Its address for libpq, with the name that its certificate must have.
    pub fn url(&self, host: &str) -> String {
        format!("postgres://postgres@{host}:{}/postgres?hostaddr={}", self.address.port(), self.address.ip())
    }

    /// The values of a query with one column, over an encrypted connection.
    pub fn query(&self, sql: &str) -> Vec<String> {
        SqlSession::open(&format!("{}&sslmode=require", self.url("localhost"))).query(sql)
    }
}

fn configure(session: &mut SqlSession, data: &str, address: SocketAddr, encrypted: bool) {
    let (ip, port) = (address.ip(), address.port());
    for setting in [
        format!("listen_addresses = '{ip}'"),
        format!("port = {port}"),
        format!("hba_file = '{data}/hba.conf'"),
        format!("ssl = {encrypted}"),
    ] {
        session.execute(&format!("ALTER SYSTEM SET {setting}"));
    }
}

/// A file that belongs to the one who runs the server, and that no other user may read.
fn write_for_server(data: &Path, name: &str, text: &str) {
    let path = data.join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    let owner = fs::metadata(data).unwrap();
    chown(&path, Some(owner.uid()), Some(owner.gid())).unwrap();
}

/// A port that is free on an address that this process shares with no other one, as far as the system has several.
fn free_address() -> SocketAddr {
    let [_, _, high, low] = std::process::id().to_be_bytes();
    let ip = if cfg!(target_os = "linux") { Ipv4Addr::new(127, 83, high, low) } else { Ipv4Addr::LOCALHOST };
    TcpListener::bind((IpAddr::V4(ip), 0)).unwrap().local_addr().unwrap()
}
