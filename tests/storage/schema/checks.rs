//! What the constraints of the schema refuse.

use super::TABLES;
use annotation_statistics_tests::{SqlSession, TestDatabase};
use diesel::result::{DatabaseErrorKind, Error};

pub(super) const SOUND_REQUEST: &str = "INSERT INTO annotation_requests (id, campaign_id, task_count, revision, created_at, \
                             updated_at) VALUES ('a', '1001', 1, 1, now(), now())";
pub(super) const SOUND_TASK: &str = "INSERT INTO statistics (annotation_request_id, task_id, position, status, pool_type, \
                          pool_name, instance_info, instance_num, attribute_num, frame_num) \
                          VALUES ('a', 1, 0, 11, 5, 'complete pool', '{\"car\": 5}', 2, 3, 1)";

const SOUND_TOTALS: &str = "INSERT INTO statistics_totals VALUES ('a', 5, 11, 1, 2, 3, 1)";
const SOUND_ITEM_TOTALS: &str = "INSERT INTO operation_item_totals VALUES ('a', 'car', 5, 1, 0, 0)";
const SOUND_ITEM_GROUP: &str = "INSERT INTO item_group_totals VALUES ('a', 'car', 5, 11, 5, 1, 0, 0)";
const SOUND_REMOVED: &str = "INSERT INTO removed_positions VALUES ('b', 0)";
const SOUND_OPERATOR: &str = "INSERT INTO request_items \
    VALUES ('a', 'car', 0, 'vehicle', 'Car', 'vehicle.car', 'slot', 'rectangle', true, 1, 2, true)";
const SOUND_ITEM: &str = "INSERT INTO operation_items VALUES ('a', 'car', 'slot')";

const SOUND_STATEMENT: &str = "INSERT INTO statements \
    VALUES ('a', 1, '2026-11', '1001', NULL, 1, 1, sha256(''), 0, '{}', sha256(''), decode(repeat('00', 64), 'hex'), \
    repeat('0', 16), 'operator', now())";
const SOUND_FRAME: &str = "INSERT INTO statement_chunks VALUES ('a', 1, 0, 1, '')";

