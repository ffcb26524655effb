//! `GET .../rows.jsonl` and `GET .../rows.jsonl.zst`: the rows of a statement, as they were signed.

use crate::ApiState;
use crate::annotation_requests::statements::file_response::StatementFile;
use crate::annotation_requests::statements::instead_of_body::InsteadOfBody;
use crate::annotation_requests::statements::row_stream::{RowsForm, StoredRows, stream};
use crate::annotation_requests::statements::tag::StatementTag;
use crate::auth::CallerScope;
use crate::export::ReaderLimits;
use crate::http::parameters::{PathRequest, PathStatement};
use crate::http::{Caller, DatabaseTime};
use crate::response::ApiError;
#[cfg(feature = "openapi")]
use crate::{
    http::parameters::IfNoneMatch,
    paths::{STATEMENT_ROWS, STATEMENT_ZSTD},
    response::{
        AccessErrors, OperationErrors,
        schema::{AcceptRanges, ContentDisposition, FileBytes, ReprDigest, StatementETag},
    },
};
use actix_web::body::BodySize;
use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::{AnnotationRequestId, CampaignScope, StatementName};

/// The rows of a statement
///
/// A line of JSON for each task, in ascending order of their ids, as they were when the statement was made. A connection that
/// is cut off before the end of the body has not sent all.
#[utoipa::path(
    get,
    path = STATEMENT_ROWS,
    operation_id = "getStatementRows",
    params(PathRequest, PathStatement, IfNoneMatch),
    responses(
        (
            status = 200,
            description = "The file, which never changes",
            content((inline(FileBytes) = "application/x-ndjson")),
            headers(
                ("ETag" = inline(StatementETag)),
                ("Repr-Digest" = inline(ReprDigest)),
                ("Accept-Ranges" = inline(AcceptRanges)),
                ("Content-Disposition" = inline(ContentDisposition)),
            ),
        ),
        (status = 304, description = "The client has the file already; no body", headers(("ETag" = inline(StatementETag)))),
        OperationErrors,
        AccessErrors,
    ),
    security(
        ("key" = [], "time" = [], "signature" = [], "nonce" = []),
        ("key" = [], "time" = [], "signature" = []),
        ("session" = []),
    ),
)]
pub(crate) async fn get_rows(
    request: HttpRequest,
    PathRequest(id): PathRequest,
    PathStatement(name): PathStatement,
    caller: Caller,
    CallerScope(scope): CallerScope,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
) -> Result<HttpResponse, ApiError> {
    let wanted = Wanted { id, name, scope, form: RowsForm::Lines };
    wanted.response(&request, &state, &caller, &time).await
}

/// The rows of a statement, compressed
///
/// One stream of Zstandard (RFC 8878), as it is stored: decompressed it is `rows.jsonl`. A connection that is cut off before
/// the end of the body has not sent all.
#[utoipa::path(
    get,
    path = STATEMENT_ZSTD,
    operation_id = "getCompressedStatementRows",
    params(PathRequest, PathStatement, IfNoneMatch),
    responses(
        (
            status = 200,
            description = "The file, which never changes",
            content((inline(FileBytes) = "application/zstd")),
            headers(
                ("ETag" = inline(StatementETag)),
                ("Accept-Ranges" = inline(AcceptRanges)),
                ("Content-Disposition" = inline(ContentDisposition)),
            ),
        ),
        (status = 304, description = "The client has the file already; no body", headers(("ETag" = inline(StatementETag)))),
        OperationErrors,
        AccessErrors,
    ),
    security(
        ("key" = [], "time" = [], "signature" = [], "nonce" = []),
        ("key" = [], "time" = [], "signature" = []),
        ("session" = []),
    ),
)]
pub(crate) async fn get_compressed_rows(
    request: HttpRequest,
    PathRequest(id): PathRequest,
    PathStatement(name): PathStatement,
    caller: Caller,
    CallerScope(scope): CallerScope,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
) -> Result<HttpResponse, ApiError> {
    let wanted = Wanted { id, name, scope, form: RowsForm::Zstandard };
    wanted.response(&request, &state, &caller, &time).await
}

/// Which rows are requested, and in which form.
struct Wanted {
    id: AnnotationRequestId,
    name: StatementName,
    scope: CampaignScope,
    form: RowsForm,
}

impl Wanted {
    async fn response(
        self,
        request: &HttpRequest,
        state: &ApiState,
        caller: &Caller,
        time: &DatabaseTime,
    ) -> Result<HttpResponse, ApiError> {
        let statements = &state.ports.statements;
        let head = time.measure(statements.find(&self.id, &self.name, &self.scope)).await?.head;
        let sha256 = head.rows.sha256;
        let (file, size) = match self.form {
            RowsForm::Lines => (
                StatementFile {
                    content_type: "application/x-ndjson",
                    extension: "rows.jsonl",
                    tag: StatementTag::of(sha256),
                    digest: Some(sha256),
                },
                BodySize::Sized(head.rows.bytes),
            ),
            // The digest and the size of the compressed bytes are not kept: neither is stated.
            RowsForm::Zstandard => (
                StatementFile {
                    content_type: "application/zstd",
                    extension: "rows.jsonl.zst",
                    tag: StatementTag::of_compressed(sha256),
                    digest: None,
                },
                BodySize::Stream,
            ),
        };
        if let Some(unchanged) = file.not_modified(request.headers()) {
            return Ok(unchanged);
        }
        if request.method() == Method::HEAD {
            return Ok(file.response(&head).body(InsteadOfBody(size)));
        }
        let rows = StoredRows::of(statements, &head);
        let first = time.measure(rows.read(0)).await?;
        let body = stream(rows, first, self.form, ReaderLimits::of(&state.settings), caller);
        Ok(file.response(&head).body(body))
    }
}
