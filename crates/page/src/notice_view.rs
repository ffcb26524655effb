//! Why there are no numbers, in words, and links.

use crate::{Notice, Requested, SimilarRequest};

#[derive(Default)]
pub(crate) struct NoticeView {
    pub(crate) title: &'static str,
    pub(crate) text: String,
    pub(crate) ids: Vec<String>,
    pub(crate) commands: &'static [&'static str],
    pub(crate) similar: Vec<SimilarRequest>,
    pub(crate) links: Vec<NoticeLink>,
    /// Whether an operator needs to know which request this was.
    pub(crate) shows_id: bool,
}

/// What a link says, and where it leads.
pub(crate) struct NoticeLink {
    pub(crate) text: &'static str,
    pub(crate) target: String,
}

impl NoticeView {
    pub(crate) fn of(notice: &Notice, requested: &Requested) -> Self {
        match notice {
            Notice::NothingRecorded => Self::nothing_recorded(),
            Notice::Unreadable { why } => Self {
                title: "This cannot be read",
                text: format!("{why}. Mend the list of ids and ask again."),
                links: vec![link("Start again", "./")],
                ..Self::default()
            },
            Notice::Unknown { unknown, others, similar } => {
                Self { similar: similar.clone(), ..Self::unknown(unknown, others.as_deref()) }
            }
            Notice::Unavailable => Self::unavailable(requested),
            Notice::Broken => Self::broken(requested),
        }
    }

    fn unavailable(requested: &Requested) -> Self {
        Self {
            title: "The statistics cannot be reached now",
            text: "The database does not answer. Nothing is lost. Try again in a moment; when it stays so, tell \
                   those who run the service."
                .into(),
            links: vec![again(requested)],
            shows_id: true,
            ..Self::default()
        }
    }

    fn broken(requested: &Requested) -> Self {
        Self {
            title: "The statistics cannot be shown",
            text: "Something is wrong here, and not with what you asked. Tell those who run the service; the log \
                   says what it was."
                .into(),
            links: vec![again(requested), latest()],
            shows_id: true,
            ..Self::default()
        }
    }

    fn nothing_recorded() -> Self {
        Self {
            title: "Nothing is recorded yet",
            text: "Record a demo delivery, or an export of your annotation tool:".into(),
            commands: &[
                "annotation-statistics demo",
                "annotation-statistics import --annotation-request-id 'order 7' --campaign-id 1001 export.json",
            ],
            links: vec![link("Look again", "./")],
            ..Self::default()
        }
    }

    fn unknown(unknown: &[String], others: Option<&str>) -> Self {
        let others = others.map(|others| link("Show the others", &format!("?{others}")));
        Self {
            title: "Unknown annotation request",
            text: "Nothing is shown, so that no sum is taken for the whole: these ids are not recorded here. Compare \
                   them with your order, letter by letter, or pick a recent request."
                .into(),
            ids: unknown.to_vec(),
            links: others.into_iter().chain([latest()]).collect(),
            ..Self::default()
        }
    }
}

fn again(requested: &Requested) -> NoticeLink {
    let target = if requested.list.is_empty() { "./".into() } else { format!("?{}", requested.list) };
    NoticeLink { text: "Try again", target }
}

fn latest() -> NoticeLink {
    link("Show the latest request", "./")
}

fn link(text: &'static str, target: &str) -> NoticeLink {
    NoticeLink { text, target: target.into() }
}
