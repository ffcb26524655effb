//! What the HTML page is about, as its caller states it.

use crate::{Letterhead, Times, Visitor};
use annotation_statistics_domain::{AnnotationRequest, TaskFilter};
use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// Where the page is.
#[derive(Debug, Clone)]
pub struct Site {
    /// The path of the API's statistics, relative to the page: `statistics`, `rosetta-open/statistics`.
    pub api: String,
    /// Scheme, host and port by which the page was requested.
    pub origin: String,
    /// The id of the request for the page.
    pub request_id: String,
    /// The exports to offer, in order.
    pub downloads: Vec<Download>,
    /// Who looks at it.
    pub visitor: Visitor,
    /// When that is, and in which zone times are stated besides UTC.
    pub times: Times,
    /// What a page that is signed on paper names besides its numbers.
    pub letterhead: Letterhead,
}

/// An export to offer.
#[derive(Debug, Clone)]
pub struct Download {
    /// What it is called.
    pub label: &'static str,
    /// What one gets.
    pub about: &'static str,
    /// The part of a query that requests it: `format=csv`.
    pub query: String,
}

/// The annotation requests that are shown.
#[derive(Debug, Clone, Default)]
pub struct Requested {
    /// Their ids; none where the page was opened without any.
    pub ids: Vec<String>,
    /// The same as the part of a query: `annotationRequestId=a&annotationRequestId=b`, encoded, and with the filter:
    /// `&poolType=5`.
    pub list: String,
    /// The same without the filter.
    pub unfiltered: String,
    /// Which of their tasks are added up.
    pub filter: TaskFilter,
    /// Whether the user requested them; else they are what the page shows by default.
    pub is_chosen: bool,
}

impl Requested {
    /// The names and values of the list, decoded, so that a form keeps them.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        let decoded = |text| percent_decode_str(text).decode_utf8_lossy();
        self.list
            .split('&')
            .filter_map(move |pair| pair.split_once('=').map(|(name, value)| (decoded(name), decoded(value))))
    }

    /// The part of a query for the only request, where there is one.
    pub(crate) fn only(&self) -> Option<&str> {
        (self.ids.len() == 1).then_some(self.unfiltered.as_str())
    }

    /// Whether a form keeps the list as it is: browsers send another line break than they were given.
    pub(crate) fn fits_a_form(&self) -> bool {
        !self.list.contains("%0A") && !self.list.contains("%0D")
    }
}

/// An annotation request to pick.
#[derive(Debug, Clone)]
pub struct Recent {
    /// The request.
    pub request: AnnotationRequest,
    /// It as the part of a query.
    pub list: String,
    /// When it was last changed, in words.
    pub changed: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_keeps_the_list_value_by_value_unless_one_has_a_line_break() {
        let requested = |list: &str| Requested { list: list.into(), ..Requested::default() };
        let one = requested("annotationRequestId=a%26b%20%C3%A9&annotationRequestId=c%2B&share=x.y");
        let pairs: Vec<_> = one.pairs().map(|(name, value)| format!("{name}: {value}")).collect();
        assert_eq!(pairs, ["annotationRequestId: a&b é", "annotationRequestId: c+", "share: x.y"]);
        assert_eq!([one.fits_a_form(), requested("annotationRequestId=a%0Ab").fits_a_form()], [true, false]);
        assert_eq!(requested("").pairs().count(), 0);
    }
}
