use super::*;
use crate::test_support::{send, settings, state};
use crate::{AccessSettings, ApiSettings, ApiState};
use actix_web::http::header::HeaderValue;
use actix_web::test::TestRequest;
use annotation_statistics_access::{MockKeys, MockNonces};
use annotation_statistics_domain::MockStatisticsRepository;
use proptest::prelude::*;
use std::num::NonZeroU32;
use std::sync::Arc;

/// The proxies of a network and one more.
fn trusted(header: ForwardedHeader) -> TrustedProxies {
    let networks = ["10.0.0.0/8", "2001:db8:99::/48", "192.0.2.7"].map(String::from);
    TrustedProxies::new(&networks, header).unwrap()
}

fn client(proxies: &TrustedProxies, peer: &str, lines: &[(HeaderName, &str)]) -> String {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(name.clone(), HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    proxies.client(peer.parse::<IpAddr>().unwrap().to_canonical(), &headers).to_string()
}

#[test]
fn the_last_address_that_no_trusted_proxy_has_is_the_client() {
    let proxies = trusted(ForwardedHeader::XForwardedFor);
    for (peer, lines, expected, reason) in [
        ("198.51.100.9", &["203.0.113.1"][..], "198.51.100.9", "the peer is no trusted proxy"),
        ("10.0.0.1", &[], "10.0.0.1", "a request of the proxy itself"),
        ("10.0.0.1", &["203.0.113.1"], "203.0.113.1", "one proxy"),
        ("192.0.2.7", &["203.0.113.1"], "203.0.113.1", "an address is a network of one"),
        ("192.0.2.8", &["203.0.113.1"], "192.0.2.8", "and no more"),
        ("::ffff:10.0.0.1", &["203.0.113.1"], "203.0.113.1", "the same, written for IPv6"),
        ("10.0.0.1", &["203.0.113.1, 10.9.9.9"], "203.0.113.1", "two proxies"),
        ("10.0.0.1", &["203.0.113.1", "10.9.9.9"], "203.0.113.1", "in two lines"),
        ("10.0.0.1", &["1.1.1.1, 203.0.113.1"], "203.0.113.1", "the client made one up"),
        ("10.0.0.1", &["10.3.3.3, 203.0.113.1"], "203.0.113.1", "of a proxy"),
        ("10.0.0.1", &["1.1.1.1", "203.0.113.1"], "203.0.113.1", "in a line of its own"),
        ("10.0.0.1", &["10.1.1.1, 10.2.2.2"], "10.1.1.1", "a client in the network of the proxies"),
        ("10.0.0.1", &["203.0.113.1:4711"], "203.0.113.1", "with a port"),
        ("10.0.0.1", &["2001:db8::1"], "2001:db8::1", "IPv6"),
        ("10.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1", "with a port"),
        ("2001:db8:99::1", &["[2001:db8::1]"], "2001:db8::1", "a proxy of IPv6"),
        ("10.0.0.1", &["::ffff:203.0.113.1"], "203.0.113.1", "the same address as without"),
        ("10.0.0.1", &["203.0.113.1, unknown"], "10.0.0.1", "the proxy does not say"),
        ("10.0.0.1", &["203.0.113.1, unknown, 10.9.9.9"], "10.9.9.9", "another one does not"),
        ("10.0.0.1", &["203.0.113.1,"], "10.0.0.1", "nothing is no address"),
        ("10.0.0.1", &["203.0.113.256"], "10.0.0.1", "no address"),
        ("10.0.0.1", &["203.0.113.1, ü"], "10.0.0.1", "not even text"),
        ("10.0.0.1", &["\"203.0.113.1\""], "10.0.0.1", "quotes are of the other header"),
    ] {
        let lines: Vec<_> = lines.iter().map(|line| (X_FORWARDED_FOR, *line)).collect();
        assert_eq!(client(&proxies, peer, &lines), expected, "{peer} {lines:?}: {reason}");
    }
}

#[test]
fn forwarded_is_read_as_its_standard_says_and_quotes_do_not_evade_it() {
    let proxies = trusted(ForwardedHeader::Forwarded);
    for (line, expected, reason) in [
        ("for=203.0.113.1", "203.0.113.1", "alone"),
        ("For=\"203.0.113.1:80\"", "203.0.113.1", "names ignore case"),
        ("proto=https;for=203.0.113.1;by=10.0.0.1", "203.0.113.1", "among others"),
        ("for=\"[2001:db8::1]:4711\"", "2001:db8::1", "IPv6"),
        ("for=1.1.1.1, for=203.0.113.1 , for=10.9.9.9", "203.0.113.1", "three"),
        ("for=\", for=203.0.113.1", "203.0.113.1", "the client opens quotes"),
        ("for=1.1.1.1, for=\", for=\"[2001:db8::1]\"", "2001:db8::1", "and hopes that the proxy closes them"),
        ("for=\"1.1.1.1, 10.0.0.9\";x=\", for=203.0.113.1", "203.0.113.1", "a comma in them"),
        ("for=_hidden", "10.0.0.1", "the proxy does not say"),
        ("for=unknown", "10.0.0.1", "nor this one"),
        ("by=203.0.113.1", "10.0.0.1", "no client is named"),
        ("for=203.0.113.1;for=1.1.1.1", "10.0.0.1", "two are"),
        ("203.0.113.1", "10.0.0.1", "this is the other header's"),
    ] {
        assert_eq!(client(&proxies, "10.0.0.1", &[(FORWARDED, line)]), expected, "{line}: {reason}");
    }
}

#[test]
fn the_header_that_proxies_do_not_write_is_not_read() {
    let both = [(FORWARDED, "for=1.1.1.1"), (X_FORWARDED_FOR, "203.0.113.1")];
    assert_eq!(client(&trusted(ForwardedHeader::XForwardedFor), "10.0.0.1", &both), "203.0.113.1");
    assert_eq!(client(&trusted(ForwardedHeader::Forwarded), "10.0.0.1", &both), "1.1.1.1");
    assert_eq!(client(&TrustedProxies::default(), "10.0.0.1", &both), "10.0.0.1", "no proxy is trusted");
}

#[test]
fn what_is_no_network_is_refused_by_its_name() {
    for text in ["", "proxy.internal", "10.0.0.0/33", "10.0.0", "10.0.0.1:80", "*"] {
        let refused = TrustedProxies::new(&["10.0.0.0/8".into(), text.into()], ForwardedHeader::Forwarded);
        assert_eq!(refused, Err(InvalidNetwork(text.into())));
    }
}

#[actix_web::test]
async fn clients_behind_a_proxy_are_counted_by_their_own_addresses() {
    let limits = AccessSettings { requests_per_address: NonZeroU32::new(1), ..AccessSettings::default() };
    let open = state(MockStatisticsRepository::new());
    let guarded = open.with_access_keys(Arc::new(MockKeys::new()), Arc::new(MockNonces::new()), limits);
    let proxies = trusted(ForwardedHeader::XForwardedFor);
    let state = ApiState { settings: Arc::new(ApiSettings { proxies, ..settings() }), ..guarded };
    let call = async |peer: &str, reported: String| {
        let request = TestRequest::get().uri("/rosetta-open/statistics?annotationRequestId=a");
        let request =
            request.peer_addr(format!("{peer}:7").parse().unwrap()).insert_header((X_FORWARDED_FOR, reported));
        send(state.clone(), request).await.status
    };
    // One of them may come a second after the one before it.
    let (mut own, mut made_up, mut untrusted) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..8 {
        own.push(call("10.0.0.1", format!("203.0.113.{number}")).await);
        made_up.push(call("10.0.0.1", format!("203.0.113.{number}, 198.51.100.1")).await);
        untrusted.push(call("198.51.100.2", format!("203.0.113.{number}")).await);
    }
    assert_eq!(own, [401; 8], "each is another one");
    assert!(made_up.contains(&429), "{made_up:?}");
    assert!(untrusted.contains(&429), "{untrusted:?}");
}

proptest! {
    /// Whatever a client writes, the proxy appends what it saw.
    #[test]
    fn no_client_can_spoof_another_address(written in "[ -~]{0,80}", lines in any::<bool>(), ours in any::<[u8; 4]>()) {
        let ours = IpAddr::from(ours);
        for header in [ForwardedHeader::XForwardedFor, ForwardedHeader::Forwarded] {
            let proxies = trusted(header);
            prop_assume!(!proxies.trusts(ours));
            let (name, own) = match header {
                ForwardedHeader::XForwardedFor => (X_FORWARDED_FOR, ours.to_string()),
                ForwardedHeader::Forwarded => (FORWARDED, format!("for={ours}")),
            };
            let appended = format!("{written}, {own}");
            let reported = if lines { vec![(name.clone(), written.as_str()), (name, &own)] } else { vec![(name, appended.as_str())] };
            prop_assert_eq!(client(&proxies, "10.0.0.1", &reported), ours.to_string());
        }
    }
}

#[test]
fn the_text_of_an_address_is_what_is_displayed() {
    for address in ["0.0.0.0", "192.0.2.7", "10.200.30.255", "2001:db8::7", "::ffff:192.0.2.7"] {
        let address: IpAddr = address.parse().unwrap();
        assert_eq!(address_text(address), address.to_string());
    }
}
