//! The vocabulary of annotation statistics, and the ports around it.
//!
//! Depend on this crate to read what was annotated, by page ([`StatisticsRepository`]), as sums ([`SummaryRepository`])
//! or as a whole ([`StatisticsExporter`]), to record it ([`StatisticsRecorder`]), to keep annotation requests
//! ([`AnnotationRequestRegistry`]) and what was agreed on for them ([`TaxonomyRepository`]), to find them
//! ([`AnnotationRequestFinder`]), to state what was delivered ([`StatementRepository`]), or to implement these ports on another store. It has no HTTP, no SQL and no
//! runtime; its types cannot hold an invalid value, so a value needs no second check.
//!
//! # Features
//!
//! * `serde`: the types as JSON, in the form of the public API.
//! * `mock`: `MockStatisticsRepository`, `MockStatisticsRecorder` and so on for each port, for unit tests.
//!
//! # To read
//!
//! Page after page until one is empty; the port may be implemented by Postgres, memory or a mock.
//!
//! ```
//! use annotation_statistics_domain::{
//!     AnnotationRequestId, AnnotationRequestIds, CampaignScope, PageRequest, RepositoryError, StatisticsRepository,
//! };
//! use std::num::{NonZeroU32, NonZeroU64};
//!
//! /// How many instances were annotated in all tasks of a request.
//! async fn instances(
//!     repository: &dyn StatisticsRepository,
//!     request: AnnotationRequestId,
//! ) -> Result<i64, RepositoryError> {
//!     let (requests, limit) = (AnnotationRequestIds::from(request), NonZeroU32::new(100).unwrap());
//!     let (mut sum, mut page) = (0, NonZeroU64::MIN);
//!     loop {
//!         let found = repository.find_page(&requests, PageRequest::new(page, limit), &CampaignScope::All).await?;
//!         sum += found.page.rows.iter().map(|task| task.instance_num().get()).sum::<i64>();
//!         match page.checked_add(1).filter(|_| !found.page.rows.is_empty()) {
//!             Some(next) => page = next,
//!             None => return Ok(sum),
//!         }
//!     }
//! }
//! ```
//!
//! # A value
//!
//! A [`Statistics`] is one task. Its numbers agree:
//!
//! ```
//! use annotation_statistics_domain::{
//!     CampaignId, Count, InstanceInfo, PoolName, PoolType, Statistics, StatisticsParts, TaskId, TaskStatus,
//! };
//!
//! let counts = [("car".to_owned().try_into()?, Count::from(2)), ("car/color".to_owned().try_into()?, Count::from(1))];
//! let parts = StatisticsParts {
//!     id: TaskId::from(304_500_000_000_000_707),
//!     source_name: None,
//!     status: TaskStatus::LABELS_APPROVED,
//!     campaign_id: CampaignId::new("1001")?,
//!     pool_name: PoolName::new("complete pool")?,
//!     pool_type: PoolType::Complete,
//!     instance_info: InstanceInfo::new(counts)?,
//!     instance_num: Count::from(2),
//!     attribute_num: Count::from(1),
//!     frame_num: Count::ONE,
//! };
//! assert_eq!(Statistics::new(parts.clone())?.instance_info().total().get(), 3);
//! assert!(Statistics::new(StatisticsParts { instance_num: Count::from(3), ..parts }).is_err(), "3 + 1 are not 3");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # To implement a port
//!
//! A repository in memory. The obligations are the MUST sentences of [`StatisticsRepository`]; [`PagePlan`] computes
//! the pages.
//!
//! ```
//! use annotation_statistics_domain::{
//!     AnnotationRequestId, AnnotationRequestIds, CampaignId, CampaignScope, Page, PagePlan, PageRequest, RepositoryError,
//!     RequestState, Revision, Statistics, StatisticsPage, StatisticsRepository, Whitelist, WhitelistedPage,
//! };
//! use async_trait::async_trait;
//! use std::collections::HashMap;
//!
//! struct Delivered {
//!     campaign: CampaignId,
//!     revision: Revision,
//!     tasks: Vec<Statistics>,
//! }
//!
//! #[derive(Default)]
//! struct InMemory(HashMap<AnnotationRequestId, Delivered>);
//!
//! impl InMemory {
//!     fn find(&self, requests: &AnnotationRequestIds, scope: &CampaignScope) -> Result<Vec<&Delivered>, RepositoryError> {
//!         let ids = requests.as_slice();
//!         let visible = |id| self.0.get(id).filter(|delivered: &&Delivered| scope.covers(&delivered.campaign));
//!         let found: Vec<&Delivered> = ids.iter().filter_map(visible).collect();
//!         if found.len() < ids.len() {
//!             let unknown = ids.iter().filter(|id| visible(id).is_none()).cloned().collect();
//!             return Err(RepositoryError::UnknownAnnotationRequests(unknown));
//!         }
//!         Ok(found)
//!     }
//! }
//!
//! #[async_trait]
//! impl StatisticsRepository for InMemory {
//!     async fn find_page(
//!         &self,
//!         requests: &AnnotationRequestIds,
//!         page: PageRequest,
//!         scope: &CampaignScope,
//!     ) -> Result<StatisticsPage, RepositoryError> {
//!         let found = self.find(requests, scope)?;
//!         let task_counts: Vec<u64> = found.iter().map(|delivered| delivered.tasks.len() as u64).collect();
//!         let plan = PagePlan::new(&task_counts, page);
//!         let rows = plan.ranges.iter().flat_map(|range| {
//!             let positions = range.positions.start as usize..range.positions.end as usize;
//!             found[range.request].tasks[positions].iter().cloned()
//!         });
//!         Ok(StatisticsPage {
//!             page: Page { count: plan.count, rows: rows.collect() },
//!             revisions: found.iter().map(|delivered| delivered.revision).collect(),
//!             counting_rules: vec![None; found.len()],
//!         })
//!     }
//!
//!     async fn find_whitelisted_page(
//!         &self,
//!         requests: &AnnotationRequestIds,
//!         page: PageRequest,
//!         scope: &CampaignScope,
//!     ) -> Result<WhitelistedPage, RepositoryError> {
//!         let page = self.find_page(requests, page, scope).await?;
//!         let whitelists = vec![Whitelist::default(); page.page.rows.len()];
//!         Ok(WhitelistedPage { page, whitelists })
//!     }
//!
//!     async fn find_states(
//!         &self,
//!         requests: &AnnotationRequestIds,
//!         scope: &CampaignScope,
//!     ) -> Result<Vec<RequestState>, RepositoryError> {
//!         let state = |delivered: &Delivered| RequestState {
//!             task_count: delivered.tasks.len() as u64,
//!             revision: delivered.revision,
//!             counting_rule: None,
//!         };
//!         Ok(self.find(requests, scope)?.into_iter().map(state).collect())
//!     }
//!
//!     async fn check_ready(&self) -> Result<(), RepositoryError> {
//!         Ok(())
//!     }
//! }
//!
//! # futures_util::future::FutureExt::now_or_never(async {
//! let request = AnnotationRequestId::new("7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b").unwrap();
//! let campaign = CampaignId::new("1001").unwrap();
//! let delivered = Delivered { campaign, revision: Revision::from(1), tasks: vec![] };
//! let repository = InMemory(HashMap::from([(request.clone(), delivered)]));
//! let first_page = PageRequest::new(1.try_into().unwrap(), 10.try_into().unwrap());
//! let found = repository.find_page(&request.into(), first_page, &CampaignScope::All).await.unwrap();
//! assert_eq!(found.page.count, 0);
//! # }).unwrap();
//! ```

