//! `GET .../statement.json` and `GET .../statement.sig`: the document that was signed, and its signature.

use crate::annotation_requests::statements::file_response::StatementFile;
use crate::annotation_requests::statements::instead_of_body::body_of;
use crate::annotation_requests::statements::tag::StatementTag;
use crate::auth::CallerScope;
use crate::http::DatabaseTime;
use crate::http::parameters::{PathRequest, PathStatement};
use crate::response::ApiError;
#[cfg(feature = "openapi")]
use crate::{
    http::parameters::IfNoneMatch,
    paths::{STATEMENT_JSON, STATEMENT_SIG},
    response::{
        AccessErrors, OperationErrors,
        schema::{AcceptRanges, ContentDisposition, FileBytes, FileObject, ReprDigest, StatementETag},
    },
};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::{Sha256, StatementRepository};
use sha2::{Digest, Sha256 as Hash};

/// The document of a statement
///
/// The bytes that were signed.
#[utoipa::path(
    get,
    path = STATEMENT_JSON,
    operation_id = "getStatementDocument",
    params(PathRequest, PathStatement, IfNoneMatch),
    responses(
        (
            status = 200,
            description = "The file, which never changes",
            content((inline(FileObject) = "application/json")),
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
pub(crate) async fn get_document(
    request: HttpRequest,
    PathRequest(id): PathRequest,
    PathStatement(name): PathStatement,
    CallerScope(scope): CallerScope,
    statements: web::Data<dyn StatementRepository>,
    time: web::ReqData<DatabaseTime>,
) -> Result<HttpResponse, ApiError> {
    let statement = time.measure(statements.find(&id, &name, &scope)).await?;
    let sha256 = statement.head.sha256;
    let file = StatementFile {
        content_type: "application/json",
        extension: "json",
        tag: StatementTag::of(sha256),
        digest: Some(sha256),
    };
    if let Some(unchanged) = file.not_modified(request.headers()) {
        return Ok(unchanged);
    }
    Ok(file.response(&statement.head).body(body_of(&request, statement.body)))
}

/// The signature of a statement
///
/// The 64 bytes of Ed25519 (RFC 8032) over the bytes of `statement.json`.
#[utoipa::path(
    get,
    path = STATEMENT_SIG,
    operation_id = "getStatementSignature",
    params(PathRequest, PathStatement, IfNoneMatch),
    responses(
        (
            status = 200,
            description = "The file, which never changes",
            content((inline(FileBytes) = "application/octet-stream")),
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
pub(crate) async fn get_signature(
    request: HttpRequest,
    PathRequest(id): PathRequest,
    PathStatement(name): PathStatement,
    CallerScope(scope): CallerScope,
    statements: web::Data<dyn StatementRepository>,
    time: web::ReqData<DatabaseTime>,
) -> Result<HttpResponse, ApiError> {
    let statement = time.measure(statements.find(&id, &name, &scope)).await?;
    let sha256 = Sha256(Hash::digest(statement.signature).into());
    let file = StatementFile {
        content_type: "application/octet-stream",
        extension: "sig",
        tag: StatementTag::of(sha256),
        digest: Some(sha256),
    };
    if let Some(unchanged) = file.not_modified(request.headers()) {
        return Ok(unchanged);
    }
    Ok(file.response(&statement.head).body(body_of(&request, statement.signature.to_vec())))
}
