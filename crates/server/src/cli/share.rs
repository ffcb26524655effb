//! `annotation-statistics share`: makes a link by which annotation requests are seen without a key.

use super::failure::Failure;
use super::keys::{failure, known_id, registry_of};
use crate::service::{DatabaseSource, MasterKeyFile, NewCluster};
use crate::settings::Settings;
use crate::terminal::print;
use annotation_statistics_access::{Access, AccessKey, KeyId, Timestamp};
use annotation_statistics_api::share_query;
use annotation_statistics_domain::{AnnotationRequestId, AnnotationRequestIds};
use annotation_statistics_storage::MasterKey;
use clap::Args;

/// The link to be made.
#[derive(Debug, Args)]
pub struct ShareArguments {
    /// The annotation requests that it shows, in this order
    #[arg(value_name = "ANNOTATION_REQUEST_ID", required = true)]
    pub requests: Vec<String>,
    /// The access key that it is of, which must be allowed to read them; the link ends with it
    #[arg(long, value_name = "ID")]
    pub key: String,
    /// When it expires, such as 2027-01-01T00:00:00Z; without this, when one of the page would
    #[arg(long, value_name = "TIMESTAMP")]
    pub expires: Option<jiff::Timestamp>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

pub(super) async fn share(settings: &Settings, arguments: &ShareArguments) -> Result<(), Failure> {
    let requests = requests(settings, &arguments.requests)?;
    let now = jiff::Timestamp::now();
    let lasting = Timestamp::from(now.as_millisecond()).later_by(settings.auth.share_time.get());
    let expires = arguments.expires.map_or(lasting, |expires| Timestamp::from(expires.as_millisecond()));
    if expires.millis() <= now.as_millisecond() {
        return Err(Failure::Input("--expires is in the past".into()));
    }
    let id = known_id(&arguments.key)?;
    let database_source = DatabaseSource::share(settings, NewCluster::Refused)?;
    let found = find(settings, &database_source, id).await;
    let stopped = database_source.stop();
    let (master_key, key) = found?;
    stopped?;
    check(&key, now)?;
    let query = share_query(&master_key.token_key(), &key, &requests, expires);
    print(text(&format!("{}/?{query}", base(settings)?), &key, &requests, expires, arguments.json));
    Ok(())
}

/// The key with its secret, and the master key that keeps it.
async fn find(
    settings: &Settings,
    database_source: &DatabaseSource,
    id: KeyId,
) -> Result<(MasterKey, AccessKey), Failure> {
    let master_key = MasterKeyFile::new(&settings.auth, database_source.master_key_file()).read()?;
    let registry = registry_of(settings, database_source)?;
    let key = registry.find(id, master_key.clone()).await.map_err(|error| failure(&error))?;
    Ok((master_key, key))
}

fn requests(settings: &Settings, given: &[String]) -> Result<AnnotationRequestIds, Failure> {
    let input = |error: &dyn std::fmt::Display| Failure::Input(error.to_string());
    let ids: Result<Vec<_>, _> = given.iter().map(|id| AnnotationRequestId::new(id.as_str())).collect();
    let requests = AnnotationRequestIds::new(ids.map_err(|error| input(&error))?).map_err(|error| input(&error))?;
    let max = settings.api.max_ids;
    if requests.as_slice().len() > max.get() {
        return Err(Failure::Input(format!("a link may have at most {max} annotation requests (api.max_ids)")));
    }
    Ok(requests)
}

fn check(key: &AccessKey, now: jiff::Timestamp) -> Result<(), Failure> {
    if !key.scopes.allow(Access::Read) {
        return Err(Failure::Input(format!("the key `{}` may not read, and so nor may a link of it", key.id)));
    }
    if !key.is_valid_at(Timestamp::from(now.as_millisecond())) {
        return Err(Failure::Input(format!("the key `{}` has expired", key.id)));
    }
    Ok(())
}

/// Where clients reach the service, as far as the settings say.
fn base(settings: &Settings) -> Result<String, Failure> {
    let scheme = if settings.tls.files()?.is_some() { "https" } else { "http" };
    Ok(settings.server.public_url()?.unwrap_or_else(|| format!("{scheme}://{}", settings.server.bind)))
}

fn text(url: &str, key: &AccessKey, requests: &AnnotationRequestIds, expires: Timestamp, json: bool) -> String {
    let until = jiff::Timestamp::from_millisecond(expires.millis());
    let until = until.map_or_else(|_| expires.to_string(), |time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    if !json {
        return url.to_owned();
    }
    let ids: Vec<&str> = requests.as_slice().iter().map(AnnotationRequestId::as_str).collect();
    serde_json::json!({ "url": url, "key": key.id.as_str(), "expires": until, "annotationRequestIds": ids }).to_string()
}
