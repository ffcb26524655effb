use super::*;
use actix_web::body::to_bytes;
use std::thread;

const PATIENT: Duration = Duration::from_secs(60);

#[actix_web::test]
async fn what_is_written_is_read_however_it_is_cut() {
    let (mut writer, end, reader) = pipe(PATIENT);
    let bytes: Vec<u8> = (0..1_000_000_u32).map(|number| (number % 251).to_le_bytes()[0]).collect();
    let written = bytes.clone();
    let writing = thread::spawn(move || {
        written.chunks(777).for_each(|part| writer.write_all(part).unwrap());
        writer.flush().unwrap();
        end.tell(Ok(()));
    });
    assert!(reader.begun().await.is_ok());
    assert_eq!(to_bytes(reader).await.ok().unwrap(), bytes);
    writing.join().unwrap();
}

#[test]
fn a_writer_waits_for_a_slow_reader_and_then_gives_up_for_good() {
    let (mut writer, _end, reader) = pipe(Duration::from_millis(1));
    let fault = writer.write_all(&vec![7; PIECE * (MOST_WAITING + 1)]).unwrap_err();
    assert_eq!((fault.kind(), reader.shared.lock().pieces.len()), (io::ErrorKind::TimedOut, MOST_WAITING));
    assert!(!writer.watch().is_read());
    // What it still has to say is lost at once, whatever the reader does now.
    reader.shared.lock().pieces.clear();
    assert_eq!(writer.flush().unwrap_err().kind(), io::ErrorKind::TimedOut);
}

#[test]
fn a_writer_that_waits_is_told_when_the_reader_goes() {
    let (mut writer, _end, reader) = pipe(PATIENT);
    let watch = writer.watch();
    writer.write_all(&vec![7; PIECE * MOST_WAITING]).unwrap();
    let writing = thread::spawn(move || writer.write_all(&vec![7; PIECE]).unwrap_err().kind());
    assert!(watch.is_read());
    drop(reader);
    assert_eq!(writing.join().unwrap(), io::ErrorKind::BrokenPipe);
    assert!(!watch.is_read());
}

#[actix_web::test]
async fn a_failure_before_the_first_piece_is_told_and_one_after_it_breaks_the_body() {
    let (writer, end, reader) = pipe(PATIENT);
    end.tell(Err(ExportError::Target("early".into())));
    assert!(reader.begun().await.is_err());
    drop((writer, end));

    let (mut writer, end, reader) = pipe(PATIENT);
    writer.write_all(b"a part").unwrap();
    writer.flush().unwrap();
    assert!(reader.begun().await.is_ok());
    // An end that nobody tells, such as that of a panic.
    drop((writer, end));
    assert!(to_bytes(reader).await.is_err());
}
