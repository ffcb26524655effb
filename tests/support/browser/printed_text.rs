//! The text of a PDF as the browser writes it.

use flate2::read::ZlibDecoder;
use std::collections::HashMap;
use std::io::Read;

/// What each glyph of a font stands for, by its number in hexadecimal digits.
type Glyphs = HashMap<String, String>;

/// The text of a PDF that the browser has printed, without any white space: glyphs have places, and no spaces between them.
///
/// A font is an object that names the table of what its glyphs stand for, and is used by its number: `/F4 10.66 Tf <0024> Tj`.
pub fn printed_text(pdf: &[u8]) -> String {
    let objects = objects(pdf);
    let streams: HashMap<&str, String> =
        objects.iter().filter_map(|(number, body)| Some((number.as_str(), inflated(body)?))).collect();
    let tables: HashMap<&str, Glyphs> = objects
        .iter()
        .filter_map(|(number, body)| {
            let dictionary = String::from_utf8_lossy(body);
            let (_, table) = dictionary.split_once("/ToUnicode ")?;
            Some((number.as_str(), glyphs(streams.get(table.split(' ').next()?)?)))
        })
        .collect();
    let mut numbers: Vec<&&str> = streams.keys().filter(|number| streams[**number].contains("BT\n")).collect();
    numbers.sort_by_key(|number| number.parse::<u32>().unwrap());
    numbers.into_iter().map(|number| shown(&streams[*number], &tables)).collect()
}

/// The objects of the file, by number.
fn objects(pdf: &[u8]) -> Vec<(String, &[u8])> {
    let starts = || (0..pdf.len()).filter(|at| pdf[*at..].starts_with(b" 0 obj\n"));
    let ends = starts().skip(1).chain([pdf.len()]);
    let object = |(start, end): (usize, usize)| {
        let number: Vec<u8> = pdf[..start].iter().rev().take_while(|byte| byte.is_ascii_digit()).copied().collect();
        (number.into_iter().rev().map(char::from).collect(), &pdf[start..end])
    };
    starts().zip(ends).map(object).collect()
}

fn inflated(object: &[u8]) -> Option<String> {
    let start = (0..object.len()).find(|at| object[*at..].starts_with(b"stream\n"))?;
    let mut content = Vec::new();
    // Pictures and fonts are no text, and some are not compressed.
    ZlibDecoder::new(&object[start + 7..]).read_to_end(&mut content).ok()?;
    Some(String::from_utf8_lossy(&content).into_owned())
}

/// Lines of a glyph and its text, or of a first and a last glyph and the text of the first.
fn glyphs(table: &str) -> Glyphs {
    let mut glyphs = Glyphs::new();
    for line in table.lines() {
        let values: Vec<&str> = line.split(['<', '>', ' ']).filter(|part| !part.is_empty()).collect();
        let numbers: Result<Vec<u32>, _> = values.iter().map(|value| u32::from_str_radix(value, 16)).collect();
        match (values.as_slice(), numbers.as_deref()) {
            ([glyph, text], _) => drop(glyphs.insert((*glyph).to_owned(), utf16(text))),
            (_, Ok(&[first, last, unit])) => glyphs.extend((first..=last).zip(unit..).map(|(glyph, unit)| {
                (format!("{glyph:04X}"), char::from_u32(unit).map_or_else(String::new, String::from))
            })),
            _ => {}
        }
    }
    glyphs
}

fn utf16(digits: &str) -> String {
    let units =
        (0..digits.len() / 4).map(|at| u16::from_str_radix(&digits[at * 4..at * 4 + 4], 16).unwrap_or_default());
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// What a page shows, glyph by glyph.
fn shown(content: &str, tables: &HashMap<&str, Glyphs>) -> String {
    let (mut text, mut font) = (String::new(), None);
    for token in content.split_whitespace() {
        if let Some(number) = token.strip_prefix("/F") {
            font = tables.get(number);
        }
        let hexadecimal = token.trim_matches(['[', ']']).strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
        for at in 0..hexadecimal.map_or(0, |digits| digits.len() / 4) {
            let glyph = hexadecimal.and_then(|digits| digits.get(at * 4..at * 4 + 4)).unwrap_or_default();
            text.push_str(font.and_then(|font| font.get(glyph)).map_or("", String::as_str));
        }
    }
    text.retain(|one| !one.is_whitespace());
    text
}
