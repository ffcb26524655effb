//! The filters of tasks in a query string.

use crate::ApiSettings;
use crate::http::decode;
use crate::http::parameters::filters::{CAMPAIGN_ID, POOL_TYPE, STATUS, names_list};
#[cfg(feature = "openapi")]
use crate::response::schema::{CampaignIdText, PoolTypeNumber, StatusNumber};
use crate::response::{InvalidParameter, invalid, quoted};
use annotation_statistics_domain::{CampaignId, PoolType, TaskFilter, TaskStatus};
use std::num::NonZeroUsize;
#[cfg(feature = "openapi")]
use utoipa::IntoParams;

/// Which tasks, as the document declares it.
#[cfg(feature = "openapi")]
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct FilterParams {
    /// Only tasks of these statuses: numbers, repeated or with commas between them.
    #[param(style = Form, explode, inline, required = false)]
    status: Vec<StatusNumber>,
    /// Only tasks in pools of these types: numbers, repeated or with commas between them.
    #[param(style = Form, explode, inline, required = false)]
    pool_type: Vec<PoolTypeNumber>,
    /// Only tasks of annotation requests of these campaigns; a comma is part of an id. The other annotation requests have
    /// sums of no tasks.
    #[param(style = Form, explode, inline, required = false)]
    campaign_id: Vec<CampaignIdText>,
}

/// The filters read so far.
#[derive(Default)]
pub(crate) struct FilterList {
    filter: TaskFilter,
    /// How many values of each there were.
    statuses: usize,
    pool_types: usize,
    campaigns: usize,
}

impl FilterList {
    /// Takes the values of a parameter, and returns whether it is a filter. Numbers may have commas between them; a comma is
    /// part of the id of a campaign.
    pub(crate) fn take(&mut self, name: &str, value: &str) -> Result<bool, InvalidParameter> {
        let Self { filter, statuses, pool_types, campaigns } = self;
        if names_list(name, STATUS) {
            each_of(STATUS, value, statuses, |text| {
                filter.statuses.insert(status(text)?);
                Ok(())
            })?;
        } else if names_list(name, POOL_TYPE) {
            each_of(POOL_TYPE, value, pool_types, |text| {
                filter.pool_types.insert(pool_type(text)?);
                Ok(())
            })?;
        } else if names_list(name, CAMPAIGN_ID) {
            *campaigns += 1;
            let place = *campaigns;
            let wrong = |why: String| invalid(CAMPAIGN_ID, &format!("{why} (number {place} of the list)"));
            let text = decode(value).map_err(|error| wrong(format!("{error}, got {}", quoted(value))))?;
            filter.campaigns.insert(CampaignId::new(text).map_err(|error| wrong(error.to_string()))?);
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// The filter, with at most as many values of each kind as a URL may have ids.
    pub(crate) fn into_filter(self, settings: &ApiSettings) -> Result<TaskFilter, InvalidParameter> {
        let filter = self.filter;
        bounded(STATUS, filter.statuses.len(), settings.max_ids)?;
        bounded(CAMPAIGN_ID, filter.campaigns.len(), settings.max_ids)?;
        Ok(filter)
    }
}

fn bounded(name: &str, count: usize, most: NonZeroUsize) -> Result<(), InvalidParameter> {
    if count <= most.get() {
        return Ok(());
    }
    Err(invalid(name, &format!("may have at most {most} different values, got {count}")))
}

/// Reads a list with commas; `before` is how many values came before it.
pub(crate) fn each_of(
    name: &str,
    value: &str,
    before: &mut usize,
    mut read: impl FnMut(&str) -> Result<(), &'static str>,
) -> Result<(), InvalidParameter> {
    let text = decode(value).map_err(|error| {
        let place = *before + 1;
        invalid(name, &format!("{error}, got {} (number {place} of the list)", quoted(value)))
    })?;
    for part in text.split(',') {
        *before += 1;
        let wrong = |why| invalid(name, &format!("{why}, got {} (number {before} of the list)", quoted(part)));
        read(part).map_err(wrong)?;
    }
    Ok(())
}

fn status(text: &str) -> Result<TaskStatus, &'static str> {
    const WHOLE: &str = "must be a whole number of 32 bits";
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(WHOLE);
    }
    text.parse().map(|code: i32| TaskStatus::from(code)).map_err(|_| WHOLE)
}

