use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// What happens to a queue.
#[derive(Debug, Clone)]
enum Step {
    Enter(char, bool),
    End(prop::sample::Index),
    Leave(prop::sample::Index),
    Hurry(prop::sample::Index),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (prop::sample::select(vec!['a', 'b', 'c', 'd']), any::<bool>())
            .prop_map(|(caller, joins)| Step::Enter(caller, joins)),
        2 => any::<prop::sample::Index>().prop_map(Step::End),
        1 => any::<prop::sample::Index>().prop_map(Step::Leave),
        1 => any::<prop::sample::Index>().prop_map(Step::Hurry),
    ];
    prop::collection::vec(step, 1..200)
}

/// The queue as seen from outside, by what went in and came out.
#[derive(Default)]
struct Seen {
    running: Vec<Slot<char>>,
    waiting: Vec<(char, Work, Ticket, bool)>,
    /// How often others were served while a caller could have been.
    passed: BTreeMap<(char, char), u32>,
}

impl Seen {
    fn running(&self, caller: char) -> usize {
        self.running.iter().filter(|slot| slot.caller == caller).count()
    }

    fn next(&self, caller: char) -> Option<&(char, Work, Ticket, bool)> {
        self.waiting.iter().find(|(other, ..)| *other == caller)
    }

    fn begin_all(&mut self, all: Vec<Begun<char, Work>>) {
        for begun in all {
            self.begin(begun);
        }
    }

    fn begin(&mut self, begun: Begun<char, Work>) {
        let caller = begun.slot.caller;
        let place = self.waiting.iter().position(|(other, ..)| *other == caller).unwrap();
        assert_eq!(self.waiting.remove(place).1, begun.work, "in order for each caller");
        let mut served = vec![caller];
        for work in begun.joined {
            let joined = self.waiting.iter().position(|(_, other, ..)| *other == work).unwrap();
            let (caller, ..) = self.waiting.remove(joined);
            served.push(caller);
            let earlier = self.waiting.iter().take(joined).find(|(other, ..)| *other == caller);
            assert_eq!(earlier, None, "in order for each caller");
        }
        self.running.push(begun.slot);
        self.passed.retain(|(waiting, _), _| !served.contains(waiting));
        let others: Vec<char> =
            "abcd".chars().filter(|other| !served.contains(other) && self.next(*other).is_some()).collect();
        for other in others {
            *self.passed.entry((other, caller)).or_default() += 1;
        }
    }

    /// Whether the next work of a caller waits for nothing but its turn.
    fn could_begin(&self, caller: char, limits: QueueLimits) -> bool {
        let joining = self.waiting.iter().filter_map(|(_, work, ..)| work.rows());
        let (number, rows) = joining.fold((0, 0), |(number, all), rows| (number + 1, all + rows));
        let is_due =
            number >= limits.batch || rows >= limits.batch_rows || !self.running.iter().any(|slot| slot.is_batch);
        let waits_for_no_batch =
            |(_, work, _, is_hurried): &(char, Work, Ticket, bool)| is_due || *is_hurried || work.rows().is_none();
        self.running(caller) < limits.per_caller && self.next(caller).is_some_and(waits_for_no_batch)
    }
}

proptest! {
    #[test]
    fn no_caller_is_passed_twice_and_no_limit_is_passed_and_nothing_is_lost(
        steps in steps(), connections in 1_usize..4, per_caller in 1_usize..4, places in 0_usize..6, batch in 1_usize..4,
    ) {
        let limits = QueueLimits { connections, per_caller, places, batch, batch_rows: 30 };
        let mut queue = FairQueue::new(limits);
        let mut seen = Seen::default();
        for (number, step) in (0..).zip(steps) {
            match step {
                Step::Enter(caller, joins) => {
                    let work = if joins { Page(number, 'p', 10) } else { Alone(number) };
                    match queue.enter(caller, work) {
                        Ok(Entry { ticket, begun, displaced }) => {
                            seen.waiting.retain(|(_, work, ..)| Some(*work) != displaced);
                            seen.waiting.push((caller, work, ticket, false));
                            seen.begin_all(begun);
                        }
                        Err(_) => prop_assert!(queue.admitted() >= places),
                    }
                }
                Step::End(which) if !seen.running.is_empty() => {
                    let ended = seen.running.remove(which.index(seen.running.len()));
                    seen.begin_all(queue.end(ended));
                }
                Step::Leave(which) if !seen.waiting.is_empty() => {
                    let (_, _, ticket, _) = seen.waiting.remove(which.index(seen.waiting.len()));
                    let (_, begun) = queue.leave(ticket).unwrap();
                    seen.begin_all(begun);
                }
                Step::Hurry(which) if !seen.waiting.is_empty() => {
                    let place = which.index(seen.waiting.len());
                    // All that came before it has waited for longer.
                    let tickets: Vec<Ticket> = seen.waiting.iter_mut().take(place + 1).map(|waiting| {
                        waiting.3 = true;
                        waiting.2
                    }).collect();
                    let begun: Vec<_> = tickets.into_iter().flat_map(|ticket| queue.hurry(ticket)).collect();
                    seen.begin_all(begun);
                }
                Step::End(_) | Step::Leave(_) | Step::Hurry(_) => {}
            }
            // Whose work waits for something else is passed by right.
            let mut passed = std::mem::take(&mut seen.passed);
            passed.retain(|(caller, _), _| seen.could_begin(*caller, limits));
            seen.passed = passed;
            prop_assert!(seen.passed.values().all(|times| *times <= 1), "{:?}", seen.passed);
            prop_assert!(seen.running.len() <= connections && seen.waiting.len() <= places);
            prop_assert!("abcd".chars().all(|caller| seen.running(caller) <= per_caller));
            let is_idle = seen.running.len() < connections && "abcd".chars().any(|caller| seen.could_begin(caller, limits));
            prop_assert!(!is_idle, "a session is free, and a caller waits for it");
            prop_assert_eq!(queue.admitted(), seen.running.len() + seen.waiting.len());
        }
    }
}
