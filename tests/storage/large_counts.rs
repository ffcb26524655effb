//! Counts that may take much memory are left out of the statements that send all rows of a page at once.

use annotation_statistics_domain::{CampaignScope, StatisticsRepository};
use annotation_statistics_storage::{PAGE_BATCH_SQL, PAGE_OF_ONE_SQL};
use annotation_statistics_tests::{TestDatabase, ids, page, record, task};

/// Few bytes once Postgres has compressed them, and many when they are read.
const ITEMS: u32 = 150;

#[tokio::test]
async fn counts_that_postgres_has_compressed_are_read_apart_however_small_they_are_then() {
    let database = TestDatabase::new();
    let tasks = [task("a", 1), task("a", 2).items(ITEMS), task("a", 3)];
    record(&database, tasks).await;
    let stored = "SELECT pg_column_compression(instance_info) IS NOT NULL AND pg_column_size(instance_info) <= 2000 \
                  FROM statistics WHERE task_id = 2";
    assert_eq!(database.query(stored), ["true"]);

    let of_one = [("$1", "'a'"), ("$2", "0"), ("$3", "10"), ("$4", "NULL::text[]")];
    let lists = ["ARRAY['a']", "ARRAY[0]", "ARRAY[10]", "ARRAY[NULL]", "ARRAY[NULL]", "ARRAY[]"];
    let batch = ["$1", "$2", "$3", "$4", "$5", "$6"].into_iter().zip(lists);
    for (statement, values) in [(PAGE_OF_ONE_SQL, of_one.to_vec()), (PAGE_BATCH_SQL, batch.collect())] {
        let sql = values.iter().fold(statement.to_owned(), |sql, (name, value)| sql.replace(name, value));
        let left_out = format!(
            "SELECT task ->> 'f6' IS NULL FROM (SELECT to_jsonb(page.task) AS task FROM ({sql}) AS page) AS tasks ORDER BY (task ->> 'f1')::bigint"
        );
        assert_eq!(database.query(&left_out), ["false", "true", "false"], "{sql}");
    }

    let found = database.repository().find_page(&ids(&["a"]), page(1, 10), &CampaignScope::All).await.unwrap();
    let items: Vec<usize> = found.page.rows.iter().map(|row| row.instance_info().iter().len()).collect();
    assert_eq!(items.get(1).copied(), usize::try_from(ITEMS).ok(), "it is read all the same: {items:?}");
}
