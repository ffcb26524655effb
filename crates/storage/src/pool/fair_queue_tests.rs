use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn queue(connections: usize, per_caller: usize, places: usize) -> FairQueue<char, u32> {
    FairQueue::new(QueueLimits { connections, per_caller, places })
}

/// Admits all of this work, none of which is refused.
fn enter_all(queue: &mut FairQueue<char, u32>, work: &[(char, u32)]) -> Vec<Entry<u32>> {
    work.iter().map(|(caller, work)| queue.enter(*caller, *work).unwrap()).collect()
}

#[test]
fn callers_have_turns_one_after_the_other_however_much_one_of_them_wants() {
    let mut queue = queue(1, 1, 10);
    enter_all(&mut queue, &[('a', 1), ('a', 2), ('a', 3), ('a', 4), ('b', 5), ('c', 6), ('c', 7)]);
    let mut order = vec![('a', 1)];
    while let Some(next) = order.last().and_then(|(caller, _)| queue.end(caller)) {
        order.push(next);
    }
    assert_eq!(order, [('a', 1), ('a', 2), ('b', 5), ('c', 6), ('a', 3), ('c', 7), ('a', 4)]);
    assert_eq!(queue.admitted(), 0);
}

#[test]
fn a_caller_has_no_more_sessions_than_its_share_though_others_are_free() {
    let mut queue = queue(4, 2, 10);
    let entries = enter_all(&mut queue, &[('a', 1), ('a', 2), ('a', 3), ('b', 4)]);
    assert!(matches!(entries[..], [Entry::Begins(1), Entry::Begins(2), Entry::Waits { .. }, Entry::Begins(4)]));
    assert_eq!(queue.may_begin(&'a'), Err(Blocked::ShareTaken));
    assert_eq!(queue.end(&'b'), None, "it was not b that kept a waiting");
    assert_eq!(queue.end(&'a'), Some(('a', 3)));
}

#[test]
fn where_all_places_are_taken_the_caller_with_the_most_gives_its_latest() {
    let mut queue = queue(1, 1, 3);
    enter_all(&mut queue, &[('a', 1), ('a', 2), ('a', 3), ('a', 4)]);
    assert_eq!(queue.enter('a', 5).unwrap_err(), Blocked::AllTaken);
    assert!(matches!(queue.enter('b', 6), Ok(Entry::Waits { displaced: Some(4), .. })));
    assert_eq!(queue.enter('b', 7).unwrap_err(), Blocked::AllTaken, "each has as many as it can without the other's");
    assert!(matches!(queue.enter('c', 8), Ok(Entry::Waits { displaced: Some(3), .. })));
    assert_eq!(queue.enter('d', 9).unwrap_err(), Blocked::AllTaken, "no caller has two");
    assert_eq!(queue.admitted(), 4);
}

#[test]
fn work_is_taken_over_in_the_order_of_turns_and_by_no_share() {
    let mut queue = queue(1, 1, 10);
    enter_all(&mut queue, &[('a', 1), ('a', 2), ('a', 30), ('a', 4), ('b', 5), ('b', 6), ('c', 70), ('c', 8)]);
    assert_eq!(
        queue.take(|work| *work < 10),
        [2, 5, 6],
        "until another kind of work is first in the line of its caller"
    );
    assert_eq!(queue.admitted(), 5);
    assert_eq!(queue.take(|work| *work >= 30), [70, 30]);
    let mut left = 1;
    let taken = queue.take(|_| {
        left -= 1;
        left >= 0
    });
    assert_eq!(taken, [8], "no more than wanted");
    assert_eq!((queue.end(&'a'), queue.end(&'a'), queue.admitted()), (Some(('a', 4)), None, 0));
}

#[test]
fn work_that_is_taken_back_has_no_turn_and_says_why_it_had_none() {
    let mut queue = queue(2, 1, 3);
    let entries = enter_all(&mut queue, &[('a', 1), ('a', 2), ('b', 3), ('b', 4)]);
    let [_, Entry::Waits { ticket: second, .. }, _, Entry::Waits { ticket: fourth, .. }] = entries[..] else {
        panic!("{entries:?}")
    };
    assert_eq!(queue.leave(second), Some(Blocked::AllTaken));
    assert_eq!(queue.leave(second), None, "it is gone");
    assert_eq!(queue.end(&'a'), None);
    assert_eq!(queue.leave(fourth), Some(Blocked::ShareTaken));
    assert_eq!((queue.end(&'b'), queue.admitted()), (None, 0));
}

