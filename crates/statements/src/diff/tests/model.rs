//! Random states, compared by maps.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const KEYS: [&str; 4] = ["box", "car", "car/color", "tree"];

fn any_task(id: i64) -> impl Strategy<Value = Statistics> {
    let counts = prop::collection::vec(prop_oneof![4 => 0_i64..3, 1 => (i64::MAX - 3) / 4..=i64::MAX / 4], KEYS.len());
    (prop_oneof![Just(OPEN), Just(DONE)], 1_i32..3, counts).prop_map(move |(pool, status, counts)| {
        let items: Vec<_> = KEYS.into_iter().zip(counts).filter(|(_, count)| *count != 1).collect();
        task(id, pool, status, &items)
    })
}

/// Both states have most tasks, and most of these are the same.
fn any_states() -> impl Strategy<Value = (Vec<Statistics>, Vec<Statistics>)> {
    let both = (0_i64..40).map(|id| {
        let id = (id - 20) * 400_000_000_000_000_000;
        (any_task(id), any_task(id), 0..9).prop_map(|(from, to, kind)| match kind {
            0 => (None, Some(to)),
            1 => (Some(from), None),
            2 => (Some(from), Some(to)),
            3 => (None, None),
            _ => (Some(from.clone()), Some(from)),
        })
    });
    both.collect::<Vec<_>>().prop_map(|pairs| {
        let (from, to): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
        (from.into_iter().flatten().collect(), to.into_iter().flatten().collect())
    })
}

fn measures(tasks: &[Statistics]) -> BTreeMap<String, i128> {
    let mut sums = BTreeMap::new();
    for task in tasks {
        let mut add = |name: &str, count: i64| *sums.entry(name.to_owned()).or_default() += i128::from(count);
        task.instance_info().iter().for_each(|(key, count)| add(key, count.get()));
        add("#instances", task.instance_num().get());
        add("#attributes", task.attribute_num().get());
        add("#frames", task.frame_num().get());
        add("#tasks", 1);
    }
    sums
}

fn of_diff(diff: &Diff) -> BTreeMap<String, i128> {
    let SumsDelta { task_num, instance_num, attribute_num, frame_num } = diff.delta;
    let totals =
        [("#instances", instance_num), ("#attributes", attribute_num), ("#frames", frame_num), ("#tasks", task_num)];
    let items = diff.operation_items.iter().map(|item| (item.key.as_str().to_owned(), item.delta));
    items.chain(totals.map(|(name, delta)| (name.to_owned(), delta))).collect()
}

fn complete(tasks: &[Statistics]) -> BTreeSet<TaskId> {
    tasks.iter().filter(|task| task.pool_type() == DONE).map(Statistics::id).collect()
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_comparison_is_that_of_maps((from, to) in any_states()) {
        let (diff, lines) = compare(&from, &to);
        let by_id = |tasks: &[Statistics]| tasks.iter().map(|task| (task.id(), task.clone())).collect::<BTreeMap<_, _>>();
        let (earlier, later) = (by_id(&from), by_id(&to));
        let ids: BTreeSet<_> = earlier.keys().chain(later.keys()).filter(|id| earlier.get(id) != later.get(id)).collect();
        prop_assert_eq!(lines.iter().map(|line| &line.id).collect::<Vec<_>>(), ids.into_iter().collect::<Vec<_>>());
        for line in &lines {
            prop_assert_eq!(&line.from, &earlier.get(&line.id).cloned().map(TaskState));
            prop_assert_eq!(&line.to, &later.get(&line.id).cloned().map(TaskState));
        }

        let tasks = diff.tasks;
        prop_assert_eq!(tasks.added + tasks.changed + tasks.unchanged, number(to.len()));
        prop_assert_eq!(tasks.removed + tasks.changed + tasks.unchanged, number(from.len()));
        prop_assert_eq!(tasks.delivered, number(complete(&to).difference(&complete(&from)).count()));
        prop_assert_eq!(tasks.reopened, number(complete(&from).difference(&complete(&to)).count()));
        let flagged = |flag| number(lines.iter().filter(|line| line.flags.contains(&flag)).count());
        prop_assert_eq!(tasks.reworked, flagged("reworked"));

        let (before, after) = (measures(&from), measures(&to));
        for (name, delta) in of_diff(&diff) {
            let side = |sums: &BTreeMap<String, i128>| sums.get(&name).copied().unwrap_or_default();
            prop_assert_eq!(delta, side(&after) - side(&before), "{}", name);
        }
        let keys: BTreeSet<_> = before.keys().chain(after.keys()).filter(|name| !name.starts_with('#')).collect();
        prop_assert_eq!(diff.operation_items.iter().map(|item| item.key.as_str()).collect::<Vec<_>>(), keys.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn the_other_way_round_it_is_its_mirror((from, to) in any_states()) {
        let ((diff, lines), (back, lines_back)) = (compare(&from, &to), compare(&to, &from));
        let mirrored = TaskCounts {
            added: back.tasks.removed,
            removed: back.tasks.added,
            delivered: back.tasks.reopened,
            reopened: back.tasks.delivered,
            ..back.tasks
        };
        prop_assert_eq!(diff.tasks, mirrored);
        prop_assert_eq!((diff.from, diff.to), (back.to, back.from));
        let turned = |(name, delta): (String, i128)| (name, -delta);
        prop_assert_eq!(of_diff(&diff), of_diff(&back).into_iter().map(turned).collect());
        let mirror = |flag: &&'static str| match *flag {
            "added" => "removed",
            "removed" => "added",
            "delivered" => "reopened",
            "reopened" => "delivered",
            other => other,
        };
        let turned: Vec<_> = lines_back.into_iter().map(|line| KeptLine {
            id: line.id,
            flags: line.flags.iter().map(mirror).collect(),
            from: line.to,
            to: line.from,
        }).collect();
        prop_assert_eq!(lines, turned);
    }

    #[test]
    fn a_state_does_not_differ_from_itself((state, _) in any_states()) {
        let (diff, lines) = compare(&state, &state);
        prop_assert!(diff.is_empty() && lines.is_empty());
        prop_assert_eq!(diff.tasks, TaskCounts { unchanged: number(state.len()), ..TaskCounts::default() });
        prop_assert!(of_diff(&diff).values().all(|delta| *delta == 0));
    }

    #[test]
    fn pages_are_the_lines_in_their_order((from, to) in any_states(), size in 1_usize..8) {
        let (_, all) = compare(&from, &to);
        let (mut pages, mut after) = (Vec::new(), None);
        loop {
            let from_text = text(&from);
            let mut page = Comparison::new(TextLines::new(from_text.as_slice()).unwrap(), None, FirstLines::page(size)).unwrap();
            after.map_or(Ok(()), |after| page.skip_through(after)).unwrap();
            page.take_all(TextLines::new(text(&to).as_slice()).unwrap()).unwrap();
            let page = page.into_lines().unwrap();
            prop_assert!(page.lines().len() <= size);
            after = page.lines().last().map(|line| line.id);
            pages.extend(page.lines().to_vec());
            if !page.has_more() {
                break;
            }
        }
        prop_assert_eq!(pages, all);
    }
}
