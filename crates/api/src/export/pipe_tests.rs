use super::*;
use actix_web::body::to_bytes;
use std::thread;

const MINUTE: Duration = Duration::from_secs(60);
const PATIENT: ReaderLimits = ReaderLimits { timeout: MINUTE, grace: MINUTE, min_rate: NonZeroUsize::MIN };

#[actix_web::test]
async fn what_is_written_is_read_however_it_is_cut() {
    let (mut writer, end, reader) = pipe(PATIENT);
    let bytes: Vec<u8> = (0..1_000_000_u32).map(|number| (number % 251).to_le_bytes()[0]).collect();
    let written = bytes.clone();
    let writing = thread::spawn(move || {
        written.chunks(777).for_each(|part| writer.write_all(part).unwrap());
        writer.flush().unwrap();
        end.finish(Ok(()));
    });
    assert!(reader.begun().await.is_ok());
    assert_eq!(to_bytes(reader).await.ok().unwrap(), bytes);
    writing.join().unwrap();
}

#[test]
fn a_writer_waits_for_a_slow_reader_and_then_gives_up_for_good() {
    let (mut writer, _end, reader) = pipe(ReaderLimits { timeout: Duration::from_millis(1), ..PATIENT });
    let error = writer.write_all(&vec![7; PIECE * (MAX_QUEUED + 1)]).unwrap_err();
    assert_eq!((error.kind(), reader.shared.lock().pieces.len()), (io::ErrorKind::TimedOut, MAX_QUEUED));
    assert!(!writer.watch().is_read());
    // Everything more is dropped at once, whatever the reader does now, but for a short notice.
    reader.shared.lock().pieces.clear();
    assert_eq!(writer.write_all(&vec![7; PIECE]).unwrap_err().kind(), io::ErrorKind::TimedOut);
    writer.write_all(b"cut off").and_then(|()| writer.flush()).unwrap();
    assert_eq!(reader.shared.lock().pieces, ["cut off"]);
}

#[test]
fn a_reader_that_takes_a_little_now_and_then_is_given_up_when_it_has_kept_its_writer_waiting_for_too_long() {
    let grace = Duration::from_millis(50);
    let (mut writer, _end, reader) = pipe(ReaderLimits { grace, min_rate: NonZeroUsize::MAX, ..PATIENT });
    let shared = Arc::clone(&reader.shared);
    let writing = thread::spawn(move || {
        let (begun, piece) = (Instant::now(), vec![7; PIECE]);
        let error = std::iter::repeat_with(|| writer.write_all(&piece)).find_map(Result::err).unwrap();
        (error.kind(), begun.elapsed() >= grace)
    });
    while !writing.is_finished() {
        shared.lock().pieces.pop_front();
        shared.room.notify_all();
        thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(writing.join().unwrap(), (io::ErrorKind::TimedOut, true));
}

#[test]
fn each_byte_buys_the_writer_time_to_wait() {
    let grace = Duration::from_secs(30);
    let limits = ReaderLimits { grace, min_rate: NonZeroUsize::new(65_536).unwrap(), ..PATIENT };
    for (written, milliseconds, reason) in [
        (0, 30_000, "whatever its size"),
        (65_536, 31_000, "the bytes of a second buy a second"),
        (1_200_000, 48_310, "what 40 KB a second are in half a minute"),
        (u64::MAX, 281_474_976_740_655, "without a limit of its own"),
    ] {
        assert_eq!(limits.wait_for(written), Duration::from_millis(milliseconds), "{reason}");
    }
}

#[test]
fn a_waiting_writer_is_notified_when_the_reader_disconnects() {
    let (mut writer, _end, reader) = pipe(PATIENT);
    let watch = writer.watch();
    writer.write_all(&vec![7; PIECE * MAX_QUEUED]).unwrap();
    let writing = thread::spawn(move || writer.write_all(&vec![7; PIECE]).unwrap_err().kind());
    assert!(watch.is_read());
    drop(reader);
    assert_eq!(writing.join().unwrap(), io::ErrorKind::BrokenPipe);
    assert!(!watch.is_read());
}

#[actix_web::test]
async fn an_error_before_the_first_chunk_is_reported_and_one_after_it_cuts_the_body() {
    let (writer, end, reader) = pipe(PATIENT);
    end.finish(Err(ExportError::Target("early".into())));
    assert!(reader.begun().await.is_err());
    drop((writer, end));

    let (mut writer, end, reader) = pipe(PATIENT);
    writer.write_all(b"a part").unwrap();
    writer.flush().unwrap();
    assert!(reader.begun().await.is_ok());
    // An end that is never reported, as in a panic.
    drop((writer, end));
    assert!(to_bytes(reader).await.is_err());
}
