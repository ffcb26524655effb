//! `GET /statement-keys` and `GET /statement-keys/{keyId}.pem`: the public keys that statements are verified with.

use crate::ApiState;
use crate::http::parameters::PathKey;
use crate::http::{DatabaseTime, RequestContext};
use crate::response::{ApiError, CACHING, Envelope, envelope};
#[cfg(feature = "openapi")]
use crate::{
    paths::{STATEMENT_KEY, STATEMENT_KEYS},
    response::{AccessErrors, OperationErrors, schema::FileBytes},
};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use actix_web::{HttpResponse, web};
use annotation_statistics_domain::{PublicKey, PublishedKey, SigningKeyId, StatementError, StatementRepository};
use annotation_statistics_statements::public_key_to_pem;
use jiff::Timestamp;
use serde::Serialize;
use std::time::SystemTime;
use utoipa::ToSchema;

/// About the size of a key, in bytes.
const KEY_BYTES: usize = 320;

const PEM: HeaderValue = HeaderValue::from_static("application/x-pem-file");

// A public key that statements are or were signed with.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StatementKey)]
struct KeyBody {
    #[schema(value_type = String, pattern = "^[0-9a-f]{16}$")]
    id: SigningKeyId,
    /// The scheme of the signatures: `Ed25519`.
    algorithm: &'static str,
    /// The public key in PEM, as `openssl pkey -pubout` writes it.
    public_key: String,
    /// When it was first used; null for the key of the service that has signed nothing yet.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    created_at: Option<Timestamp>,
    /// From when on nothing is signed with it any more; null while it is in use.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    retired_at: Option<Timestamp>,
}

// All keys.
#[derive(Serialize, ToSchema)]
struct KeysBody {
    data: Vec<KeyBody>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct KeysEnvelope(#[schema(inline)] Envelope<'static, KeysBody>);

impl KeyBody {
    fn new(key: &PublicKey, published: Option<&PublishedKey>) -> Self {
        let time = |time: SystemTime| Timestamp::try_from(time).ok();
        Self {
            id: key.id.clone(),
            algorithm: "Ed25519",
            public_key: public_key_to_pem(key),
            created_at: published.and_then(|published| time(published.created_at)),
            retired_at: published.and_then(|published| published.retired_at).and_then(time),
        }
    }
}

/// The public keys of statements
///
/// In the order in which they were first used; the key of the service is among them before it has signed anything. A key
/// that is retired stays, as what it has signed stays.
#[utoipa::path(
    get,
    path = STATEMENT_KEYS,
    operation_id = "listStatementKeys",
    responses((status = 200, description = "All keys", body = KeysEnvelope), OperationErrors, AccessErrors),
    security(
        ("key" = [], "time" = [], "signature" = [], "nonce" = []),
        ("key" = [], "time" = [], "signature" = []),
        ("session" = []),
    ),
)]
pub(crate) async fn list_keys(
    statements: web::Data<dyn StatementRepository>,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let published = time.measure(statements.list_keys()).await?;
    let own = own_key(&state).await?.filter(|own| published.iter().all(|known| known.key.id != own.id));
    let listed = published.iter().map(|known| KeyBody::new(&known.key, Some(known)));
    let body = KeysBody { data: listed.chain(own.iter().map(|own| KeyBody::new(own, None))).collect() };
    let mut response = envelope::success(&context, &body, KEY_BYTES * body.data.len())?;
    response.headers_mut().insert(CACHE_CONTROL, CACHING);
    Ok(response)
}

/// One public key of statements, as a file
#[utoipa::path(
    get,
    path = STATEMENT_KEY,
    operation_id = "getStatementKey",
    params(PathKey),
    responses(
        (
            status = 200,
            description = "The key in PEM, as `openssl pkeyutl -verify` reads it",
            content((inline(FileBytes) = "application/x-pem-file")),
        ),
        OperationErrors,
        AccessErrors,
    ),
    security(
        ("key" = [], "time" = [], "signature" = [], "nonce" = []),
        ("key" = [], "time" = [], "signature" = []),
        ("session" = []),
    ),
)]
pub(crate) async fn get_key(
    PathKey(id): PathKey,
    statements: web::Data<dyn StatementRepository>,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
) -> Result<HttpResponse, ApiError> {
    let published = time.measure(statements.list_keys()).await?;
    let found = published.into_iter().map(|known| known.key).find(|key| key.id == id);
    let found = match found {
        Some(key) => Some(key),
        None => own_key(&state).await?.filter(|own| own.id == id),
    };
    let key = found.ok_or(StatementError::UnknownKey(id))?;
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, PEM)).insert_header((CACHE_CONTROL, CACHING));
    Ok(response.body(public_key_to_pem(&key)))
}

/// The public half of the key of the service, where it has one that can be read.
async fn own_key(state: &ApiState) -> Result<Option<PublicKey>, ApiError> {
    let signing = state.signing.clone();
    let loaded = web::block(move || signing.load()).await.map_err(ApiError::Unread)?;
    Ok(loaded.ok().map(|format| format.public_key().clone()))
}
