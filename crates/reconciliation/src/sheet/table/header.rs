//! The line with the names of the columns.

use super::cell::{Cell, Cells, shown};
use super::role::Role;
use crate::ItemNames;
use crate::sheet::collect::{Collect, LinesOf};
use crate::sheet::numbers::unguarded;
use crate::sheet::{Measures, SheetError, StatedMeasure};

/// So many lines may be before it: a title, dates, the name of a client.
pub(crate) const LAST_LINE: u64 = 20;

/// As many names of columns an error shows.
const SHOWN_COLUMNS: usize = 10;

/// The most columns: what a spreadsheet has.
pub(crate) const MAX_COLUMNS: usize = 16_384;

/// What is understood, for those who have something else.
const UNDERSTOOD: &str = "understood are the columns id (or sourceName) with operationItem and count, with instanceNum, \
                          attributeNum or frameNum, or with a column for each operation item; and operationItem with count";

/// The line with the names of the columns.
#[derive(Debug)]
pub(crate) struct Header {
    line: u64,
    /// Names by place, empty where there is none.
    names: Vec<String>,
}

/// A column that is compared, or says what lines are of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column<R> {
    /// From 0.
    pub(crate) at: usize,
    /// As the sheet has it.
    pub(crate) name: String,
    pub(crate) role: R,
}

/// The columns of a table.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    pub(crate) id: Option<Column<()>>,
    pub(crate) source_name: Option<Column<()>>,
    pub(crate) request: Option<Column<()>>,
    pub(crate) item: Option<Column<()>>,
    pub(crate) count: Option<Column<()>>,
    pub(crate) measures: Vec<Column<StatedMeasure>>,
    pub(crate) ignored: Vec<String>,
}

impl Header {
    /// The names in a line, whatever they are.
    pub(crate) fn of(cells: &impl Cells, line: u64) -> Self {
        let text = |at| match cells.cell(at) {
            Cell::Text(text) => unguarded(text).to_owned(),
            Cell::Blank | Cell::Integer(_) | Cell::Number(_) | Cell::Other(_) => String::new(),
        };
        Self { line, names: (0..cells.width()).map(text).collect() }
    }

    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    fn named(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str).filter(|name| !name.is_empty())
    }

    /// How many of its columns are understood; `None` where it is another line.
    pub(crate) fn understood(&self, names: &ItemNames) -> Option<usize> {
        let roles: Vec<_> = self.named().map(|name| Role::of(name, names)).collect();
        let known = roles.iter().flatten().count();
        let says_what = |role: &Role<'_>| role.is_measure() || matches!(role, Role::Count | Role::Item | Role::Label);
        let is_of_sums = !roles.is_empty() && roles.iter().all(|role| role.is_some_and(Role::is_measure));
        let is_of_lines = roles.iter().flatten().any(|role| !role.is_measure() && !matches!(role, Role::Request))
            && roles.iter().flatten().any(says_what);
        (is_of_sums || (known > 1 && is_of_lines)).then_some(known)
    }

    /// Whether its lines are of tasks.
    pub(crate) fn is_of_tasks(&self, names: &ItemNames) -> bool {
        self.named().any(|name| matches!(Role::of(name, names), Some(Role::Id | Role::SourceName)))
    }

    /// How many names it has.
    pub(crate) fn width(&self) -> usize {
        self.named().count()
    }

    /// That none was found, with what is there instead.
    pub(crate) fn none_found(instead: Option<&Self>) -> SheetError {
        let Some(header) = instead.filter(|header| header.width() > 0) else {
            return SheetError::new(format!("has no line with the names of its columns; {UNDERSTOOD}"));
        };
        let names: Vec<String> = header.named().take(SHOWN_COLUMNS).map(shown).collect();
        let more = if header.width() > SHOWN_COLUMNS { " and more" } else { "" };
        let names = names.join(", ");
        SheetError::at(header.line, format!("has no columns that are understood, but {names}{more}; {UNDERSTOOD}"))
    }

    /// Its columns.
    ///
    /// # Errors
    /// Where two columns are for one thing, or one of a pair is missing.
    pub(crate) fn columns(&self, names: &ItemNames, collect: &mut Collect<'_>) -> Result<Columns, SheetError> {
        let mut columns = Columns::default();
        let has = |role| self.named().any(|name| Role::of(name, names) == Some(role));
        let (has_id, has_key) = (has(Role::Id), has(Role::Item));
        for (at, name) in self.names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            match Role::of(name, names) {
                // An id and a key say more, wherever their columns are.
                Some(Role::SourceName) if has_id => {}
                Some(Role::Label) if has_key => {}
                Some(role) => columns.add(role, at, name, self.line, collect)?,
                None => columns.ignored.push(name.trim().to_owned()),
            }
        }
        columns.checked(self.line)
    }
}

impl Columns {
    fn add(
        &mut self,
        role: Role<'_>,
        at: usize,
        name: &str,
        line: u64,
        collect: &mut Collect<'_>,
    ) -> Result<(), SheetError> {
        let place = match role {
            Role::Id => &mut self.id,
            Role::SourceName => &mut self.source_name,
            Role::Request => &mut self.request,
            Role::Item | Role::Label => &mut self.item,
            Role::Count => &mut self.count,
            Role::Total(measure) => return self.add_measure(measure, at, name, line),
            Role::CountOf(item) => {
                let measure = collect.item(item).map_err(|reason| SheetError::at(line, reason).in_column(name))?;
                return self.add_measure(measure, at, name, line);
            }
        };
        if let Some(first) = place {
            return Err(twice(&first.name, name.trim(), line));
        }
        *place = Some(Column { at, name: name.trim().to_owned(), role: () });
        Ok(())
    }

    fn add_measure(&mut self, role: StatedMeasure, at: usize, name: &str, line: u64) -> Result<(), SheetError> {
        if let Some(first) = self.measures.iter().find(|column| column.role == role) {
            return Err(twice(&first.name, name.trim(), line));
        }
        self.measures.push(Column { at, name: name.trim().to_owned(), role });
        Ok(())
    }

    /// Whether they go together.
    pub(crate) fn checked(self, line: u64) -> Result<Self, SheetError> {
        let refused = |column: &Column<()>, reason: &str| Err(SheetError::at(line, reason).in_column(&column.name));
        match (&self.item, &self.count) {
            (Some(item), None) => refused(item, "names operation items, and no column named count says how many"),
            (None, Some(count)) => refused(count, "has counts, and no column named operationItem says of what"),
            (Some(item), Some(_))
                if self.measures.iter().any(|column| matches!(column.role, StatedMeasure::Item(_))) =>
            {
                refused(item, "names operation items, which have columns of their own, too: leave one of both")
            }
            (Some(_), Some(_)) | (None, None) => Ok(self),
        }
    }

    /// What they state.
    pub(crate) fn measures(&self) -> Measures {
        let mut measures = Measures { items: self.item.is_some(), ..Measures::default() };
        self.measures.iter().for_each(|column| measures.have(column.role));
        measures
    }

    /// What its lines are of.
    pub(crate) fn lines_of(&self) -> LinesOf {
        match (&self.id, &self.source_name, &self.item) {
            (Some(_), _, _) => LinesOf::Ids,
            (None, Some(_), _) => LinesOf::SourceNames,
            (None, None, Some(_)) => LinesOf::Items,
            (None, None, None) => LinesOf::Sums,
        }
    }
}

fn twice(first: &str, second: &str, line: u64) -> SheetError {
    SheetError::at(line, format!("is for the same as the column {first}: leave one of both")).in_column(second)
}
