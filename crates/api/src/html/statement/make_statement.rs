//! `POST /statements`: makes a statement by the form. See ADR 105.

use crate::annotation_requests::statements;
use crate::auth::CallerScope;
use crate::html::html_response::{notice_response, see_other};
use crate::html::query::list_of;
use crate::html::session::{Attempt, Reason, SentForm, Visitor, sign_in_response};
use crate::html::statement::list_statements::ListReads;
use crate::html::statement::statements_page::{in_words_of_notices, may_write, site_for_reader};
use crate::http::body::FormBody;
use crate::http::parameters::parse_one_request;
use crate::http::{DatabaseTime, RequestContext};
use crate::response::ApiError;
use crate::{ApiState, ResponseCode};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::{NewStatement, StatementError, StatementName};
use annotation_statistics_page::{Making, Requested, StatementForm};

/// Operators filter the log by it, so it does not move with this file.
const TARGET: &str = "annotation_statistics_api::statements";

/// The largest form, in bytes: a name and a token.
const MAX_FORM: usize = 4_096;

/// Who makes statements where no keys are needed.
const ANYONE: &str = "the page";

/// Why there is no new statement.
enum Unmade {
    /// The form again, with the reason.
    Form(ResponseCode, StatementForm),
    /// The service has no key to sign with.
    NoSigningKey,
    /// The visitor may not.
    NotAllowed,
    /// A page without a form.
    Other(ApiError),
}

impl From<ApiError> for Unmade {
    fn from(error: ApiError) -> Self {
        Self::Other(error)
    }
}

pub(crate) async fn make_statement(
    request: HttpRequest,
    payload: web::Payload,
    CallerScope(scope): CallerScope,
    visitor: Visitor,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let (site, reader) = site_for_reader(&request, &state, &context, &visitor)?;
    let id = match reader.and_then(|()| parse_one_request(request.query_string(), &state.settings)) {
        Ok(id) => id,
        Err(error) => return notice_response(&site, &Requested::default(), &[], &error.into(), Vec::new()),
    };
    let reads = ListReads { state: &state, scope: &scope, time: &time, id: &id };
    let made = reads.make(&request, payload, &visitor).await;
    let (code, making) = match made {
        Ok(Some(name)) => {
            return Ok(see_other(&format!("./statement?{}&name={name}", list_of([id.as_str()])), None));
        }
        Ok(None) if state.guard.is_some() => {
            return sign_in_response(&request, &state, &Attempt::default(), Reason::Outdated);
        }
        Ok(None) => {
            let problem = "This form was out of date. Nothing was done: please try again.".to_owned();
            let form = StatementForm { problem: Some(problem), ..StatementForm::default() };
            (ResponseCode::AuthenticationFailed, Making::Form(form))
        }
        Err(Unmade::Form(code, form)) => (code, Making::Form(form)),
        Err(Unmade::NoSigningKey) => (ResponseCode::Unavailable, Making::NoSigningKey),
        Err(Unmade::NotAllowed) => (ResponseCode::AuthenticationFailed, Making::NotAllowed),
        Err(Unmade::Other(error)) => return notice_response(&site, &Requested::default(), &[], &error, Vec::new()),
    };
    reads.respond(&site, None, making, code).await
}

impl ListReads<'_> {
    /// The name of a new statement; `None` where the form is not one that its sender was given.
    async fn make(
        &self,
        request: &HttpRequest,
        payload: web::Payload,
        visitor: &Visitor,
    ) -> Result<Option<StatementName>, Unmade> {
        let Some(sent) = SentForm::of(request, visitor, self.state).map_err(ApiError::from)? else { return Ok(None) };
        let form = FormBody::read(request, payload, MAX_FORM, self.state).await?;
        if !sent.is_ours(&form.field("form")) {
            return Ok(None);
        }
        if !may_write(visitor, self.state)? {
            return Err(Unmade::NotAllowed);
        }
        let name = form.field("name").trim().to_owned();
        let problem = |code, problem: String, taken| {
            Unmade::Form(code, StatementForm { name: name.clone(), problem: Some(problem), taken })
        };
        let parsed = StatementName::new(name.as_str());
        let parsed = parsed.map_err(|why| problem(ResponseCode::InvalidParameter, format!("The name {why}."), None))?;
        let actor = visitor.key().map_or_else(|| ANYONE.to_owned(), ToString::to_string);
        let new = NewStatement { annotation_request_id: self.id.clone(), name: parsed.clone(), actor };
        match statements::make_statement(self.state, self.time, new, self.scope).await {
            Ok(created) if created.is_new => {
                tracing::info!(target: TARGET, name = parsed.as_str(), "a statement was made on the page");
                Ok(Some(parsed))
            }
            Ok(created) => {
                let number = created.statement.head.number;
                let why = format!("Statement {number} has this name, and no statement is ever replaced.");
                Err(problem(ResponseCode::Conflict, why, Some(parsed.to_string())))
            }
            Err(error) => Err(unmade(error, problem)),
        }
    }
}

fn unmade(error: ApiError, problem: impl FnOnce(ResponseCode, String, Option<String>) -> Unmade) -> Unmade {
    let why = if matches!(error, ApiError::Unsigned(_)) {
        error.log();
        return Unmade::NoSigningKey;
    } else if matches!(error, ApiError::StatementsTooMany) {
        "Others are made just now: try again in a while."
    } else if matches!(error, ApiError::Statement(StatementError::OutcomeUnknown(_))) {
        "Whether it was made is not known. Send this again: there is never a second one of a name."
    } else {
        return Unmade::Other(in_words_of_notices(error));
    };
    error.log();
    problem(error.code(), why.to_owned(), None)
}
