//! Sends one request, signed by scheme v2 (or v1, for reads). Needs the crates hmac, sha2 and md-5; a real client has an
//! HTTP library besides, where this one writes to a socket.
//!
//!     KEY=ak-1001 SECRET=... client GET 'http://127.0.0.1:8080/statistics?annotationRequestId=a'
//!     KEY=ak-1001 SECRET=... client PUT http://127.0.0.1:8080/annotation-requests/a '{"campaignId":"1001"}'
//!     KEY=ak-1001 SECRET=... SCHEME=v1 client GET 'http://127.0.0.1:8080/statistics?annotationRequestId=a'
//!
//! TS and NONCE may be set too; the defaults are the current time and a random text. Prints the status and the body.

use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use sha2::Sha256;
use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{SystemTime, UNIX_EPOCH};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

fn sign_v1(key: &str, secret: &str, ts: &str) -> String {
    hex(&Md5::digest(format!("{ts}&{secret}&{key}")))
}

fn sign_v2(key: &str, secret: &str, [ts, nonce]: [&str; 2], method: &str, target: &str, body: &[u8]) -> String {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut query: Vec<&str> = query.split('&').filter(|part| !part.is_empty()).collect();
    query.sort_unstable();
    let (method, query, hash) = (method.to_uppercase(), query.join("&"), hex(&Sha256::digest(body)));
    let canonical = ["v2", &method, path, &query, &hash, ts, nonce, key].join("\n");
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any size");
    format!("v2={}", hex(&mac.chain_update(canonical).finalize().into_bytes()))
}

fn random_nonce() -> Result<String, Box<dyn Error>> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(hex(&bytes))
}

fn main() -> Result<(), Box<dyn Error>> {
    let set: BTreeMap<String, String> = std::env::vars().filter(|(_, value)| !value.is_empty()).collect();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [method, url, body @ ..] = arguments.as_slice() else { return Err("client METHOD URL [BODY]".into()) };
    let (key, secret) = (set.get("KEY").ok_or("KEY is not set")?, set.get("SECRET").ok_or("SECRET is not set")?);
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis().to_string();
    let ts = set.get("TS").unwrap_or(&now);
    let nonce = set.get("NONCE").cloned().map_or_else(random_nonce, Ok)?;
    // What comes after the host, exactly as it is sent.
    let (host, target) =
        url.split_once("://").and_then(|(_, rest)| rest.split_once('/')).ok_or("no http://HOST/PATH")?;
    let (target, body) = (format!("/{target}"), body.join(""));
    let sign = if set.get("SCHEME").is_some_and(|scheme| scheme == "v1") {
        sign_v1(key, secret, ts)
    } else {
        sign_v2(key, secret, [ts, &nonce], method, &target, body.as_bytes())
    };

    let mut server = TcpStream::connect(host)?;
    write!(
        server,
        "{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/json\r\n"
    )?;
    write!(server, "X-STARDUST-KEY: {key}\r\nX-TS: {ts}\r\nX-NONCE: {nonce}\r\nX-SIGN: {sign}\r\n")?;
    // Lets the service reject the request without reading the body.
    write!(server, "X-CONTENT-SHA256: {}\r\n", hex(&Sha256::digest(&body)))?;
    write!(server, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    let mut response = String::new();
    server.read_to_string(&mut response)?;
    let status = response.split(' ').nth(1).ok_or("no HTTP response")?;
    println!("{status}\n{}", response.split_once("\r\n\r\n").map_or("", |(_, body)| body));
    Ok(())
}
