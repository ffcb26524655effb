//! The order of the list of annotation requests, walked along an index.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::reading::stored_time;
use annotation_statistics_domain::{AnnotationRequestId, CampaignId, CampaignScope, IdPart, RequestPosition};
use diesel::RunQueryDsl;
use diesel::data_types::PgTimestamp;
use diesel::pg::PgConnection;
use diesel::sql_types::{BigInt, Text, Timestamptz};
use std::collections::BTreeSet;
use std::time::SystemTime;

/// Before the one changed at `$1` with the id `$2`, and not before the one changed at `$3` with the id `$4`.
macro_rules! between {
    () => {
        "(r.updated_at, r.id) < ($1, $2) AND (r.updated_at, r.id) >= ($3, $4)"
    };
}

macro_rules! changed_last_first {
    () => {
        " ORDER BY r.updated_at DESC, r.id DESC"
    };
}

/// The requests between two places whose id has the part `$5`, which every id has where it is empty; at most `$6`. All of it
/// is in the index.
pub const CHANGED_REQUESTS_SQL: &str = concat!(
    "SELECT r.updated_at, r.id FROM annotation_requests AS r WHERE ",
    between!(),
    " AND strpos(r.id, $5) > 0",
    changed_last_first!(),
    " LIMIT $6"
);

/// The same of the campaign `$7`.
pub const CHANGED_REQUESTS_OF_CAMPAIGN_SQL: &str = concat!(
    "SELECT r.updated_at, r.id FROM annotation_requests AS r WHERE r.campaign_id = $7 AND ",
    between!(),
    " AND strpos(r.id, $5) > 0",
    changed_last_first!(),
    " LIMIT $6"
);

macro_rules! last_walked {
    ($condition:literal) => {
        concat!(
            "SELECT numbered.updated_at, numbered.id, numbered.place FROM (\
             SELECT walked.updated_at, walked.id, row_number() OVER (ORDER BY walked.updated_at DESC, walked.id DESC) AS place \
             FROM (SELECT r.updated_at, r.id FROM annotation_requests AS r WHERE ",
            $condition,
            between!(),
            changed_last_first!(),
            " LIMIT $5) AS walked) AS numbered ORDER BY numbered.place DESC LIMIT 2"
        )
    };
}

/// The last two of the first `$5` requests between two places, the last one first, and the how manieth each is.
pub const LAST_WALKED_SQL: &str = last_walked!("");

/// The same of the campaign `$6`.
pub const LAST_WALKED_OF_CAMPAIGN_SQL: &str = last_walked!("r.campaign_id = $6 AND ");

prepared_statement!(ChangedRequests, CHANGED_REQUESTS_SQL, (Timestamptz, Text), {
    1 => before: PgTimestamp as Timestamptz,
    2 => before_id: &'a str as Text,
    3 => from: PgTimestamp as Timestamptz,
    4 => from_id: &'a str as Text,
    5 => part: &'a str as Text,
    6 => most: i64 as BigInt,
});
prepared_statement!(ChangedRequestsOfCampaign, CHANGED_REQUESTS_OF_CAMPAIGN_SQL, (Timestamptz, Text), {
    1 => before: PgTimestamp as Timestamptz,
    2 => before_id: &'a str as Text,
    3 => from: PgTimestamp as Timestamptz,
    4 => from_id: &'a str as Text,
    5 => part: &'a str as Text,
    6 => most: i64 as BigInt,
    7 => campaign: &'a str as Text,
});
prepared_statement!(LastWalked, LAST_WALKED_SQL, (Timestamptz, Text, BigInt), {
    1 => before: PgTimestamp as Timestamptz,
    2 => before_id: &'a str as Text,
    3 => from: PgTimestamp as Timestamptz,
    4 => from_id: &'a str as Text,
    5 => most: i64 as BigInt,
});
prepared_statement!(LastWalkedOfCampaign, LAST_WALKED_OF_CAMPAIGN_SQL, (Timestamptz, Text, BigInt), {
    1 => before: PgTimestamp as Timestamptz,
    2 => before_id: &'a str as Text,
    3 => from: PgTimestamp as Timestamptz,
    4 => from_id: &'a str as Text,
    5 => most: i64 as BigInt,
    6 => campaign: &'a str as Text,
});

/// A place as it is stored. The greatest comes first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// In microseconds.
    time: i64,
    id: String,
}

impl Key {
    fn of(position: &RequestPosition) -> Self {
        Self { time: stored_time::of(position.changed_at).0, id: position.id.as_str().to_owned() }
    }

    fn position(&self) -> Result<RequestPosition, DatabaseError> {
        let corrupt = |column: &str, what: &dyn std::fmt::Display| {
            DatabaseError::Corrupt(format!("annotation_requests.{column} of `{}`: {what}", self.id))
        };
        let changed_at = stored_time::time(PgTimestamp(self.time));
        Ok(RequestPosition {
            changed_at: changed_at.ok_or_else(|| corrupt("updated_at", &"it is no time"))?,
            id: AnnotationRequestId::new(self.id.as_str()).map_err(|error| corrupt("id", &error))?,
        })
    }
}

/// A walk along the list, of all campaigns or, one index range each, of some.
#[derive(Clone)]
pub(crate) struct RequestWalk<'a> {
    /// `None`: all.
    campaigns: Option<Vec<&'a CampaignId>>,
    part: &'a str,
    before: Key,
    from: Key,
}

