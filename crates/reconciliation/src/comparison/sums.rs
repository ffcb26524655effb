//! Adds up what is measured.

use crate::sheet::Measures;
use crate::{Measure, Sums};
use annotation_statistics_domain::Statistics;

impl Sums {
    /// Zero, of what is measured.
    pub(crate) fn zero(measures: Measures) -> Self {
        let zero = |is_measured: bool| is_measured.then_some(0);
        Self {
            count: zero(measures.items),
            instance_num: zero(measures.instances),
            attribute_num: zero(measures.attributes),
            frame_num: zero(measures.frames),
        }
    }

    /// Adds a number to the sum of its measure, where that is measured.
    pub(crate) fn add(&mut self, measure: Measure<'_>, count: i128) {
        let sum = match measure {
            Measure::Item(_) => &mut self.count,
            Measure::Instances => &mut self.instance_num,
            Measure::Attributes => &mut self.attribute_num,
            Measure::Frames => &mut self.frame_num,
        };
        *sum = sum.map(|sum| sum + count);
    }

    /// Adds the numbers of a task.
    pub(crate) fn add_task(&mut self, task: &Statistics) {
        self.add(Measure::Item(""), task.instance_info().total().get().into());
        self.add(Measure::Instances, task.instance_num().get().into());
        self.add(Measure::Attributes, task.attribute_num().get().into());
        self.add(Measure::Frames, task.frame_num().get().into());
    }

    /// The differences.
    pub(crate) fn minus(self, other: Self) -> Self {
        let minus = |one: Option<i128>, other: Option<i128>| one.zip(other).map(|(one, other)| one - other);
        Self {
            count: minus(self.count, other.count),
            instance_num: minus(self.instance_num, other.instance_num),
            attribute_num: minus(self.attribute_num, other.attribute_num),
            frame_num: minus(self.frame_num, other.frame_num),
        }
    }
}
