//! The application: the routes and what every request passes on its way to them.

use crate::ApiState;
use crate::MetricsText;
use crate::middleware::body_limit;
use crate::middleware::compression;
use crate::middleware::error_responses;
use crate::middleware::host_check;
use crate::middleware::observation;
use crate::middleware::panic_guard;
use crate::middleware::request_target;
use crate::middleware::with_request_context::with_request_context;
use crate::routes;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::{App, Error, web};

/// The application of one worker.
///
/// For a server (`HttpServer::new(move || app(state.clone()))`) as for tests (`test::init_service(app(state))`).
pub fn app(
    state: ApiState,
) -> App<
    impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<BoxBody>, Error = Error, InitError = ()>,
> {
    // A browser cannot sign: where keys are needed, the page would show everybody what they close.
    let has_html = state.guard.is_none();
    App::new()
        .app_data(web::Data::from(state.ports.registry.clone()))
        .configure(|config| routes::configure(config, &state.settings.base_path, has_html))
        .app_data(web::Data::new(state))
        // The last one is the outermost.
        .wrap(from_fn(body_limit::refuse_large_bodies))
        .wrap(from_fn(host_check::refuse_other_hosts))
        .wrap(from_fn(request_target::refuse_ambiguous_requests))
        .wrap(from_fn(error_responses::answer_errors))
        .wrap(from_fn(compression::compress_answers))
        .wrap(from_fn(panic_guard::catch_panics))
        .wrap(from_fn(observation::observe_requests))
        .wrap(from_fn(with_request_context))
}

/// The application of the admin listener: health and metrics, for those who run the service. Nothing of it is counted
/// among the requests.
pub fn admin_app(
    state: ApiState,
    metrics: MetricsText,
) -> App<
    impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<BoxBody>, Error = Error, InitError = ()>,
> {
    App::new()
        .app_data(web::Data::new(metrics))
        .configure(routes::configure_admin)
        .app_data(web::Data::new(state))
        .wrap(from_fn(body_limit::refuse_large_bodies))
        .wrap(from_fn(host_check::refuse_other_hosts))
        .wrap(from_fn(request_target::refuse_ambiguous_requests))
        .wrap(from_fn(error_responses::answer_errors))
        .wrap(from_fn(compression::compress_answers))
        .wrap(from_fn(panic_guard::catch_panics))
        .wrap(from_fn(with_request_context))
}
