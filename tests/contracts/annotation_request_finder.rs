//! Holds implementations of the `AnnotationRequestFinder` port to its obligations: one test for each MUST of its
//! documentation, in the same words and the same order.

mod tasks_and_campaigns;

use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, CampaignScope, FoundRequests, IdPart, ListedRequest, PoolType, Precondition,
    Progress, RepositoryError, RequestSearch, StatusFilter, TaskId, TaskSearch, TaskStatus, TaskTerm,
};
use annotation_statistics_tests::{
    Implementation, Task, TestDatabase, held_to, record, register, statistics_of, task, totals_of,
};
use std::num::NonZeroU32;
use std::time::{Duration, Instant};
use tasks_and_campaigns::{obligation_05, obligation_06, obligation_07};

held_to! { "annotation_request_finder",
    everywhere:
        obligation_01 obligation_02 obligation_03 obligation_04 obligation_05 obligation_06 obligation_08
    , postgres only:
        obligation_07 obligation_09
}

const ALL: &CampaignScope = &CampaignScope::All;

fn most(limit: u32) -> NonZeroU32 {
    NonZeroU32::new(limit).unwrap()
}

fn only(campaigns: &[&str]) -> CampaignScope {
    CampaignScope::Only(campaigns.iter().map(|campaign| CampaignId::new(*campaign).unwrap()).collect())
}

fn all(limit: u32) -> RequestSearch {
    RequestSearch::of_all(most(limit))
}

fn with_part(part: &str) -> RequestSearch {
    RequestSearch { id_part: Some(IdPart::new(part).unwrap()), ..all(100) }
}

fn ids(found: &[ListedRequest]) -> String {
    found.iter().map(|listed| listed.request().id.as_str()).collect::<Vec<_>>().join(" ")
}

async fn find(data: &impl Implementation, search: &RequestSearch, scope: &CampaignScope) -> FoundRequests {
    data.finder().find_requests(search, scope).await.unwrap()
}

/// All pages of a search, from the first one on.
async fn pages(data: &impl Implementation, search: &RequestSearch, scope: &CampaignScope) -> Vec<FoundRequests> {
    let mut search = search.clone();
    let mut pages = Vec::new();
    loop {
        let page = find(data, &search, scope).await;
        search.after.clone_from(&page.next);
        pages.push(page);
        if search.after.is_none() {
            return pages;
        }
    }
}

/// The ids of all pages of a search.
async fn found(data: &impl Implementation, search: &RequestSearch, scope: &CampaignScope) -> String {
    let pages = pages(data, search, scope).await;
    ids(&pages.into_iter().flat_map(|page| page.requests).collect::<Vec<_>>())
}

/// Twelve requests of three campaigns, each changed after the one before: r-00 to r-11.
async fn twelve(data: &impl Implementation) {
    for number in 0..12 {
        let request = |id: i64| task(&format!("r-{number:02}"), id).campaign(&(number % 3).to_string());
        let open = request(2).pool(PoolType::Check, "check").status(6);
        let tasks: Vec<Task> = if number % 2 == 0 { vec![request(1)] } else { vec![request(1), open] };
        record(data, tasks).await;
    }
}

