//! A table of text.

use std::fmt;

/// A table whose columns are aligned. A column without a cell is left out.
pub(crate) struct Table<const N: usize> {
    /// The names of the columns, and whether they have numbers, which are aligned to the right.
    pub(crate) columns: [(&'static str, bool); N],
    pub(crate) lines: Vec<[String; N]>,
}

impl<const N: usize> fmt::Display for Table<N> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = self.columns.map(|(name, _)| name.to_owned());
        let columns = (0..N).filter_map(|column| {
            let widths = self.lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count());
            let (name, is_number) = self.columns.get(column)?;
            let widest = widths.max().filter(|widest| *widest > 0)?;
            Some((column, widest.max(name.chars().count()), *is_number))
        });
        let columns: Vec<_> = columns.collect();
        let has_names = head.iter().any(|name| !name.is_empty());
        for line in has_names.then_some(&head).into_iter().chain(&self.lines) {
            let cells = columns.iter().map(|&(column, width, is_number)| {
                let cell = line.get(column).map_or("", String::as_str);
                if is_number { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
            });
            writeln!(formatter, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell_and_an_empty_one_is_left_out() {
        let line = |cells: [&str; 4]| cells.map(str::to_owned);
        let table = Table {
            columns: [("class", false), ("line", true), ("file", false), ("item", false)],
            lines: vec![line(["differing", "7", "", "Fußgänger"]), line(["extra", "1234567", "", "car"])],
        };
        let expected = "class         line  item\ndiffering        7  Fußgänger\nextra      1234567  car\n";
        assert_eq!(table.to_string(), expected);
    }
}
