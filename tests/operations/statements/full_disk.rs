//! A disk that is full while a statement is made.

use super::scene::{FRAMES, WAIT, causes, database, hold, in_the_middle, make, program, release, stored};
use serde_json::json;

const FULL: &str = "could not extend file \"base/1\": No space left on device";

#[tokio::test]
async fn a_statement_that_meets_a_full_disk_is_not_made_and_the_log_says_why() {
    let database = database();
    in_the_middle(&database, &format!("RAISE EXCEPTION '{FULL}' USING ERRCODE = 'disk_full'"));
    let program = program(&database.url());
    let serving = program.serve(&[]);
    let refused = make(&serving, "2026-11");
    assert_eq!((refused.status, refused.code), (503, 5000), "{refused:?}");
    let causes = causes(&serving, &refused.request_id);
    assert!(causes.iter().any(|cause| cause.contains(FULL)), "{causes:?}: {}", serving.log());
    assert_eq!(stored(&database), ["0", "0"]);
    // It is nobody's turn to wait for: there is room again.
    release(&mut hold(&database));
    in_the_middle(&database, WAIT);
    let made = make(&serving, "2026-11");
    assert_eq!((made.status, &made.data["number"]), (201, &json!(1)), "{made:?}");
    assert_eq!(stored(&database), ["1", FRAMES]);
}
