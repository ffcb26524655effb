//! `GET /reconcile`: the form.

use crate::auth::CallerScope;
use crate::html::reconcile::sheet_page::SheetPage;
use crate::html::session::Visitor;
use crate::http::{DatabaseTime, RequestContext};
use crate::response::ApiError;
use crate::{ApiState, ResponseCode};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::AnnotationRequestRegistry;

pub(crate) async fn show_form(
    request: HttpRequest,
    CallerScope(scope): CallerScope,
    visitor: Visitor,
    registry: web::Data<dyn AnnotationRequestRegistry>,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let mut page = SheetPage::new(&request, &state, &context, &visitor)?;
    let known = match page.read_id(&request, &state) {
        Ok(id) => time.measure(registry.find(&id, &scope)).await.map_err(ApiError::from),
        Err(error) => Err(error.into()),
    };
    match known {
        Ok(_) => page.respond(ResponseCode::Success),
        Err(error) => page.refused(error, &state),
    }
}
