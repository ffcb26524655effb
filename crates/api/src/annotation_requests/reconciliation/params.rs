//! The parameters of a comparison.

use crate::http::AcceptedMedia;
use crate::http::parameters::{BOM, decode_name, flag, parameters, refuse_unknown, take_once};
use crate::response::InvalidParameter;
#[cfg(feature = "openapi")]
use crate::response::schema::{schema_types, text};
use actix_web::http::header::HeaderMap;
use annotation_statistics_domain::StatementName;
use annotation_statistics_reconciliation::{CsvOptions, SheetFormat};
#[cfg(feature = "openapi")]
use utoipa::{
    IntoParams,
    openapi::{ObjectBuilder, schema::Type},
};

const AGAINST: &str = "against";
const SHEET_FORMAT: &str = "sheetFormat";
const WORKSHEET: &str = "worksheet";
const LINES: &str = "lines";

/// All of its parameters, for a message.
const PARAMETERS: &str = "against, sheetFormat, worksheet, lines and bom";

/// The longest name of a worksheet, in bytes.
const MAX_WORKSHEET: usize = 255;

#[cfg(feature = "openapi")]
schema_types! {
    Against = text().pattern(Some("^(now|statement:[A-Za-z0-9_-][A-Za-z0-9._-]{0,63})$")).default(Some("now".into()));
    SheetFormatName = text().enum_values(Some(["csv", "xlsx", "jsonl"]));
    WorksheetName = text().min_length(Some(1)).max_length(Some(MAX_WORKSHEET));
    Flag = ObjectBuilder::new().schema_type(Type::Boolean).default(Some(false.into()));
    ClassesName = text().enum_values(Some(["all", "differences"])).default(Some("all".into()));
}

/// The parameters, as the document declares them.
#[cfg(feature = "openapi")]
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct SheetParams {
    /// What the sheet is compared with: what is recorded `now`, or `statement:` and the name of a statement.
    #[param(inline, required = false)]
    against: Against,
    /// The format of the sheet; without it, that of `Content-Type`, or by its first bytes.
    #[param(inline, required = false)]
    sheet_format: SheetFormatName,
    /// The worksheet of a workbook; without it, the first one that has a line of names.
    #[param(inline, required = false)]
    worksheet: WorksheetName,
    /// Which lines a response in CSV has: all of them, or those that do not match.
    #[param(inline, required = false)]
    lines: ClassesName,
    /// Whether a response in CSV starts with a byte order mark, by which Excel knows that it is UTF-8.
    #[param(inline, required = false)]
    bom: Flag,
}

/// The parameters, validated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ReconciliationParams {
    /// The statement to compare with, in place of what is recorded now.
    pub(super) statement: Option<StatementName>,
    pub(super) format: Option<SheetFormat>,
    pub(super) worksheet: Option<String>,
    /// How the response is written, where it is a file with a line for each value.
    pub(super) csv: Option<CsvOptions>,
}

impl ReconciliationParams {
    pub(super) fn parse(query: &str, headers: &HeaderMap) -> Result<Self, InvalidParameter> {
        let (mut against, mut format, mut worksheet) = (None, None, None);
        let (mut differences_only, mut byte_order_mark) = (None, None);
        for (name, value) in parameters(query) {
            match decode_name(name)?.as_ref() {
                AGAINST => take_once(&mut against, AGAINST, value, stated)?,
                SHEET_FORMAT => take_once(&mut format, SHEET_FORMAT, value, str::parse::<SheetFormat>)?,
                WORKSHEET => take_once(&mut worksheet, WORKSHEET, value, worksheet_name)?,
                LINES => take_once(&mut differences_only, LINES, value, are_differences)?,
                BOM => take_once(&mut byte_order_mark, BOM, value, flag)?,
                other => refuse_unknown(other, PARAMETERS)?,
            }
        }
        let accepted = AcceptedMedia::of(headers);
        let is_csv = accepted.quality("text/csv", &[]) > accepted.quality("application/json", &[]);
        let options = CsvOptions {
            differences_only: differences_only.unwrap_or_default(),
            byte_order_mark: byte_order_mark.unwrap_or_default(),
        };
        Ok(Self { statement: against.flatten(), format, worksheet, csv: is_csv.then_some(options) })
    }
}

/// `None` for what is recorded now.
pub(crate) fn stated(text: &str) -> Result<Option<StatementName>, &'static str> {
    if text == "now" {
        return Ok(None);
    }
    let name = text.strip_prefix("statement:").ok_or("must be now or statement:NAME")?;
    StatementName::new(name).map(Some).map_err(|_| "must be now or statement:NAME, such as statement:2026-11")
}

pub(crate) fn worksheet_name(text: &str) -> Result<String, String> {
    match text.len() {
        0 => Err("must not be empty".to_owned()),
        long if long > MAX_WORKSHEET => Err(format!("must be at most {MAX_WORKSHEET} bytes")),
        _ => Ok(text.to_owned()),
    }
}

fn are_differences(text: &str) -> Result<bool, &'static str> {
    match text {
        "all" => Ok(false),
        "differences" => Ok(true),
        _ => Err("must be all or differences"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{ACCEPT, HeaderValue};

    fn parse(query: &str, accept: Option<&'static str>) -> Result<ReconciliationParams, String> {
        let headers = accept.into_iter().map(|value| (ACCEPT, HeaderValue::from_static(value))).collect();
        ReconciliationParams::parse(query, &headers).map_err(|error| error.to_string())
    }

    #[test]
    fn a_comparison_is_with_what_is_recorded_now_or_with_a_statement() {
        for query in ["", "against=now", "&against=now&"] {
            assert_eq!(parse(query, None), Ok(ReconciliationParams::default()), "{query}");
        }
        let stated = ReconciliationParams {
            statement: Some(StatementName::new("2026-11").unwrap()),
            ..ReconciliationParams::default()
        };
        assert_eq!(parse("against=statement:2026-11", None), Ok(stated));
        let given = ReconciliationParams {
            statement: None,
            format: Some(SheetFormat::Xlsx),
            worksheet: Some("Blatt 1".to_owned()),
            csv: Some(CsvOptions { differences_only: true, byte_order_mark: true }),
        };
        let query = "sheetFormat=xlsx&worksheet=Blatt%201&lines=differences&bom=true";
        assert_eq!(parse(query, Some("text/csv")), Ok(given));
        for accept in ["application/json", "*/*", "text/csv;q=0.5, application/json"] {
            assert_eq!(parse("", Some(accept)), Ok(ReconciliationParams::default()), "{accept}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_reason() {
        let long = format!("worksheet={}", "x".repeat(256));
        for (query, expected) in [
            ("against=then", "against must be now or statement:NAME, got \"then\""),
            (
                "against=statement:.x",
                "against must be now or statement:NAME, such as statement:2026-11, got \"statement:.x\"",
            ),
            ("against=now&against=now", "against must be given only once"),
            ("sheetFormat=ods", "sheetFormat must be csv, xlsx or jsonl, got \"ods\""),
            ("worksheet=", "worksheet must not be empty, got \"\""),
            (&long, "worksheet must be at most 255 bytes, got \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"..."),
            ("lines=some", "lines must be all or differences, got \"some\""),
            ("poolType=5", "poolType is no filter of this operation"),
            (
                "format=csv",
                "\"format\" is no parameter of this operation, which has against, sheetFormat, worksheet, lines and bom",
            ),
        ] {
            assert_eq!(parse(query, None), Err(expected.to_owned()), "{query}");
        }
    }
}