mod annotation_request;
mod bounded_text;
mod error_chain;
mod finding;
mod paging;
mod ports;
mod statement;
mod summary;
mod task;
mod taxonomy;

pub use annotation_request::{
    AnnotationRequestId, AnnotationRequestIds, CampaignId, CampaignScope, CountingRuleName, EmptyAnnotationRequestIds,
    IdPrefix, InvalidCountingRuleName, Precondition, Revision,
};
pub use bounded_text::TextError;
pub use error_chain::ErrorChain;
pub use finding::{
    CampaignProgress, FoundCampaigns, FoundRequests, FoundTaskPlaces, IdPart, ListedRequest, Progress, RequestPosition,
    RequestSearch, StatusFilter, TaskPlace, TaskPosition, TaskSearch, TaskTerm,
};
pub use paging::{Page, PagePlan, PageRequest, PositionRange, RemovedPositions};
pub use ports::{
    AnnotationRequest, AnnotationRequestFinder, AnnotationRequestRegistry, BoxError, CountingRuleConflict,
    DeletedRequest, ExportError, ExportTarget, FoundTask, NamedTasks, NewAnnotationRequest, Place, PreconditionFailed,
    RecordError, Recorded, RecordedTask, RegistryError, RepositoryError, RequestState, StatisticsExporter,
    StatisticsPage, StatisticsRecorder, StatisticsRepository, SummaryRepository, TaskStream,
};
pub use ports::{CreatedStatement, NewStatement, StatementError, StatementRepository};
pub use ports::{KeptTaxonomy, TaxonomyFilling, TaxonomyRepository};
pub use ports::{Whitelist, WhitelistedPage};
pub use statement::{
    FrameStart, InvalidSigningKeyId, InvalidStatementName, PreviousStatement, PublicKey, PublishedKey, RowFrame,
    RowsDigest, Sha256, SignedStatement, SigningKeyId, Statement, StatementDraft, StatementFacts, StatementFormat,
    StatementHead, StatementName, StatementNumber,
};
pub use summary::{
    CellTotal, Completion, ItemCell, ItemSums, ItemTotal, ItemsBy, RequestTotals, StatementOrigin, Summary,
    SummaryQuery, SumsDisagree, TaskFilter, Totals,
};
pub use task::{
    Count, CountsDisagree, InstanceInfo, InstanceInfoError, ItemKind, ItemKinds, KindsDisagree, NegativeCount,
    OperationItemKey, PoolName, PoolType, SourceName, Statistics, StatisticsParts, TaskId, TaskStatus, UnknownPoolType,
};

pub use taxonomy::{
    Conformance, FilledTaxonomy, ItemConformance, ItemLabel, MinAboveMax, Operator, OperatorKind, OperatorType,
    Quantity, StatedItem, Taxonomy, TaxonomyError, TaxonomyFlaw, TaxonomyPlace, TaxonomySource, UnknownItem,
};

#[cfg(feature = "serde")]
pub use task::wire;

#[cfg(feature = "mock")]
pub use ports::{
    MockAnnotationRequestFinder, MockAnnotationRequestRegistry, MockStatementRepository, MockStatisticsExporter,
    MockStatisticsRecorder, MockStatisticsRepository, MockSummaryRepository, MockTaxonomyRepository,
};
