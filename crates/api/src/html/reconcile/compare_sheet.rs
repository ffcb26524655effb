//! `POST /reconcile`: compares the sheet of the form.

use crate::annotation_requests::reconciliation::{SheetReader, compare_error, lines_response, worksheet_name};
use crate::auth::CallerScope;
use crate::consistency::RequiredState;
use crate::html::reconcile::compared_view::view_of;
use crate::html::reconcile::sheet_page::{SheetPage, html_with_form};
use crate::html::session::{Attempt, Reason, SentForm, Visitor, sign_in_response};
use crate::http::body::SheetForm;
use crate::http::{Caller, DatabaseTime, RequestContext};
use crate::response::{ApiError, invalid};
use crate::{ApiState, ResponseCode};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::{AnnotationRequestId, CampaignScope};
use annotation_statistics_page::render_compared;
use annotation_statistics_reconciliation::{CsvOptions, FirstDifferences};

/// A file opens in Excel as it is.
const FILE: CsvOptions = CsvOptions { differences_only: false, byte_order_mark: true };

/// What comparing needs besides the sheet.
struct Comparer<'a> {
    state: &'a ApiState,
    scope: &'a CampaignScope,
    caller: &'a Caller,
    time: &'a DatabaseTime,
    context: &'a RequestContext,
}

#[expect(clippy::too_many_arguments, reason = "each is an extractor of what the page needs")]
pub(crate) async fn compare_sheet(
    request: HttpRequest,
    payload: web::Payload,
    CallerScope(scope): CallerScope,
    caller: Caller,
    visitor: Visitor,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let mut page = SheetPage::new(&request, &state, &context, &visitor)?;
    let id = match page.read_id(&request, &state) {
        Ok(id) => id,
        Err(error) => return page.refused(error.into(), &state),
    };
    let Some(sent) = SentForm::of(&request, &visitor, &state)? else {
        return outdated(page, &request, &state);
    };
    let sheet = match SheetForm::read(&request, payload, &state, |token| sent.is_ours(token)).await {
        Ok(Some(sheet)) => sheet,
        Ok(None) => return outdated(page, &request, &state),
        Err(error) => return page.refused(error, &state),
    };
    (page.form.worksheet, page.form.is_file) = (sheet.worksheet.clone(), sheet.shown_as == "csv");
    let comparer = Comparer { state: &state, scope: &scope, caller: &caller, time: &time, context: &context };
    match comparer.compare(&id, sheet, &mut page).await {
        Ok(response) => Ok(response),
        Err(error) => page.refused(error, &state),
    }
}

impl Comparer<'_> {
    async fn compare(
        &self,
        id: &AnnotationRequestId,
        sheet: SheetForm,
        page: &mut SheetPage,
    ) -> Result<HttpResponse, ApiError> {
        let Self { state, scope, caller, time, context } = *self;
        let named = Some(sheet.worksheet.as_str()).filter(|name| !name.is_empty()).map(worksheet_name);
        let worksheet = named.transpose().map_err(|why| invalid("worksheet", &why))?;
        let file = sheet.file.clone();
        let reader = SheetReader { state, scope, time, id, known: RequiredState::default(), statement: None };
        let read = reader.read(sheet, None, worksheet).await?;
        if page.form.is_file {
            return lines_response(read, FILE, id, (state, caller), (time, context)).await;
        }
        let job = read.comparison(FirstDifferences::default());
        let compared = time.measure(job.run(None)).await.map_err(compare_error)?;
        // After the reads, so that no change on the page is later.
        page.site.times.now = state.clock.now();
        let html = render_compared(&page.site, &page.form, &view_of(compared, file)).map_err(ApiError::Page)?;
        Ok(html_with_form(StatusCode::OK, html))
    }
}

/// The form again, for a browser that has not shown that it was sent by a page of this service.
fn outdated(mut page: SheetPage, request: &HttpRequest, state: &ApiState) -> Result<HttpResponse, ApiError> {
    if state.guard.is_some() {
        return sign_in_response(request, state, &Attempt::default(), Reason::Outdated);
    }
    page.form.problem = Some("This form was out of date. Nothing was done: please try again.".to_owned());
    page.respond(ResponseCode::AuthenticationFailed)
}
