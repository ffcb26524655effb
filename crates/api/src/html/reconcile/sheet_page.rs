//! What both pages are made of.

use crate::ApiState;
use crate::ResponseCode;
use crate::html::get_html::site;
use crate::html::html_response::{FORM_REFERRER, html_of, notice_response};
use crate::html::letterhead::ReaderParams;
use crate::html::query::list_of;
use crate::html::session::Visitor;
use crate::http::RequestContext;
use crate::http::parameters::{ANNOTATION_REQUEST_ID, parse_requests};
use crate::response::{ApiError, InvalidParameter, RETRY_AFTER_SECONDS, invalid};
use actix_web::http::StatusCode;
use actix_web::http::header::{REFERRER_POLICY, RETRY_AFTER};
use actix_web::{HttpRequest, HttpResponse};
use annotation_statistics_domain::{AnnotationRequestId, RegistryError, RepositoryError};
use annotation_statistics_page::{Requested, SheetForm, Site, render_sheet_form};

/// The page of one request for it.
pub(super) struct SheetPage {
    pub(super) site: Site,
    pub(super) form: SheetForm,
}

impl SheetPage {
    /// For the annotation request of the query.
    ///
    /// # Errors
    /// When keys cannot be read.
    pub(super) fn new(
        request: &HttpRequest,
        state: &ApiState,
        context: &RequestContext,
        visitor: &Visitor,
    ) -> Result<Self, ApiError> {
        let mut site = site(request, state, context, visitor)?;
        site.times.zone = ReaderParams::default().zone(request, state);
        Ok(Self { site, form: SheetForm::default() })
    }

    /// The one annotation request of the query, which the form is for.
    pub(super) fn read_id(
        &mut self,
        request: &HttpRequest,
        state: &ApiState,
    ) -> Result<AnnotationRequestId, InvalidParameter> {
        let requests = parse_requests(request.query_string(), &state.settings)?;
        let [id] = requests.as_slice() else {
            let several = requests.as_slice().len();
            return Err(invalid(ANNOTATION_REQUEST_ID, &format!("must be one id here, got {several}")));
        };
        (self.form.id, self.form.query) = (id.to_string(), list_of([id.as_str()]));
        Ok(id.clone())
    }

    /// The form, with why there is no comparison, or a page without a form where no sheet would help.
    pub(super) fn refused(mut self, error: ApiError, state: &ApiState) -> Result<HttpResponse, ApiError> {
        let error = of_repository(error);
        let code = error.code();
        let problem = match (&error, code) {
            _ if self.form.id.is_empty() => None,
            (ApiError::InvalidParameter(why), _) => Some(format!("{why}.")),
            (_, ResponseCode::PayloadTooLarge) => {
                Some(format!("The sheet is larger than {} bytes.", state.settings.reconciliation.max_body))
            }
            (_, ResponseCode::UnsupportedMediaType) => Some("This was not sent by the form below.".to_owned()),
            (_, ResponseCode::RequestTimeout) => Some("The sheet took too long to arrive: try again.".to_owned()),
            (ApiError::ComparisonsTooMany | ApiError::BodiesTooMany(_), _) => {
                Some("Others compare sheets just now: try again in a moment.".to_owned())
            }
            _ => None,
        };
        let Some(problem) = problem else {
            return notice_response(&self.site, &Requested::default(), &[], &error, Vec::new());
        };
        error.log();
        self.form.problem = Some(problem);
        self.respond(code)
    }

    /// The form, with this status.
    pub(super) fn respond(self, code: ResponseCode) -> Result<HttpResponse, ApiError> {
        let html = render_sheet_form(&self.site, &self.form).map_err(ApiError::Page)?;
        let mut response = html_with_form(code.status(), html);
        if code == ResponseCode::Unavailable {
            response.headers_mut().insert(RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        if code != ResponseCode::Success {
            // For the metrics.
            response.extensions_mut().insert(code);
        }
        Ok(response)
    }
}

/// A page whose browser states the origin of its form, whether it has signed in or not.
pub(super) fn html_with_form(status: StatusCode, html: String) -> HttpResponse {
    let mut response = html_of(status, html);
    response.headers_mut().insert(REFERRER_POLICY, FORM_REFERRER);
    response
}

/// The same in the words that notices know.
fn of_repository(error: ApiError) -> ApiError {
    if let ApiError::Registry(RegistryError::UnknownAnnotationRequest(id)) = error {
        return RepositoryError::UnknownAnnotationRequests(vec![id]).into();
    }
    error
}
