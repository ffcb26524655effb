//! The options that leave out tasks, as the parameters of an export over HTTP do.

use crate::cli::failure::Failure;
use annotation_statistics_domain::{CampaignId, PoolType, TaskFilter, TaskStatus};
use clap::Args;
use std::collections::BTreeSet;

/// Which tasks to export; all of them without any.
#[derive(Debug, Args)]
pub struct FilterArguments {
    /// Only tasks in pools of this type: 0 distribution, 1 annotation, 2 check, 3 sampling, 4 algorithm, 5 complete. Repeated,
    /// or with commas between them
    #[arg(long, value_name = "NUMBER", value_delimiter = ',')]
    pub pool_type: Vec<String>,
    /// Only tasks with this status, such as 11. Repeated, or with commas between them
    #[arg(long, value_name = "NUMBER", value_delimiter = ',', allow_hyphen_values = true)]
    pub status: Vec<String>,
    /// Only tasks of annotation requests of this campaign. Repeated; a comma is part of an id
    #[arg(long, value_name = "ID")]
    pub campaign_id: Vec<String>,
}

impl FilterArguments {
    pub(super) fn filter(&self) -> Result<TaskFilter, Failure> {
        let pool_type = |text: &String| {
            let number = digits(text).and_then(|digits| digits.parse::<i16>().ok());
            let pool_type = number.and_then(|number| PoolType::try_from(number).ok());
            pool_type.ok_or_else(|| invalid("--pool-type", "must be a whole number from 0 to 5", text))
        };
        let status = |text: &String| {
            let code = digits(text.strip_prefix('-').unwrap_or(text)).and_then(|_| text.parse::<i32>().ok());
            let status = code.map(TaskStatus::from);
            status.ok_or_else(|| invalid("--status", "must be a whole number of 32 bits", text))
        };
        let campaign = |text: &String| {
            CampaignId::new(text.as_str()).map_err(|error| invalid("--campaign-id", &error.to_string(), text))
        };
        Ok(TaskFilter {
            campaigns: self.campaign_id.iter().map(campaign).collect::<Result<BTreeSet<_>, _>>()?,
            pool_types: self.pool_type.iter().map(pool_type).collect::<Result<BTreeSet<_>, _>>()?,
            statuses: self.status.iter().map(status).collect::<Result<BTreeSet<_>, _>>()?,
        })
    }
}

/// The text, if it has digits and nothing else.
fn digits(text: &str) -> Option<&str> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

fn invalid(option: &str, why: &str, text: &str) -> Failure {
    Failure::CommandLine(format!("{option} {why}, got {text:?}"))
}
