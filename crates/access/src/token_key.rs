//! The key of the service that makes and checks what browsers keep: sessions, share links and forms.

use crate::KeySecret;
use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretBox};
use sha2::Sha256;
use std::fmt;
use subtle::ConstantTimeEq;

/// The label under which the key is derived: another use of the master key needs another one.
const LABEL: &[u8] = b"annotation-statistics tokens of browsers 1";

/// Makes and checks tokens by HMAC-SHA256. Derived from the master key, so that every server of a database has the same,
/// and none of it is stored. It never prints, and is zeroed when it is dropped.
pub struct TokenKey(SecretBox<[u8; 32]>);

impl TokenKey {
    /// The key of this master key, which must be uniformly random: HKDF-Expand of RFC 5869, with a label.
    pub fn derive(master_key: &[u8; 32]) -> Self {
        Self(SecretBox::init_with(|| expand(master_key, LABEL)))
    }

    /// What a form has to send back: bound to a text that only the browser with the form has, such as a cookie.
    pub fn form_token(&self, bound_to: &str) -> String {
        BASE64URL_NOPAD.encode(&self.mac(&[b"form", bound_to.as_bytes()]))
    }

    /// Whether a form has sent the token that it was given, in constant time.
    pub fn is_form_token(&self, given: &str, bound_to: &str) -> bool {
        self.form_token(bound_to).as_bytes().ct_eq(given.as_bytes()).into()
    }

    /// Whether these are the same secret; the time reveals neither where they differ nor how long they are.
    pub fn is_same_secret(&self, given: &KeySecret, secret: &KeySecret) -> bool {
        let [given, secret] = [given, secret].map(|secret| self.mac(&[b"secret", secret.reveal().as_bytes()]));
        given.ct_eq(&secret).into()
    }

    /// The MAC of a list of parts. Each is preceded by its length, so that no other list has the same bytes.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        hmac(self.0.expose_secret(), parts.iter().flat_map(|part| [length(part), part.to_vec()]))
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("(secret)")
    }
}

fn length(part: &[u8]) -> Vec<u8> {
    u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes().to_vec()
}

/// The first block of HKDF-Expand: 32 bytes.
fn expand(key: &[u8; 32], info: &[u8]) -> [u8; 32] {
    hmac(key, [info.to_vec(), vec![1]])
}

fn hmac(key: &[u8; 32], parts: impl IntoIterator<Item = Vec<u8>>) -> [u8; 32] {
    // HMAC fills a key up with zeros to the size of a block.
    let block: [u8; 64] = std::array::from_fn(|place| key.get(place).copied().unwrap_or_default());
    let mac = Hmac::<Sha256>::new(&block.into());
    parts.into_iter().fold(mac, Mac::chain_update).finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::HEXLOWER;

    fn key(seed: u8) -> TokenKey {
        TokenKey::derive(&[seed; 32])
    }

    #[test]
    fn a_key_is_derived_as_rfc_5869_expands_one() {
        // The first test case of its appendix: the pseudorandom key, the info, and the first 32 bytes of the output.
        let bytes = |text: &str| HEXLOWER.decode(text.as_bytes()).unwrap();
        let key = bytes("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5").try_into().unwrap();
        let expanded = expand(&key, &bytes("f0f1f2f3f4f5f6f7f8f9"));
        assert_eq!(HEXLOWER.encode(&expanded), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
    }

    #[test]
    fn the_token_of_a_form_is_good_for_one_browser_and_one_master_key() {
        let token = key(1).form_token("cookie");
        assert!(key(1).is_form_token(&token, "cookie"));
        for (key, given, bound_to, reason) in [
            (key(2), token.as_str(), "cookie", "another master key"),
            (key(1), &token, "cookiE", "another browser"),
            (key(1), "", "cookie", "none"),
            (key(1), &token[1..], "cookie", "cut off"),
        ] {
            assert!(!key.is_form_token(given, bound_to), "{reason}");
        }
        assert_eq!(format!("{:?}", key(1)), "(secret)");
    }

    #[test]
    fn a_list_of_parts_has_a_mac_of_its_own() {
        let macs = [&[b"ab".as_slice(), b"c"][..], &[b"a", b"bc"], &[b"abc"], &[b"ab", b"c", b""], &[]];
        let macs: std::collections::HashSet<_> = macs.into_iter().map(|parts| key(1).mac(parts)).collect();
        assert_eq!(macs.len(), 5);
    }

    #[test]
    fn secrets_are_the_same_or_not() {
        let secret = |text: &str| KeySecret::new(text).unwrap();
        let one = secret("0123456789abcdef");
        assert!(key(1).is_same_secret(&one, &secret("0123456789abcdef")));
        for other in ["0123456789abcdeF", "0123456789abcdef0"] {
            assert!(!key(1).is_same_secret(&one, &secret(other)), "{other}");
        }
    }
}