/// A table, what is changed of its sound row, the constraint that refuses it, and why it must.
const REFUSED: [(&str, &str, &str, &str); 76] = [
    ("annotation_requests", "id = ''", "annotation_requests_id_check", "an id without a byte"),
    ("annotation_requests", "id = repeat('é', 128)", "annotation_requests_id_check", "256 bytes are 128 characters"),
    ("annotation_requests", "campaign_id = ''", "annotation_requests_campaign_id_check", "a campaign without a name"),
    (
        "annotation_requests",
        "campaign_id = repeat('x', 256)",
        "annotation_requests_campaign_id_check",
        "a byte too many",
    ),
    ("annotation_requests", "task_count = -1", "annotation_requests_task_count_check", "fewer tasks than none"),
    (
        "annotation_requests",
        "removed_count = -1",
        "annotation_requests_removed_count_check",
        "fewer empty positions than none",
    ),
    (
        "annotation_requests",
        "removed_count = 2",
        "annotation_requests_next_position_check",
        "the next task would get a position that is given",
    ),
    (
        "annotation_requests",
        "removed_count = 2, next_position = 2",
        "annotation_requests_next_position_check",
        "1 task and 2 empty positions are 3",
    ),
    (
        "annotation_requests",
        "next_position = 1",
        "annotation_requests_next_position_check",
        "without empty positions it is the number of tasks",
    ),
    ("removed_positions", "position = -1", "removed_positions_position_check", "a place before the first"),
    ("annotation_requests", "counting_rule = ''", "annotation_requests_counting_rule_check", "a rule without a name"),
    (
        "annotation_requests",
        "counting_rule = repeat('x', 65)",
        "annotation_requests_counting_rule_check",
        "a byte too many",
    ),
    ("statistics", "position = -1", "statistics_position_check", "a place before the first"),
    ("statistics", "pool_type = -1", "statistics_pool_type_check", "below the closed set"),
    ("statistics", "pool_type = 6", "statistics_pool_type_check", "above the closed set"),
    ("statistics", "pool_name = ''", "statistics_pool_name_check", "a pool without a name"),
    ("statistics", "pool_name = repeat('x', 256)", "statistics_pool_name_check", "a byte too many"),
    (
        "statistics",
        "instance_num = -1, attribute_num = 6",
        "statistics_instance_num_check",
        "the sum agrees all the same",
    ),
    (
        "statistics",
        "instance_num = 6, attribute_num = -1",
        "statistics_attribute_num_check",
        "the sum agrees all the same",
    ),
    ("statistics", "frame_num = -1", "statistics_frame_num_check", "fewer frames than none"),
    ("statistics", "instance_num = 3", "statistics_counts_agree", "2 + 3 are 5, 3 + 3 are not"),
    (
        "statistics",
        "instance_num = 9223372036854775807, attribute_num = 9223372036854775807",
        "statistics_counts_agree",
        "a sum that no bigint holds is a wrong sum and not an overflow",
    ),
    ("statistics", "instance_info = '{\"car\": 6, \"bus\": -1}'", "statistics_counts_agree", "a count below zero"),
    ("statistics", "source_name = ''", "statistics_source_name_check", "a name without a byte"),
    ("statistics", "source_name = repeat('x', 1025)", "statistics_source_name_check", "a byte too many"),
    ("statistics_totals", "pool_type = -1", "statistics_totals_pool_type_check", "below the closed set"),
    ("statistics_totals", "tasks = -1", "statistics_totals_tasks_check", "fewer than none"),
    ("statistics_totals", "instances = -1", "statistics_totals_instances_check", "fewer than none"),
    ("statistics_totals", "attributes = -1", "statistics_totals_attributes_check", "fewer than none"),
    ("statistics_totals", "frames = -1", "statistics_totals_frames_check", "fewer than none"),
    ("operation_item_totals", "item_key = ''", "operation_item_totals_item_key_check", "a key without a byte"),
    (
        "operation_item_totals",
        "item_key = repeat('x', 1025)",
        "operation_item_totals_item_key_check",
        "a byte too many",
    ),
    ("item_group_totals", "item_key = ''", "item_group_totals_item_key_check", "a key without a byte"),
    ("item_group_totals", "item_key = repeat('x', 1025)", "item_group_totals_item_key_check", "a byte too many"),
    ("item_group_totals", "pool_type = 6", "item_group_totals_pool_type_check", "above the closed set"),
    ("item_group_totals", "total = -1", "item_group_totals_total_check", "fewer than none"),
    ("item_group_totals", "tasks = -1", "item_group_totals_tasks_check", "fewer than none"),
    ("item_group_totals", "tasks_of_slots = -1", "item_group_totals_tasks_of_slots_check", "fewer than none"),
    ("item_group_totals", "tasks_of_inputs = -1", "item_group_totals_tasks_of_inputs_check", "fewer than none"),
    ("operation_items", "item_key = ''", "operation_items_item_key_check", "a key without a byte"),
    ("operation_items", "item_key = repeat('x', 1025)", "operation_items_item_key_check", "a byte too many"),
    ("operation_items", "kind = 'box'", "operation_items_kind_check", "neither a slot nor an input"),
    ("request_items", "item_key = ''", "request_items_item_key_check", "a key without a byte"),
    ("request_items", "item_key = repeat('x', 1025)", "request_items_item_key_check", "a byte too many"),
    ("request_items", "place = -1", "request_items_place_check", "a place before the first"),
    ("request_items", "parent = ''", "request_items_parent_check", "a key without a byte"),
    ("request_items", "parent = repeat('x', 1025)", "request_items_parent_check", "a byte too many"),
    ("request_items", "label = ''", "request_items_label_check", "a label without a byte"),
    ("request_items", "label = repeat('x', 256)", "request_items_label_check", "a byte too many"),
    ("request_items", "export_label = ''", "request_items_export_label_check", "a label without a byte"),
    ("request_items", "export_label = repeat('x', 256)", "request_items_export_label_check", "a byte too many"),
    ("request_items", "kind = 'box'", "request_items_kind_check", "no kind of an operator"),
    ("request_items", "type = ''", "request_items_type_check", "a type without a byte"),
    ("request_items", "type = repeat('x', 65)", "request_items_type_check", "a byte too many"),
    ("request_items", "min_quantity = -1", "request_items_min_quantity_check", "fewer than none"),
    ("request_items", "max_quantity = -1, min_quantity = NULL", "request_items_max_quantity_check", "fewer than none"),
    ("request_items", "min_quantity = 3", "request_items_quantity_check", "more at least than at most"),
    ("operation_item_totals", "total = -1", "operation_item_totals_total_check", "fewer than none"),
    ("operation_item_totals", "tasks = -1", "operation_item_totals_tasks_check", "fewer than none"),
    ("operation_item_totals", "tasks_of_slots = -1", "operation_item_totals_tasks_of_slots_check", "fewer than none"),
    ("operation_item_totals", "tasks_of_inputs = -1", "operation_item_totals_tasks_of_inputs_check", "fewer than none"),
    ("statements", "number = 0", "statements_number_check", "a number before the first"),
    ("statements", "name = '.a'", "statements_name_check", "a hidden file"),
    ("statements", "name = repeat('a', 65)", "statements_name_check", "a byte too many"),
    ("statements", "name = E'a\n'", "statements_name_check", "a line end would end a header"),
    ("statements", "campaign_id = ''", "statements_campaign_id_check", "a campaign without a name"),
    ("statements", "counting_rule = ''", "statements_counting_rule_check", "a rule without a name"),
    ("statements", "task_count = -1", "statements_task_count_check", "fewer tasks than none"),
    ("statements", "rows_sha256 = ''", "statements_rows_sha256_check", "no digest"),
    ("statements", "rows_bytes = -1", "statements_rows_bytes_check", "fewer bytes than none"),
    ("statements", "sha256 = ''", "statements_sha256_check", "no digest"),
    ("statements", "signature = ''", "statements_signature_check", "no signature"),
    ("statements", "key_id = repeat('A', 16)", "statements_key_id_check", "capitals"),
    ("statements", "actor = ''", "statements_actor_check", "an actor without a name"),
    ("statements", "created_at = 'infinity'", "statements_created_at_check", "no time"),
    ("statement_chunks", "chunk = -1", "statement_chunks_chunk_check", "a place before the first"),
];

