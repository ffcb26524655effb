//! Text of formats that are not read, by its first lines.

/// How many lines are looked at, at most.
const FIRST_LINES: usize = 20;

/// A format, and whether its files have such lines.
type Signature = (&'static str, fn(&[&str]) -> bool);

const SIGNATURES: &[Signature] = &[
    ("WebVTT", |lines| lines.first().is_some_and(|line| line.starts_with("WEBVTT"))),
    ("Praat TextGrid", |lines| lines.first().is_some_and(|line| line.contains("ooTextFile"))),
    ("YOLO's data.yaml", is_yolo_yaml),
    ("DOTA", |lines| {
        lines.iter().any(|line| line.starts_with("imagesource:")) || lines.iter().all(|line| is_dota(line))
    }),
    ("YOLO", |lines| lines.iter().all(|line| is_yolo(line))),
    ("KITTI", |lines| lines.iter().all(|line| is_kitti(line))),
    ("MOTS", |lines| lines.iter().all(|line| is_mots(line))),
    ("MOT", |lines| lines.iter().all(|line| is_mot(line))),
    ("VisDrone", |lines| lines.iter().all(|line| is_numbers_with_commas(line, &[8]))),
    ("CoNLL", is_conll),
    ("brat", |lines| lines.iter().all(|line| is_brat(line))),
    ("CSV", is_table),
];

/// The format that is not read and whose files start so.
pub(in crate::detection) fn name_of_text(start: &str) -> Option<&'static str> {
    let whole = start.rfind('\n').and_then(|end| start.get(..end)).unwrap_or(start);
    let lines = whole.lines().map(str::trim_end).filter(|line| !line.is_empty());
    let lines: Vec<_> = lines.take(FIRST_LINES).collect();
    SIGNATURES.iter().find(|(_, fits)| !lines.is_empty() && fits(&lines)).map(|(name, _)| *name)
}

fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok()
}

fn is_whole(text: &str) -> bool {
    text.parse::<i64>().is_ok()
}

fn is_yolo_yaml(lines: &[&str]) -> bool {
    let has = |key: &str| lines.iter().any(|line| line.starts_with(key));
    has("names:") && ["nc:", "train:", "val:", "path:"].into_iter().any(has)
}

/// A class, and a box, a polygon or points in parts of the image's size.
fn is_yolo(line: &str) -> bool {
    let mut fields = line.split_whitespace();
    let is_class = fields.next().is_some_and(|class| class.parse::<u32>().is_ok());
    let is_part = |field: &str| field.parse::<f64>().is_ok_and(|part| (-1.0..=2.0).contains(&part));
    is_class && fields.clone().count() >= 4 && fields.all(is_part)
}

/// Four corners, a category and whether it is difficult.
fn is_dota(line: &str) -> bool {
    let fields: Vec<_> = line.split_whitespace().collect();
    matches!(fields.as_slice(), [corners @ .., category, difficult]
        if corners.len() == 8 && corners.iter().all(|corner| is_number(corner)) && !is_number(category) && is_whole(difficult))
}

/// A category and 14 or 15 numbers; of a track its frame and its number come first.
fn is_kitti(line: &str) -> bool {
    let fields: Vec<_> = line.split_whitespace().collect();
    let fields = match fields.as_slice() {
        [frame, track, rest @ ..] if is_whole(frame) && is_whole(track) => rest,
        all => all,
    };
    matches!(fields, [category, numbers @ ..]
        if !is_number(category) && [14, 15].contains(&numbers.len()) && numbers.iter().all(|number| is_number(number)))
}

/// A frame, a track, a category, a height, a width and a mask.
fn is_mots(line: &str) -> bool {
    let fields: Vec<_> = line.split_whitespace().collect();
    matches!(fields.as_slice(), [numbers @ .., mask] if numbers.len() == 5 && numbers.iter().all(|number| is_whole(number)) && !is_number(mask))
}

/// A frame, a track, a box and what else is known of it.
fn is_mot(line: &str) -> bool {
    is_numbers_with_commas(line, &[6, 7, 9, 10])
}

fn is_numbers_with_commas(line: &str, lengths: &[usize]) -> bool {
    let fields: Vec<_> = line.trim_end_matches(',').split(',').map(str::trim).collect();
    lengths.contains(&fields.len()) && fields.iter().all(|field| is_number(field))
}

/// Words with a tag, such as `B-PER` or `O`, at the end of their lines.
fn is_conll(lines: &[&str]) -> bool {
    let is_tag = |tag: &str| tag == "O" || ["B-", "I-", "E-", "S-"].iter().any(|start| tag.starts_with(start));
    let is_tagged =
        |line: &&str| line.split_whitespace().count() > 1 && line.split_whitespace().last().is_some_and(is_tag);
    lines.iter().all(|line| line.starts_with("-DOCSTART-") || is_tagged(line))
}

/// A number of an entity, and what it is.
fn is_brat(line: &str) -> bool {
    let Some((id, rest)) = line.split_once('\t') else { return false };
    let number = id.strip_prefix(['T', 'R', 'E', 'A', 'N', '#']);
    number.is_some_and(|number| number.parse::<u32>().is_ok()) && rest.contains([' ', '\t'])
}

/// Lines that a separator cuts into equally many fields.
fn is_table(lines: &[&str]) -> bool {
    [',', ';', '\t'].into_iter().any(|separator| {
        let mut counts = lines.iter().map(|line| line.matches(separator).count());
        counts.next().is_some_and(|first| first > 0 && lines.len() > 1 && counts.all(|count| count == first))
    })
}
