use super::*;
use crate::auth::canonical::{SignedHeaders, canonical_string};
use actix_web::http::{Method, Uri};
use serde::Deserialize;

/// A request and its signature, made by another implementation than this one.
#[derive(Deserialize)]
struct Vector {
    name: String,
    scheme: String,
    key: String,
    secret: String,
    ts: String,
    signed: String,
    sign: String,
    #[serde(default)]
    method: String,
    #[serde(default)]
    target: String,
    #[serde(default)]
    body: String,
    #[serde(default)]
    nonce: String,
}

const VECTORS: &str = include_str!("../../../../docs/auth/vectors.json");
const DOCUMENT: &str = include_str!("../../../../docs/AUTH.md");

fn vectors() -> Vec<Vector> {
    serde_json::from_str(VECTORS).unwrap()
}

fn canonical(vector: &Vector) -> String {
    let headers = SignedHeaders { ts: &vector.ts, nonce: &vector.nonce, key: &vector.key };
    let (method, target) =
        (Method::from_bytes(vector.method.as_bytes()).unwrap(), vector.target.parse::<Uri>().unwrap());
    canonical_string(&method, &target, &body_hash(vector.body.as_bytes()), headers)
}

#[test]
fn every_vector_has_its_signature() {
    for vector in vectors() {
        let sign = if vector.scheme == "v1" {
            Signed::V1 { ts: &vector.ts, key: &vector.key }.signature(&vector.secret)
        } else {
            assert_eq!(canonical(&vector), vector.signed, "{}", vector.name);
            format!("v2={}", Signed::V2 { canonical: &vector.signed }.signature(&vector.secret))
        };
        assert_eq!(sign, vector.sign, "{}", vector.name);
    }
}

#[test]
fn the_document_has_the_twenty_vectors() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 20);
    for vector in vectors {
        let Vector { name, sign, ts, key, .. } = &vector;
        for part in [name, sign, ts, key, &vector.secret, &vector.target, &vector.nonce] {
            assert!(DOCUMENT.contains(part.as_str()), "{name}: {part}");
        }
        let body = vector.body.replace('\n', "\\n");
        assert!(DOCUMENT.contains(&body), "{name}: {body}");
    }
}

#[test]
fn a_signature_by_either_secret_is_right_and_any_other_text_is_not() {
    let signed = Signed::V1 { ts: "1744122000000", key: "ak-1001" };
    let (one, other) = ("0123456789abcdef", "fedcba9876543210");
    let right = signed.signature(one);
    assert!(signed.is_by_one_of(&right, [one, other]) && signed.is_by_one_of(&right, [other, one]));
    assert!(!signed.is_by_one_of(&right, [other, other]));
    for (wrong, reason) in [
        (String::new(), "nothing"),
        (right.to_uppercase(), "upper case"),
        (right[1..].to_owned(), "a digit too few"),
        (format!("{right}0"), "a digit too many"),
        ("0".repeat(32), "another one"),
    ] {
        assert!(!signed.is_by_one_of(&wrong, [one, other]), "{reason}");
    }
}
