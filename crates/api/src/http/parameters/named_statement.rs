//! Which statement a query string names.

use crate::ApiSettings;
use crate::http::parameters::query_string::{decode_name, parameters, take_once};
use crate::http::parameters::request_ids::{ANNOTATION_REQUEST_ID, parse_requests};
use crate::response::{InvalidParameter, invalid};
use annotation_statistics_domain::{AnnotationRequestId, StatementName};

/// The name of a statement.
const NAME: &str = "name";

/// Reads the one annotation request of a query, and ignores all other parameters.
pub(crate) fn parse_one_request(query: &str, settings: &ApiSettings) -> Result<AnnotationRequestId, InvalidParameter> {
    let requests = parse_requests(query, settings)?;
    match requests.as_slice() {
        [id] => Ok(id.clone()),
        several => Err(invalid(ANNOTATION_REQUEST_ID, &format!("must be one id here, got {}", several.len()))),
    }
}

/// Reads the one annotation request and the name of a statement of it, and ignores all other parameters. Share links are
/// checked by what this reads, and so is what is shown.
pub(crate) fn parse_statement(
    query: &str,
    settings: &ApiSettings,
) -> Result<(AnnotationRequestId, StatementName), InvalidParameter> {
    let (id, mut name) = (parse_one_request(query, settings)?, None);
    for (raw_name, value) in parameters(query) {
        if decode_name(raw_name)? == NAME {
            take_once(&mut name, NAME, value, |text| StatementName::new(text))?;
        }
    }
    Ok((id, name.ok_or_else(|| invalid(NAME, "must be given"))?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::settings;

    #[test]
    fn a_statement_is_named_by_one_request_and_one_name() {
        let parse = |query: &str| {
            let named = parse_statement(query, &settings()).map_err(|error| error.to_string())?;
            Ok::<_, String>(format!("{}: {}", named.0, named.1))
        };
        for (query, expected) in [
            ("annotationRequestId=a%20b&name=2026-11", Ok("a b: 2026-11")),
            ("n%61me=INV%2D17&x=1&annotationRequestId[]=a&annotationRequestId=a", Ok("a: INV-17")),
            ("annotationRequestId=a", Err("name must be given")),
            ("annotationRequestId=a&name=b&name=b", Err("name must be given only once")),
            (
                "annotationRequestId=a&annotationRequestId=b&name=c",
                Err("annotationRequestId must be one id here, got 2"),
            ),
            ("name=c", Err("annotationRequestId must be given at least once")),
        ] {
            assert_eq!(parse(query), expected.map(str::to_owned).map_err(str::to_owned), "{query}");
        }
        for name in ["", "..", "a/b", "a%00", "%ff"] {
            let error = parse(&format!("annotationRequestId=a&name={name}")).unwrap_err();
            assert!(error.starts_with("name "), "{error}");
        }
    }
}
