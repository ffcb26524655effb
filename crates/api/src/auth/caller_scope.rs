//! Which campaigns the caller may see and change.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use annotation_statistics_domain::CampaignScope;
use std::convert::Infallible;
use std::future::{Ready, ready};

/// The campaigns of the caller: the authorization middleware inserts them into the extensions of the request. Without them, all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CallerScope(pub(crate) CampaignScope);

impl FromRequest for CallerScope {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(request.extensions().get::<Self>().cloned().unwrap_or(Self(CampaignScope::All))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;
    use annotation_statistics_domain::CampaignId;
    use std::collections::BTreeSet;

    #[actix_web::test]
    async fn a_caller_sees_all_campaigns_unless_something_said_otherwise() {
        let request = TestRequest::default().to_http_request();
        assert_eq!(CallerScope::extract(&request).await.unwrap(), CallerScope(CampaignScope::All));
        let only = CallerScope(CampaignScope::Only(BTreeSet::from([CampaignId::new("1001").unwrap()])));
        request.extensions_mut().insert(only.clone());
        assert_eq!(CallerScope::extract(&request).await.unwrap(), only);
    }
}