fn pool_type(text: &str) -> Result<PoolType, &'static str> {
    const CLOSED: &str = "must be a whole number from 0 to 5";
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(CLOSED);
    }
    let number = text.parse::<i16>().map_err(|_| CLOSED)?;
    PoolType::try_from(number).map_err(|_| CLOSED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::parameters::{decode_name, parameters};

    fn read(query: &str) -> Result<String, String> {
        let mut list = FilterList::default();
        for (name, value) in parameters(query) {
            let name = decode_name(name).map_err(|error| error.to_string())?;
            list.take(&name, value).map_err(|error| error.to_string())?;
        }
        let filter = list.into_filter(&ApiSettings::default()).map_err(|error| error.to_string())?;
        let statuses: Vec<String> = filter.statuses.iter().map(|status| status.code().to_string()).collect();
        let pools: Vec<String> = filter.pool_types.iter().map(|pool| pool.number().to_string()).collect();
        let campaigns: Vec<&str> = filter.campaigns.iter().map(CampaignId::as_str).collect();
        Ok(format!("{}|{}|{}", statuses.join(" "), pools.join(" "), campaigns.join(" ")))
    }

    #[test]
    fn a_filter_is_a_list_in_every_spelling_of_a_list() {
        for (query, expected, reason) in [
            ("", "||", "none"),
            ("status=11", "11||", "one"),
            ("status=11&status=2", "2 11||", "repeated"),
            ("status=11,2,16", "2 11 16||", "with commas"),
            ("status=11%2C2", "2 11||", "decoded first"),
            ("status[]=11&status[7]=2&st%61tus=3", "2 3 11||", "brackets, indices and encoded names"),
            ("status=11,11&status=011", "11||", "a value counts once, and leading zeros are digits"),
            ("status=-1,2147483647", "-1 2147483647||", "platforms add codes"),
            ("poolType=5&poolType=0,2", "|0 2 5|", "pool types"),
            ("campaignId=b&campaignId=a,c", "||a,c b", "a comma is part of a campaign"),
            ("campaignId=1001&poolType=5&status=11&x=y", "11|5|1001", "all of them"),
        ] {
            assert_eq!(read(query), Ok(expected.to_owned()), "{reason}");
        }
    }

    #[test]
    fn an_invalid_filter_is_refused_with_its_place() {
        let (whole, closed) = ("must be a whole number of 32 bits", "must be a whole number from 0 to 5");
        for (query, why) in [
            ("status=", format!("status {whole}, got \"\" (number 1 of the list)")),
            ("status=1,,2", format!("status {whole}, got \"\" (number 2 of the list)")),
            ("status=1&status=2,ten", format!("status {whole}, got \"ten\" (number 3 of the list)")),
            ("status=2147483648", format!("status {whole}, got \"2147483648\" (number 1 of the list)")),
            ("status=%2B1", format!("status {whole}, got \"+1\" (number 1 of the list)")),
            ("status=1.0", format!("status {whole}, got \"1.0\" (number 1 of the list)")),
            ("poolType=6", format!("poolType {closed}, got \"6\" (number 1 of the list)")),
            ("poolType=5&poolType=-1", format!("poolType {closed}, got \"-1\" (number 2 of the list)")),
            ("poolType=complete", format!("poolType {closed}, got \"complete\" (number 1 of the list)")),
            (
                "poolType=%zz",
                "poolType has a % without two hexadecimal digits after it, got \"%zz\" (number 1 of the list)".into(),
            ),
            ("campaignId=a&campaignId=", "campaignId must not be empty (number 2 of the list)".into()),
        ] {
            assert_eq!(read(query), Err(why), "{query}");
        }
        let many: Vec<String> = (0..1_001).map(|status| status.to_string()).collect();
        let why = "status may have at most 1000 different values, got 1001";
        assert_eq!(read(&format!("status={}", many.join(","))), Err(why.to_owned()));
    }
}
