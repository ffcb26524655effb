//! JSON Lines: an object a line, whose members are what columns are in a table.

mod lines;
mod value;

use super::table::Table;
use super::table::cell::{Cell, Cells};
use super::table::header::{Column, Columns, MAX_COLUMNS};
use super::table::role::Role;
use super::text::{Input, Text};
use super::{Measures, Sheet, SheetError, SheetOptions, StatedMeasure};
use crate::ItemNames;
use annotation_statistics_domain::wire;
use lines::Lines;
use std::collections::HashMap;
use value::{Members, Value};

pub(super) fn read(input: &mut dyn Input, options: &SheetOptions, names: &ItemNames) -> Result<Sheet, SheetError> {
    let mut lines = Lines::new(Text::new(input)?);
    let mut reader: Option<Reader<'_>> = None;
    while let Some((line, text)) = lines.next()? {
        let members = value::members(text).map_err(|error| {
            let at = error.column();
            SheetError::at(line, format!("is no whole JSON object (at character {at}): {}", reason(&error)))
        })?;
        reader.get_or_insert_with(|| Reader::new(options, names)).take(&members, line)?;
    }
    reader.map_or_else(|| Err(SheetError::new("has no lines")), Reader::finish)
}

/// Without the place, which is that in the line.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

/// What a member is for, whose cells are at these places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Member {
    Cell(usize),
    Measure(StatedMeasure),
    /// Counts by operation item.
    Counts,
    Ignored,
}

const ID: usize = 0;
const SOURCE_NAME: usize = 1;
const REQUEST: usize = 2;
const ITEM: usize = 3;
const COUNT: usize = 4;
const LABEL: usize = 5;

/// The cells of a line, by those places, under the names of their members.
type Line<'a> = [Option<(&'a str, Cell<'a>)>; 6];

struct Reader<'n> {
    names: &'n ItemNames,
    table: Table<'n>,
    /// By the names of members as they are written.
    members: HashMap<String, Member>,
    ignored: Vec<String>,
    measures: Measures,
    has_begun: bool,
}

impl<'n> Reader<'n> {
    fn new(options: &SheetOptions, names: &'n ItemNames) -> Self {
        Self {
            names,
            table: Table::without_columns(options, names),
            members: HashMap::new(),
            ignored: Vec::new(),
            measures: Measures::default(),
            has_begun: false,
        }
    }

    fn take(&mut self, members: &Members<'_>, line: u64) -> Result<(), SheetError> {
        let mut cells: Line<'_> = Line::default();
        let mut stated = Vec::new();
        for (name, value) in members {
            match self.member(name, line)? {
                Member::Ignored => {}
                Member::Measure(measure) => stated.extend(self.count(measure, name, value, line)?),
                Member::Counts => self.counts(value, line, &mut stated)?,
                Member::Cell(at) => {
                    let place = cells.get_mut(at).filter(|place| place.is_none() || at == SOURCE_NAME);
                    let place = place.ok_or_else(|| twice(name, line))?;
                    *place = Some((name, value.cell()));
                }
            }
        }
        // A key says more than the label beside it.
        let [.., item, _, label] = &mut cells;
        *item = item.or(*label);
        self.begin(&cells, line)?;
        if has_twice(&mut stated) {
            return Err(SheetError::at(line, "has two numbers for one thing"));
        }
        for (measure, count) in stated {
            self.table.state(measure, count);
        }
        self.table.take(&JsonCells { cells, members }, line)
    }

    /// The first line says how tasks and operation items are named in all.
    fn begin(&mut self, cells: &Line<'_>, line: u64) -> Result<(), SheetError> {
        let column = |at: usize| {
            let (name, _) = cells.get(at).copied().flatten()?;
            Some(Column { at, name: name.to_owned(), role: () })
        };
        if !self.has_begun {
            self.has_begun = true;
            let [id, source_name, request] = [ID, SOURCE_NAME, REQUEST].map(column);
            let [item, count] = [ITEM, COUNT].map(column);
            self.measures.items |= item.is_some();
            let columns = Columns { id, source_name, request, item, count, ..Columns::default() };
            return self.table.begin(columns, line);
        }
        let known = self.table.columns();
        let has_task = known.id.is_some();
        let places = [
            (ID, has_task),
            (SOURCE_NAME, has_task || known.source_name.is_some()),
            (REQUEST, known.request.is_some()),
            (ITEM, known.item.is_some()),
            (COUNT, known.count.is_some()),
        ];
        let strange = places.into_iter().find_map(|(at, is_known)| column(at).filter(|_| !is_known));
        strange.map_or(Ok(()), |column| {
            let reason = "is not in the first line, as it must be where it is in any";
            Err(SheetError::at(line, reason).in_column(&column.name))
        })
    }

