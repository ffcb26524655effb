use super::*;

#[path = "fair_queue_random_tests.rs"]
mod in_any_order;

/// Work in tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    /// Done alone.
    Alone(u32),
    /// May join other work of its kind, of which the letter is the first.
    Page(u32, char, u64),
}

use Work::{Alone, Page};

impl Joining for Work {
    fn rows(&self) -> Option<u64> {
        match self {
            Alone(_) => None,
            Page(_, _, rows) => Some(*rows),
        }
    }

    fn joins(&self, first: &Self) -> bool {
        matches!((self, first), (Page(_, kind, _), Page(_, other, _)) if kind == other)
    }
}

const LIMITS: QueueLimits = QueueLimits { connections: 1, per_caller: 1, places: 10, batch: 4, batch_rows: 100 };

type TestQueue = FairQueue<char, Work>;
type TestEntry = Entry<char, Work>;

/// Admits all of this work, none of which is refused.
fn enter_all(queue: &mut TestQueue, work: &[(char, Work)]) -> Vec<TestEntry> {
    work.iter().map(|(caller, work)| queue.enter(*caller, *work).unwrap()).collect()
}

fn begun(caller: char, work: Work, joined: &[Work]) -> Begun<char, Work> {
    Begun { slot: slot(caller, work), work, joined: joined.to_vec() }
}

fn slot(caller: char, work: Work) -> Slot<char> {
    Slot { caller, is_batch: matches!(work, Page(..)) }
}

#[test]
fn callers_have_turns_one_after_the_other_however_much_one_of_them_wants() {
    let mut queue = FairQueue::new(LIMITS);
    let work = [('a', 1), ('a', 2), ('a', 3), ('a', 4), ('b', 5), ('c', 6), ('c', 7)];
    enter_all(&mut queue, &work.map(|(caller, work)| (caller, Alone(work))));
    let mut order = vec![('a', Alone(1))];
    while let Some(next) = order.last().and_then(|(caller, work)| queue.end(slot(*caller, *work)).pop()) {
        order.push((next.slot.caller, next.work));
    }
    let turns = [('a', 1), ('a', 2), ('b', 5), ('c', 6), ('a', 3), ('c', 7), ('a', 4)];
    assert_eq!(order, turns.map(|(caller, work)| (caller, Alone(work))));
    assert_eq!(queue.admitted(), 0);
}

#[test]
fn a_caller_has_no_more_sessions_than_its_share_though_others_are_free() {
    let mut queue = FairQueue::new(QueueLimits { connections: 4, per_caller: 2, ..LIMITS });
    let entries = enter_all(&mut queue, &[('a', Alone(1)), ('a', Alone(2)), ('a', Alone(3)), ('b', Alone(4))]);
    let began: Vec<bool> = entries.iter().map(|entry| !entry.begun.is_empty()).collect();
    assert_eq!(began, [true, true, false, true]);
    assert_eq!(queue.has_connection(&'a'), Err(Blocked::ShareTaken));
    assert_eq!(queue.end(slot('b', Alone(4))), [], "it was not b that kept a waiting");
    assert_eq!(queue.end(slot('a', Alone(1))), [begun('a', Alone(3), &[])]);
}

#[test]
fn where_all_places_are_taken_the_caller_with_the_most_gives_its_latest() {
    let mut queue = FairQueue::new(QueueLimits { places: 3, ..LIMITS });
    enter_all(&mut queue, &[1, 2, 3, 4].map(|work| ('a', Alone(work))));
    assert_eq!(queue.enter('a', Alone(5)).unwrap_err(), Blocked::AllTaken);
    assert!(matches!(queue.enter('b', Alone(6)), Ok(Entry { displaced: Some(Alone(4)), .. })));
    let refused = queue.enter('b', Alone(7)).unwrap_err();
    assert_eq!(refused, Blocked::AllTaken, "each has as many as it can without the other's");
    assert!(matches!(queue.enter('c', Alone(8)), Ok(Entry { displaced: Some(Alone(3)), .. })));
    assert_eq!(queue.enter('d', Alone(9)).unwrap_err(), Blocked::AllTaken, "no caller has two");
    assert_eq!(queue.admitted(), 4);
}

