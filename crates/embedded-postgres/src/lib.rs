//! A private PostgreSQL cluster in a folder: found, initialised, started and stopped from Rust.
//!
//! For programs that run without a database being set up first, and for tests that need a real server. It downloads
//! nothing: the machine's own PostgreSQL is used. It is not for a server shared between machines; the cluster listens on a
//! Unix socket only.
//!
//! ```no_run
//! use embedded_postgres::{Binaries, Cluster, ClusterOptions, Lifetime};
//!
//! # fn main() -> Result<(), embedded_postgres::Error> {
//! // The caller passes its PATH; without one only the usual folders are searched.
//! let binaries = Binaries::find(None)?;
//!
//! // A cluster to keep.
//! let cluster = Cluster::start(ClusterOptions::new("data", binaries.clone()))?;
//! println!("{}", cluster.url("postgres"));
//! cluster.stop()?;
//!
//! // A fast one for a test run, gone with the process however it ends.
//! let folder = std::env::temp_dir().join(format!("my-tests-{}", std::process::id()));
//! let cluster = Cluster::start(ClusterOptions {
//!     durable: false,
//!     lifetime: Lifetime::WithThisProcess,
//!     ..ClusterOptions::new(folder, binaries)
//! })?;
//! # Ok(())
//! # }
//! ```
//!
//! # What it guarantees
//!
//! - **One owner.** A folder has one [`Cluster`] at a time; a second start is [`Error::InUse`], not a second server.
//! - **Recovers from crashes.** A server left running by an owner that was killed is taken over. A stale `postmaster.pid`, a
//!   process id that now belongs to another program and an initialisation cut half-way do not prevent the next start.
//! - **Private.** No TCP port; the socket lies in a folder that only its owner (and root) can enter. No password is
//!   needed there.
//! - **Current settings.** They are rewritten at each start; [`ClusterOptions::settings`] lists what may be set.
//! - **Works as root.** PostgreSQL refuses root, so its programs then run as `postgres` or `nobody`, with that user's
//!   permissions only. See [`ClusterOptions::root_fallback`] for folders that such a user cannot reach.
//! - **No hanging pipes.** The server inherits no file of the caller: not its output, not the lock, not the watchdog's pipe.
//!
//! # What is in the folder
//!
//! | entry | what |
//! | --- | --- |
//! | `cluster/` | the data; `cluster/embedded.conf` holds the settings of the last start |
//! | `socket/` | the Unix socket (in the temp folder instead when the path would be too long for one) |
//! | `postgres.log` | the log of the server |
//! | `owner.lock` | locked by the owner, with its process id inside |

mod account;
mod binaries;
mod cluster;
mod configuration;
mod error;
mod files;
mod initialisation;
mod installations;
mod log_tail;
mod owner_lock;
mod postmaster;
mod postmaster_pid;
mod program;

mod socket_folder;
mod version;
mod watchdog;

pub use binaries::Binaries;
pub use cluster::Cluster;
pub use cluster::options::{ClusterOptions, Lifetime};
pub use error::Error;
