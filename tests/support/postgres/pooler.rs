//! A pooler that lends its one session for a transaction at a time, as pgbouncer does with `pool_mode = transaction`.

use crate::proxy::{ProxiedStream, Upstream};
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What clients request first, before they say who they are: whether the connection may be encrypted.
const ENCRYPTION: [u32; 2] = [80_877_103, 80_877_104];

/// The version of the protocol.
const VERSION: u32 = 196_608;

/// A pooler on a port of its own, until the end of the process.
pub struct TransactionPooler {
    address: SocketAddr,
}

struct Pool {
    session: Mutex<ProxiedStream>,
    /// What the server said when the session was opened.
    greeting: Vec<u8>,
}

impl TransactionPooler {
    /// In front of a database that lets the user `postgres` in without a password.
    pub(crate) fn to(upstream: &Upstream, database: &str) -> Self {
        let mut session = upstream.connect().unwrap();
        let words = format!("user\0postgres\0database\0{database}\0\0");
        let length = u32::try_from(words.len() + 8).unwrap();
        session.write_all(&[&length.to_be_bytes(), &VERSION.to_be_bytes(), words.as_bytes()].concat()).unwrap();
        let (greeting, _) = response(&mut session).unwrap();
        let pool = Arc::new(Pool { session: Mutex::new(session), greeting });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let pool = Arc::clone(&pool);
                thread::spawn(move || pool.serve(client));
            }
        });
        Self { address }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Pool {
    /// Until the client leaves.
    fn serve(&self, mut client: TcpStream) -> io::Result<()> {
        while ENCRYPTION.contains(&requested_at_first(&mut client)?) {
            client.write_all(b"N")?;
        }
        client.write_all(&self.greeting)?;
        let mut next = query(&mut client)?;
        loop {
            let mut session = self.session.lock().unwrap();
            loop {
                session.write_all(&next)?;
                let (response, is_idle) = response(&mut *session)?;
                client.write_all(&response)?;
                if is_idle {
                    break;
                }
                next = query(&mut client)?;
            }
            drop(session);
            next = query(&mut client)?;
        }
    }
}

fn requested_at_first(client: &mut TcpStream) -> io::Result<u32> {
    let (length, code) = (number(client)?, number(client)?);
    client.read_exact(&mut vec![0; usize::try_from(length).unwrap() - 8])?;
    Ok(code)
}

/// All that a client says until it wants a response.
fn query(client: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut said = Vec::new();
    loop {
        match message(client, &mut said)? {
            b'X' => return Err(io::ErrorKind::ConnectionAborted.into()),
            b'Q' | b'S' => return Ok(said),
            _ => {}
        }
    }
}

/// All that the server says until it is ready again, and whether no transaction is open then.
fn response(server: &mut impl Read) -> io::Result<(Vec<u8>, bool)> {
    let mut said = Vec::new();
    while message(server, &mut said)? != b'Z' {}
    let is_idle = said.ends_with(b"I");
    Ok((said, is_idle))
}

/// Reads one message behind what was said before; returns its kind.
fn message(from: &mut impl Read, said: &mut Vec<u8>) -> io::Result<u8> {
    let mut kind = [0];
    from.read_exact(&mut kind)?;
    let length = number(from)?;
    said.extend(kind);
    said.extend(length.to_be_bytes());
    let start = said.len();
    said.resize(start + usize::try_from(length).unwrap() - 4, 0);
    from.read_exact(&mut said[start..])?;
    Ok(kind[0])
}

fn number(from: &mut impl Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    from.read_exact(&mut bytes)?;
    Ok(u32::from_be_bytes(bytes))
}
