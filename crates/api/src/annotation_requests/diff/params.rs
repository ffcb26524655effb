//! The parameters of a comparison of two states.

use crate::http::AcceptedMedia;
use crate::http::parameters::{
    BOM, FORMAT, LIMIT, decode_name, flag, parameters, refuse_unknown, take_number, take_once,
};
#[cfg(feature = "openapi")]
use crate::response::schema::{schema_types, text};
use crate::response::{InvalidParameter, invalid};
use actix_web::http::header::HeaderMap;
use annotation_statistics_domain::{StatementName, TaskId};
use annotation_statistics_exports::ExportFormat;
#[cfg(feature = "openapi")]
use utoipa::{
    IntoParams,
    openapi::{ObjectBuilder, schema::Type},
};

const FROM: &str = "from";
const TO: &str = "to";
const AFTER: &str = "after";
const AS_OF: &str = "asOf";

/// In front of the name of a statement.
const STATEMENT: &str = "statement:";
const NOW: &str = "now";

/// All of its parameters, for a message.
const PARAMETERS: &str = "from, to, after, limit, format and bom";

/// The most tasks of a page, and those of one where nothing is said.
pub(super) const MAX_LINES: usize = 1_000;

#[cfg(feature = "openapi")]
schema_types! {
    FromState = text().pattern(Some("^statement:[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$"));
    ToState = text().pattern(Some("^(now|statement:[A-Za-z0-9_-][A-Za-z0-9._-]{0,63})$")).default(Some("now".into()));
    TaskNumber = text().pattern(Some("^-?[0-9]{1,19}$"));
    LinesNumber = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .default(Some(MAX_LINES.into()));
    DiffFormatName = text().enum_values(Some(["json", "csv", "xlsx"]));
    Flag = ObjectBuilder::new().schema_type(Type::Boolean).default(Some(false.into()));
}

/// The parameters, as the document declares them.
#[cfg(feature = "openapi")]
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct StatesParams {
    /// The earlier state: a statement by its name. Without it, the last one; where `to` is a statement, the one before that.
    #[param(inline, required = false, example = "statement:2026-10")]
    from: FromState,
    /// The later state: a statement by its name, or what is recorded now.
    #[param(inline, required = false, example = "statement:2026-11")]
    to: ToState,
    /// The `next` of the page before: a page behind the first one has tasks and no sums.
    #[param(inline, required = false)]
    after: TaskNumber,
    /// Tasks per page; above 1000 it is lowered to 1000.
    #[param(inline, required = false)]
    limit: LinesNumber,
    /// The format; without it, `Accept` decides. csv and xlsx have all tasks.
    #[param(inline, required = false)]
    format: DiffFormatName,
    /// Whether csv starts with a byte order mark, by which Excel knows that it is UTF-8.
    #[param(inline, required = false)]
    bom: Flag,
}

/// The parameters, validated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DiffParams {
    /// The earlier state; none: the statement before the later one.
    pub(super) from: Option<StatementName>,
    /// The later state; none: now.
    pub(super) to: Option<StatementName>,
    /// The last task of the page before.
    pub(super) after: Option<TaskId>,
    pub(super) limit: usize,
    pub(super) form: Form,
}

/// The form of the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Form {
    Json,
    Csv { byte_order_mark: bool },
    Xlsx,
}

impl Form {
    /// What the client prefers; of those that it likes the same, the first one.
    fn preferred(accepted: &AcceptedMedia, csv: Self) -> Self {
        let [as_json, as_csv, as_xlsx] =
            ["application/json", ExportFormat::Csv.media_type(), ExportFormat::Xlsx.media_type()]
                .map(|media_type| accepted.quality(media_type, &[]));
        if as_xlsx > as_json.max(as_csv) {
            Self::Xlsx
        } else if as_csv > as_json {
            csv
        } else {
            Self::Json
        }
    }
}

impl DiffParams {
    pub(super) fn parse(query: &str, headers: &HeaderMap) -> Result<Self, InvalidParameter> {
        let (mut from, mut to, mut after) = (None, None, None);
        let (mut limit, mut format, mut byte_order_mark) = (None, None, None);
        for (name, value) in parameters(query) {
            match decode_name(name)?.as_ref() {
                FROM => take_once(&mut from, FROM, value, statement)?,
                TO => take_once(&mut to, TO, value, statement_or_now)?,
                AFTER => take_once(&mut after, AFTER, value, task)?,
                LIMIT => take_number(&mut limit, LIMIT, value)?,
                FORMAT => take_once(&mut format, FORMAT, value, form)?,
                BOM => take_once(&mut byte_order_mark, BOM, value, flag)?,
                AS_OF => return Err(invalid(AS_OF, PAST)),
                other => refuse_unknown(other, PARAMETERS)?,
            }
        }
        let csv = Form::Csv { byte_order_mark: byte_order_mark.unwrap_or_default() };
        let form = match format {
            None => Form::preferred(&AcceptedMedia::of(headers), csv),
            // Which of its forms is said beside it.
            Some(Form::Csv { .. }) => csv,
            Some(form) => form,
        };
        if after.is_some() && form != Form::Json {
            return Err(invalid(AFTER, "is of pages of json: csv and xlsx have all tasks"));
        }
        let limit = limit.and_then(|limit| usize::try_from(limit).ok()).map_or(MAX_LINES, |limit| limit.min(MAX_LINES));
        Ok(Self { from, to: to.flatten(), after, limit, form })
    }
}

