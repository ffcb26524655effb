//! `annotation-statistics statement fetch`

use super::arguments::FetchArguments;
use super::database::{failure, with_statements};
use super::files::StatementFiles;
use super::folder::{DOCUMENT, Kept, NewFolder, PUBLIC_KEY, ROWS, ROWS_ZSTD, SIGNATURE};
use super::names;
use super::report::{Report, document_of, head_json_with};
use crate::cli::failure::Failure;
use crate::cli::stop_signals::StopSignals;
use crate::service::ApplicationError;
use crate::settings::Settings;
use crate::terminal::print;
use annotation_statistics_domain::{
    CampaignScope, FrameStart, PublicKey, RowFrame, Statement, StatementHead, StatementRepository,
};
use annotation_statistics_statements::public_key_to_pem;
use annotation_statistics_storage::PostgresStatementRepository;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, BufWriter, IsTerminal, Write, stderr};
use std::num::NonZeroU32;
use std::path::Path;
use tokio::task::spawn_blocking;

/// How many frames are read at once: some 16,000 rows.
const FRAMES: NonZeroU32 = NonZeroU32::new(64).unwrap();

pub(super) async fn fetch(settings: &Settings, arguments: &FetchArguments) -> Result<(), Failure> {
    let (id, name) = (names::request(&arguments.annotation_request_id)?, names::statement(&arguments.name)?);
    let out = arguments.out.as_deref().unwrap_or_else(|| Path::new(name.as_str()));
    // Handled from here on, so that a private database is never left running.
    let mut signals = StopSignals::listen().map_err(ApplicationError::from)?;
    let folder = NewFolder::begin(out)?;
    let fetched = with_statements(settings, async |_, statements| {
        let found = statements.find(&id, &name, &CampaignScope::All).await.map_err(|error| failure(&error))?;
        tokio::select! {
            written = write_verified(&folder, &statements, &found, arguments.zstd) => written,
            () = signals.next() => Err(Failure::StatementStopped("no folder is kept")),
        }?;
        Ok(found)
    });
    let kept = fetched.await.and_then(|found| Ok((folder.keep(arguments.force)?, found)));
    let (kept, statement) = kept.inspect_err(|_| folder.discard())?;
    report(arguments, out, kept, &statement)
}

fn report(arguments: &FetchArguments, out: &Path, kept: Kept, statement: &Statement) -> Result<(), Failure> {
    if arguments.json {
        print(head_json_with(&statement.head, "folder", out.display().to_string()));
        return Ok(());
    }
    let outcome = match kept {
        Kept::Written => format!("is in {}, and verified", out.display()),
        Kept::AsItWas => format!("was in {} already, and is verified", out.display()),
    };
    print(Report { document: &document_of(statement)?, sha256: statement.head.sha256, outcome: &outcome });
    Ok(())
}

/// Writes all files of a statement, and verifies them as a client does: what is handed over is what was signed.
async fn write_verified(
    folder: &NewFolder,
    statements: &PostgresStatementRepository,
    statement: &Statement,
    zstd: bool,
) -> Result<(), Failure> {
    write_rows(folder, statements, &statement.head, zstd).await?;
    folder.write(SIGNATURE, &statement.signature)?;
    let key = published_key(statements, &statement.head).await?;
    folder.write(PUBLIC_KEY, public_key_to_pem(&key).as_bytes())?;
    folder.write(DOCUMENT, &statement.body)?;
    let part = folder.part().to_owned();
    let verified = spawn_blocking(move || StatementFiles::in_folder(&part)?.verify()).await;
    verified.map_err(io::Error::other).map_err(ApplicationError::from)?.map(drop)
}

async fn published_key(statements: &PostgresStatementRepository, head: &StatementHead) -> Result<PublicKey, Failure> {
    let keys = statements.list_keys().await.map_err(|error| failure(&error))?;
    let key = keys.into_iter().map(|published| published.key).find(|key| key.id == head.key_id);
    key.ok_or_else(|| {
        Failure::Unavailable(format!(
            "statement `{}` is signed with the key {}, which is not published",
            head.name, head.key_id
        ))
    })
}

async fn write_rows(
    folder: &NewFolder,
    statements: &PostgresStatementRepository,
    head: &StatementHead,
    zstd: bool,
) -> Result<(), Failure> {
    let mut output = BufWriter::new(folder.create(if zstd { ROWS_ZSTD } else { ROWS })?);
    let progress = progress(head.task_count.div_ceil(RowFrame::ROWS));
    let mut place = 0;
    loop {
        let start = FrameStart::Place(place);
        let frames = statements.find_frames(&head.annotation_request_id, head.number, start, FRAMES).await;
        let frames = frames.map_err(|error| failure(&error))?;
        let Some(last) = frames.last() else { break };
        place = last.place + 1;
        for frame in &frames {
            write_frame(&mut output, frame, zstd).map_err(|error| folder.unwritten(&error))?;
        }
        progress.set_position(place);
    }
    progress.finish_and_clear();
    let file = output.into_inner().map_err(|error| folder.unwritten(error.error()))?;
    file.sync_all().map_err(|error| folder.unwritten(&error))
}

/// The frames as they are stored are one stream of Zstandard.
fn write_frame(output: &mut impl Write, frame: &RowFrame, zstd: bool) -> io::Result<()> {
    if zstd {
        return output.write_all(&frame.zstd);
    }
    io::copy(&mut zstd::stream::read::Decoder::with_buffer(frame.zstd.as_slice())?, output).map(drop)
}

fn progress(frames: u64) -> ProgressBar {
    if !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{wide_bar} {percent:>3} %  {eta} left");
    ProgressBar::new(frames).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
