//! The memory that the sums of many operation items take.

use annotation_statistics_domain::{CampaignScope, RepositoryError, SummaryQuery, SummaryRepository};
use annotation_statistics_storage::PostgresSummaryRepository;
use annotation_statistics_tests::{PeakMemory, TestDatabase, ids, record, task};

const MIB: u64 = 1 << 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sums_that_are_too_large_are_not_in_memory_before_they_are_refused() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    database.execute(
        "INSERT INTO operation_item_totals SELECT 'a', lpad(number::text, 1000, '0'), 1, 1, 1, 0
         FROM generate_series(1, 64000) AS number",
    );
    let limited = PostgresSummaryRepository::new(database.database()).with_max_summary(1 << 20);
    let peak = PeakMemory::start();
    let refused = limited.summarize(&ids(&["a"]), &SummaryQuery::default(), &CampaignScope::All).await;
    assert!(matches!(refused, Err(RepositoryError::SummaryTooLarge { .. })), "{refused:?}");
    if let Some(grown) = peak.grown() {
        assert!(grown < 16 * MIB, "{grown} bytes more than before, of 64 MB that there are");
    }
}
