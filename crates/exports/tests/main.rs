//! Reads whole exports back as another crate would.

#[cfg(test)]
mod hostile_texts;
#[cfg(test)]
mod json_lines;
#[cfg(test)]
mod labels;
#[cfg(test)]
mod lines_workbook;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod summaries;
#[cfg(test)]
mod times;
#[cfg(test)]
mod whole_files;
#[cfg(test)]
mod workbooks;