fn sound(database: &TestDatabase) -> SqlSession {
    let mut session = database.session();
    for row in [
        SOUND_REQUEST,
        SOUND_TASK,
        SOUND_TOTALS,
        SOUND_ITEM_TOTALS,
        SOUND_ITEM_GROUP,
        SOUND_REMOVED,
        SOUND_ITEM,
        SOUND_OPERATOR,
        SOUND_STATEMENT,
        SOUND_FRAME,
    ] {
        session.execute(row);
    }
    session
}

#[test]
fn every_check_refuses_its_bad_row() {
    let database = TestDatabase::new();
    let mut session = sound(&database);
    for (table, change, constraint, reason) in REFUSED {
        match session.try_execute(&format!("UPDATE {table} SET {change}")) {
            Err(Error::DatabaseError(DatabaseErrorKind::CheckViolation, reported)) => {
                let refused_by = (reported.table_name(), reported.constraint_name());
                assert_eq!(refused_by, (Some(table), Some(constraint)), "{change}: {reason}");
            }
            other => panic!("{change}: {reason}: {other:?}"),
        }
    }
    let tried: std::collections::BTreeSet<&str> = REFUSED.iter().map(|(_, _, constraint, _)| *constraint).collect();
    let mut all =
        database.query(&format!("SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid IN ({TABLES})"));
    // The next test is about this one: it never comes first.
    all.retain(|name| name != "statistics_instance_info_check");
    all.sort();
    assert_eq!(tried.into_iter().collect::<Vec<_>>(), all, "a check that no row is tried against");
}

const NO_OBJECT: &str = "jsonpath wildcard member accessor can only be applied to an object";

#[test]
fn instance_info_that_is_no_object_of_counts_is_refused() {
    let database = TestDatabase::new();
    let mut session = sound(&database);
    for (json, expected, reason) in [
        ("[]", NO_OBJECT, "a list"),
        ("5", NO_OBJECT, "a number"),
        ("null", NO_OBJECT, "a null is not no value"),
        (r#"{"car": null}"#, r#"invalid input syntax for type bigint: "null""#, "no count"),
        (r#"{"car": "5"}"#, r#"invalid input syntax for type bigint: ""5"""#, "a text"),
        (r#"{"car": 5.0}"#, r#"invalid input syntax for type bigint: "5.0""#, "a fraction"),
        (r#"{"car": [5]}"#, r#"invalid input syntax for type bigint: "[5]""#, "a list"),
        (r#"{"car": [5, 6]}"#, r#"invalid input syntax for type bigint: "[5""#, "a list of two"),
        (r#"{"car": []}"#, r#"invalid input syntax for type bigint: "[]""#, "a list of none"),
        (r#"{"car": {}}"#, r#"invalid input syntax for type bigint: "{}""#, "an object"),
        (r#"{"car": {"x": 5}}"#, r#"invalid input syntax for type bigint: "{"x": 5}""#, "an object with a count"),
        (r#"{"car": "5, 6"}"#, r#"invalid input syntax for type bigint: ""5""#, "a text that looks like two"),
        (r#"{"car": ""}"#, r#"invalid input syntax for type bigint: """""#, "an empty text"),
        (r#"{"car": true}"#, r#"invalid input syntax for type bigint: "true""#, "a truth"),
        (
            r#"{"car": 9223372036854775808}"#,
            r#"value "9223372036854775808" is out of range for type bigint"#,
            "too many",
        ),
    ] {
        match session.try_execute(&format!("UPDATE statistics SET instance_info = '{json}'")) {
            Err(Error::DatabaseError(_, reported)) => assert_eq!(reported.message(), expected, "{json}: {reason}"),
            other => panic!("{json}: {reason}: {other:?}"),
        }
    }
}

#[test]
fn a_task_and_a_place_are_there_once_in_a_request_and_again_in_another() {
    let database = TestDatabase::new();
    let mut session = sound(&database);
    for (task, position, constraint) in
        [(1, 7, "statistics_pkey"), (7, 0, "statistics_annotation_request_id_position_key")]
    {
        let again = SOUND_TASK.replace("('a', 1, 0,", &format!("('a', {task}, {position},"));
        match session.try_execute(&again) {
            Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, reported)) => {
                assert_eq!(reported.constraint_name(), Some(constraint));
            }
            other => panic!("task {task} at {position}: {other:?}"),
        }
    }
    session.execute(&SOUND_TASK.replace("('a',", "('b',"));
}
