//! A statement as HTML: all of it on screen, and what one signs on one sheet of paper.

use super::digest::Digest;
use super::qr_code::QrCode;
use super::shown_statement::{ShownGroup, ShownItem, ShownStatement, StatementProblem};
use crate::delivery::{pool_name, rules_in_words};
use crate::number_format::Figure;
use crate::times::StatedTime;
use crate::{Letterhead, Site, Unrendered, Visitor, stylesheet_name};
use annotation_statistics_domain::{ItemKind, Totals};
use askama::Template;
use std::cmp::Reverse;

/// How many operation items are shown on screen; the document has all.
const ON_SCREEN: usize = 200;

/// How many fit on the sheet, so that what is signed is one sheet whatever the statement has.
const ON_PAPER: usize = 8;

#[derive(Template)]
#[template(path = "statement/statement.html")]
struct StatementPage<'a> {
    stylesheet: String,
    request_id: &'a str,
    visitor: &'a Visitor,
    letterhead: &'a Letterhead,
    statement: &'a ShownStatement,
    rule: String,
    as_of: StatedTime,
    created: StatedTime,
    zone: &'a str,
    sums: [SumRow; 4],
    on_screen: Items<'a>,
    on_paper: Items<'a>,
    groups: Vec<GroupRow<'a>>,
    seals: Vec<Seal<'a>>,
    rows_bytes: Figure,
    code: Option<QrCode>,
}

struct SumRow {
    name: &'static str,
    total: Figure,
    delivered: Figure,
}

/// Those with the most, and what the others add.
struct Items<'a> {
    largest: Vec<ItemRow<'a>>,
    rest: Option<RestRow>,
}

struct ItemRow<'a> {
    key: &'a str,
    /// Where it says more than the key.
    label: Option<&'a str>,
    kind: &'static str,
    count: Figure,
    delivered: Figure,
    tasks: Figure,
}

struct RestRow {
    items: String,
    count: Figure,
    delivered: Figure,
}

struct GroupRow<'a> {
    pool: &'static str,
    status: &'a str,
    code: i32,
    tasks: Figure,
    instances: Figure,
    attributes: Figure,
    frames: Figure,
}

/// A digest, and what it is of.
struct Seal<'a> {
    name: &'static str,
    digest: Digest<'a>,
}

#[derive(Template)]
#[template(path = "statement/none.html")]
struct NoStatementPage<'a> {
    stylesheet: String,
    request_id: &'a str,
    visitor: &'a Visitor,
    problem: &'a StatementProblem,
}

/// A statement.
///
/// # Errors
/// [`Unrendered`]: a bug.
pub fn render_statement(site: &Site, statement: &ShownStatement) -> Result<String, Unrendered> {
    let mut items: Vec<&ShownItem> = statement.items.iter().collect();
    items.sort_by_key(|item| (Reverse(item.count), item.key.as_str()));
    let page = StatementPage {
        stylesheet: stylesheet_name(),
        request_id: &site.request_id,
        visitor: &site.visitor,
        letterhead: &site.letterhead,
        statement,
        rule: rules_in_words(std::iter::once(statement.counting_rule.as_deref())),
        as_of: site.times.stated(statement.as_of),
        created: site.times.stated(statement.created_at),
        zone: site.times.zone_name(),
        sums: sums(statement),
        on_screen: Items::of(&items, ON_SCREEN),
        on_paper: Items::of(&items, ON_PAPER),
        groups: statement.groups.iter().map(group_row).collect(),
        seals: seals(statement),
        rows_bytes: Figure::from(statement.rows.bytes),
        code: QrCode::of(&format!("{}#sha256={}", statement.url, statement.sha256)),
    };
    page.render().map_err(Unrendered)
}

/// The page that says why there is no statement to show.
///
/// # Errors
/// [`Unrendered`]: a bug.
pub fn render_no_statement(site: &Site, problem: &StatementProblem) -> Result<String, Unrendered> {
    let (stylesheet, request_id, visitor) = (stylesheet_name(), site.request_id.as_str(), &site.visitor);
    NoStatementPage { stylesheet, request_id, visitor, problem }.render().map_err(Unrendered)
}

fn sums(statement: &ShownStatement) -> [SumRow; 4] {
    let row = |name, of: fn(&Totals) -> u128| SumRow {
        name,
        total: Figure(of(&statement.total)),
        delivered: Figure(of(&statement.delivered)),
    };
    [
        row("Tasks", |totals| totals.tasks.into()),
        row("Instances", |totals| totals.instances),
        row("Attributes", |totals| totals.attributes),
        row("Frames", |totals| totals.frames),
    ]
}

/// In the order in which one compares them with the files.
fn seals(statement: &ShownStatement) -> Vec<Seal<'_>> {
    let seal = |name, digest| Seal { name, digest: Digest(digest) };
    let mut seals = vec![
        seal("SHA-256 of the document", statement.sha256.as_str()),
        seal("SHA-256 of the rows", &statement.rows.sha256),
    ];
    seals.extend(statement.fingerprint.as_deref().map(|digest| seal("SHA-256 of the public key", digest)));
    seals
}

fn group_row(group: &ShownGroup) -> GroupRow<'_> {
    GroupRow {
        pool: pool_name(group.pool_type),
        status: group.status.name().unwrap_or("a status of the platform"),
        code: group.status.code(),
        tasks: Figure::from(group.totals.tasks),
        instances: Figure(group.totals.instances),
        attributes: Figure(group.totals.attributes),
        frames: Figure(group.totals.frames),
    }
}

impl<'a> Items<'a> {
    /// The first so many of these.
    fn of(items: &[&'a ShownItem], most: usize) -> Self {
        let (largest, others) = items.split_at(items.len().min(most));
        let sum = |of: fn(&ShownItem) -> u128| Figure(others.iter().map(|item| of(item)).fold(0, u128::saturating_add));
        let rest = RestRow {
            items: Figure(others.iter().map(|_| 1).sum()).of("other item", "other items"),
            count: sum(|item| item.count),
            delivered: sum(|item| item.delivered),
        };
        Self {
            largest: largest.iter().map(|item| ItemRow::of(item)).collect(),
            rest: (!others.is_empty()).then_some(rest),
        }
    }
}

impl<'a> ItemRow<'a> {
    fn of(item: &'a ShownItem) -> Self {
        let kind = match item.kind {
            Some(ItemKind::Slot) => "slot",
            Some(ItemKind::Input) => "input",
            None => "",
        };
        Self {
            key: &item.key,
            label: item.label.as_deref().filter(|label| *label != item.key),
            kind,
            count: Figure(item.count),
            delivered: Figure(item.delivered),
            tasks: Figure::from(item.tasks),
        }
    }
}
