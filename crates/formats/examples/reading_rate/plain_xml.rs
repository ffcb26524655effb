//! The same counts with a pass of `quick-xml` over the whole file in memory, and nothing else.

use crate::Sums;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::error::Error;

/// The elements that are shapes.
const SHAPES: [&str; 2] = ["box", "polygon"];

/// Where the shapes that count are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shapes {
    /// Each is an instance, on an image.
    Alone,
    /// A track of them is an instance.
    InTracks,
}

pub(crate) fn cvat(file: &[u8], shapes: Shapes) -> Result<Sums, Box<dyn Error>> {
    let mut reader = Reader::from_reader(file);
    let (mut buffer, mut sums) = (Vec::new(), Sums::default());
    // The names of the attributes that the current instance has.
    let mut attributes: Vec<String> = Vec::new();
    let mut is_inside = false;
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer)? {
            Event::Eof => break,
            Event::Start(element) => {
                let name = element.name().into_inner();
                is_inside |= matches!(name, "image" | "track");
                sums.tasks += usize::from(name == "image");
                let is_instance = if shapes == Shapes::Alone { SHAPES.contains(&name) } else { name == "track" };
                if is_instance {
                    sums.attributes += attributes.len();
                    attributes.clear();
                    let label = element.try_get_attribute("label")?.ok_or("a shape without a label")?;
                    sums.instances += usize::from(!label.value.is_empty());
                } else if name == "attribute" && is_inside {
                    let name = element.try_get_attribute("name")?.ok_or("an attribute without a name")?;
                    if !attributes.iter().any(|known| *known == *name.value) {
                        attributes.push(name.value.into_owned());
                    }
                }
            }
            Event::End(_)
            | Event::Empty(_)
            | Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_) => {}
        }
    }
    sums.attributes += attributes.len();
    sums.tasks = sums.tasks.max(1);
    Ok(sums)
}
