//! The application: the routes and the middleware around them.

use crate::middleware::{
    catch_panics, check_heads, compress_responses, convert_errors, observe_requests, with_request_context,
};
use crate::{ApiState, MetricsText, routes};
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
    let needs_keys = state.guard.is_some();
    App::new()
        .app_data(web::Data::from(state.ports.registry.clone()))
        .app_data(web::Data::from(state.ports.finder.clone()))
        .app_data(web::Data::from(state.ports.taxonomies.clone()))
        .app_data(web::Data::from(state.ports.statements.clone()))
        .configure(|config| routes::configure(config, &state.settings.base_path, needs_keys))
        .app_data(web::Data::new(state))
        // The last middleware is the outermost.
        .wrap(from_fn(check_heads))
        .wrap(from_fn(convert_errors))
        .wrap(from_fn(compress_responses))
        .wrap(from_fn(catch_panics))
        .wrap(from_fn(observe_requests))
        .wrap(from_fn(with_request_context))
}

/// The application of the admin listener: health and metrics, for operators. Its requests are not counted among those of
/// the service.
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
        .wrap(from_fn(check_heads))
        .wrap(from_fn(convert_errors))
        .wrap(from_fn(compress_responses))
        .wrap(from_fn(catch_panics))
        .wrap(from_fn(with_request_context))
}
