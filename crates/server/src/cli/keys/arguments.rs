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
    /// Give a key another secret, shown now and never again; the one that it has is good for a while yet
    Rotate {
        /// The key
        id: String,
        /// How long the secret that it has is good yet, such as 30m or 24h
        #[arg(long, value_name = "TIME", default_value = "24h")]
        grace: SignedDuration,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Revoke a key, or all that are older, for good and at once
    Revoke(RevokeKeyArguments),
}

/// The keys to be revoked.
#[derive(Debug, Args)]
pub struct RevokeKeyArguments {
    /// The key
    #[arg(required_unless_present = "all_before", conflicts_with = "all_before")]
    pub id: Option<String>,
    /// All keys that were made before then, such as 2027-01-01T00:00:00Z: after a restore, those that were revoked since the
    /// backup are good again
    #[arg(long, value_name = "MOMENT")]
    pub all_before: Option<Timestamp>,
    /// Do it; without this, --all-before only tells which keys it would be
    #[arg(long, requires = "all_before")]
    pub yes: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// The key to be made.
#[derive(Debug, Args)]
pub struct AddKeyArguments {
    /// Its name, 1 to 64 letters, digits and ._-; without it, a random one
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// What it may do: read, write (record, change and remove), or both with a comma between
    #[arg(long, value_name = "SCOPES", value_enum, value_delimiter = ',', default_value = "read")]
    pub scope: Vec<ScopeName>,
    /// Only the annotation requests of this campaign exist for it; may be given several times
    #[arg(long = "campaign", value_name = "ID")]
    pub campaigns: Vec<String>,
    /// Make only annotation requests known whose id starts so; with the scope write
    #[arg(long, value_name = "PREFIX")]
    pub id_prefix: Option<String>,
    /// Accept reads that are signed by scheme v1, for clients of the public API; they do not sign what they ask
    #[arg(long)]
    pub v1: bool,
    /// When it stops being a key, such as 2027-01-01T00:00:00Z
    #[arg(long, value_name = "MOMENT")]
    pub expires: Option<Timestamp>,
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
    /// Ask
    Read,
    /// Record, change and remove
    Write,
}
