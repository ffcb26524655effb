//! A given database, such as that of a cluster (`make cluster`), gives the same responses as a private one with the same
//! rows. Without one, two private databases are compared.

mod later_migrations;
mod lost_nodes;
mod many_writers;

use annotation_statistics_tests::{RunningService, TestDatabase};

/// 40 requests with 0 to 117 tasks, some of which are removed, and the sums of them; the times and revisions are fixed, as
/// responses have them.
pub(crate) const FILL: &str = r#"
    INSERT INTO annotation_requests (id, campaign_id, task_count, revision, created_at, updated_at, counting_rule,
                                     removed_count, next_position, layout)
    SELECT 'r' || n, (1001 + n % 3)::text, n * 3 - n / 10, 1796000000000000 + n, timestamptz '2026-11-01 00:00:00Z',
           timestamptz '2026-11-01 00:00:00Z' + n * interval '1 minute', CASE WHEN n % 4 > 0 THEN 'objects/2' END,
           n / 10, CASE WHEN n / 10 > 0 THEN n * 3 END, 7
    FROM generate_series(0, 39) AS n;
    INSERT INTO removed_positions (annotation_request_id, position)
    SELECT 'r' || n, 2 * gap FROM generate_series(0, 39) AS n, generate_series(1, 3) AS gap WHERE gap <= n / 10;
    INSERT INTO statistics (annotation_request_id, task_id, position, status, pool_type, pool_name, instance_info,
                            instance_num, attribute_num, frame_num, source_name)
    SELECT 'r' || n, t * 1146703288430, t, t % 4, t % 6, 'pool ' || t % 6,
           jsonb_build_object('select-[e000f]', t % 50, 'car é "' || t % 7 || '"', 5), t % 50, 5, t % 3,
           CASE WHEN t % 2 = 0 THEN 'frames/' || t % 20 || '.jpg' END
    FROM generate_series(0, 39) AS n, generate_series(0, 116) AS t
    WHERE t < n * 3 AND (t % 2 = 1 OR t = 0 OR t > 2 * (n / 10));
    INSERT INTO statistics_totals (annotation_request_id, pool_type, status, tasks, instances, attributes, frames)
    SELECT annotation_request_id, pool_type, status, count(*), sum(instance_num), sum(attribute_num), sum(frame_num)
    FROM statistics GROUP BY annotation_request_id, pool_type, status;
    INSERT INTO operation_item_totals (annotation_request_id, item_key, total, tasks, tasks_of_slots, tasks_of_inputs)
    SELECT s.annotation_request_id, item.key, sum(item.value::text::numeric), count(*),
           count(*) FILTER (WHERE s.attribute_num = 0), count(*) FILTER (WHERE s.instance_num = 0)
    FROM statistics AS s, jsonb_each(s.instance_info) AS item WHERE item.value::text <> '0'
    GROUP BY s.annotation_request_id, item.key"#;

const REQUESTS: usize = 500;

/// One after the other through all that can be read, with ids, pages and limits that differ each time.
fn target(number: usize) -> String {
    let id = |offset: usize| format!("annotationRequestId=r{}", (number * 7 + offset * 11) % 41);
    let (page, limit) = (1 + number % 5, 1 + (number * 13) % 60);
    let several = |most: usize| (0..2 + number % most).map(id).collect::<Vec<_>>().join("&");
    match number % 9 {
        0 | 1 => format!("/statistics?{}&limit={limit}&offset={page}", id(0)),
        2..=4 => format!("/statistics?{}&limit={limit}&offset={page}", several(25)),
        5 => format!("/statistics/summary?{}", several(8)),
        6 => format!("/annotation-requests/r{}", number % 41),
        7 => format!("/annotation-requests/r{}/statistics/{}", number % 41, (number % 90) * 1_146_703_288_430),
        _ => format!("/annotation-requests/r{}/statistics?sourceName=frames/{}.jpg", number % 41, number % 20),
    }
}

/// Status, entity tag and body, without what differs from one response to the next.
fn response(service: &RunningService, target: &str) -> (u16, Option<String>, String) {
    let response = service.fetch("GET", target, "");
    let mut body = response.text().to_owned();
    for name in ["\"date\":\"", "\"requestId\":\""] {
        if let Some((before, rest)) = body.clone().split_once(name) {
            let (_, after) = rest.split_once('"').unwrap();
            body = format!("{before}{after}");
        }
    }
    (response.status, response.header("etag").map(str::to_owned), body)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_given_database_gives_the_same_bodies_as_a_private_one() {
    let (given, private) = (TestDatabase::new(), TestDatabase::private());
    let [at_given, at_private] = [&given, &private].map(|database| {
        database.execute(FILL);
        RunningService::on(database)
    });
    let mut found = 0;
    for target in (0..REQUESTS).map(target) {
        let expected = response(&at_private, &target);
        found += usize::from(expected.0 == 200);
        assert_eq!(response(&at_given, &target), expected, "{target}");
    }
    assert!((REQUESTS / 2..REQUESTS).contains(&found), "{found} were found");
}
