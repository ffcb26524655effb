//! What the board reports at given points in time.

use super::*;

const LIMITS: WaitLimits = WaitLimits { opening: Duration::from_secs(3), response: Some(Duration::from_secs(2)) };

fn backend(pid: i32) -> Backend {
    Backend { server: "a".into(), is_replica: false, pid, started: "b".into() }
}

/// A board, and its connections: so many that are open.
fn board(connections: i32, now: Instant) -> (ConnectionBoard, Vec<u64>) {
    let mut board = ConnectionBoard::default();
    let open = (0..connections).map(|pid| {
        let id = board.enter(SocketMark::after(Duration::from_secs(3_000)), 7, LIMITS, false, now);
        board.opened(id, backend(pid), now);
        id
    });
    let ids = open.collect();
    (board, ids)
}

fn ids(connections: &[Waiting]) -> Vec<u64> {
    connections.iter().map(|connection| connection.id).collect()
}

const fn ms(number: u64) -> Duration {
    Duration::from_millis(number)
}

#[test]
fn a_session_is_late_when_it_has_waited_for_as_long_as_it_may() {
    let start = Instant::now();
    let (mut board, connections) = board(2, start);
    board.begin(connections[0], start);
    let opening = board.enter(SocketMark::after(Duration::from_secs(3_000)), 7, LIMITS, false, start);
    for (after, late) in [(1_999, vec![]), (2_000, vec![connections[0]]), (3_000, vec![connections[0], opening])] {
        assert_eq!(ids(&board.late(start + ms(after))), late, "after {after} ms");
    }
    board.end(connections[0], true, start + ms(2_500));
    board.leave(opening);
    assert_eq!(board.late(start + ms(9_000)), []);
}

#[test]
fn one_that_may_wait_for_ever_is_overdue_and_never_late_and_a_probe_is_late_and_never_overdue() {
    let start = Instant::now();
    let (mut board, _) = board(0, start);
    let mark = || SocketMark::after(Duration::from_secs(3_000));
    let unbounded = board.enter(mark(), 7, WaitLimits { response: None, ..LIMITS }, false, start);
    board.opened(unbounded, backend(1), start);
    board.begin(unbounded, start);
    let probe = board.enter(mark(), 7, LIMITS, true, start);
    let now = start + Duration::from_secs(1_000);
    assert_eq!((ids(&board.late(now)), ids(&board.overdue(ms(500), now))), (vec![probe], vec![unbounded]));
    assert_eq!(board.overdue(ms(500), start + ms(499)), []);
}

#[test]
fn only_a_wait_that_goes_on_is_cut_and_only_once() {
    let start = Instant::now();
    let (mut board, connections) = board(1, start);
    board.begin(connections[0], start);
    let seen = board.overdue(ms(500), start + ms(500)).remove(0);
    board.end(connections[0], true, start + ms(501));
    assert_eq!(board.cut(&seen, start + ms(501), |_| true), None, "it has its response");
    board.begin(connections[0], start + ms(502));
    assert_eq!(board.cut(&seen, start + ms(503), |_| true), None, "it waits for another one");
    let seen = board.overdue(ms(500), start + ms(1_100)).remove(0);
    let cut = board.cut(&seen, start + ms(1_100), |mark| mark > 3_000_000);
    assert_eq!(cut, Some(Cut::Open { generation: 7 }), "by the mark of its socket");
    assert_eq!((board.cut(&seen, start + ms(1_101), |_| true), board.number_cut()), (None, 1));
}

#[test]
fn one_that_is_being_opened_is_cut_for_each_host_and_says_nothing_of_others() {
    let start = Instant::now();
    let (mut board, _) = board(0, start);
    let enter = |board: &mut ConnectionBoard, is_probe| {
        board.enter(SocketMark::after(Duration::from_secs(3_000)), 7, LIMITS, is_probe, start)
    };
    let (opening, probe) = (enter(&mut board, false), enter(&mut board, true));
    for seconds in [3, 6] {
        assert_eq!(board.late(start + ms(seconds * 1_000 - 1)), []);
        let now = start + ms(seconds * 1_000);
        let late = board.late(now);
        assert_eq!(ids(&late), [opening, probe]);
        assert_eq!(board.cut(&late[0], now, |_| true), Some(Cut::Opening));
        assert_eq!(board.cut(&late[1], now, |_| true), Some(Cut::Probe));
    }
    assert_eq!(board.number_cut(), 2, "the probe serves no work");
}

#[test]
fn a_host_that_does_not_accept_is_given_up_and_the_next_one_has_as_long() {
    let start = Instant::now();
    let (mut board, connections) = board(1, start);
    board.begin(connections[0], start);
    let opening = board.enter(SocketMark::after(Duration::from_secs(3_000)), 7, LIMITS, false, start);
    assert_eq!(board.unaccepted(ms(500), start + ms(499)), []);
    let first = board.unaccepted(ms(500), start + ms(500)).remove(0);
    assert_eq!(first.id, opening);
    assert!(board.give_up_host(&first, start + ms(500), |mark| mark > 3_000_000), "by the mark of its socket");
    assert!(!board.give_up_host(&first, start + ms(501), |_| true), "the next one is tried already");
    assert_eq!(board.unaccepted(ms(500), start + ms(999)), []);
    let next = board.unaccepted(ms(500), start + ms(1_000)).remove(0);
    assert!(!board.give_up_host(&next, start + ms(1_000), |_| false), "it has accepted");
    assert_eq!(board.unaccepted(ms(500), start + ms(9_000)), [], "so it waits for Postgres");
}

