//! `annotation-statistics statement list`

use super::arguments::StatementListArguments;
use super::database::{failure, with_statements};
use super::names;
use super::report::{head_json, second};
use crate::cli::failure::Failure;
use crate::settings::Settings;
use crate::terminal::{Table, print, remark};
use annotation_statistics_domain::{AnnotationRequestId, CampaignScope, StatementHead, StatementRepository};
use annotation_statistics_storage::PostgresStatementRepository;
use indicatif::HumanCount;
use std::num::NonZeroU32;

/// How many are read at once.
const PAGE: NonZeroU32 = NonZeroU32::new(100).unwrap();

pub(super) async fn list(settings: &Settings, arguments: &StatementListArguments) -> Result<(), Failure> {
    let id = names::request(&arguments.annotation_request_id)?;
    let (heads, has_more) =
        with_statements(settings, async |_, statements| find(&statements, &id, arguments.limit).await).await?;
    if arguments.json {
        heads.iter().map(head_json).for_each(print);
    } else if heads.is_empty() {
        remark(format_args!("annotation request `{id}` has no statements; `statement create` makes one"));
    } else {
        print(table(&heads).to_string().trim_end());
    }
    if has_more {
        remark(format_args!("there are more than {}; --limit lists more", heads.len()));
    }
    Ok(())
}

/// The latest statements, and whether there are more.
async fn find(
    statements: &PostgresStatementRepository,
    id: &AnnotationRequestId,
    limit: NonZeroU32,
) -> Result<(Vec<StatementHead>, bool), Failure> {
    let limit = usize::try_from(limit.get()).unwrap_or(usize::MAX);
    let mut heads: Vec<StatementHead> = Vec::new();
    loop {
        let before = heads.last().map(|head| head.number);
        let page = statements.list(id, before, PAGE, &CampaignScope::All).await.map_err(|error| failure(&error))?;
        let is_last = page.is_empty();
        heads.extend(page);
        if is_last || heads.len() > limit {
            let has_more = heads.len() > limit;
            heads.truncate(limit);
            return Ok((heads, has_more));
        }
    }
}

fn table(heads: &[StatementHead]) -> Table<7> {
    let line = |head: &StatementHead| {
        [
            head.number.to_string(),
            head.name.to_string(),
            second(head.created_at),
            HumanCount(head.task_count).to_string(),
            head.key_id.to_string(),
            head.sha256.to_string(),
            head.actor.clone(),
        ]
    };
    Table {
        columns: [
            ("number", true),
            ("name", false),
            ("made", false),
            ("tasks", true),
            ("key", false),
            ("sha256 of statement.json", false),
            ("by", false),
        ],
        lines: heads.iter().map(line).collect(),
    }
}