#[test]
fn what_waits_for_a_batch_is_done_with_the_next_in_the_order_of_turns_and_by_no_share() {
    let mut queue = FairQueue::new(QueueLimits { connections: 3, batch: 8, ..LIMITS });
    let page = |number| Page(number, 'p', 10);
    enter_all(&mut queue, &[('a', page(1)), ('a', page(2)), ('a', Page(3, 's', 10)), ('a', page(4))]);
    enter_all(&mut queue, &[('b', page(5)), ('b', page(6)), ('c', Page(7, 's', 10)), ('c', page(8))]);
    let second = begun('a', page(2), &[page(5), page(6)]);
    assert_eq!(
        queue.end(slot('a', page(1))),
        [second],
        "until another kind of work is first in the line of its caller"
    );
    let third = begun('c', Page(7, 's', 10), &[Page(3, 's', 10)]);
    assert_eq!(queue.end(slot('a', page(2))), [third]);
    assert_eq!(queue.end(slot('c', Page(7, 's', 10))), [begun('c', page(8), &[page(4)])]);
    assert_eq!((queue.end(slot('c', page(8))), queue.admitted()), (vec![], 0));
}

#[test]
fn a_batch_has_no_more_work_and_no_more_rows_than_it_may_unless_one_alone_has() {
    let page = |number, rows| Page(number, 'p', rows);
    let cases: [(&[u64], &[u64], &str); 4] = [
        (&[10, 10, 10, 10, 10], &[10, 10, 10, 10], "four of five"),
        (&[40, 30, 30, 30], &[40, 30, 30], "a hundred rows"),
        (&[40, 70, 60], &[40, 60], "the first of each caller that fits"),
        (&[5_000, 1], &[5_000], "one that is too large alone"),
    ];
    for (waiting, done, reason) in cases {
        let mut queue = FairQueue::new(LIMITS);
        queue.enter('x', Alone(0)).unwrap();
        for (number, rows) in (1..).zip(waiting) {
            queue.enter(char::from_digit(number, 10).unwrap(), page(number, *rows)).unwrap();
        }
        let first = queue.end(slot('x', Alone(0))).pop().unwrap();
        let rows: Vec<u64> = [first.work].iter().chain(&first.joined).filter_map(Joining::rows).collect();
        assert_eq!(rows, done, "{reason}");
    }
}

#[test]
fn another_batch_begins_beside_the_first_when_a_full_one_waits() {
    let mut queue = FairQueue::new(QueueLimits { connections: 3, per_caller: 3, ..LIMITS });
    let page = |number| Page(number, 'p', 10);
    let mut entries = enter_all(&mut queue, &[1, 2, 3, 4, 5].map(|number| ('a', page(number))));
    let last = entries.pop().map(|entry| entry.begun);
    assert_eq!(last, Some(vec![begun('a', page(2), &[page(3), page(4), page(5)])]), "four of them");
    assert!(entries.iter().skip(1).all(|entry| entry.begun.is_empty()), "{entries:?}");
    enter_all(&mut queue, &[('a', Page(6, 'p', 60))]);
    let entry = queue.enter('a', Page(7, 'p', 40)).unwrap();
    assert_eq!(entry.begun, [begun('a', Page(6, 'p', 60), &[Page(7, 'p', 40)])], "a hundred rows");
}

#[test]
fn a_batch_begins_beside_the_first_where_there_is_no_place_to_wait() {
    let mut queue = FairQueue::new(QueueLimits { connections: 3, per_caller: 3, places: 1, ..LIMITS });
    let page = |number| Page(number, 'p', 10);
    let mut entries = enter_all(&mut queue, &[1, 2, 3].map(|number| ('a', page(number))));
    let last = entries.pop().map(|entry| entry.begun);
    assert_eq!(last, Some(vec![begun('a', page(2), &[page(3)])]));
}