#[test]
fn one_whose_socket_is_not_found_is_let_alone_for_a_while() {
    let start = Instant::now();
    let (mut board, connections) = board(1, start);
    board.begin(connections[0], start);
    let now = start + ms(2_000);
    let seen = board.late(now).remove(0);
    assert_eq!((board.cut(&seen, now, |_| false), board.number_cut()), (None, 0));
    let soon = now + NEXT_TRY.mul_f64(0.9);
    assert_eq!((board.late(soon), board.overdue(ms(500), soon)), (vec![], vec![]));
    assert_eq!(board.late(now + NEXT_TRY), [seen]);
}

#[test]
fn the_database_stands_still_when_work_waits_and_none_had_a_response_for_a_while() {
    let start = Instant::now();
    let (mut board, connections) = board(2, start);
    let after = |board: &ConnectionBoard, at| board.congestion(ms(500), start + ms(at));
    assert_eq!(after(&board, 9_000), None, "no work waits");
    board.begin(connections[0], start + ms(9_000));
    assert_eq!(after(&board, 9_499), None);
    assert_eq!(after(&board, 9_500), Some(Congestion::Standstill { connections: 1, since: ms(500) }));
    board.begin(connections[1], start + ms(9_400));
    board.end(connections[1], true, start + ms(9_600));
    assert_eq!(after(&board, 9_700), None, "one of two has a response");
    assert_eq!(after(&board, 10_100), Some(Congestion::Standstill { connections: 1, since: ms(500) }));
    board.end(connections[0], false, start + ms(10_200));
    let lost = Congestion::Standstill { connections: 0, since: ms(700) };
    assert_eq!(after(&board, 10_300), Some(lost), "a session was lost, which is no response");
    board.begin(connections[1], start + ms(10_400));
    assert_eq!(after(&board, 10_500), Some(Congestion::Standstill { connections: 1, since: ms(900) }));
    board.end(connections[1], true, start + ms(10_600));
    assert_eq!(after(&board, 99_000), None, "all have theirs");
}

#[test]
fn while_no_session_can_be_opened_that_is_the_cause_unless_one_that_is_open_waits() {
    let start = Instant::now();
    let (mut board, connections) = board(1, start);
    board.unreachable("nothing listens");
    assert_eq!(board.congestion(ms(500), start), Some(Congestion::Unreachable("nothing listens")));
    board.begin(connections[0], start);
    let standstill = Congestion::Standstill { connections: 1, since: ms(500) };
    assert_eq!(board.congestion(ms(500), start + ms(500)), Some(standstill));
    board.end(connections[0], true, start + ms(600));
    let opened = board.enter(SocketMark::after(Duration::from_secs(3_000)), 7, LIMITS, false, start + ms(600));
    assert_eq!(board.congestion(ms(500), start + ms(9_000)), Some(Congestion::Unreachable("nothing listens")));
    board.opened(opened, backend(2), start + ms(9_000));
    assert_eq!(board.congestion(ms(500), start + ms(9_000)), None);
}

#[test]
fn the_watchdog_sleeps_until_a_wait_may_be_overdue_and_without_any_until_one_begins() {
    let start = Instant::now();
    let (mut board, connections) = board(2, start);
    let rest = |board: &mut ConnectionBoard, at| board.rest(ms(500), ms(100), start + ms(at));
    assert_eq!(rest(&mut board, 0), Some(ms(500)), "they have been opened");
    assert_eq!(rest(&mut board, 500), None, "nothing has begun since");
    board.begin(connections[0], start + ms(900));
    board.begin(connections[1], start + ms(1_000));
    assert_eq!(rest(&mut board, 1_100), Some(ms(300)), "the first is overdue then");
    assert_eq!(rest(&mut board, 1_350), Some(ms(100)), "not at once");
    assert_eq!(rest(&mut board, 9_000), Some(ms(100)), "it is looked at again and again");
    board.end(connections[0], true, start + ms(9_000));
    board.end(connections[1], true, start + ms(9_000));
    board.begin(connections[1], start + ms(9_050));
    board.end(connections[1], true, start + ms(9_060));
    assert_eq!(rest(&mut board, 9_100), Some(ms(500)), "connections in use do not wake it each time");
    assert_eq!(rest(&mut board, 9_600), None);
    let mark = SocketMark::after(Duration::from_secs(3_000));
    board.enter(mark, 7, WaitLimits { opening: ms(300), ..LIMITS }, true, start + ms(9_700));
    assert_eq!(rest(&mut board, 9_700), Some(ms(300)), "a probe has a limit of its own");
}

#[test]
fn a_watchdog_that_is_parked_is_woken_by_the_next_wait() {
    let start = Instant::now();
    let (mut board, connections) = board(1, start);
    // Without a deadline: it hangs where the token is missing.
    for wait in [true, false] {
        board.park(std::thread::current());
        if wait {
            board.begin(connections[0], start);
        } else {
            board.wake();
        }
        std::thread::park();
    }
}
