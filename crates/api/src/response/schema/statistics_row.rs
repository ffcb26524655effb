//! A row, as the document describes it: the domain, whose type it is, knows nothing of `OpenAPI`.

use crate::response::schema::row_fields;
use crate::response::schema::types::CampaignIdText;
use annotation_statistics_domain::{CampaignId, Count, InstanceInfo, PoolName, PoolType, TaskId, TaskStatus};
use utoipa::ToSchema;

/// What was annotated in one task. The counts of `instanceInfo` add up to `instanceNum` + `attributeNum`.
#[derive(ToSchema)]
#[schema(as = Statistics, rename_all = "camelCase")]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct StatisticsRow {
    #[schema(schema_with = row_fields::task_id)]
    id: TaskId,
    #[schema(schema_with = row_fields::task_status)]
    status: TaskStatus,
    /// The campaign.
    #[schema(inline, value_type = CampaignIdText)]
    campaign_id: CampaignId,
    #[schema(schema_with = row_fields::pool_name)]
    pool_name: PoolName,
    #[schema(schema_with = row_fields::pool_type)]
    pool_type: PoolType,
    #[schema(schema_with = row_fields::instance_info)]
    instance_info: InstanceInfo,
    #[schema(schema_with = row_fields::instance_num)]
    instance_num: Count,
    #[schema(schema_with = row_fields::attribute_num)]
    attribute_num: Count,
    #[schema(schema_with = row_fields::frame_num)]
    frame_num: Count,
}

#[cfg(test)]
mod tests {
    use crate::test_support::page;
    use crate::{ApiSettings, openapi_json};
    use annotation_statistics_domain::wire;

    /// The names of the members of a JSON object, in the order in which they are written.
    fn names(json: &str) -> Vec<&str> {
        let (mut depth, mut names, mut rest) = (0, Vec::new(), json);
        while let Some(place) = rest.find(['{', '}', '"']) {
            let (found, after) = (rest.as_bytes()[place], &rest[place + 1..]);
            rest = after;
            match found {
                b'{' => depth += 1,
                b'}' if depth == 1 => return names,
                b'}' => depth -= 1,
                _ => {
                    let (text, after) = after.split_once('"').unwrap();
                    rest = after;
                    names.extend((depth == 1 && after.trim_start().starts_with(':')).then_some(text));
                }
            }
        }
        names
    }

    #[test]
    fn the_document_has_the_fields_of_a_row_in_the_order_in_which_they_are_written() {
        let document = openapi_json(&ApiSettings::default()).unwrap();
        let row = serde_json::to_string(&page(1, 1).page.rows[0]).unwrap();
        let written = names(&row);
        assert_eq!(written, wire::FIELDS);
        let described = |schema: &str| {
            let (_, schema) = document.split_once(&format!("\"{schema}\": {{")).unwrap();
            names(schema.split_once("\"properties\": ").unwrap().1)
        };
        assert_eq!(described("Statistics"), written);
        let given: Vec<_> = written.into_iter().filter(|name| *name != "campaignId").collect();
        assert_eq!(described("Row"), [&given[..], &["sourceName", "itemKinds"]].concat());
    }
}