#[test]
fn other_work_waits_for_no_batch() {
    let mut queue = FairQueue::new(QueueLimits { connections: 3, per_caller: 3, ..LIMITS });
    enter_all(&mut queue, &[('a', Page(1, 'p', 10)), ('a', Page(2, 'p', 10))]);
    assert_eq!(queue.enter('b', Alone(3)).unwrap().begun, [begun('b', Alone(3), &[])]);
    assert_eq!(queue.end(slot('b', Alone(3))), [], "the page waits for the batch, not for a connection");
    assert_eq!(queue.end(slot('a', Page(1, 'p', 10))), [begun('a', Page(2, 'p', 10), &[])]);
}

#[test]
fn all_that_may_begin_when_a_batch_ends_begins() {
    let mut queue = FairQueue::new(QueueLimits { connections: 3, per_caller: 1, ..LIMITS });
    enter_all(
        &mut queue,
        &[('a', Page(1, 'p', 10)), ('a', Alone(2)), ('b', Page(3, 'p', 10)), ('c', Page(4, 's', 10))],
    );
    let ended = queue.end(slot('a', Page(1, 'p', 10)));
    assert_eq!(ended, [begun('a', Alone(2), &[]), begun('b', Page(3, 'p', 10), &[])]);
    assert_eq!(queue.end(slot('b', Page(3, 'p', 10))), [begun('c', Page(4, 's', 10), &[])]);
}

#[test]
fn what_has_waited_for_a_batch_long_enough_begins_as_soon_as_there_is_a_connection() {
    let mut queue = FairQueue::new(QueueLimits { connections: 2, per_caller: 2, ..LIMITS });
    let page = |number| Page(number, 'p', 10);
    let entries = enter_all(&mut queue, &[1, 2, 3, 4].map(|number| ('a', page(number))));
    let [_, second, _, fourth] = [0, 1, 2, 3].map(|place| entries.get(place).unwrap().ticket);
    assert_eq!(queue.hurry(second), [begun('a', page(2), &[page(3), page(4)])], "with all that waits");
    assert_eq!(queue.hurry(fourth), [], "it has begun");
    let third = queue.enter('a', page(5)).unwrap().ticket;
    assert_eq!(queue.hurry(third), [], "no connection is free");
    assert_eq!(queue.end(slot('a', page(1))), [begun('a', page(5), &[])], "though a batch is in flight");
}

#[test]
fn work_that_is_taken_back_has_no_turn_and_says_why_it_had_none() {
    let mut queue = FairQueue::new(QueueLimits { connections: 2, places: 3, ..LIMITS });
    let work = [('a', Alone(1)), ('a', Alone(2)), ('b', Alone(3)), ('b', Page(4, 'p', 10))];
    let entries = enter_all(&mut queue, &work);
    let [_, second, _, fourth] = [0, 1, 2, 3].map(|place| entries.get(place).unwrap().ticket);
    assert_eq!(queue.leave(second), Some((Blocked::AllTaken, vec![])));
    assert_eq!(queue.leave(second), None, "it is gone");
    assert_eq!(queue.end(slot('a', Alone(1))), []);
    assert_eq!(queue.leave(fourth), Some((Blocked::ShareTaken, vec![])));
    assert_eq!((queue.end(slot('b', Alone(3))), queue.admitted()), (vec![], 0));
}

#[test]
fn what_waits_before_a_caller_is_no_more_of_each_other_than_it_has_turns() {
    let mut queue = FairQueue::new(LIMITS);
    let work = [('a', 1), ('a', 2), ('a', 3), ('a', 4), ('b', 5)];
    enter_all(&mut queue, &work.map(|(caller, work)| (caller, Alone(work))));
    for (caller, of_all, of_caller) in [('a', 4, 3), ('b', 3, 1), ('c', 2, 0)] {
        assert_eq!(queue.before(&caller), Before { of_all, of_caller }, "{caller}");
    }
}
