//! The command line of statements.

use clap::{Args, Subcommand};
use std::num::NonZeroU32;
use std::path::PathBuf;

const KEYGEN_HELP: &str = "\
The file is PKCS#8 in PEM, as `openssl genpkey -algorithm ed25519` writes it. A key of either is
read. Nothing is ever overwritten: a lost key signs nothing more, and what it has signed stays true.

Examples:
  annotation-statistics statement keygen --out signing-key.pem
  annotation-statistics statement keygen --out /etc/annotation-statistics/signing-key.pem --json";

const CREATE_HELP: &str = "\
A statement is of the tasks that the annotation request has when it is made, and never changes. The
same name again makes nothing, and shows the statement that is there. Who reads the database and the
key of statements.signing_key_file can make one; the service need not run.

Examples:
  annotation-statistics statement create --annotation-request-id 'street scenes' 2026-11
  annotation-statistics statement create --annotation-request-id R INV-17 --json";

const LIST_HELP: &str = "\
Examples:
  annotation-statistics statement list --annotation-request-id 'street scenes'
  annotation-statistics statement list --annotation-request-id R --json";

const FETCH_HELP: &str = "\
The folder has statement.json, statement.sig, rows.jsonl (or rows.jsonl.zst) and public-key.pem. It
appears when it is complete and verified. Where it is there with other content, it stays as it is.

Examples:
  annotation-statistics statement fetch --annotation-request-id 'street scenes' 2026-11
  annotation-statistics statement fetch --annotation-request-id R 2026-11 --out november --zstd";

const VERIFY_HELP: &str = "\
Neither a database nor settings are read. What stands beside the document is used where no other
file is named: statement.sig, rows.jsonl or rows.jsonl.zst, and public-key.pem. That key proves
nothing by itself: name the key that you were given another way, or its id.

Examples:
  annotation-statistics statement verify 2026-11 --public-key key-of-the-supplier.pem
  annotation-statistics statement verify 2026-11 --key-id 0123456789abcdef --previous 2026-10/statement.json
  annotation-statistics statement verify a.json --signature a.sig --rows a.jsonl.zst --public-key k.pem

Exit codes: 0 it is as it was signed, 1 it is not, 2 the command line is wrong, 3 a file cannot be
read.";

const KEYS_HELP: &str = "\
Examples:
  annotation-statistics statement keys
  annotation-statistics statement keys --json";

const RETIRE_HELP: &str = "\
Nothing is signed with it any more, on any server of the database. It stays published, as what it
has signed stays. It cannot be undone.

Examples:
  annotation-statistics statement retire 0123456789abcdef --yes";

/// What to do with statements.
#[derive(Debug, Subcommand)]
pub enum StatementCommand {
    /// Make a key that statements are signed with
    #[command(after_help = KEYGEN_HELP)]
    Keygen(KeygenArguments),
    /// Make and sign a statement of an annotation request, or find the one of that name
    #[command(after_help = CREATE_HELP)]
    Create(CreateArguments),
    /// List the statements of an annotation request, the latest first
    #[command(after_help = LIST_HELP)]
    List(StatementListArguments),
    /// Write a statement into a folder: the files to hand over
    #[command(after_help = FETCH_HELP)]
    Fetch(FetchArguments),
    /// Verify the files of a statement; exit code 1 where they are not as they were signed
    #[command(after_help = VERIFY_HELP)]
    Verify(VerifyStatementArguments),
    /// List the public keys that statements are or were signed with
    #[command(after_help = KEYS_HELP)]
    Keys {
        /// Print one JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Retire a key for good; what it has signed can be verified as before
    #[command(after_help = RETIRE_HELP)]
    Retire(RetireArguments),
}

impl StatementCommand {
    pub(crate) fn prints_json(&self) -> bool {
        match self {
            Self::Keygen(arguments) => arguments.json,
            Self::Create(arguments) => arguments.json,
            Self::List(arguments) => arguments.json,
            Self::Fetch(arguments) => arguments.json,
            Self::Verify(arguments) => arguments.json,
            Self::Keys { json } => *json,
            Self::Retire(arguments) => arguments.json,
        }
    }
}

/// The key to be made.
#[derive(Debug, Args)]
pub struct KeygenArguments {
    /// The file of the key, which must not be there yet
    #[arg(long, short, value_name = "FILE", default_value = "signing-key.pem")]
    pub out: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// The statement to be made.
#[derive(Debug, Args)]
pub struct CreateArguments {
    /// Its name: 1 to 64 letters, digits and ._- such as 2026-11
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The annotation request that it is of
    #[arg(long, value_name = "ID")]
    pub annotation_request_id: String,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Which statements to list.
#[derive(Debug, Args)]
pub struct StatementListArguments {
    /// The annotation request that they are of
    #[arg(long, value_name = "ID")]
    pub annotation_request_id: String,
    /// The most to list
    #[arg(long, value_name = "NUMBER", default_value = "50")]
    pub limit: NonZeroU32,
    /// Print each as one JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// The statement to be fetched.
#[derive(Debug, Args)]
pub struct FetchArguments {
    /// Its name
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The annotation request that it is of
    #[arg(long, value_name = "ID")]
    pub annotation_request_id: String,
    /// The folder [default: the name of the statement]
    #[arg(long, short, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Write the rows as rows.jsonl.zst
    #[arg(long)]
    pub zstd: bool,
    /// Replace the files of a statement that are in the folder
    #[arg(long)]
    pub force: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// What to verify, and what is expected of it.
#[derive(Debug, Args)]
pub struct VerifyStatementArguments {
    /// The folder of a statement, or its document
    #[arg(value_name = "FOLDER|FILE")]
    pub path: PathBuf,
    /// The signature [default: as the document, ending with .sig]
    #[arg(long, value_name = "FILE")]
    pub signature: Option<PathBuf>,
    /// The rows, plain or .zst; "-" for standard input [default: rows.jsonl or rows.jsonl.zst beside the document]
    #[arg(long, value_name = "FILE")]
    pub rows: Option<PathBuf>,
    /// A public key that you trust; may be given several times [default: public-key.pem beside the document]
    #[arg(long, value_name = "FILE")]
    pub public_key: Vec<PathBuf>,
    /// The id of the key that you trust; it must be signed with that one
    #[arg(long, value_name = "KEY_ID")]
    pub key_id: Option<String>,
    /// The document of the statement before, which it must follow
    #[arg(long, value_name = "FILE")]
    pub previous: Option<PathBuf>,
    /// The name that it must have
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The annotation request that it must be of
    #[arg(long, value_name = "ID")]
    pub annotation_request_id: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// The key to be retired.
#[derive(Debug, Args)]
pub struct RetireArguments {
    /// Its id, as `statement keys` lists it
    #[arg(value_name = "KEY_ID")]
    pub key_id: String,
    /// Confirm; without this nothing is retired
    #[arg(long)]
    pub yes: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}
