//! The page as a whole.

use crate::delivery::{DeliveryView, FilterForm};
use crate::notice_view::NoticeView;
use crate::number_format::Figure;
use crate::{Outcome, Recent, Requested, Site, Visitor, stylesheet_name};
use askama::Template;

/// The page cannot be written.
#[derive(Debug)]
pub struct Unrendered(pub(crate) askama::Error);

impl From<askama::Error> for Unrendered {
    fn from(error: askama::Error) -> Self {
        Self(error)
    }
}

impl std::fmt::Display for Unrendered {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the page cannot be written")
    }
}

impl std::error::Error for Unrendered {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[derive(Template)]
#[template(path = "page.html")]
struct PageView<'a> {
    title: String,
    stylesheet: String,
    requested: &'a Requested,
    lines: String,
    request_id: &'a str,
    visitor: &'a Visitor,
    filter: FilterForm,
    recent: Vec<RecentView<'a>>,
    delivery: Option<DeliveryView>,
    notice: Option<NoticeView>,
}

struct RecentView<'a> {
    recent: &'a Recent,
    tasks: String,
    is_shown: bool,
}

/// The page as HTML.
///
/// # Errors
/// [`Unrendered`]: a bug.
pub fn render(site: &Site, requested: &Requested, recent: &[Recent], outcome: &Outcome) -> Result<String, Unrendered> {
    let (delivery, notice) = match outcome {
        Outcome::Found(found) => (Some(DeliveryView::of(site, requested, found)), None),
        Outcome::Notice(notice) => (None, Some(NoticeView::of(notice, requested))),
    };
    let title = delivery.as_ref().map(|delivery| delivery.title.clone());
    let title = title.or_else(|| notice.as_ref().map(|notice| notice.title.to_owned())).unwrap_or_default();
    let recent = recent.iter().map(|recent| RecentView {
        tasks: Figure::from(recent.request.task_count).of("task", "tasks"),
        is_shown: requested.list == recent.list,
        recent,
    });
    let page = PageView {
        title,
        stylesheet: stylesheet_name(),
        requested,
        lines: requested.ids.join("\n"),
        request_id: &site.request_id,
        visitor: &site.visitor,
        filter: FilterForm::of(&requested.filter, outcome.summary()),
        recent: recent.collect(),
        delivery,
        notice,
    };
    page.render().map_err(Unrendered)
}
