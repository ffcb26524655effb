//! The command line of access keys.

use clap::{Args, Subcommand, ValueEnum};
use jiff::{SignedDuration, Timestamp};

/// What to do with access keys.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Make a key; its secret is shown now and never again
    Add(AddKeyArguments),
    /// List the keys, without their secrets
    List {
        /// Print one JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Give a key a new secret, shown now and never again; its current one remains valid for a while
    Rotate {
        /// The key
        id: String,
        /// How long its current secret remains valid, such as 30m or 24h
        #[arg(long, value_name = "TIME", default_value = "24h")]
        grace: SignedDuration,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Revoke a key, or all that are older, for good and at once
    Revoke(RevokeKeyArguments),
}

impl KeysCommand {
    pub(crate) fn prints_json(&self) -> bool {
        match self {
            Self::Add(arguments) => arguments.json,
            Self::List { json } | Self::Rotate { json, .. } => *json,
            Self::Revoke(arguments) => arguments.json,
        }
    }
}

/// The keys to be revoked.
#[derive(Debug, Args)]
pub struct RevokeKeyArguments {
    /// The key
    #[arg(required_unless_present = "all_before", conflicts_with = "all_before")]
    pub id: Option<String>,
    /// All keys that were made before then, such as 2027-01-01T00:00:00Z: after a restore, those that were revoked since the
    /// backup are valid again
    #[arg(long, value_name = "TIMESTAMP")]
    pub all_before: Option<Timestamp>,
    /// Confirm; without this, --all-before only lists the keys
    #[arg(long, requires = "all_before")]
    pub yes: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// The key to be made.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command line, none excludes another")]
pub struct AddKeyArguments {
    /// Its name, 1 to 64 letters, digits and ._-; without it, a random one
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// What it may do: read, write (record, change and remove), or both with a comma between
    #[arg(long, value_name = "SCOPES", value_enum, value_delimiter = ',', default_value = "read")]
    pub scope: Vec<ScopeName>,
    /// Only annotation requests of this campaign are visible to it; may be given several times
    #[arg(long = "campaign", value_name = "ID")]
    pub campaigns: Vec<String>,
    /// Register only annotation requests whose id has this prefix; with the scope write
    #[arg(long, value_name = "PREFIX")]
    pub id_prefix: Option<String>,
    /// Accept reads that are signed by scheme v1, for clients of the public API; it does not sign the query
    #[arg(long)]
    pub v1: bool,
    /// When it expires, such as 2027-01-01T00:00:00Z
    #[arg(long, value_name = "TIMESTAMP")]
    pub expires: Option<Timestamp>,
    /// Make a new private database where there is none; without this, a missing one is an error
    #[arg(long)]
    pub create: bool,
    /// Read its secret from standard input, for clients that have one; 16 to 255 visible ASCII characters
    #[arg(long)]
    pub secret_stdin: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScopeName {
    /// Read
    Read,
    /// Record, change and remove
    Write,
}
