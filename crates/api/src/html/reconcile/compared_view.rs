//! What a comparison comes to, in the words of the page.

use crate::annotation_requests::reconciliation::Compared;
use annotation_statistics_domain::CountingRuleName;
use annotation_statistics_page as page;
use annotation_statistics_reconciliation::{Difference, FirstDifferences, Reconciliation};

/// The names of the sums, and those of a difference of each of them.
const COUNT: &str = "Operation items";
const INSTANCES: &str = "Instances";
const ATTRIBUTES: &str = "Attributes";
const FRAMES: &str = "Frames";

pub(super) fn view_of(compared: Compared<FirstDifferences>, file: String) -> page::ComparedSheet {
    let Compared { reconciliation, lines, request } = compared;
    let rule = request.counting_rule.as_ref().map_or("not stated", CountingRuleName::as_str);
    page::ComparedSheet {
        id: request.id.to_string(),
        campaign: request.campaign_id.to_string(),
        revision: request.revision,
        rule: rule.to_owned(),
        file,
        agrees: reconciliation.agrees(),
        sheet_lines: reconciliation.sheet_lines,
        classes: page::ClassCounts {
            matched: reconciliation.matched,
            differing: reconciliation.differing,
            missing: reconciliation.missing,
            extra: reconciliation.extra,
            duplicate: reconciliation.duplicate,
        },
        sums: sums(&reconciliation),
        control_total: reconciliation
            .control_total
            .map(|total| page::StatedTotal { line: total.line, agrees: total.agrees }),
        rounded_ids: reconciliation.rounded_ids,
        differences: lines.lines().iter().map(difference).collect(),
        ignored_columns: reconciliation.ignored_columns,
    }
}

fn sums(reconciliation: &Reconciliation) -> Vec<page::ComparedSum> {
    let (ours, theirs) = (&reconciliation.ours, &reconciliation.theirs);
    let pairs = [
        (COUNT, ours.count, theirs.count),
        (INSTANCES, ours.instance_num, theirs.instance_num),
        (ATTRIBUTES, ours.attribute_num, theirs.attribute_num),
        (FRAMES, ours.frame_num, theirs.frame_num),
    ];
    let stated = pairs.into_iter().filter_map(|(name, ours, theirs)| Some((name, ours?, theirs?)));
    stated.map(|(name, ours, theirs)| page::ComparedSum { name, ours, theirs }).collect()
}

fn difference(of: &Difference) -> page::Difference {
    let total = match of.measure {
        "instanceNum" => INSTANCES,
        "attributeNum" => ATTRIBUTES,
        "frameNum" => FRAMES,
        _ => COUNT,
    };
    page::Difference {
        what: of.operation_item.clone().unwrap_or_else(|| total.to_owned()),
        label: of.label.clone(),
        class: of.class.name(),
        line: of.line,
        task: of.id,
        source_name: of.source_name.clone(),
        ours: of.ours,
        theirs: of.theirs,
    }
}
