use crate::ApiState;
use crate::annotation_requests::diff::test_states::{
    Kept, done, exporting, get, november, now, october, state, statements, with_primary,
};
use crate::test_support::{DIFF, compact, refusal, success};
use annotation_statistics_domain::PoolType;

#[actix_web::test]
async fn two_statements_are_compared_as_the_documentation_shows_it() {
    let query = "?from=statement:2026-10&to=statement:2026-11";
    let response = get(state(statements(), exporting(vec![])), query, &[]).await;
    assert_eq!((response.status, response.text()), (200, compact(DIFF).as_str()));
    for (name, value) in [
        ("revision", Some("1744208400000000")),
        ("counting-rule", Some("objects/2")),
        ("cache-control", Some("private, no-cache")),
        ("vary", Some("accept")),
        ("content-type", Some("application/json")),
    ] {
        assert_eq!(response.header(name), value, "{name}");
    }
    let before = get(state(statements(), exporting(vec![])), "?to=statement:2026-11", &[]).await;
    assert_eq!(before.text(), response.text(), "the statement before is where it begins");
}

#[actix_web::test]
async fn the_last_statement_is_compared_with_what_is_recorded_now() {
    let mut statements = statements();
    statements.pop();
    let recorded = now(1_744_208_400_000_000, &november());
    let response = get(state(statements, exporting(vec![recorded])), "", &[]).await;
    let expected = compact(DIFF).replace(r#""statement":"2026-11""#, r#""statement":null"#);
    assert_eq!((response.status, response.text()), (200, expected.as_str()));
    assert_eq!((response.header("revision"), response.header("etag")), (Some("1744208400000000"), None));
}

#[actix_web::test]
async fn a_state_does_not_differ_from_itself() {
    let response =
        get(state(statements(), exporting(vec![])), "?from=statement:2026-11&to=statement:2026-11", &[]).await;
    let expected = concat!(
        r#"{"tasks":{"added":0,"removed":0,"changed":0,"unchanged":5,"delivered":0,"reopened":0,"reworked":0},"#,
        r#""from":{"statement":"2026-11","revision":1744208400000000,"#,
        r#""total":{"taskNum":5,"instanceNum":9,"attributeNum":2,"frameNum":5},"#,
        r#""delivered":{"taskNum":2,"instanceNum":7,"attributeNum":2,"frameNum":2}},"#,
        r#""to":{"statement":"2026-11","revision":1744208400000000,"#,
        r#""total":{"taskNum":5,"instanceNum":9,"attributeNum":2,"frameNum":5},"#,
        r#""delivered":{"taskNum":2,"instanceNum":7,"attributeNum":2,"frameNum":2}},"#,
        r#""delta":{"taskNum":0,"instanceNum":0,"attributeNum":0,"frameNum":0},"operationItems":["#,
        r#"{"key":"car","label":null,"kind":"slot","from":8,"to":8,"delta":0},"#,
        r#"{"key":"car/color","label":null,"kind":"input","from":2,"to":2,"delta":0},"#,
        r#"{"key":"truck","label":null,"kind":"slot","from":1,"to":1,"delta":0}],"data":[],"next":null}"#,
    );
    assert_eq!(response.text(), success(expected));
}

/// Pages, one task each, in whatever way the later state is read.
async fn pages(query: &str, state: impl Fn() -> ApiState) -> Vec<String> {
    let (mut pages, mut after) = (Vec::new(), String::new());
    loop {
        let response = get(state(), &format!("{query}&limit=2{after}"), &[]).await;
        assert_eq!(response.status, 200, "{}", response.text());
        let body: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
        let data = &body["data"];
        assert_eq!(data.get("tasks").is_some(), pages.is_empty(), "sums are on the first page");
        pages.push(data["data"].to_string());
        match data["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return pages,
        }
    }
}

#[actix_web::test]
async fn pages_have_each_task_once() {
    let example: serde_json::Value = serde_json::from_str(DIFF).unwrap();
    let lines = example["data"]["data"].as_array().unwrap();
    let expected: Vec<_> = lines.chunks(2).map(|page| serde_json::Value::from(page.to_vec()).to_string()).collect();
    assert_eq!(expected.len(), 3);
    let of_statements = pages("?to=statement:2026-11", || state(statements(), exporting(vec![])));
    assert_eq!(of_statements.await, expected);
    let with_now = pages("?from=statement:2026-10", || {
        state(statements(), exporting(vec![now(1_744_208_400_000_000, &november())]))
    });
    assert_eq!(with_now.await, expected);
}

#[actix_web::test]
async fn more_frames_than_one_read_has_are_compared() {
    let tasks = |shift: i64| -> Vec<_> {
        (0..17_000).map(|id| done(id * 2 + shift * i64::from(id % 9_000 == 77), &[])).collect()
    };
    let statements = || vec![Kept::new("1", 1, 5, &tasks(0)), Kept::new("2", 2, 6, &tasks(1))];
    let response = get(state(statements(), exporting(vec![])), "?to=statement:2", &[]).await;
    let body: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
    let expected = serde_json::json!({
        "added": 2, "removed": 2, "changed": 0, "unchanged": 16_998, "delivered": 2, "reopened": 2, "reworked": 0
    });
    assert_eq!(body["data"]["tasks"], expected);
    let last = get(state(statements(), exporting(vec![])), "?to=statement:2&after=18154", &[]).await;
    let body: serde_json::Value = serde_json::from_slice(&last.body).unwrap();
    assert_eq!((&body["data"]["data"][0]["id"], body["data"]["data"].as_array().unwrap().len()), (&18_155.into(), 1));
}

#[actix_web::test]
async fn all_lines_are_a_file_where_that_is_preferred() {
    let lines = [
        "action,delivery,id,measure,operationItem,label,from,to,delta,fromStatus,toStatus,fromPoolType,toPoolType,fromPoolName,\
         toPoolName,fromSourceName,toSourceName",
        "changed,reworked,1146703288430264301,count,car,,2,3,1,11,11,5,5,complete pool,complete pool,,",
        "changed,reworked,1146703288430264301,count,car/color,,2,2,0,11,11,5,5,complete pool,complete pool,,",
        "changed,reworked,1146703288430264301,instanceNum,,,2,3,1,11,11,5,5,complete pool,complete pool,,",
        "changed,reworked,1146703288430264301,attributeNum,,,2,2,0,11,11,5,5,complete pool,complete pool,,",
        "changed,reworked,1146703288430264301,frameNum,,,1,1,0,11,11,5,5,complete pool,complete pool,,",
        "changed,reopened,1146703288430264302,count,car,,1,1,0,11,6,5,2,complete pool,check pool,,",
        "changed,reopened,1146703288430264302,instanceNum,,,1,1,0,11,6,5,2,complete pool,check pool,,",
        "changed,reopened,1146703288430264302,attributeNum,,,0,0,0,11,6,5,2,complete pool,check pool,,",
        "changed,reopened,1146703288430264302,frameNum,,,1,1,0,11,6,5,2,complete pool,check pool,,",
        "changed,delivered,1146703288430264303,count,car,,4,4,0,6,11,2,5,check pool,complete pool,,",
        "changed,delivered,1146703288430264303,instanceNum,,,4,4,0,6,11,2,5,check pool,complete pool,,",
        "changed,delivered,1146703288430264303,attributeNum,,,0,0,0,6,11,2,5,check pool,complete pool,,",
        "changed,delivered,1146703288430264303,frameNum,,,1,1,0,6,11,2,5,check pool,complete pool,,",
        "removed,reopened,1146703288430264305,count,bus,,7,,-7,11,,5,,complete pool,,,",
        "removed,reopened,1146703288430264305,instanceNum,,,7,,-7,11,,5,,complete pool,,,",
        "removed,reopened,1146703288430264305,attributeNum,,,0,,0,11,,5,,complete pool,,,",
        "removed,reopened,1146703288430264305,frameNum,,,1,,-1,11,,5,,complete pool,,,",
        "added,,1146703288430264309,count,truck,,,1,1,,6,,2,,check pool,,",
        "added,,1146703288430264309,instanceNum,,,,1,1,,6,,2,,check pool,,",
        "added,,1146703288430264309,attributeNum,,,,0,0,,6,,2,,check pool,,",
        "added,,1146703288430264309,frameNum,,,,1,1,,6,,2,,check pool,,",
        "",
    ];
    let of_statements =
        get(state(statements(), exporting(vec![])), "?to=statement:2026-11", &[("Accept", "text/csv")]).await;
    assert_eq!((of_statements.status, of_statements.text()), (200, lines.join("\r\n").as_str()));
    let recorded = now(1_744_208_400_000_000, &november());
    let state = state(statements(), exporting(vec![recorded]));
    let with_now = get(state, "?from=statement:2026-10&format=csv&bom=true", &[]).await;
    assert_eq!(with_now.text(), format!("\u{feff}{}", lines.join("\r\n")));
    for (name, value) in [
        ("content-type", "text/csv; charset=utf-8; header=present"),
        ("revision", "1744208400000000"),
        ("counting-rule", "objects/2"),
        ("cache-control", "private, no-cache"),
        ("content-disposition", "attachment; filename=\"diff-7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b-2025-04-08.csv\""),
    ] {
        assert_eq!((of_statements.header(name), with_now.header(name)), (Some(value), Some(value)), "{name}");
    }
}

#[actix_web::test]
async fn a_client_that_has_the_comparison_of_two_statements_gets_no_body() {
    let query = "?to=statement:2026-11";
    let response = get(state(statements(), exporting(vec![])), query, &[]).await;
    let tag = response.header("etag").unwrap().to_owned();
    let mut unread = statements();
    for statement in &mut unread {
        statement.frames = None;
    }
    let known = get(state(unread, exporting(vec![])), query, &[("If-None-Match", &tag)]).await;
    assert_eq!((known.status, known.text(), known.header("etag")), (304, "", Some(tag.as_str())));
    for query in ["?to=statement:2026-11&limit=2", "?to=statement:2026-11&after=7", "?to=statement:2026-11&format=csv"]
    {
        let other = get(state(statements(), exporting(vec![])), query, &[("If-None-Match", &tag)]).await;
        assert_eq!(other.status, 200, "{query}");
    }
}

#[actix_web::test]
async fn a_replica_that_is_behind_the_statement_is_not_compared() {
    let (behind, current) = (now(3, &october()), now(1_744_208_400_000_000, &november()));
    let primary = exporting(vec![current]);
    let response = get(with_primary(statements(), exporting(vec![behind]), primary), "", &[]).await;
    let body: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
    assert_eq!((response.status, &body["data"]["tasks"]["unchanged"]), (200, &5.into()));
    assert_eq!(response.header("revision"), Some("1744208400000000"));
    let pool = PoolType::Complete;
    assert_eq!(
        body["data"]["to"]["delivered"]["taskNum"],
        november().iter().filter(|task| task.pool_type() == pool).count()
    );
}

#[actix_web::test]
async fn without_a_statement_there_is_nothing_to_begin_from() {
    let message = "Not Found: there is no statement to begin from: make one with PUT /annotation-requests/{id}/statements/{name}, \
                   or name one that there is, as from=statement:2026-10";
    for (statements, query) in [(vec![], ""), (statements(), "?to=statement:2026-10")] {
        let response = get(state(statements, exporting(vec![])), query, &[]).await;
        assert_eq!((response.status, response.text()), (404, refusal(404, message).as_str()), "{query}");
    }
}
