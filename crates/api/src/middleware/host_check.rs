//! The host check of a service without access keys, against DNS rebinding. See ADR 57.

use crate::ApiState;
use crate::http::AllowedHosts;
use crate::response::{ApiError, InvalidParameter};
use actix_web::dev::ServiceRequest;
use actix_web::http::header::HOST;
use actix_web::web;

const WHY: &str = "without access keys, Host must be localhost, a loopback address or one of server.allowed_hosts";

/// Refuses a request for another host: a malicious site could point its name at this service, and its scripts would read the
/// response in a browser (DNS rebinding). With access keys they could not: a browser sends the cookie of a session to no other
/// host.
pub(super) fn refuse_other_host(request: &ServiceRequest) -> Result<(), ApiError> {
    let state = request.app_data::<web::Data<ApiState>>();
    let allowed = state.filter(|state| state.guard.is_none()).map(|state| &state.settings.allowed_hosts);
    match allowed {
        Some(allowed) if !is_for(request, allowed) => Err(InvalidParameter(WHY.to_owned()).into()),
        _ => Ok(()),
    }
}

/// With HTTP/2, and where the target is a URL, the host is in the target.
fn is_for(request: &ServiceRequest, allowed: &AllowedHosts) -> bool {
    let is_target_right = request.uri().authority().is_none_or(|authority| allowed.covers(authority.host()));
    is_target_right && request.headers().get_all(HOST).all(|value| allowed.covers_header(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ApiSettings;
    use crate::test_support::{ports, refusal, send, settings, state_of};
    use actix_web::test::TestRequest;

    #[actix_web::test]
    async fn a_request_for_another_host_is_refused_on_every_route() {
        let allowed_hosts = AllowedHosts::new(["stats.example"]).unwrap();
        let state = || state_of(ports(), ApiSettings { allowed_hosts: allowed_hosts.clone(), ..settings() });
        for path in ["/", "/docs/", "/openapi.json", "/health/live", "/rosetta-open/statistics", "/nowhere"] {
            for request in [
                TestRequest::get().uri(path).insert_header((HOST, "evil.example:8080")),
                TestRequest::get().uri(&format!("http://evil.example:8080{path}")),
                TestRequest::get().uri(&format!("http://evil.example{path}")).insert_header((HOST, "localhost")),
            ] {
                let response = send(state(), request).await;
                let why = refusal(4005, &format!("Invalid parameter: {WHY}"));
                assert_eq!((response.status, response.text()), (400, why.as_str()), "{path}");
            }
        }
        for host in ["stats.example", "127.0.0.1:8080"] {
            let requested = TestRequest::get().uri("/health/live").insert_header((HOST, host));
            assert_eq!(send(state(), requested).await.status, 200, "{host}");
        }
    }
}
