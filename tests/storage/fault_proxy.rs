//! The proxy that breaks connections on purpose does exactly what it is told.

use annotation_statistics_tests::{Ending, Fault, FaultProxy, Upstream, wait_until};
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

/// A server that sends back what it is sent, and a proxy in front of it.
fn echo() -> FaultProxy {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = FaultProxy::to(Upstream::Tcp(listener.local_addr().unwrap()));
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let mut chunk = [0; 1000];
                while let Ok(length @ 1..) = stream.read(&mut chunk) {
                    if stream.write_all(&chunk[..length]).is_err() {
                        break;
                    }
                }
            });
        }
    });
    proxy
}

fn connect(proxy: &FaultProxy) -> TcpStream {
    TcpStream::connect(proxy.address()).unwrap()
}

fn echoed(stream: &mut TcpStream, text: &str) -> String {
    stream.write_all(text.as_bytes()).unwrap();
    let mut back = vec![0; text.len()];
    stream.read_exact(&mut back).unwrap();
    String::from_utf8(back).unwrap()
}

#[test]
fn bytes_are_passed_on_and_those_of_replies_are_counted() {
    let proxy = echo();
    let (mut one, mut two) = (connect(&proxy), connect(&proxy));
    assert_eq!((echoed(&mut one, "hello"), echoed(&mut two, "you")), ("hello".into(), "you".into()));
    assert_eq!((proxy.replied(), proxy.accepted()), (8, 2));
    assert!(!proxy.cut_nothing(), "nothing was to be cut");
    assert_eq!(proxy.replied(), 0);
}

#[test]
fn a_reply_is_cut_after_exactly_as_many_bytes_and_the_next_connection_is_whole() {
    let proxy = echo();
    for bytes in [0, 1, 4] {
        let mut stream = connect(&proxy);
        assert_eq!(echoed(&mut stream, "before"), "before");
        proxy.cut_after(bytes, Ending::Close);
        stream.write_all(b"hello").unwrap();
        let mut back = Vec::new();
        stream.read_to_end(&mut back).unwrap();
        assert_eq!(back, b"hello"[..bytes]);
        assert_eq!(echoed(&mut connect(&proxy), "after"), "after");
    }
    let mut stream = connect(&proxy);
    proxy.cut_after(5, Ending::Close);
    assert_eq!(echoed(&mut stream, "hello"), "hello", "as many bytes as may pass");
    assert!(proxy.cut_nothing(), "the next one would have been cut");
}

#[test]
fn connections_are_closed_or_reset_as_told() {
    let proxy = echo();
    let mut one = connect(&proxy);
    assert_eq!(echoed(&mut one, "hello"), "hello");
    assert_eq!(proxy.cut_all(Ending::Close), 1);
    assert_eq!(one.read(&mut [0]).unwrap(), 0);
    let mut two = connect(&proxy);
    assert_eq!(echoed(&mut two, "hello"), "hello");
    assert_eq!(proxy.cut_all(Ending::Reset), 1);
    assert_eq!(two.read(&mut [0]).unwrap_err().kind(), ErrorKind::ConnectionReset);
    let mut three = connect(&proxy);
    proxy.cut_after(2, Ending::Reset);
    three.write_all(b"hello").unwrap();
    let end = three.read_to_end(&mut Vec::new());
    assert_eq!(end.unwrap_err().kind(), ErrorKind::ConnectionReset);
}

#[test]
fn what_is_stalled_arrives_when_it_may_and_is_not_closed() {
    let proxy = echo();
    let mut stream = connect(&proxy);
    assert_eq!(echoed(&mut stream, "hello"), "hello");
    proxy.set(Fault::Stall);
    stream.write_all(b"later").unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    assert_eq!(stream.read(&mut [0]).unwrap_err().kind(), ErrorKind::WouldBlock);
    proxy.set(Fault::None);
    stream.set_read_timeout(None).unwrap();
    let mut back = [0; 5];
    stream.read_exact(&mut back).unwrap();
    assert_eq!(&back, b"later");
}

#[test]
fn a_delayed_reply_takes_its_time() {
    let proxy = echo();
    let mut stream = connect(&proxy);
    let delay = Duration::from_millis(30);
    proxy.set(Fault::Delay(delay));
    let started = Instant::now();
    assert_eq!(echoed(&mut stream, "hello"), "hello");
    assert!(started.elapsed() >= delay);
}

#[test]
fn refused_connections_end_at_once_and_open_ones_go_on() {
    let proxy = echo();
    let mut open = connect(&proxy);
    assert_eq!(echoed(&mut open, "hello"), "hello");
    proxy.set(Fault::Refuse);
    assert_eq!(connect(&proxy).read(&mut [0]).unwrap(), 0);
    assert_eq!(echoed(&mut open, "still"), "still");
    proxy.set(Fault::None);
    assert_eq!(echoed(&mut connect(&proxy), "again"), "again");
}

#[test]
fn a_connection_that_its_client_ends_is_ended_at_the_server_too() {
    let proxy = echo();
    let mut stream = connect(&proxy);
    assert_eq!(echoed(&mut stream, "hello"), "hello");
    assert_eq!(proxy.open(), 1);
    stream.shutdown(Shutdown::Both).unwrap();
    wait_until("the proxy has let go of it", || proxy.open() == 0);
}

#[test]
fn a_connection_whose_replies_are_swallowed_never_has_one_again_and_is_not_closed_and_the_next_one_is_whole() {
    let proxy = echo();
    let mut swallowed = connect(&proxy);
    assert_eq!(echoed(&mut swallowed, "hello"), "hello");
    proxy.set(Fault::SwallowReplies);
    let mut meanwhile = connect(&proxy);
    for stream in [&mut swallowed, &mut meanwhile] {
        stream.write_all(b"hello").unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    }
    assert_eq!(swallowed.read(&mut [0]).unwrap_err().kind(), ErrorKind::WouldBlock);
    proxy.set(Fault::None);
    assert_eq!(echoed(&mut connect(&proxy), "after"), "after");
    for stream in [&mut swallowed, &mut meanwhile] {
        stream.write_all(b"hello").unwrap();
        assert_eq!(stream.read(&mut [0]).unwrap_err().kind(), ErrorKind::WouldBlock);
    }
}
