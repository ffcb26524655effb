//! The `ETag` of a response, and whether a client has that response.

use crate::http::{EntityTagList, InvalidEntityTagList};
use actix_web::http::header::{HeaderMap, HeaderValue, IF_NONE_MATCH};
use annotation_statistics_domain::{
    AnnotationRequestIds, CampaignScope, PageRequest, Revision, StatementName, SummaryQuery, TaskFilter,
};
use annotation_statistics_exports::{ExportOptions, SummaryFormat};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// To be changed with the representation of a response, so that no client keeps an outdated one.
const REPRESENTATION: &[u8] = b"1";
const ZERO_FILLED_REPRESENTATION: &[u8] = b"zeros 1";
const STATED_REPRESENTATION: &[u8] = b"stated 1";
const SUMMARY_REPRESENTATION: &[u8] = b"summary 1";
const SCHEDULE_REPRESENTATION: &[u8] = b"schedule 1";
const EXPORT_REPRESENTATION: &[u8] = b"export 2";
const DIFF_REPRESENTATION: &[u8] = b"diff 1";

/// Half of the hash is enough against accidental collisions.
const TAG_BYTES: usize = 16;

/// The entity tag of a response: it changes exactly when the `data` of the response may.
///
/// It is weak (`W/`): two responses with the same `data` differ in `date` and `requestId`, and in their bytes when only
/// one of them is compressed. It is a hash of what determines the data, not of the data: the ids, the page and the
/// revision of each request. It contains the greatest revision, so that a response of an earlier state can be detected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EntityTag(String);

impl EntityTag {
    /// The tag of the totals of requests at these revisions.
    pub(crate) fn of_summary(
        requests: &AnnotationRequestIds,
        statement: Option<&StatementName>,
        query: &SummaryQuery,
        format: Option<SummaryFormat>,
        revisions: &[Revision],
    ) -> Self {
        let mut hash = hash_of(statement, SUMMARY_REPRESENTATION);
        if let Some(format) = format {
            hash.update(format.of_file().media_type());
            hash.update([0]);
        }
        update_with_ids(&mut hash, requests);
        update_with_query(&mut hash, query);
        Self::finish(hash, revisions)
    }

    /// The tag of the progress of a request at this revision.
    pub(crate) fn of_schedule(requests: &AnnotationRequestIds, revisions: &[Revision]) -> Self {
        let mut hash = Sha256::new_with_prefix(SCHEDULE_REPRESENTATION);
        update_with_ids(&mut hash, requests);
        Self::finish(hash, revisions)
    }

    /// The tag of an export of requests at these revisions: of the whole query, whatever it selects, and of the file.
    pub(crate) fn of_export(query: &str, options: ExportOptions, revisions: &[Revision]) -> Self {
        let mut hash = Sha256::new_with_prefix(EXPORT_REPRESENTATION);
        let ExportOptions { format, layout, byte_order_mark } = options;
        for text in [query, format.name(), layout.name()] {
            hash.update(text);
            hash.update([0]);
        }
        hash.update([u8::from(byte_order_mark)]);
        Self::finish(hash, revisions)
    }

    /// The tag of a comparison of two statements, of which this text says everything; the later one is at this revision.
    pub(crate) fn of_diff(identity: &str, revision: Revision) -> Self {
        let mut hash = Sha256::new_with_prefix(DIFF_REPRESENTATION);
        hash.update(identity);
        Self::finish(hash, &[revision])
    }

    fn finish(mut hash: Sha256, revisions: &[Revision]) -> Self {
        for revision in revisions {
            hash.update(revision.number().to_be_bytes());
        }
        let digest = hash.finalize();
        let latest = revisions.iter().max().map_or(0, |revision| revision.number());
        let mut tag = String::with_capacity(64);
        tag.push_str("W/\"");
        HEXLOWER.encode_append(digest.get(..TAG_BYTES).unwrap_or(&digest), &mut tag);
        tag.extend(["-", itoa::Buffer::new().format(latest), "\""]);
        Self(tag)
    }

    /// The greatest revision in a tag with this text between its quotes, if the tag is one of ours.
    pub(crate) fn latest(opaque: &[u8]) -> Option<Revision> {
        let text = std::str::from_utf8(opaque).ok()?;
        text.rsplit('-').next()?.parse::<i64>().ok().map(Revision::from)
    }

