//! What cannot be compared, and what a client gets instead.

use crate::annotation_requests::diff::test_states::{
    Kept, exporting, get, keeping, november, now, october, state, state_with, statements,
};
use crate::test_support::{HICCUP, UNKNOWN, compact, refusal, settings};
use annotation_statistics_domain::{
    ExportError, MockStatementRepository, MockStatisticsExporter, RepositoryError, StatementError,
};
use std::sync::Arc;

#[actix_web::test]
async fn what_is_not_there_is_said_as_elsewhere() {
    let response = get(state(statements(), exporting(vec![])), "?from=statement:2026-12", &[]).await;
    let message = "Not Found: annotation request `7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b` has no statement `2026-12`";
    assert_eq!((response.status, response.text()), (404, refusal(404, message).as_str()));

    let mut unknown = MockStatementRepository::new();
    unknown.expect_list().returning(|id, _, _, _| Err(StatementError::UnknownAnnotationRequest(id.clone())));
    let response = get(state_with(unknown, exporting(vec![]), settings()), "", &[]).await;
    assert_eq!((response.status, response.text()), (404, compact(UNKNOWN).as_str()));
    assert_eq!(response.header("unknown-annotation-request"), Some("7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b"));

    let response = get(state(statements(), exporting(vec![])), "?asOf=2026-10-31", &[]).await;
    let message = "Invalid parameter: asOf names a past state; those are not kept yet: name a statement, such as \
                   from=statement:2026-10";
    assert_eq!((response.status, response.text()), (400, refusal(4005, message).as_str()));
}

fn frames_that_fail(error: fn() -> StatementError) -> MockStatementRepository {
    let mut kept = keeping(statements());
    kept.checkpoint();
    let found = statements();
    kept.expect_find().returning(move |_, name, _| {
        Ok(found.iter().find(|kept| kept.statement.head.name == *name).unwrap().statement.clone())
    });
    kept.expect_list().returning(|_, _, _, _| Ok(vec![statements().remove(0).statement.head]));
    kept.expect_find_frames().returning(move |_, _, _, _| Err(error()));
    kept
}

#[actix_web::test]
async fn rows_that_cannot_be_read_fail_as_their_repository_does() {
    let failures: [(fn() -> StatementError, u16); 2] = [
        (|| StatementError::Unavailable("no route".into()), 503),
        (|| StatementError::Corrupt { what: "statement_chunks".to_owned() }, 500),
    ];
    for (failure, status) in failures {
        for query in
            ["?to=statement:2026-11", "?from=statement:2026-10", "?to=statement:2026-11&format=csv", "?format=csv"]
        {
            let recorded = now(1_744_208_400_000_000, &november());
            let state = state_with(frames_that_fail(failure), exporting(vec![recorded]), settings());
            assert_eq!(get(state, query, &[]).await.status, status, "{query}");
        }
    }
}

#[actix_web::test]
async fn rows_that_do_not_add_up_are_no_comparison() {
    let mut short = statements();
    let mut other = Kept::new("2026-11", 2, 1_744_208_400_000_000, &october());
    std::mem::swap(&mut short[1].frames, &mut other.frames);
    let response = get(state(short, exporting(vec![])), "?to=statement:2026-11", &[]).await;
    assert_eq!((response.status, response.text()), (500, compact(HICCUP).as_str()));

    let (_, tasks) = now(1_744_208_400_000_000, &november());
    let (wrong, _) = now(1_744_208_400_000_000, &october());
    let response = get(state(statements(), exporting(vec![(wrong, tasks)])), "?from=statement:2026-10", &[]).await;
    assert_eq!((response.status, response.text()), (500, compact(HICCUP).as_str()));
}

#[actix_web::test]
async fn an_exporter_that_fails_fails_the_comparison() {
    for query in ["", "?format=csv"] {
        let mut exporter = MockStatisticsExporter::new();
        exporter
            .expect_export_by_task_id()
            .returning(|_, _, _| Err(ExportError::Repository(RepositoryError::Unavailable("no route".into()))));
        let response = get(state_with(keeping(statements()), Arc::new(exporter), settings()), query, &[]).await;
        assert_eq!((response.status, response.header("retry-after")), (503, Some("1")), "{query}");
    }
}

#[actix_web::test]
async fn more_comparisons_than_there_may_be_are_refused() {
    let state = state(statements(), exporting(vec![]));
    let permits = Arc::clone(&state.comparisons);
    let _held = permits.try_acquire_many(u32::try_from(permits.available_permits()).unwrap()).unwrap();
    let response = get(state.clone(), "?to=statement:2026-11", &[]).await;
    assert_eq!((response.status, response.header("retry-after")), (503, Some("1")));
}