const PAST: &str = "names a past state; those are not kept yet: name a statement, such as from=statement:2026-10";

fn statement(text: &str) -> Result<StatementName, String> {
    match text.strip_prefix(STATEMENT) {
        Some(name) => StatementName::new(name).map_err(|why| format!("has a name that {why}")),
        None if text == NOW => Err("must be a statement, as now is the later state".to_owned()),
        None => Err(not_a_state(text, "must be statement:NAME")),
    }
}

fn statement_or_now(text: &str) -> Result<Option<StatementName>, String> {
    match text {
        NOW => Ok(None),
        _ if text.starts_with(STATEMENT) => statement(text).map(Some),
        _ => Err(not_a_state(text, "must be now or statement:NAME")),
    }
}

fn not_a_state(text: &str, expected: &str) -> String {
    let is_past = text.starts_with("change:") || text.starts_with("time:");
    if is_past { PAST.to_owned() } else { expected.to_owned() }
}

fn task(text: &str) -> Result<TaskId, &'static str> {
    text.parse::<i64>().map(TaskId::from).map_err(|_| "must be the next of a page")
}

fn form(text: &str) -> Result<Form, &'static str> {
    match text {
        "json" => Ok(Form::Json),
        "csv" => Ok(Form::Csv { byte_order_mark: false }),
        "xlsx" => Ok(Form::Xlsx),
        _ => Err("must be json, csv or xlsx"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{ACCEPT, HeaderValue};

    fn parse(query: &str, accept: Option<&'static str>) -> Result<DiffParams, String> {
        let headers = accept.into_iter().map(|value| (ACCEPT, HeaderValue::from_static(value))).collect();
        DiffParams::parse(query, &headers).map_err(|error| error.to_string())
    }

    #[test]
    fn a_comparison_is_from_the_last_statement_to_now() {
        let default = DiffParams { from: None, to: None, after: None, limit: 1_000, form: Form::Json };
        for (query, accept) in [("", None), ("to=now&&", Some("*/*")), ("format=json&limit=5000", Some("text/csv"))] {
            assert_eq!(parse(query, accept), Ok(default.clone()), "{query}");
        }
        let name = |name: &str| Some(StatementName::new(name).unwrap());
        let given = DiffParams {
            from: name("2026-10"),
            to: name("2026-11"),
            after: Some(TaskId::from(-7)),
            limit: 3,
            form: Form::Json,
        };
        assert_eq!(parse("from=statement%3A2026-10&to=statement:2026-11&after=-7&limit=3", None), Ok(given));
        for (query, accept, byte_order_mark) in
            [("format=csv", None, false), ("bom=true", Some("text/csv, application/json;q=0.5"), true)]
        {
            assert_eq!(parse(query, accept).unwrap().form, Form::Csv { byte_order_mark }, "{query}");
        }
        let workbook = ExportFormat::Xlsx.media_type();
        for (query, accept) in [("format=xlsx", None), ("format=xlsx&bom=true", Some("text/csv")), ("", Some(workbook))]
        {
            assert_eq!(parse(query, accept).unwrap().form, Form::Xlsx, "{query}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_reason() {
        for (query, expected) in [
            ("from=now", "from must be a statement, as now is the later state, got \"now\""),
            ("from=2026-10", "from must be statement:NAME, got \"2026-10\""),
            (
                "from=statement:",
                "from has a name that must be 1 to 64 letters, digits and . _ - with no dot in front, such as 2026-11, \
                 got \"statement:\"",
            ),
            ("to=then", "to must be now or statement:NAME, got \"then\""),
            ("to=now&to=now", "to must be given only once"),
            (
                "to=change:17",
                "to names a past state; those are not kept yet: name a statement, such as from=statement:2026-10, got \
                 \"change:17\"",
            ),
            (
                "from=time:2026-10-31T23:00:00Z",
                "from names a past state; those are not kept yet: name a statement, such as from=statement:2026-10, got \
                 \"time:2026-10-31T23:00:00Z\"",
            ),
            (
                "asOf=2026-10-31",
                "asOf names a past state; those are not kept yet: name a statement, such as from=statement:2026-10",
            ),
            ("after=x", "after must be the next of a page, got \"x\""),
            ("after=7&format=csv", "after is of pages of json: csv and xlsx have all tasks"),
            ("limit=0", "limit must be a whole number from 1, got \"0\""),
            ("format=pdf", "format must be json, csv or xlsx, got \"pdf\""),
            ("bom=1", "bom must be true or false, got \"1\""),
        ] {
            assert_eq!(parse(query, None), Err(expected.to_owned()), "{query}");
        }
    }
}