    /// What the member of that name is for.
    fn member(&mut self, name: &str, line: u64) -> Result<Member, SheetError> {
        if let Some(member) = self.members.get(name) {
            return Ok(*member);
        }
        let refused = |reason: String| SheetError::at(line, reason).in_column(name);
        if self.members.len() == MAX_COLUMNS {
            return Err(refused(format!("is the name of a member, of which there are more than {MAX_COLUMNS}")));
        }
        let member = match Role::of(name, self.names) {
            _ if name == wire::INSTANCE_INFO => Member::Counts,
            Some(Role::Id) => Member::Cell(ID),
            Some(Role::SourceName) => Member::Cell(SOURCE_NAME),
            Some(Role::Request) => Member::Cell(REQUEST),
            Some(Role::Item) => Member::Cell(ITEM),
            Some(Role::Label) => Member::Cell(LABEL),
            Some(Role::Count) => Member::Cell(COUNT),
            Some(Role::Total(measure)) => Member::Measure(measure),
            Some(Role::CountOf(item)) => Member::Measure(self.table.item(item).map_err(refused)?),
            None => {
                self.ignored.push(name.to_owned());
                Member::Ignored
            }
        };
        self.members.insert(name.to_owned(), member);
        Ok(member)
    }

    fn counts(
        &mut self,
        value: &Value<'_>,
        line: u64,
        stated: &mut Vec<(StatedMeasure, i64)>,
    ) -> Result<(), SheetError> {
        let refused = |reason: String| SheetError::at(line, reason).in_column(wire::INSTANCE_INFO);
        self.measures.items = true;
        match value {
            Value::Nothing => Ok(()),
            Value::Members(items) => {
                for (item, value) in items {
                    let measure = self.table.item(item).map_err(refused)?;
                    stated.extend(self.count(measure, item, value, line)?);
                }
                Ok(())
            }
            Value::Integer(_) | Value::Text(_) | Value::Other(_) => {
                Err(refused("must be an object of counts".to_owned()))
            }
        }
    }

    fn count(
        &mut self,
        measure: StatedMeasure,
        name: &str,
        value: &Value<'_>,
        line: u64,
    ) -> Result<Option<(StatedMeasure, i64)>, SheetError> {
        self.measures.have(measure);
        let count = self.table.count(value.cell(), line, name)?;
        Ok(count.map(|count| (measure, count)))
    }

    fn finish(self) -> Result<Sheet, SheetError> {
        let Measures { items, instances, attributes, frames } = self.measures;
        if !(items || instances || attributes || frames) {
            return Err(SheetError::new(
                "has no members that are understood: id with instanceInfo or operationItem and count",
            ));
        }
        let sheet = self.table.finish()?;
        Ok(Sheet { measures: self.measures, ignored_columns: self.ignored, ..sheet })
    }
}

/// A line as the table takes it.
struct JsonCells<'a> {
    cells: Line<'a>,
    members: &'a Members<'a>,
}

impl Cells for JsonCells<'_> {
    fn width(&self) -> usize {
        self.cells.len() + self.members.len()
    }

    /// The known cells, then all of them, in which a word for a line of sums may be.
    fn cell(&self, column: usize) -> Cell<'_> {
        match self.cells.get(column) {
            Some(cell) => cell.map_or(Cell::Blank, |(_, cell)| cell),
            None => self.members.get(column - self.cells.len()).map_or(Cell::Blank, |(_, value)| value.cell()),
        }
    }
}

/// Whether a measure is there twice.
fn has_twice(stated: &mut [(StatedMeasure, i64)]) -> bool {
    stated.sort_unstable_by_key(|(measure, _)| *measure);
    stated.windows(2).any(|pair| matches!(pair, [(first, _), (second, _)] if first == second))
}

fn twice(name: &str, line: u64) -> SheetError {
    SheetError::at(line, "is for the same as another member of the line: leave one of both").in_column(name)
}
