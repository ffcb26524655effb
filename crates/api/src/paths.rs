//! The paths of all resources.

/// Under the base path, and guarded by access keys, like the next ones.
pub(crate) const STATISTICS: &str = "/statistics";
pub(crate) const STATISTICS_QUERY: &str = "/statistics/query";
pub(crate) const SUMMARY: &str = "/statistics/summary";
pub(crate) const SCHEDULE: &str = "/annotation-request/task/schedule";
pub(crate) const EXPORT: &str = "/statistics/export";
pub(crate) const ANNOTATION_REQUESTS: &str = "/annotation-requests";
pub(crate) const TASKS: &str = "/tasks";
pub(crate) const ANNOTATION_REQUEST: &str = "/annotation-requests/{annotationRequestId}";
pub(crate) const REQUEST_STATISTICS: &str = "/annotation-requests/{annotationRequestId}/statistics";
pub(crate) const REQUEST_TASK: &str = "/annotation-requests/{annotationRequestId}/statistics/{taskId}";
pub(crate) const REQUEST_TAXONOMY: &str = "/annotation-requests/{annotationRequestId}/taxonomy";
pub(crate) const CONFORMANCE: &str = "/annotation-requests/{annotationRequestId}/conformance";
pub(crate) const RECONCILIATIONS: &str = "/annotation-requests/{annotationRequestId}/reconciliations";
pub(crate) const STATEMENTS: &str = "/annotation-requests/{annotationRequestId}/statements";
pub(crate) const STATEMENT: &str = "/annotation-requests/{annotationRequestId}/statements/{name}";
pub(crate) const STATEMENT_JSON: &str = "/annotation-requests/{annotationRequestId}/statements/{name}/statement.json";
pub(crate) const STATEMENT_SIG: &str = "/annotation-requests/{annotationRequestId}/statements/{name}/statement.sig";
pub(crate) const STATEMENT_ROWS: &str = "/annotation-requests/{annotationRequestId}/statements/{name}/rows.jsonl";
pub(crate) const STATEMENT_ZSTD: &str = "/annotation-requests/{annotationRequestId}/statements/{name}/rows.jsonl.zst";
pub(crate) const STATEMENT_KEYS: &str = "/statement-keys";
pub(crate) const STATEMENT_KEY: &str = "/statement-keys/{keyId}.pem";
pub(crate) const DIFF: &str = "/annotation-requests/{annotationRequestId}/diff";
/// At the root, like all that follow: pages, for people who have signed in where keys are needed.
pub(crate) const HTML: &str = "/";
pub(crate) const HTML_FIND: &str = "/find";
pub(crate) const HTML_RECONCILE: &str = "/reconcile";
pub(crate) const HTML_STATEMENTS: &str = "/statements";
pub(crate) const HTML_STATEMENT: &str = "/statement";
/// All pages that one may be led to after signing in.
pub(crate) const PAGES: [&str; 5] = [HTML, HTML_FIND, HTML_RECONCILE, HTML_STATEMENTS, HTML_STATEMENT];
/// The forms of pages, only where keys are needed.
pub(crate) const SIGN_IN: &str = "/sign-in";
pub(crate) const SIGN_OUT: &str = "/sign-out";
pub(crate) const SHARE: &str = "/share";
/// Without a key, like all that follow.
pub(crate) const HEALTH_LIVE: &str = "/health/live";
pub(crate) const HEALTH_READY: &str = "/health/ready";
pub(crate) const OPENAPI: &str = "/openapi.json";
pub(crate) const DOCS: &str = "/docs";
pub(crate) const DOCS_FILES: &str = "/docs/{file:.*}";
/// Of the admin listener, like all that follow.
pub(crate) const ADMIN_LIVE: &str = "/live";
pub(crate) const ADMIN_READY: &str = "/ready";
pub(crate) const ADMIN_METRICS: &str = "/metrics";
