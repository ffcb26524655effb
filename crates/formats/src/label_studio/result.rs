//! The `result` of a Label Studio annotation: entries that belong together by their ids.

use crate::Remark;
use crate::counting::Numbers;
use crate::input::{Id, Name};
use crate::label_studio::counts::Work;
use crate::label_studio::value::{ATTRIBUTES, Value};

#[derive(serde::Deserialize)]
pub(super) struct Entry {
    #[serde(default)]
    id: Id,
    #[serde(rename = "type", default)]
    kind: Name,
    #[serde(default)]
    from_name: Name,
    #[serde(default)]
    value: Value,
}

/// The entries of one result.
#[derive(Debug, Default)]
pub(super) struct ResultCounts {
    numbers: Numbers,
    regions: Vec<Region>,
    /// Taxonomies with a place, each with the id of a region: they label it, or say something of it.
    taxonomies: Vec<(String, Region)>,
    attributes: Vec<String>,
    relations: u64,
    frames: u64,
}

#[derive(Debug)]
struct Region {
    kind: String,
    from_name: String,
    value: Value,
}

impl ResultCounts {
    pub(super) fn add(&mut self, entry: Entry) {
        let Entry { id: Id(id), kind: Name(kind), from_name: Name(from_name), value } = entry;
        self.frames = self.frames.max(value.frames);
        let region = Region { kind, from_name, value };
        if region.kind == "relation" {
            self.relations += 1;
        } else if region.kind == "taxonomy" && region.value.has_place() {
            self.taxonomies.push((id, region));
        } else if ATTRIBUTES.iter().any(|(attribute, _)| *attribute == region.kind) {
            self.add_attribute(region);
        } else {
            let number = self.number_of(&id);
            match self.regions.get_mut(number) {
                Some(known) => known.value.merge(region.value),
                None => self.regions.push(region),
            }
        }
    }

    fn number_of(&mut self, id: &str) -> usize {
        // An entry without an id is a region of its own.
        if id.is_empty() { self.numbers.of(&format!("\0{}", self.regions.len())) } else { self.numbers.of(id) }
    }

    fn add_attribute(&mut self, Region { kind, from_name, value }: Region) {
        let member = ATTRIBUTES.iter().find(|(attribute, _)| *attribute == kind).map(|(_, member)| member);
        if member.is_some_and(|member| value.filled.contains(member)) {
            self.attributes.push(if from_name.is_empty() { kind } else { from_name });
        }
    }

    /// Decides which taxonomies are the label of a region, once all entries are known: those of a region that nothing
    /// else has drawn. An attribute of a region repeats its place.
    fn place_taxonomies(&mut self) {
        let drawn = self.regions.len();
        for (id, mut region) in std::mem::take(&mut self.taxonomies) {
            let number = self.number_of(&id);
            let is_label = |known: &Region| number >= drawn && known.from_name == region.from_name;
            let paths = std::mem::take(&mut region.value.paths);
            region.value.add_labels(paths);
            match self.regions.get_mut(number) {
                Some(known) if is_label(known) => known.value.merge(region.value),
                Some(_) => self.add_attribute(region),
                None => self.regions.push(region),
            }
        }
    }

    /// The frames of the video, 0 where it is none.
    pub(super) fn frames(&self) -> u64 {
        self.frames
    }

    /// Adds what was counted to the work of the task; the error is the reason why that cannot be.
    pub(super) fn count(mut self, work: &mut Work) -> Result<(), String> {
        self.place_taxonomies();
        work.report.add(Remark::Relation, self.relations);
        for Region { kind, value, .. } in self.regions {
            let further = value.labels.len().saturating_sub(1);
            work.report.add(Remark::FurtherLabel, u64::try_from(further).unwrap_or(u64::MAX));
            work.report.add(Remark::WithoutLabel, u64::from(value.labels.is_empty()));
            let key = value.labels.into_iter().next().unwrap_or(kind);
            if !value.motion.is_empty() || (value.is_timed && !value.is_placed) {
                work.add_track(key, value.motion, value.frames);
            } else {
                work.counts.add_instances(&key, 1)?;
            }
        }
        self.attributes.iter().try_for_each(|key| work.counts.add_attributes("", key, 1))
    }
}
