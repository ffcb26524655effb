//! What the database refuses by a rule is no outage; and every key of up to 1,024 bytes is recorded, however it comes.

use crate::PROGRAM;
use annotation_statistics_access::KeyScopes;
use annotation_statistics_domain::{Precondition, RecordError, StatisticsRecorder};
use annotation_statistics_tests::{
    Envelope, KeyDatabase, KeyHolder, Program, RawResponse, RunningService, Signer, TestDatabase, access_key,
    migration_scripts, register, stream, task,
};
use serde_json::{Value, json};

const ROWS: &str = "/annotation-requests/R/statistics";

/// A service with access keys and the request `R`, and a key that may do everything.
async fn service_with_r() -> (KeyDatabase, RunningService, Signer) {
    let data = KeyDatabase::empty();
    let mut key = access_key("ak-1");
    key.scopes = KeyScopes::ReadAndWrite;
    data.add(key.clone());
    register(&data.database, "R", None).await;
    let master_key = KeyDatabase::MASTER_KEY;
    let settings = format!("auth.enabled = true\nauth.master_key = '{master_key}'");
    let service = RunningService::with(&data.database.url(), &settings);
    (data, service, Signer::new(key.id.as_str(), key.secret.reveal()))
}

fn row(id: i64, key: &str) -> Value {
    json!({ "id": id, "status": 11, "poolName": "complete pool", "poolType": 5, "instanceInfo": { key: 2 },
        "instanceNum": 2, "attributeNum": 0, "frameNum": 1 })
}

fn put(service: &RunningService, signer: &Signer, row: &Value) -> RawResponse {
    let body = json!([row]).to_string();
    service.fetch_json("PUT", ROWS, &signer.v2("PUT", ROWS, &body), &body)
}

/// The longest key, the one of the fewest characters that once was too long, and the longest in three bytes each.
fn long_keys() -> [String; 3] {
    ["k".repeat(1024), "车".repeat(86), "车".repeat(341)]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_the_database_refuses_by_a_rule_is_a_fault_that_a_person_must_mend() {
    let (data, service, signer) = service_with_r().await;
    for (rule, reason) in [
        ("ALTER TABLE statistics ADD CONSTRAINT no_cars CHECK (NOT instance_info ? 'car')", "a CHECK"),
        ("ALTER TABLE statistics DROP CONSTRAINT no_cars, ADD COLUMN note text NOT NULL", "a NOT NULL"),
        (
            "ALTER TABLE statistics DROP COLUMN note; INSERT INTO statistics_totals \
             VALUES ('R', 5, 11, 9223372036854775807, 0, 0, 0)",
            "a number out of range",
        ),
    ] {
        data.database.execute(rule);
        let refused = put(&service, &signer, &row(1, "car"));
        let verdict = (500, 5000, "Service hiccuped, please try again later.");
        assert_eq!(Envelope::of(&refused).verdict(), verdict, "{reason}");
        assert_eq!(refused.header("retry-after"), None, "{reason}: it would be refused again");
        let recorder = data.database.recorder();
        let reported = recorder.record(stream([task("R", 1).instance_info(&[("car", 2)], 2, 0)]), Precondition::None);
        assert!(matches!(reported.await, Err(RecordError::Corrupt { .. })), "{reason}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_up_to_1024_bytes_are_recorded_over_http_and_by_an_import() {
    let (data, service, signer) = service_with_r().await;
    let program = Program::new(PROGRAM, &format!("database.url = {:?}", data.database.url()));
    for (id, key) in (1..).zip(long_keys()) {
        assert_eq!(Envelope::of(&put(&service, &signer, &row(id, &key))).verdict(), (200, 2000, "Success"), "{key}");
        let mut line = row(id, &key);
        line.as_object_mut()
            .unwrap()
            .extend([("annotationRequestId".to_owned(), json!("S")), ("campaignId".to_owned(), json!("1001"))]);
        let file = program.write("tasks.jsonl", line.to_string());
        let run = program.run(&["import", &file]);
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{key}");
    }
    let too_long = put(&service, &signer, &row(9, &"k".repeat(1025)));
    assert_eq!((too_long.status, Envelope::of(&too_long).code), (400, 4005));
    let kept = data.database.query("SELECT DISTINCT octet_length(item_key) FROM operation_item_totals ORDER BY 1");
    assert_eq!(kept, ["258", "1023", "1024"]);
}

#[test]
fn a_database_that_has_long_keys_is_migrated_by_every_migration() {
    let database = TestDatabase::without_schema();
    let mut session = database.session();
    for script in migration_scripts() {
        if script.name.ends_with("keep_totals") {
            session.execute(
                "INSERT INTO annotation_requests (id, campaign_id, task_count, revision, created_at, updated_at) \
                 VALUES ('R', '1001', 1, 1, now(), now())",
            );
            for (id, key) in (1..).zip(long_keys()) {
                session.execute(&format!(
                    "INSERT INTO statistics (annotation_request_id, task_id, position, status, pool_type, pool_name, \
                     instance_info, instance_num, attribute_num, frame_num) \
                     VALUES ('R', {id}, {id} - 1, 11, 5, 'complete pool', '{{\"{key}\": 2}}', 2, 0, 1)"
                ));
            }
        }
        session.execute(&script.up);
    }
    let kept = session.query("SELECT octet_length(item_key) FROM operation_item_totals ORDER BY 1");
    assert_eq!(kept, ["258", "1023", "1024"]);
}
