//! Pages that need more memory than there is for one.

use annotation_statistics_domain::{CampaignScope, RepositoryError, StatisticsRepository};
use annotation_statistics_tests::{TestDatabase, ids, page, record, task, task_ids};

/// About the size of the instance info of a task with so many items: a key of 20 bytes, quotes, colon, number, comma.
const ITEM: usize = 27;

/// A page of several tasks that needs more memory than the implementation's limit MUST fail with `PageTooLarge`; a page
/// of one task MUST be returned whatever its size.
pub(super) async fn obligation_16(database: &TestDatabase) {
    let sizes = [1, 100, 1_000, 10, 1];
    record(database, sizes.into_iter().zip(1..).map(|(items, id)| task("a", id).items(items))).await;
    record(database, [task("b", 7)]).await;
    let limited = |bytes: usize| database.repository().with_max_page(bytes);
    let find = async |bytes: usize, requests: &[&str], number: u64, limit: u32| {
        limited(bytes).find_page(&ids(requests), page(number, limit), &CampaignScope::All).await
    };
    for (bytes, requests, number, limit) in [
        (20_000, &["a"][..], 1, 5),
        (20_000, &["a", "b"], 1, 6),
        (20_000, &["b", "a"], 2, 3),
        (2_000, &["a"], 1, 2),
        (10, &["a"], 2, 4),
    ] {
        let refused = find(bytes, requests, number, limit).await;
        if requests == ["a"] && number == 2 {
            // The fifth task alone.
            assert_eq!(task_ids(&refused.unwrap().page.rows), [5]);
            continue;
        }
        let Err(RepositoryError::PageTooLarge { largest }) = refused else { panic!("{requests:?}: {refused:?}") };
        let items = if limit == 2 { 100 } else { 1_000 };
        assert!((items * ITEM..items * ITEM + 1_000).contains(&largest), "{largest} of {items} items");
    }
    let alone = find(10, &["a"], 3, 1).await.unwrap();
    assert_eq!(task_ids(&alone.page.rows), [3]);
    let all = find(60_000, &["a", "b"], 1, 6).await.unwrap();
    assert_eq!(task_ids(&all.page.rows), [1, 2, 3, 4, 5, 7], "and the session is good yet");
}
