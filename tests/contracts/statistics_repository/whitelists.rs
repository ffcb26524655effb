//! Pages with what is ordered of the requests of their tasks.

use super::RepositoryError;
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, CampaignScope, Precondition, Revision, StatisticsRepository, Taxonomy,
    WhitelistedPage,
};
use annotation_statistics_tests::{
    Implementation, TestDatabase, ids, operator, page, record, register, stream, task, taxonomy,
};
use std::collections::BTreeMap;

const ALL: &CampaignScope = &CampaignScope::All;

async fn agree(data: &impl Implementation, request: &str, taxonomy: Taxonomy) -> Revision {
    let id = AnnotationRequestId::new(request).unwrap();
    data.taxonomies().replace(&id, taxonomy, ALL, Precondition::None).await.unwrap().revision
}

async fn found(data: &impl Implementation, requests: &[&str], number: u64, limit: u32) -> WhitelistedPage {
    data.repository().find_whitelisted_page(&ids(requests), page(number, limit), ALL).await.unwrap()
}

/// The keys for each row, with a blank between them.
fn keys(found: &WhitelistedPage) -> Vec<String> {
    let of_row = |keys: &annotation_statistics_domain::Whitelist| {
        keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    found.whitelists.iter().map(of_row).collect()
}

/// `find_whitelisted_page` MUST return the page that `find_page` returns, and refuse what `find_page` refuses.
pub(super) async fn obligation_23(data: &impl Implementation) {
    record(data, (1..=5).map(|id| task("a", id).counted_by("objects/2"))).await;
    record(data, (1..=4).map(|id| task("b", id).campaign("theirs"))).await;
    register(data, "bare", None).await;
    agree(data, "a", taxonomy([operator("car")])).await;
    let repository = data.repository();
    for (requests, number, limit) in [
        (&["a"][..], 1, 10),
        (&["b", "bare", "a"], 1, 3),
        (&["a", "b"], 2, 4),
        (&["bare"], 1, 10),
        (&["a", "b"], 9, 10),
    ] {
        let expected = repository.find_page(&ids(requests), page(number, limit), ALL).await.unwrap();
        assert_eq!(found(data, requests, number, limit).await.page, expected, "{requests:?}, page {number}");
    }
    let ours = CampaignScope::Only([CampaignId::new("ours").unwrap()].into());
    for (requests, scope) in [(&["no such", "a", "nor this"][..], ALL), (&["b"], &ours), (&["a", "b"], &ours)] {
        let requests = ids(requests);
        let expected = repository.find_page(&requests, page(1, 10), scope).await.unwrap_err().to_string();
        let refused = repository.find_whitelisted_page(&requests, page(1, 10), scope).await.unwrap_err();
        assert_eq!(refused.to_string(), expected);
    }
    data.cut_off();
    let refused = repository.find_whitelisted_page(&ids(&["a"]), page(1, 10), ALL).await;
    assert!(matches!(refused, Err(RepositoryError::Unavailable(_))), "{refused:?}");
    data.reconnect();
    found(data, &["a"], 1, 10).await;
}

/// For each of the rows it MUST return the whitelist of the taxonomy of the row's request, of the snapshot of the page.
pub(super) async fn obligation_24(data: &impl Implementation) {
    record(data, [task("a", 1), task("b", 1), task("a", 2), task("c", 1)]).await;
    register(data, "bare", None).await;
    agree(data, "a", taxonomy([operator("car"), operator("car/color"), operator("Bus")])).await;
    let some = Taxonomy::new(vec![operator("car"), operator("bus")], Some(vec![operator("bus").key]));
    agree(data, "b", some.unwrap()).await;
    agree(data, "bare", taxonomy([operator("zebra")])).await;
    let all = found(data, &["c", "bare", "b", "a"], 1, 10).await;
    assert_eq!(keys(&all), ["", "bus", "Bus car car/color", "Bus car car/color"]);
    assert_eq!(keys(&found(data, &["c", "b", "a"], 2, 2).await), ["Bus car car/color", "Bus car car/color"]);
    assert_eq!(keys(&found(data, &["a"], 2, 1).await), ["Bus car car/color"]);
    assert_eq!(keys(&found(data, &["c"], 1, 1).await), [""]);
    assert_eq!(keys(&found(data, &["bare"], 1, 1).await), [""; 0]);
    agree(data, "a", Taxonomy::default()).await;
    assert_eq!(keys(&found(data, &["b", "a"], 1, 2).await), ["bus", ""]);
    assert_one_snapshot(data).await;
}

/// While tasks and taxonomies of a request change, a page has the whitelist of its revision.
async fn assert_one_snapshot(data: &impl Implementation) {
    const ROUNDS: u32 = 40;
    record(data, [task("d", 1)]).await;
    let (recorder, taxonomies, repository) = (data.recorder(), data.taxonomies(), data.repository());
    let first = repository.find_page(&ids(&["d"]), page(1, 10), ALL).await.unwrap().revisions[0];
    let writer = tokio::spawn(async move {
        let id = AnnotationRequestId::new("d").unwrap();
        let mut written = BTreeMap::from([(first, String::new())]);
        for round in 1..=ROUNDS {
            let key = format!("item {round}");
            let kept = taxonomies.replace(&id, taxonomy([operator(&key)]), ALL, Precondition::None).await.unwrap();
            written.insert(kept.revision, key);
            recorder.record(stream([task("d", 1).frames(round)]), Precondition::None).await.unwrap();
        }
        written
    });
    let mut read = Vec::new();
    while !writer.is_finished() {
        for requests in [&["d"][..], &["a", "d"]] {
            let found = repository.find_whitelisted_page(&ids(requests), page(1, 10), ALL).await.unwrap();
            read.push((*found.page.revisions.last().unwrap(), keys(&found).pop().unwrap()));
        }
    }
    let written = writer.await.unwrap();
    for (revision, whitelist) in read {
        let (_, expected) = written.range(..=revision).next_back().unwrap();
        assert_eq!(whitelist, *expected, "at revision {revision:?}");
    }
}

/// Whitelists that need more memory than the implementation's limit MUST fail with `PageTooLarge` where the page has
/// several tasks; those of a page of one task MUST be returned whatever their size.
pub(super) async fn obligation_25(database: &TestDatabase) {
    record(database, [task("a", 1), task("a", 2), task("b", 1)]).await;
    let many =
        |number: usize| taxonomy((0..number).map(|item| operator(&format!("an item of the taxonomy {item:03}"))));
    agree(database, "a", many(500)).await;
    agree(database, "b", many(10)).await;
    // About 100 bytes an item in memory, and 30 of a key with quotes, colon, zero and comma in JSON.
    let limited = database.repository().with_max_page(20_000);
    for (requests, limit, is_too_large) in
        [(&["a"][..], 2, true), (&["b", "a"], 2, true), (&["a"], 1, false), (&["b"], 10, false)]
    {
        let found = limited.find_whitelisted_page(&ids(requests), page(1, limit), ALL).await;
        match found {
            Err(RepositoryError::PageTooLarge { largest }) if is_too_large => assert_eq!(largest, 500 * 32),
            Ok(found) if !is_too_large => assert!(keys(&found)[0].starts_with("an item of the taxonomy 000")),
            other => panic!("{requests:?}: {other:?}"),
        }
    }
    let all = database.repository().find_whitelisted_page(&ids(&["b", "a"]), page(1, 10), ALL).await.unwrap();
    assert_eq!(all.whitelists.iter().map(|keys| keys.len()).collect::<Vec<_>>(), [10, 500, 500]);
}
