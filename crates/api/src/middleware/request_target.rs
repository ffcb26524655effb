//! Refuses what the HTTP parser accepts against RFC 9112: a target or a host that a proxy may interpret differently.

use crate::response::{ApiError, InvalidParameter};
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{HOST, HeaderValue};
use actix_web::http::uri::{Authority, Uri};

/// Refuses a request whose target or host is ambiguous.
pub(super) fn refuse_ambiguous_request(request: &ServiceRequest) -> Result<(), ApiError> {
    let refuse = |why: &str| Err(InvalidParameter(why.to_owned()).into());
    if !is_target(request.method(), request.uri()) {
        return refuse("the target is neither a path nor a URL");
    }
    // A missing or a second one never gets here: the HTTP parser refuses them.
    if !request.headers().get_all(HOST).all(is_host) {
        return refuse("Host is not the name of a host");
    }
    Ok(())
}

fn is_target(method: &Method, target: &Uri) -> bool {
    let is_path = target.scheme().is_none() && target.authority().is_none() && target.path().starts_with('/');
    let is_without_userinfo = target.authority().is_some_and(|authority| !authority.as_str().contains('@'));
    let is_url = is_without_userinfo && target.scheme_str().is_some_and(|scheme| ["http", "https"].contains(&scheme));
    let is_of_the_server = target.path() == "*" && *method == Method::OPTIONS;
    is_path || is_url || is_of_the_server
}

/// An empty host is valid: RFC 9112 has it for targets without an authority.
fn is_host(value: &HeaderValue) -> bool {
    let Ok(text) = value.to_str() else { return false };
    let end_of_address = text.rfind(']').map_or(0, |place| place + 1);
    let port = text.split_at_checked(end_of_address).and_then(|(_, rest)| rest.split_once(':'));
    let is_number = port.is_none_or(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    text.is_empty() || is_number && !text.contains('@') && text.parse::<Authority>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{refusal, send, uncalled};
    use actix_web::test::TestRequest;

    #[test]
    fn a_host_is_a_name_or_an_address_perhaps_with_a_port() {
        for host in ["", "a", "statistics.example", "192.0.2.1", "a:80", "a:", "[::1]", "[::1]:8080", "a_b~1.c"] {
            assert!(is_host(&HeaderValue::from_static(host)), "{host}");
        }
        for (host, reason) in [
            ("a b", "a blank"),
            ("a/b", "a path"),
            ("http://a", "a URL"),
            ("user@a", "userinfo and a host"),
            ("a?b", "a query"),
            ("a:80x", "a port that is no number"),
            ("a:80:80", "two ports"),
            ("::1", "an address without brackets"),
            ("[::1", "a bracket that is not closed"),
            ("a\\b", "a backslash"),
        ] {
            assert!(!is_host(&HeaderValue::from_static(host)), "{reason}");
        }
        assert!(!is_host(&HeaderValue::from_bytes("ä".as_bytes()).unwrap()), "not ASCII");
    }

    #[test]
    fn a_target_is_a_path_or_a_url_or_the_server_itself() {
        for (method, target, is_right) in [
            (Method::GET, "/a?b", true),
            (Method::GET, "//a", true),
            (Method::GET, "http://a/b", true),
            (Method::OPTIONS, "*", true),
            (Method::GET, "*", false),
            (Method::GET, "a:80", false),
            (Method::CONNECT, "a:80", false),
            (Method::GET, "ftp://a/b", false),
            (Method::GET, "http://user@a/b", false),
        ] {
            assert_eq!(is_target(&method, &target.parse().unwrap()), is_right, "{method} {target}");
        }
    }

    #[actix_web::test]
    async fn a_host_that_is_none_is_refused_in_an_envelope() {
        let requested = |host: &'static str| TestRequest::get().uri("/health/live").insert_header((HOST, host));
        let response = send(uncalled(), requested("a/b")).await;
        let why = "Invalid parameter: Host is not the name of a host";
        assert_eq!((response.status, response.text()), (400, refusal(4005, why).as_str()));
        assert_eq!(send(uncalled(), requested("localhost:80")).await.status, 200);
    }
}