    /// Whether `If-None-Match` names this tag, by weak comparison, or any tag.
    pub(crate) fn is_known(&self, headers: &HeaderMap) -> bool {
        is_known(self.opaque().trim_matches('"').as_bytes(), headers)
    }

    fn opaque(&self) -> &str {
        self.0.strip_prefix("W/").unwrap_or(&self.0)
    }

    /// As a header.
    pub(crate) fn to_header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }
}

/// A page whatever the state of its requests: a hash of their ids, its number, its limit, and whether it has zeros.
pub(crate) struct PageIdentity(Sha256);

impl PageIdentity {
    pub(crate) fn of(
        requests: &AnnotationRequestIds,
        page: PageRequest,
        zero_fill: bool,
        statement: Option<&StatementName>,
    ) -> Self {
        let representation = if zero_fill { ZERO_FILLED_REPRESENTATION } else { REPRESENTATION };
        let mut hash = hash_of(statement, representation);
        hash.update(page.page().get().to_be_bytes());
        hash.update(page.limit().get().to_be_bytes());
        update_with_ids(&mut hash, requests);
        Self(hash)
    }

    /// The tag of the page with its requests at these revisions.
    pub(crate) fn tag_at(&self, revisions: &[Revision]) -> EntityTag {
        EntityTag::finish(self.0.clone(), revisions)
    }

    /// A hash of the page and of who may see it: callers of different scopes have different ones.
    pub(crate) fn within(&self, scope: &CampaignScope) -> [u8; 32] {
        let mut hash = self.0.clone();
        // No id is empty, so a second NUL ends the list of ids.
        hash.update([0]);
        if let CampaignScope::Only(campaigns) = scope {
            hash.update([1]);
            for campaign in campaigns {
                hash.update(campaign.as_str());
                hash.update([0]);
            }
        }
        hash.finalize().into()
    }
}

/// A statement has a name and a revision for ever: together with the ids they determine what is answered from it.
fn hash_of(statement: Option<&StatementName>, representation: &[u8]) -> Sha256 {
    let Some(name) = statement else { return Sha256::new_with_prefix(representation) };
    let mut hash = Sha256::new_with_prefix(STATED_REPRESENTATION);
    hash.update(name.as_str());
    hash.update([0]);
    hash.update(representation);
    hash
}

fn update_with_ids(hash: &mut Sha256, requests: &AnnotationRequestIds) {
    for id in requests.as_slice() {
        hash.update(id.as_str());
        // No id has a NUL, so it separates them.
        hash.update([0]);
    }
}

/// Nothing where all tasks are summed up.
fn update_with_query(hash: &mut Sha256, query: &SummaryQuery) {
    if query.is_by_item() {
        return;
    }
    let SummaryQuery { filter: TaskFilter { campaigns, pool_types, statuses }, items_by } = query;
    // No id is empty, so a second NUL ends the list of ids, and another one that of campaigns.
    hash.update([0]);
    for campaign in campaigns {
        hash.update(campaign.as_str());
        hash.update([0]);
    }
    hash.update([0, items_by.request.into(), items_by.pool_type.into(), items_by.status.into()]);
    hash.update(pool_types.len().to_be_bytes());
    for pool_type in pool_types {
        hash.update(pool_type.number().to_be_bytes());
    }
    for status in statuses {
        hash.update(status.code().to_be_bytes());
    }
}

