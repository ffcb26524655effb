//! The tables of access keys: what their constraints refuse.

use annotation_statistics_tests::TestDatabase;
use diesel::result::{DatabaseErrorKind, Error};
use std::collections::BTreeSet;

const SOUND_KEY: &str = "INSERT INTO access_keys (id, secret, may_read, may_write, accepts_v1, created_at) \
                         VALUES ('a', repeat('x', 56)::bytea, true, false, true, now())";
const SOUND_NONCE: &str = "INSERT INTO access_key_nonces VALUES ('a', repeat('x', 16), now())";

/// A table, what is changed of its sound row, the constraint that refuses it, and why it must.
const REFUSED: [(&str, &str, &str, &str); 18] = [
    ("access_keys", "id = ''", "access_keys_id_check", "a name without a character"),
    ("access_keys", "id = repeat('x', 65)", "access_keys_id_check", "a character too many"),
    ("access_keys", "id = 'a b'", "access_keys_id_check", "a blank"),
    ("access_keys", "id = E'a\\nb'", "access_keys_id_check", "a second line"),
    ("access_keys", "secret = repeat('x', 55)::bytea", "access_keys_secret_check", "no room for nonce, tag and secret"),
    ("access_keys", "secret = repeat('x', 296)::bytea", "access_keys_secret_check", "a byte too many"),
    (
        "access_keys",
        "previous_secret = repeat('x', 55)::bytea, previous_expires_at = now()",
        "access_keys_previous_secret_check",
        "no room for nonce, tag and secret",
    ),
    (
        "access_keys",
        "previous_secret = repeat('x', 56)::bytea, previous_expires_at = 'infinity'",
        "access_keys_previous_expires_at_check",
        "a rotation that never ends",
    ),
    ("access_keys", "previous_expires_at = now()", "access_keys_previous_check", "the end of no secret"),
    (
        "access_keys",
        "previous_secret = repeat('x', 56)::bytea",
        "access_keys_previous_check",
        "a secret without an end",
    ),
    ("access_keys", "may_read = false", "access_keys_scopes_check", "a key for nothing"),
    ("access_keys", "campaigns = '{}'", "access_keys_campaigns_check", "no campaign rather than all"),
    ("access_keys", "id_prefix = ''", "access_keys_id_prefix_check", "what every id starts with"),
    ("access_keys", "id_prefix = repeat('é', 128)", "access_keys_id_prefix_check", "more bytes than an id has"),
    ("access_keys", "expires_at = 'infinity'", "access_keys_expires_at_check", "no moment"),
    ("access_keys", "expires_at = '-infinity'", "access_keys_expires_at_check", "no moment"),
    ("access_key_nonces", "nonce = repeat('x', 15)", "access_key_nonces_nonce_check", "too short"),
    ("access_key_nonces", "nonce = repeat('x', 65)", "access_key_nonces_nonce_check", "too long"),
];

#[test]
fn every_check_refuses_its_bad_row() {
    let database = TestDatabase::new();
    let mut session = database.session();
    session.execute(SOUND_KEY);
    session.execute(SOUND_NONCE);
    for (table, change, constraint, reason) in REFUSED {
        match session.try_execute(&format!("UPDATE {table} SET {change}")) {
            Err(Error::DatabaseError(DatabaseErrorKind::CheckViolation, reported)) => {
                let refused_by = (reported.table_name(), reported.constraint_name());
                assert_eq!(refused_by, (Some(table), Some(constraint)), "{change}: {reason}");
            }
            other => panic!("{change}: {reason}: {other:?}"),
        }
    }
    let tried: BTreeSet<&str> = REFUSED.iter().map(|(_, _, constraint, _)| *constraint).collect();
    let tables = "'access_keys'::regclass, 'access_key_nonces'::regclass";
    let all = database.query(&format!(
        "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid IN ({tables}) ORDER BY conname COLLATE \"C\""
    ));
    assert_eq!(tried.into_iter().collect::<Vec<_>>(), all, "a check that no row is tried against");
}

#[test]
fn a_key_is_there_once_and_a_nonce_once_a_key() {
    let database = TestDatabase::new();
    let mut session = database.session();
    session.execute(SOUND_KEY);
    session.execute(SOUND_NONCE);
    for (again, constraint) in [(SOUND_KEY, "access_keys_pkey"), (SOUND_NONCE, "access_key_nonces_pkey")] {
        match session.try_execute(again) {
            Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, reported)) => {
                assert_eq!(reported.constraint_name(), Some(constraint));
            }
            other => panic!("{again}: {other:?}"),
        }
    }
    session.execute(&SOUND_NONCE.replace("('a',", "('b',"));
}
