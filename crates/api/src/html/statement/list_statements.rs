//! `GET /statements`: the statements of an annotation request, and the form for another one.

use crate::auth::CallerScope;
use crate::html::html_response::notice_response;
use crate::html::query::list_of;
use crate::html::session::Visitor;
use crate::html::statement::statements_page::{in_words_of_notices, may_write, page_response, site_for_reader};
use crate::http::parameters::{decode_name, parameters, parse_one_request, take_number};
use crate::http::{DatabaseTime, RequestContext};
use crate::response::{ApiError, InvalidParameter};
use crate::{ApiState, ResponseCode};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::{
    AnnotationRequestId, BoxError, CampaignScope, StatementError, StatementFormat, StatementHead, StatementNumber,
    StatementRepository,
};
use annotation_statistics_page::{
    ListedStatement, Making, Requested, Site, StatementForm, StatementList, render_statements,
};
use annotation_statistics_statements::Envelope;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};
use std::num::NonZeroU32;
use std::sync::Arc;

/// How many statements are listed at a time: the document of each is read.
const LISTED: u32 = 12;

/// The number before which the page begins.
const BEFORE: &str = "before";

pub(crate) async fn list_statements(
    request: HttpRequest,
    CallerScope(scope): CallerScope,
    visitor: Visitor,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let (site, reader) = site_for_reader(&request, &state, &context, &visitor)?;
    let query = request.query_string();
    let parsed = reader.and_then(|()| Ok((parse_one_request(query, &state.settings)?, before(query)?)));
    let (id, before) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return notice_response(&site, &Requested::default(), &[], &error.into(), Vec::new()),
    };
    let reads = ListReads { state: &state, scope: &scope, time: &time, id: &id };
    let making = match (may_write(&visitor, &state)?, load_format(&state).await) {
        (false, _) => Making::NotAllowed,
        (true, Err(_)) => Making::NoSigningKey,
        (true, Ok(_)) => Making::Form(StatementForm::default()),
    };
    reads.respond(&site, before, making, ResponseCode::Success).await
}

/// What signs statements, off the thread that serves requests: it may read a file.
///
/// # Errors
/// Why there is nothing.
pub(super) async fn load_format(state: &ApiState) -> Result<Arc<dyn StatementFormat>, BoxError> {
    let signing = state.signing.clone();
    web::block(move || signing.load()).await.unwrap_or_else(|error| Err(error.into()))
}

fn before(query: &str) -> Result<Option<StatementNumber>, InvalidParameter> {
    let mut before = None;
    for (name, value) in parameters(query) {
        if decode_name(name)? == BEFORE {
            take_number(&mut before, BEFORE, value)?;
        }
    }
    Ok(before.and_then(|number| StatementNumber::new(number.unsigned_abs())))
}

/// Reads what the list shows.
pub(super) struct ListReads<'a> {
    pub(super) state: &'a ApiState,
    pub(super) scope: &'a CampaignScope,
    pub(super) time: &'a DatabaseTime,
    pub(super) id: &'a AnnotationRequestId,
}

impl ListReads<'_> {
    /// The page with this form.
    pub(super) async fn respond(
        &self,
        site: &Site,
        before: Option<StatementNumber>,
        making: Making,
        code: ResponseCode,
    ) -> Result<HttpResponse, ApiError> {
        let list = match self.time.measure(self.find(before)).await {
            Ok((statements, older)) => {
                let making = self.suggest(site, &statements, making);
                let (request, query) = (self.id.to_string(), list_of([self.id.as_str()]));
                StatementList { request, query, statements, has_later: before.is_some(), older, making }
            }
            Err(error) => {
                let error = in_words_of_notices(error);
                return notice_response(site, &Requested::default(), &[], &error, Vec::new());
            }
        };
        Ok(page_response(site, code, render_statements(site, &list).map_err(ApiError::Page)?))
    }

    /// A page of the list, and the number of its last one where there are more.
    async fn find(
        &self,
        before: Option<StatementNumber>,
    ) -> Result<(Vec<ListedStatement>, Option<u64>), StatementError> {
        let port = &*self.state.ports.statements;
        let most = NonZeroU32::MIN.saturating_add(LISTED);
        let mut heads = port.list(self.id, before, most, self.scope).await?;
        let listed = usize::try_from(LISTED).unwrap_or(usize::MAX);
        let has_more = heads.len() > listed;
        heads.truncate(listed);
        let older = heads.last().filter(|_| has_more).map(|head| head.number.get());
        let mut statements = Vec::with_capacity(heads.len());
        for head in heads {
            statements.push(self.listed(port, head).await?);
        }
        Ok((statements, older))
    }

    /// Only the document says how much of it is delivered.
    async fn listed(
        &self,
        port: &dyn StatementRepository,
        head: StatementHead,
    ) -> Result<ListedStatement, StatementError> {
        let statement = port.find(self.id, &head.name, self.scope).await?;
        let envelope = Envelope::parse(&statement.body);
        let envelope = envelope.map_err(|error| StatementError::Corrupt { what: error.to_string() })?;
        Ok(ListedStatement {
            name: head.name.to_string(),
            number: head.number.get(),
            tasks: head.task_count,
            delivered: envelope.delivered.task_num,
            created_at: envelope.created_at,
            actor: head.actor,
            revision: head.revision,
        })
    }

    /// The form with the name of this month, where none is filled in; that of this day, where that is taken.
    fn suggest(&self, site: &Site, statements: &[ListedStatement], making: Making) -> Making {
        let mut making = making;
        if let Making::Form(form) = &mut making
            && form.name.is_empty()
            && form.problem.is_none()
        {
            let now = self.state.clock.now();
            let now = site.times.zone.as_ref().map_or_else(|| in_utc(now), |zone| zone.at(now));
            let is_free = |name: &String| statements.iter().all(|statement| statement.name != *name);
            let month = Some(now.strftime("%Y-%m").to_string()).filter(is_free);
            form.name = month.unwrap_or_else(|| now.strftime("%Y-%m-%d").to_string());
        }
        making
    }
}

fn in_utc(time: Timestamp) -> ZonedDateTime {
    time.to_zoned_datetime(TimeZone::UTC)
}
