//! Keys, as files of PEM.

use crate::sample::{KEY, PUBLIC_KEY, key};
use annotation_statistics_statements::{
    InvalidPublicKey, InvalidSigningKey, SigningKey, is_signed, public_key_from_pem, public_key_to_pem,
};
use secrecy::ExposeSecret;

/// A key of P-256, as openssl writes it.
const P256: &str = "-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgfXM89smNpL3x15YK
GTfVUnH8MPIrBqgWXFZrkpvsR7OhRANCAATgkr0IMFM+LYj9bYoOv6sdu3HS0ZZp
KchibQXQlgpU8UfN6b9idBmcJkR83KVysBFpybnwDmpneurVim53y1Bf
-----END PRIVATE KEY-----
";

/// A public key of RSA.
const RSA_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCpzmCp6pmoFgd7msBvnlK3O+xE
+tPmKeR1OxkjoMhNIe1myEaHPPS9K0BoJK/rauWFxSEYp/hwQ+bxF5eoyyXcwtYj
nPzTMDaT+TeSnwo4IpKsCaWQKaV/7JUM+3p99vrsprRYIxNGkfELqwxH4W2FlKsu
XHY5+4IrTMmgk3vsIQIDAQAB
-----END PUBLIC KEY-----
";

#[test]
fn a_key_that_openssl_wrote_signs_as_rfc_8032_has_it() {
    let key = key();
    assert_eq!(key.public_key().id.as_str(), "21fe31dfa154a261");
    assert_eq!(public_key_to_pem(key.public_key()), PUBLIC_KEY);
    // Test 1 of RFC 8032: the signature of nothing.
    let expected = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b\
                    d25bf5f0595bbe24655141438e7a100b";
    assert_eq!(data_encoding::HEXLOWER.encode(&key.sign(b"")), expected);
    assert!(is_signed(b"", &key.sign(b""), key.public_key()));
    assert!(!is_signed(b"x", &key.sign(b""), key.public_key()));
}

#[test]
fn a_new_key_has_the_form_that_openssl_writes() {
    let pem = SigningKey::generate().unwrap();
    let (pem, other) = (pem.expose_secret(), SigningKey::generate().unwrap());
    assert_ne!(pem, other.expose_secret());
    let lines: Vec<_> = pem.split('\n').collect();
    assert_eq!(
        (lines[0], &lines[1][..21], lines[1].len(), lines[2], lines[3]),
        ("-----BEGIN PRIVATE KEY-----", "MC4CAQAwBQYDK2VwBCIEI", 64, "-----END PRIVATE KEY-----", "")
    );
    let key = SigningKey::from_pem(pem).unwrap();
    assert!(is_signed(b"a", &key.sign(b"a"), key.public_key()));
    assert!(!format!("{key:?}").contains(&lines[1][21..]));
}

#[test]
fn a_public_key_reads_back_whatever_stands_around_it() {
    let key = key();
    let windows = format!("Client Ltd.\r\n{}", PUBLIC_KEY.replace('\n', "\r\n"));
    for pem in [PUBLIC_KEY, &windows, &format!("{KEY}{PUBLIC_KEY}")] {
        assert_eq!(public_key_from_pem(pem).as_ref(), Ok(key.public_key()), "{pem}");
    }
}

#[test]
fn what_is_no_key_is_refused_with_what_it_is() {
    let cut_off = &KEY[..70];
    for (pem, expected, reason) in [
        ("", InvalidSigningKey::Empty, "nothing"),
        (" \n", InvalidSigningKey::Empty, "blanks"),
        ("hello", InvalidSigningKey::NoBlock, "no PEM"),
        (cut_off, InvalidSigningKey::NoBlock, "the end is missing"),
        (&KEY.replace("MC4C", "!!!!"), InvalidSigningKey::NoBlock, "no Base64"),
        (PUBLIC_KEY, InvalidSigningKey::Public, "the public half"),
        (&KEY.replace("PRIVATE", "ENCRYPTED PRIVATE"), InvalidSigningKey::Encrypted, "a password is needed"),
        (&KEY.replace("PRIVATE", "RSA PRIVATE"), InvalidSigningKey::NotEd25519, "PKCS#1"),
        (P256, InvalidSigningKey::NotEd25519, "P-256"),
        (&KEY.replace("K2Vw", "K2Vx"), InvalidSigningKey::NotEd25519, "Ed448"),
    ] {
        assert_eq!(SigningKey::from_pem(pem).map(|key| format!("{key:?}")), Err(expected), "{reason}");
    }
    for (pem, reason) in [("", "nothing"), (KEY, "a private key"), (RSA_PUBLIC, "RSA"), (&PUBLIC_KEY[..60], "cut off")]
    {
        assert_eq!(public_key_from_pem(pem), Err(InvalidPublicKey), "{reason}");
    }
}