/// `find_requests` MUST return the requests in the scope that the search is for, those that were changed last first,
/// and those that were changed at the same time in the descending byte order of their ids.
async fn obligation_01(data: &impl Implementation) {
    assert_eq!(found(data, &all(9), ALL).await, "", "there are none");
    twelve(data).await;
    register(data, "EMPTY", None).await;
    record(data, [task("r-04", 9).campaign("1")]).await;
    let everything = "r-04 EMPTY r-11 r-10 r-09 r-08 r-07 r-06 r-05 r-03 r-02 r-01 r-00";
    assert_eq!(found(data, &all(100), ALL).await, everything);
    let campaign = |id: &str| RequestSearch { campaign_id: Some(CampaignId::new(id).unwrap()), ..all(100) };
    let status = |status| RequestSearch { status: Some(status), ..all(100) };
    let progress = |progress| status(StatusFilter::Progress(progress));
    let since = find(data, &with_part("r-10"), ALL).await.requests[0].request().updated_at;
    let since = |later| RequestSearch { changed_since: Some(since + Duration::from_micros(later)), ..all(100) };
    for (search, scope, expected) in [
        (campaign("1"), ALL, "r-04 r-10 r-07 r-01"),
        (campaign("1"), &only(&["1", "2"]), "r-04 r-10 r-07 r-01"),
        (campaign("1"), &only(&["2"]), ""),
        (all(100), &only(&["1", "1001"]), "r-04 EMPTY r-10 r-07 r-01"),
        (all(100), &only(&[]), ""),
        (with_part("-1"), ALL, "r-11 r-10"),
        (with_part("1"), &only(&["1"]), "r-10 r-01"),
        (with_part("empty"), ALL, ""),
        (with_part("%"), ALL, ""),
        (with_part("r_0"), ALL, ""),
        (progress(Progress::Empty), ALL, "EMPTY"),
        (progress(Progress::Open), ALL, "r-11 r-09 r-07 r-05 r-03 r-01"),
        (progress(Progress::Complete), &only(&["0"]), "r-06 r-00"),
        (status(StatusFilter::HasTasks(TaskStatus::from(6))), &only(&["2"]), "r-11 r-05"),
        (status(StatusFilter::HasTasks(TaskStatus::from(7))), ALL, ""),
        (since(0), ALL, "r-04 EMPTY r-11 r-10"),
        (since(1), ALL, "r-04 EMPTY r-11"),
        (RequestSearch { campaign_id: campaign("1").campaign_id, ..with_part("0") }, ALL, "r-04 r-10 r-07 r-01"),
    ] {
        assert_eq!(found(data, &search, scope).await, expected, "{search:?} in {scope:?}");
    }
    record(data, ["y", "Z", "é", "x"].map(|request| task(request, 1).campaign("same"))).await;
    let same = find(data, &campaign("same"), ALL).await.requests;
    let places: Vec<_> = same.iter().map(|one| (one.request().updated_at, one.request().id.clone())).collect();
    assert!(places.len() == 4 && places.iter().rev().is_sorted(), "{places:?}");
}

/// A page MUST have no more requests than the limit, and the pages that follow `next` MUST have each request once that
/// is not changed meanwhile. A page with `next` may have fewer, or none: an implementation looks at so many at a time.
async fn obligation_02(data: &impl Implementation) {
    record(data, (0..60).map(|number| task(&format!("same {number:02}"), 1).campaign("same"))).await;
    twelve(data).await;
    let searches = [
        all(7),
        with_part("r-0"),
        with_part("5"),
        RequestSearch { status: Some(with_status(Progress::Open)), ..all(7) },
    ];
    for scope in [ALL, &only(&["same"]), &only(&["0", "1", "same"])] {
        for search in &searches {
            let expected = found(data, &RequestSearch { limit: most(1_000), ..search.clone() }, scope).await;
            for limit in [1, 5, 12, 72, 73] {
                let search = RequestSearch { limit: most(limit), ..search.clone() };
                let pages = pages(data, &search, scope).await;
                let limit = usize::try_from(limit).unwrap();
                assert!(pages.iter().all(|page| page.requests.len() <= limit), "{search:?} in {scope:?}");
                let found: Vec<_> = pages.into_iter().flat_map(|page| page.requests).collect();
                assert_eq!(ids(&found), expected, "{search:?} in {scope:?}");
            }
        }
    }
    let first = find(data, &all(5), ALL).await;
    record(data, [task("r-09", 77).campaign("0"), task("r-05", 77).campaign("2")]).await;
    let rest = found(data, &RequestSearch { after: first.next, ..all(3) }, ALL).await;
    assert_eq!(rest.split(' ').take(4).collect::<Vec<_>>(), ["r-06", "r-04", "r-03", "r-02"], "r-05 was changed");
}

fn with_status(progress: Progress) -> StatusFilter {
    StatusFilter::Progress(progress)
}

