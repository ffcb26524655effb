//! The list of statements as HTML.

use super::statement_list::{ListedStatement, Making, StatementForm, StatementList};
use crate::number_format::Figure;
use crate::times::StatedTime;
use crate::{Site, Unrendered, Visitor, stylesheet_name};
use askama::Template;

#[derive(Template)]
#[template(path = "statement/list.html")]
struct ListPage<'a> {
    stylesheet: String,
    request_id: &'a str,
    visitor: &'a Visitor,
    list: &'a StatementList,
    rows: Vec<Row<'a>>,
    zone: &'a str,
}

struct Row<'a> {
    statement: &'a ListedStatement,
    tasks: Figure,
    delivered: Figure,
    created: StatedTime,
}

impl<'a> Row<'a> {
    fn of(statement: &'a ListedStatement, site: &Site) -> Self {
        let (tasks, delivered) = (Figure::from(statement.tasks), Figure::from(statement.delivered));
        Self { statement, tasks, delivered, created: site.times.stated(statement.created_at) }
    }
}

impl ListPage<'_> {
    fn form(&self) -> Option<&StatementForm> {
        if let Making::Form(form) = &self.list.making { Some(form) } else { None }
    }

    fn lacks_signing_key(&self) -> bool {
        matches!(self.list.making, Making::NoSigningKey)
    }
}

/// The statements of an annotation request, and the form for another one.
///
/// # Errors
/// [`Unrendered`]: a bug.
pub fn render_statements(site: &Site, list: &StatementList) -> Result<String, Unrendered> {
    let page = ListPage {
        stylesheet: stylesheet_name(),
        request_id: &site.request_id,
        visitor: &site.visitor,
        list,
        rows: list.statements.iter().map(|statement| Row::of(statement, site)).collect(),
        zone: site.times.zone_name(),
    };
    page.render().map_err(Unrendered)
}
