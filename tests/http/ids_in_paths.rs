//! Annotation requests named in paths: what clients encode, from a real socket on.

use annotation_statistics_tests::{Envelope, RunningService, TestDatabase, register};

#[tokio::test]
async fn any_id_can_be_named_in_a_path_and_is_decoded_once() {
    let database = TestDatabase::new();
    let longest = "\u{8f66}".repeat(85);
    let names =
        ["a/b", "a%2Fb", "50%", "%25", "a+b", "a b", "\u{e9}", "..", ".", "?#;=&", "\n", "statistics", &longest];
    for name in names {
        register(&database, name, None).await;
    }
    let service = RunningService::on(&database);
    let longest = "%e8%bd%a6".repeat(85);
    for (segment, name) in [
        ("a%2Fb", names[0]),
        ("a%2fb", names[0]),
        ("a%252Fb", names[1]),
        ("50%25", names[2]),
        ("%2525", names[3]),
        ("a+b", names[4]),
        ("a%2Bb", names[4]),
        ("a%20b", names[5]),
        ("%C3%A9", names[6]),
        ("..", names[7]),
        ("%2E%2e", names[7]),
        (".", names[8]),
        ("%3F%23%3b=&", names[9]),
        ("%0A", names[10]),
        ("statistics", names[11]),
        (&longest, names[12]),
    ] {
        let response = service.get(&format!("/annotation-requests/{segment}"));
        assert_eq!((response.status, &response.data["id"]), (200, &name.into()), "{segment}");
        let rows = service.fetch_json("PUT", &format!("/annotation-requests/{segment}/statistics"), "", "[]");
        assert_eq!(Envelope::of(&rows).verdict(), (200, 2000, "Success"), "{segment}");
    }
}

#[tokio::test]
async fn a_path_with_a_broken_id_is_refused_and_never_repaired() {
    let database = TestDatabase::new();
    register(&database, "a", None).await;
    let service = RunningService::on(&database);
    let long = "x".repeat(256);
    for (segment, why) in [
        ("%zz", "has a % without two hexadecimal digits after it, got \"%zz\""),
        ("%", "has a % without two hexadecimal digits after it, got \"%\""),
        ("a%2", "has a % without two hexadecimal digits after it, got \"a%2\""),
        ("%FF", "is not UTF-8 when decoded, got \"%FF\""),
        ("%ED%A0%80", "is not UTF-8 when decoded, got \"%ED%A0%80\""),
        ("a%00", "must not contain a NUL character"),
        (&long, "is 256 bytes long, at most 255 are allowed"),
    ] {
        let message = format!("Invalid parameter: annotationRequestId {why}");
        for rest in ["", "/statistics/7"] {
            let response = Envelope::of(&service.fetch("DELETE", &format!("/annotation-requests/{segment}{rest}"), ""));
            assert_eq!(response.verdict(), (400, 4005, message.as_str()), "{segment}{rest}");
        }
    }
    for path in ["/", "/a/", "//", "/a/b", "/a//7", "/a/statistics/", "/a/statistics/7/8", "/../statistics/x/y"] {
        let response = service.get(&format!("/annotation-requests{path}"));
        assert_eq!(response.verdict(), (404, 404, "Not Found"), "{path}");
    }
    let response = Envelope::of(&service.fetch("DELETE", "/annotation-requests/a/statistics/0x7", ""));
    let why = "Invalid parameter: taskId must be a whole number of 64 bits, got \"0x7\"";
    assert_eq!(response.verdict(), (400, 4005, why));
}

#[tokio::test]
async fn an_id_is_found_behind_any_base_path_and_in_any_spelling_of_the_rest() {
    let database = TestDatabase::new();
    register(&database, "a/b", None).await;
    let service = RunningService::with(&database.url(), "api.base_path = '/x/y.z'");
    for path in [
        "/x/y.z/annotation-requests/a%2Fb",
        "/%78/y.z/annotation%2Drequests/a%2Fb",
        "http://localhost/x/y.z/annotation-requests/a%2Fb?q=/c",
    ] {
        let response = service.get(path);
        assert_eq!((response.status, &response.data["id"]), (200, &"a/b".into()), "{path}");
    }
    assert_eq!(service.get("/annotation-requests/a%2Fb").verdict(), (404, 404, "Not Found"));
}