/// `next` MUST be `None` exactly where nothing is left to look at.
async fn obligation_03(data: &impl Implementation) {
    twelve(data).await;
    record(data, (0..20).map(|number| task(&format!("same {number:02}"), 1).campaign("same"))).await;
    let open = |limit| RequestSearch { status: Some(with_status(Progress::Open)), ..all(limit) };
    let part = |limit, part: &str| RequestSearch { limit: most(limit), ..with_part(part) };
    for (search, scope) in [
        (all(32), ALL),
        (all(31), ALL),
        (all(4), &only(&["1"])),
        (all(20), &only(&["same"])),
        (part(9, "nothing"), &only(&["same"])),
        (part(9, "nothing"), ALL),
        (part(2, "r-1"), ALL),
        (part(2, "r-0"), ALL),
        (open(5), ALL),
        (open(2), &only(&["0"])),
        (open(1), &only(&["same"])),
    ] {
        let pages = pages(data, &search, scope).await;
        for page in &pages {
            let rest = RequestSearch { after: page.next.clone(), ..all(1) };
            let is_left = page.next.is_some() && !find(data, &rest, scope).await.requests.is_empty();
            assert_eq!(page.next.is_some(), is_left, "{search:?} in {scope:?}");
        }
    }
}

/// The sums of a request MUST be those over the tasks that it has at the returned revision.
async fn obligation_04(data: &impl Implementation) {
    let check = async |reason: &str| {
        for listed in find(data, &all(100), ALL).await.requests {
            let request = listed.request();
            let response = statistics_of(data, &[request.id.as_str()]).await;
            let complete = response.page.rows.iter().filter(|row| row.pool_type() == PoolType::Complete).count();
            assert_eq!(vec![request.revision], response.revisions, "{reason}");
            let reported = (listed.totals(), listed.complete_tasks());
            assert_eq!(reported, (totals_of(&response.page.rows), complete.try_into().unwrap()), "{reason}");
            assert_eq!(listed.progress(), Progress::of(listed.totals().tasks, listed.complete_tasks()), "{reason}");
            assert_eq!(*request, data.registry().find(&request.id, ALL).await.unwrap(), "{reason}");
        }
    };
    twelve(data).await;
    let huge = 1 << 31;
    record(data, (0..5).map(move |number| task("huge", number).counts(huge, huge).frames(huge))).await;
    check("as recorded").await;
    record(data, [task("r-01", 2).campaign("1"), task("r-02", 1).campaign("2").pool(PoolType::Sampling, "s")]).await;
    check("one is complete now, and one is not any more").await;
    let request = AnnotationRequestId::new("r-03").unwrap();
    for number in [1, 2] {
        data.registry().delete_task(&request, TaskId::from(number), ALL, Precondition::None).await.unwrap();
        check("without a task").await;
    }
}

/// Where the data cannot be reached within the implementation's time limit each of them MUST fail with `Unavailable`.
async fn obligation_08<I: Implementation>(data: &I) {
    twelve(data).await;
    data.cut_off();
    let tasks = TaskSearch { term: TaskTerm::Id(TaskId::from(1)), after: None, limit: most(1) };
    let started = Instant::now();
    let finder = data.finder();
    for refused in [
        finder.find_requests(&all(1), ALL).await.err(),
        finder.find_tasks(&tasks, ALL).await.err(),
        finder.list_campaigns(None, most(1), ALL).await.err(),
    ] {
        assert!(matches!(refused, Some(RepositoryError::Unavailable(_))), "{refused:?}");
    }
    assert!(started.elapsed() < I::TIME_LIMIT, "after {:?}", started.elapsed());
    data.reconnect();
    assert_eq!(ids(&find(data, &all(1), ALL).await.requests), "r-11", "it heals by itself");
}

/// Sums that are not of the tasks that their request has MUST fail with `Corrupt`.
async fn obligation_09(database: &TestDatabase) {
    for (number, (sql, reported)) in [
        ("UPDATE statistics_totals SET tasks = 2", "the sums of `{request}` are of 2 tasks, it has 1"),
        ("DELETE FROM statistics_totals", "the sums of `{request}` are of 0 tasks, it has 1"),
    ]
    .into_iter()
    .enumerate()
    {
        let request = format!("request {number}");
        record(database, [task(&request, 1)]).await;
        database.execute(&format!("{sql} WHERE annotation_request_id = '{request}'"));
        match database.finder().find_requests(&with_part(&request), ALL).await {
            Err(RepositoryError::Corrupt { what }) => {
                assert_eq!(
                    what,
                    format!("statistics_totals of `{request}`: {}", reported.replace("{request}", &request))
                );
            }
            other => panic!("{sql}: {other:?}"),
        }
    }
}
