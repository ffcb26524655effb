//! `annotation-statistics keys list`: a table for people, JSON for scripts.

use annotation_statistics_access::{Access, Timestamp};
use annotation_statistics_domain::{CampaignId, CampaignScope, IdPrefix};
use annotation_statistics_storage::KeyRecord;

const TITLES: [&str; 9] =
    ["KEY", "STATE", "MAY", "V1", "CAMPAIGNS", "ID PREFIX", "EXPIRES", "OLD SECRET UNTIL", "LAST USED"];

/// A table with a line a key.
pub(super) fn key_table(keys: &[KeyRecord]) -> String {
    let now = Timestamp::from(jiff::Timestamp::now().as_millisecond());
    let lines: Vec<[String; 9]> =
        std::iter::once(TITLES.map(str::to_owned)).chain(keys.iter().map(|key| cells(key, now))).collect();
    let widths: Vec<usize> = (0..TITLES.len())
        .map(|column| lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max())
        .map(Option::unwrap_or_default)
        .collect();
    let mut table = String::new();
    for line in lines {
        let cells = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        table.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        table.push('\n');
    }
    table
}

fn cells(key: &KeyRecord, now: Timestamp) -> [String; 9] {
    let or_dash = |timestamp: Option<Timestamp>| timestamp.map_or_else(|| "-".to_owned(), time);
    [
        key.id.to_string(),
        state(key, now).to_owned(),
        scopes(key).join("+"),
        if key.accepts_v1 { "yes" } else { "no" }.to_owned(),
        campaigns(key).map_or_else(|| "all".to_owned(), |ids| ids.join(",")),
        key.id_prefix.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string),
        or_dash(key.expires),
        or_dash(key.previous_expires.filter(|expires| now < *expires)),
        or_dash(key.last_used),
    ]
}

/// One JSON object.
pub(super) fn key_json(key: &KeyRecord) -> String {
    let now = Timestamp::from(jiff::Timestamp::now().as_millisecond());
    serde_json::json!({
        "key": key.id.as_str(),
        "state": state(key, now),
        "scopes": scopes(key),
        "v1": key.accepts_v1,
        "campaigns": campaigns(key),
        "idPrefix": key.id_prefix.as_ref().map(IdPrefix::as_str),
        "created": time(key.created),
        "expires": key.expires.map(time),
        "previousSecretExpires": key.previous_expires.map(time),
        "revoked": key.revoked.map(time),
        "lastUsed": key.last_used.map(time),
    })
    .to_string()
}

fn state(key: &KeyRecord, now: Timestamp) -> &'static str {
    if key.revoked.is_some() {
        "revoked"
    } else if key.expires.is_some_and(|expires| expires <= now) {
        "expired"
    } else {
        "good"
    }
}

fn scopes(key: &KeyRecord) -> Vec<&'static str> {
    let each = [(Access::Read, "read"), (Access::Write, "write")];
    each.into_iter().filter(|(access, _)| key.scopes.allow(*access)).map(|(_, name)| name).collect()
}

fn campaigns(key: &KeyRecord) -> Option<Vec<&str>> {
    match &key.campaigns {
        CampaignScope::All => None,
        CampaignScope::Only(campaigns) => Some(campaigns.iter().map(CampaignId::as_str).collect()),
    }
}

fn time(timestamp: Timestamp) -> String {
    let time = jiff::Timestamp::from_millisecond(timestamp.millis());
    time.map_or_else(|_| timestamp.to_string(), |time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use annotation_statistics_access::{KeyId, KeyScopes};
    use std::collections::BTreeSet;

    fn key(campaigns: &[&str], revoked: Option<i64>) -> KeyRecord {
        let campaigns: BTreeSet<_> = campaigns.iter().map(|id| CampaignId::new(*id).unwrap()).collect();
        KeyRecord {
            id: KeyId::new("ak-7").unwrap(),
            scopes: KeyScopes::ReadAndWrite,
            campaigns: if campaigns.is_empty() { CampaignScope::All } else { CampaignScope::Only(campaigns) },
            id_prefix: revoked.is_none().then(|| IdPrefix::new("team-a/").unwrap()),
            accepts_v1: true,
            created: Timestamp::from(0),
            expires: Some(Timestamp::from(4_102_444_800_000)),
            previous_expires: Some(Timestamp::from(1_000)),
            revoked: revoked.map(Timestamp::from),
            last_used: None,
        }
    }

    #[test]
    fn a_table_has_a_line_for_each_key() {
        assert_eq!(
            key_table(&[key(&["1001", "1002"], None), key(&[], Some(1_000))]),
            "KEY   STATE    MAY         V1   CAMPAIGNS  ID PREFIX  EXPIRES               OLD SECRET UNTIL  LAST USED\n\
             ak-7  good     read+write  yes  1001,1002  team-a/    2100-01-01T00:00:00Z  -                 -\n\
             ak-7  revoked  read+write  yes  all        -          2100-01-01T00:00:00Z  -                 -\n"
        );
    }

    #[test]
    fn a_json_object_has_all_but_the_secrets() {
        assert_eq!(
            key_json(&key(&["1001"], None)),
            r#"{"campaigns":["1001"],"created":"1970-01-01T00:00:00Z","expires":"2100-01-01T00:00:00Z","idPrefix":"team-a/","key":"ak-7","lastUsed":null,"previousSecretExpires":"1970-01-01T00:00:01Z","revoked":null,"scopes":["read","write"],"state":"good","v1":true}"#
        );
    }
}