#[test]
fn what_waits_before_a_caller_is_no_more_of_each_other_than_it_has_turns() {
    let mut queue = queue(1, 1, 10);
    enter_all(&mut queue, &[('a', 1), ('a', 2), ('a', 3), ('a', 4), ('b', 5)]);
    for (caller, of_all, of_caller) in [('a', 4, 3), ('b', 3, 1), ('c', 2, 0)] {
        assert_eq!(queue.before(&caller), Before { of_all, of_caller }, "{caller}");
    }
}

/// What happens to a queue.
#[derive(Debug, Clone)]
enum Step {
    Enter(char),
    End(prop::sample::Index),
    Leave(prop::sample::Index),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => prop::sample::select(vec!['a', 'b', 'c', 'd']).prop_map(Step::Enter),
        2 => any::<prop::sample::Index>().prop_map(Step::End),
        1 => any::<prop::sample::Index>().prop_map(Step::Leave),
    ];
    prop::collection::vec(step, 1..200)
}

/// The queue as seen from outside, by what went in and came out.
#[derive(Default)]
struct Seen {
    running: Vec<char>,
    waiting: Vec<(char, u32, Option<Ticket>)>,
    /// How often others were served while a caller could have been.
    passed: BTreeMap<(char, char), u32>,
}

impl Seen {
    fn number(of: &[char], caller: char) -> usize {
        of.iter().filter(|other| **other == caller).count()
    }

    fn begin(&mut self, caller: char, work: u32) {
        let first = self.waiting.iter().position(|(other, ..)| *other == caller).unwrap();
        assert_eq!(self.waiting.remove(first).1, work, "in order for each caller");
        self.running.push(caller);
        self.passed.retain(|(waiting, _), _| *waiting != caller);
        let others: Vec<char> =
            self.waiting.iter().map(|(other, ..)| *other).filter(|other| *other != caller).collect();
        for other in "abcd".chars().filter(|other| others.contains(other)) {
            *self.passed.entry((other, caller)).or_default() += 1;
        }
    }
}

proptest! {
    #[test]
    fn no_caller_is_passed_twice_and_no_limit_is_passed_and_nothing_is_lost(
        steps in steps(), connections in 1_usize..4, per_caller in 1_usize..4, places in 0_usize..6,
    ) {
        let mut queue = queue(connections, per_caller, places);
        let mut seen = Seen::default();
        for (work, step) in (0..).zip(steps) {
            match step {
                Step::Enter(caller) => match queue.enter(caller, work) {
                    Ok(Entry::Begins(_)) => seen.running.push(caller),
                    Ok(Entry::Waits { ticket, displaced }) => {
                        seen.waiting.retain(|(_, work, _)| Some(*work) != displaced);
                        seen.waiting.push((caller, work, Some(ticket)));
                    }
                    Err(_) => prop_assert!(queue.admitted() >= places),
                },
                Step::End(which) if !seen.running.is_empty() => {
                    let ended = seen.running.remove(which.index(seen.running.len()));
                    if let Some((caller, work)) = queue.end(&ended) {
                        seen.begin(caller, work);
                    }
                }
                Step::Leave(which) if !seen.waiting.is_empty() => {
                    let (_, _, ticket) = seen.waiting.remove(which.index(seen.waiting.len()));
                    prop_assert!(queue.leave(ticket.unwrap()).is_some());
                }
                Step::End(_) | Step::Leave(_) => {}
            }
            // A caller that has its share, or nothing that waits, is passed by right.
            let waits = |caller: char| seen.waiting.iter().any(|(other, ..)| *other == caller);
            seen.passed.retain(|(caller, _), _| waits(*caller) && Seen::number(&seen.running, *caller) < per_caller);
            prop_assert!(seen.passed.values().all(|times| *times <= 1), "{:?}", seen.passed);
            prop_assert!(seen.running.len() <= connections && seen.waiting.len() <= places);
            prop_assert!("abcd".chars().all(|caller| Seen::number(&seen.running, caller) <= per_caller));
            let is_idle = seen.running.len() < connections
                && "abcd".chars().any(|caller| waits(caller) && Seen::number(&seen.running, caller) < per_caller);
            prop_assert!(!is_idle, "a session is free, and a caller waits for it");
            prop_assert_eq!(queue.admitted(), seen.running.len() + seen.waiting.len());
        }
    }
}
