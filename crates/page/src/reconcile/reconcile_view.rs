//! The pages as HTML.

use super::compared_sheet::{ClassCounts, ComparedSheet, ComparedSum, Difference, SheetForm};
use super::numbers::{difference, number};
use crate::number_format::Figure;
use crate::times::StatedTime;
use crate::{Site, Unrendered, Visitor, stylesheet_name};
use askama::Template;

#[derive(Template)]
#[template(path = "reconcile/form.html")]
struct FormPage<'a> {
    stylesheet: String,
    request_id: &'a str,
    visitor: &'a Visitor,
    form: &'a SheetForm,
}

#[derive(Template)]
#[template(path = "reconcile/result.html")]
struct ResultPage<'a> {
    stylesheet: String,
    request_id: &'a str,
    visitor: &'a Visitor,
    form: &'a SheetForm,
    compared: &'a ComparedSheet,
    verdict: String,
    sheet_lines: Figure,
    read_at: StatedTime,
    changed: Option<StatedTime>,
    zone: &'a str,
    rounded_ids: String,
    sums: Vec<SumRow>,
    classes: [ClassRow; 5],
    shown: String,
    differences: Vec<DifferenceRow<'a>>,
}

struct SumRow {
    name: &'static str,
    ours: String,
    theirs: String,
    delta: String,
}

struct ClassRow {
    name: &'static str,
    number: Figure,
    about: &'static str,
}

struct DifferenceRow<'a> {
    difference: &'a Difference,
    line: String,
    ours: String,
    theirs: String,
    delta: String,
}

/// The form for a sheet.
///
/// # Errors
/// [`Unrendered`]: a bug.
pub fn render_sheet_form(site: &Site, form: &SheetForm) -> Result<String, Unrendered> {
    let (stylesheet, request_id, visitor) = (stylesheet_name(), site.request_id.as_str(), &site.visitor);
    FormPage { stylesheet, request_id, visitor, form }.render().map_err(Unrendered)
}

/// What a comparison comes to, with the form for another sheet.
///
/// # Errors
/// [`Unrendered`]: a bug.
pub fn render_compared(site: &Site, form: &SheetForm, compared: &ComparedSheet) -> Result<String, Unrendered> {
    let rounded = Figure::from(compared.rounded_ids).of("extra id ends", "extra ids end");
    let page = ResultPage {
        stylesheet: stylesheet_name(),
        request_id: &site.request_id,
        visitor: &site.visitor,
        form,
        compared,
        verdict: verdict(compared),
        sheet_lines: Figure::from(compared.sheet_lines),
        read_at: site.times.stated(site.times.now),
        changed: site.times.of_change(compared.revision),
        zone: site.times.zone_name(),
        rounded_ids: rounded,
        sums: sums(compared),
        classes: classes(compared.classes),
        shown: shown(compared),
        differences: compared.differences.iter().map(difference_row).collect(),
    };
    page.render().map_err(Unrendered)
}

fn verdict(compared: &ComparedSheet) -> String {
    let matched = Figure::from(compared.classes.matched).of("value matches", "values match");
    match different_values(compared.classes) {
        0 if compared.agrees => format!("{matched}, and none is missing."),
        0 => format!("{matched}, but the sheet's own line of sums is not right."),
        others => format!("{matched}, {} not.", Figure::from(others).of("does", "do")),
    }
}

fn different_values(classes: ClassCounts) -> u64 {
    classes.differing + classes.missing + classes.extra + classes.duplicate
}

fn sums(compared: &ComparedSheet) -> Vec<SumRow> {
    let row = |sum: &ComparedSum| SumRow {
        name: sum.name,
        ours: number(sum.ours),
        theirs: number(sum.theirs),
        delta: difference(sum.ours - sum.theirs),
    };
    compared.sums.iter().map(row).collect()
}

fn classes(counts: ClassCounts) -> [ClassRow; 5] {
    let row = |name, number: u64, about| ClassRow { name, number: number.into(), about };
    [
        row("matched", counts.matched, "both have it, and it is the same"),
        row("differing", counts.differing, "both have it, and the numbers differ"),
        row("missing", counts.missing, "it is recorded, and the sheet does not have it"),
        row("extra", counts.extra, "the sheet has it, and it is not recorded"),
        row("duplicate", counts.duplicate, "an earlier line has it already; it is not compared again"),
    ]
}

fn shown(compared: &ComparedSheet) -> String {
    let (shown, all) = (compared.differences.len(), different_values(compared.classes));
    let all = Figure::from(all);
    if u64::try_from(shown).is_ok_and(|shown| Figure::from(shown) == all) {
        format!("All {all}")
    } else {
        format!("The first {shown} of {all}; the CSV file has all of them")
    }
}

fn difference_row(row: &Difference) -> DifferenceRow<'_> {
    DifferenceRow {
        difference: row,
        line: row.line.map(|line| Figure::from(line).to_string()).unwrap_or_default(),
        ours: number(row.ours),
        theirs: number(row.theirs),
        delta: difference(row.ours - row.theirs),
    }
}