impl<'a> RequestWalk<'a> {
    /// From the start of the list to its end, of what is in the scope.
    pub(crate) fn new(campaign: Option<&'a CampaignId>, scope: &'a CampaignScope) -> Self {
        let campaigns = match (campaign, scope) {
            (Some(campaign), scope) => Some(scope.covers(campaign).then_some(campaign).into_iter().collect()),
            (None, CampaignScope::All) => None,
            (None, CampaignScope::Only(campaigns)) => Some(BTreeSet::iter(campaigns).collect()),
        };
        let before = Key { time: i64::MAX, id: String::new() };
        Self { campaigns, part: "", before, from: Key { time: i64::MIN, id: String::new() } }
    }

    /// Behind this place only.
    pub(super) fn behind(mut self, place: Option<&RequestPosition>) -> Self {
        self.before = place.map_or(self.before, Key::of);
        self
    }

    /// What was changed then or later only.
    pub(super) fn since(mut self, time: Option<SystemTime>) -> Self {
        self.from.time = time.map_or(self.from.time, |time| stored_time::of(time).0);
        self
    }

    /// What has this part in its id only.
    pub(super) fn with_part(mut self, part: &'a IdPart) -> Self {
        self.part = part.as_str();
        self
    }

    /// The next `most` of it, and the rest where the list does not end before.
    pub(super) fn split(self, connection: &mut PgConnection, most: i64) -> Result<(Self, Option<Self>), DatabaseError> {
        let mut next = self.clone();
        let (_, end) = next.bound(connection, most)?;
        let rest = end.map(|_| Self { before: next.from.clone(), ..self });
        Ok((next, rest))
    }

    /// The place that it goes on behind.
    pub(super) fn start(&self) -> Result<RequestPosition, DatabaseError> {
        self.before.position()
    }

    /// Ends the walk after the next `most`, shared by the campaigns. Returns how many those are, and where that is, if the
    /// list does not end before.
    pub(super) fn bound(
        &mut self,
        connection: &mut PgConnection,
        most: i64,
    ) -> Result<(i64, Option<RequestPosition>), DatabaseError> {
        let ranges = self.ranges();
        let share = most.checked_div(i64::try_from(ranges.len()).unwrap_or(most)).unwrap_or(most).max(1);
        let (mut walked, mut end): (i64, Option<Key>) = (0, None);
        for campaign in ranges {
            // One more, to know whether there is one.
            let mut last = self.last_walked(connection, campaign, share.saturating_add(1))?.into_iter();
            let is_cut = last.as_slice().first().is_some_and(|(_, place)| *place > share);
            if let Some((key, place)) = last.nth(usize::from(is_cut)) {
                walked += place;
                end = if is_cut { end.max(Some(key)) } else { end };
            }
        }
        if let Some(end) = &end {
            self.from = end.clone();
        }
        Ok((walked, end.as_ref().map(Key::position).transpose()?))
    }

    /// The next places, at most `most`: fewer only at the end.
    pub(crate) fn next(
        &mut self,
        connection: &mut PgConnection,
        most: usize,
    ) -> Result<Vec<RequestPosition>, DatabaseError> {
        let ranges = self.ranges();
        let is_merged = ranges.len() > 1;
        let mut keys = Vec::new();
        for campaign in ranges {
            keys.append(&mut self.keys(connection, campaign, i64::try_from(most).unwrap_or(i64::MAX))?);
        }
        if is_merged {
            keys.sort_unstable_by(|one, other| other.cmp(one));
            keys.truncate(most);
        }
        if let Some(last) = keys.last() {
            self.before = last.clone();
        }
        keys.iter().map(Key::position).collect()
    }

    fn ranges(&self) -> Vec<Option<&'a str>> {
        let of = |campaigns: &Vec<&'a CampaignId>| campaigns.iter().map(|campaign| Some(campaign.as_str())).collect();
        self.campaigns.as_ref().map_or_else(|| vec![None], of)
    }

    fn keys(
        &self,
        connection: &mut PgConnection,
        campaign: Option<&str>,
        most: i64,
    ) -> Result<Vec<Key>, DatabaseError> {
        let (before, before_id) = (PgTimestamp(self.before.time), self.before.id.as_str());
        let (from, from_id, part) = (PgTimestamp(self.from.time), self.from.id.as_str(), self.part);
        let rows: Vec<(PgTimestamp, String)> = match campaign {
            None => ChangedRequests { before, before_id, from, from_id, part, most }.load(connection)?,
            Some(campaign) => {
                ChangedRequestsOfCampaign { before, before_id, from, from_id, part, most, campaign }.load(connection)?
            }
        };
        Ok(rows.into_iter().map(|(time, id)| Key { time: time.0, id }).collect())
    }

    fn last_walked(
        &self,
        connection: &mut PgConnection,
        campaign: Option<&str>,
        most: i64,
    ) -> Result<Vec<(Key, i64)>, DatabaseError> {
        let (before, before_id) = (PgTimestamp(self.before.time), self.before.id.as_str());
        let (from, from_id) = (PgTimestamp(self.from.time), self.from.id.as_str());
        let rows: Vec<(PgTimestamp, String, i64)> = match campaign {
            None => LastWalked { before, before_id, from, from_id, most }.load(connection)?,
            Some(campaign) => {
                LastWalkedOfCampaign { before, before_id, from, from_id, most, campaign }.load(connection)?
            }
        };
        Ok(rows.into_iter().map(|(time, id, place)| (Key { time: time.0, id }, place)).collect())
    }
}
