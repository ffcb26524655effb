//! The limits that the files to deploy with set, beside those of the settings.

use annotation_statistics_tests::Repository;

/// A number of `config/default.toml`.
fn default_of(section: &str, key: &str) -> u64 {
    let (_, rest) = Repository::real().text("config/default.toml").split_once(&format!("[{section}]\n")).unwrap();
    let (_, value) = rest.split_once(&format!("\n{key} = ")).unwrap();
    value.lines().next().unwrap().parse().unwrap()
}

/// The formula of OPERATIONS.md, Resource use.
#[test]
fn all_of_them_give_the_memory_that_the_settings_as_delivered_need() {
    const MIB: u64 = 1_048_576;
    let pages = 4 * default_of("database", "pool_size") * default_of("api", "max_answer");
    let sheet = default_of("reconciliation", "max_body") + 64 * MIB;
    let sheets = default_of("reconciliation", "max_concurrent") * sheet;
    let needed = 64 * MIB + default_of("api", "max_bodies") + default_of("cache", "max_bytes") + pages + sheets;
    let given = [
        ("deploy/compose.yml", "mem_limit: ", "m\n"),
        ("deploy/kubernetes/deployment.yaml", "limits: { memory: ", "Mi }"),
        ("deploy/systemd/annotation-statistics.service", "MemoryMax=", "M\n"),
    ]
    .map(|(path, before, after)| {
        let (_, rest) = Repository::real().text(path).split_once(before).unwrap_or_else(|| panic!("{path}"));
        let number: u64 = rest.split(after).next().unwrap().parse().unwrap_or_else(|error| panic!("{path}: {error}"));
        number * MIB
    });
    assert!(given.iter().all(|memory| *memory == given[0]), "they agree: {given:?}");
    assert!((needed..2 * needed).contains(&given[0]), "{given:?} for {needed}");
}

#[test]
fn behind_a_proxy_nothing_is_limited_by_the_address_that_all_clients_have() {
    let files = ["deploy/compose.yml", "deploy/kubernetes/deployment.yaml", "deploy/systemd/settings.toml"];
    for path in files.into_iter().chain(["config/production.toml"]) {
        let text = Repository::real().text(path).to_lowercase();
        for limit in ["requests_per_address", "max_connections_per_address"] {
            let (_, value) = text.split_once(limit).unwrap_or_else(|| panic!("{path}: {limit} is missing"));
            assert_eq!(value.chars().find(char::is_ascii_digit), Some('0'), "{path}: {limit}");
        }
    }
}