/// The `ETag` of an annotation request at this revision. It is strong, so that `If-Match` may compare it.
pub(crate) fn revision_tag(revision: Revision) -> HeaderValue {
    let digits = HeaderValue::try_from(format!("\"{}\"", revision.number()));
    digits.unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

/// Whether `If-None-Match` names the tag with this text between its quotes, or any. An invalid header names none.
pub(crate) fn is_known(opaque: &[u8], headers: &HeaderMap) -> bool {
    match EntityTagList::of(headers, &IF_NONE_MATCH) {
        Ok(Some(EntityTagList::Any)) => true,
        Ok(Some(EntityTagList::Tags(tags))) => tags.iter().any(|tag| *tag.opaque == *opaque),
        Ok(None) | Err(InvalidEntityTagList) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ApiSettings;
    use crate::statistics::StatisticsParams;
    use annotation_statistics_domain::CampaignId;

    fn tag(query: &str, revisions: &[i64]) -> EntityTag {
        let params = StatisticsParams::parse(query, &ApiSettings::default()).unwrap();
        let revisions: Vec<Revision> = revisions.iter().copied().map(Revision::from).collect();
        PageIdentity::of(&params.requests, params.page, params.zero_fill, None).tag_at(&revisions)
    }

    const QUERY: &str = "annotationRequestId=a&annotationRequestId=b";

    #[test]
    fn a_tag_is_weak_and_the_same_for_the_same_response() {
        assert_eq!(tag(QUERY, &[1, 2]).0, "W/\"35b006fa6962595e52d14829ff224031-2\"");
        let spelled_otherwise = "limit=10&annotationRequestId[]=a&annotationRequestId[]=a&annotationRequestId=%62&_=7";
        assert_eq!(tag(spelled_otherwise, &[1, 2]), tag(QUERY, &[1, 2]));
        assert_eq!(tag(&format!("{QUERY}&limit=100"), &[1, 2]), tag(&format!("{QUERY}&limit=101"), &[1, 2]));
    }

    #[test]
    fn a_tag_changes_with_all_that_may_change_the_data() {
        let known = tag(QUERY, &[1, 2]);
        for (other, reason) in [
            (tag(QUERY, &[1, 3]), "a task of a request changed"),
            (tag(QUERY, &[2, 1]), "revisions belong to requests"),
            (tag(&format!("{QUERY}&offset=2"), &[1, 2]), "another page"),
            (tag(&format!("{QUERY}&limit=9"), &[1, 2]), "another limit"),
            (tag("annotationRequestId=b&annotationRequestId=a", &[1, 2]), "another order"),
            (tag("annotationRequestId=ab", &[1, 2]), "another request"),
        ] {
            assert_ne!(other, known, "{reason}");
        }
    }

    #[test]
    fn a_tag_is_known_by_weak_comparison_in_any_list() {
        let known = tag(QUERY, &[1, 2]);
        let opaque = known.opaque().to_owned();
        for (values, expected, reason) in [
            (vec![], false, "no header"),
            (vec![known.0.clone()], true, "as it was sent"),
            (vec![opaque.clone()], true, "strong: the comparison is weak"),
            (vec![format!("\"x\", W/\"y,z\" ,{opaque}")], true, "in a list"),
            (vec!["\"x\"".into(), opaque.clone()], true, "in a second header"),
            (vec!["*".into()], true, "any"),
            (vec!["\"*\"".into()], false, "a tag that is called *"),
            (vec![opaque.trim_matches('"').to_owned()], false, "without its quotes it is no tag"),
            (vec![format!("w/{opaque}")], false, "the W is upper case"),
            (vec!["\"x\"".into()], false, "another tag"),
            (vec![String::new()], false, "empty"),
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(IF_NONE_MATCH, HeaderValue::from_str(&value).unwrap());
            }
            assert_eq!(known.is_known(&headers), expected, "{reason}");
        }
    }

    #[test]
    fn a_page_is_another_one_within_another_scope() {
        let only = |ids: &[&str]| {
            CampaignScope::Only(ids.iter().map(|id| CampaignId::new((*id).to_owned()).unwrap()).collect())
        };
        let of = |query: &str, scope: &CampaignScope| {
            let params = StatisticsParams::parse(query, &ApiSettings::default()).unwrap();
            PageIdentity::of(&params.requests, params.page, params.zero_fill, None).within(scope)
        };
        let known = of(QUERY, &only(&["1", "2"]));
        assert_eq!(of(&format!("{QUERY}&limit=10"), &only(&["2", "1"])), known);
        for (query, scope, reason) in [
            (QUERY, CampaignScope::All, "all campaigns"),
            (QUERY, only(&["1"]), "fewer campaigns"),
            (QUERY, only(&["12"]), "campaigns are separated"),
            (QUERY, only(&[]), "no campaign"),
            ("annotationRequestId=a", only(&["1", "2"]), "another request"),
            ("annotationRequestId=a&annotationRequestId=b&offset=2", only(&["1", "2"]), "another page"),
        ] {
            assert_ne!(of(query, &scope), known, "{reason}");
        }
        let everything = of("annotationRequestId=a&annotationRequestId=%01c", &CampaignScope::All);
        assert_ne!(of("annotationRequestId=a", &only(&["c"])), everything, "a campaign is no request");
        assert_ne!(of(QUERY, &only(&[])), of(QUERY, &CampaignScope::All), "none is not all");
    }
}
