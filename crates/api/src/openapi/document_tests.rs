use super::*;
use crate::openapi::generated::openapi_json;
use crate::test_support::{get, uncalled};
use serde_json::Value;
use std::num::{NonZeroU32, NonZeroUsize};

fn parsed(document: &str) -> Value {
    serde_json::from_str(document).unwrap()
}

#[test]
fn with_the_default_settings_and_access_keys_it_is_that_of_the_repository() {
    assert!(document(&ApiSettings::default(), true).unwrap() == DOCUMENT);
}

#[test]
fn with_other_settings_it_is_what_the_code_describes() {
    let size = |size| NonZeroUsize::new(size).unwrap();
    let settings = ApiSettings {
        base_path: "/rosetta-open".parse().unwrap(),
        max_ids: size(7),
        max_query_ids: size(8),
        max_limit: NonZeroU32::new(9).unwrap(),
        max_batch: size(10),
        max_body: 11,
        ..ApiSettings::default()
    };
    assert_eq!(parsed(&document(&settings, true).unwrap()), parsed(&openapi_json(&settings).unwrap()));
}

#[test]
fn without_access_keys_it_declares_none() {
    let document = parsed(&document(&ApiSettings::default(), false).unwrap());
    assert_eq!(document["components"]["securitySchemes"], Value::Null);
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let statuses = operation["responses"].as_object().unwrap();
            let refused = ["401", "403", "429"].map(|status| statuses.contains_key(status));
            assert_eq!((&operation["security"], refused), (&Value::Null, [false; 3]), "{operation}");
        }
    }
}

#[actix_web::test]
async fn it_is_served_with_the_settings_of_the_service() {
    let response = get(uncalled(), "/openapi.json").await;
    assert_eq!((response.status, response.header("content-type")), (200, Some("application/json")));
    assert_eq!(response.text(), document(&uncalled().settings, false).unwrap());
    assert!(parsed(response.text())["paths"]["/rosetta-open/statistics"]["get"].is_object());
}
