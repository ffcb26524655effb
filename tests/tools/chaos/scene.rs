//! The list of scenes.

use crate::findings::Findings;
use crate::scenes::{
    connections_cut, full_bodies, handover, http2_flood, import_killed, key_revoked, overload, panics, postgres_killed,
    postgres_paused, postgres_refuses, primary_lost, primary_silent, replies_swallowed, schema_changed, slow_clients,
};
use crate::surroundings::Surroundings;
use std::time::Duration;

/// One fault, and what is measured while it lasts.
pub(crate) struct Scene {
    /// As on the command line; the name of its file too.
    pub(crate) name: &'static str,
    /// What happens, in one line.
    pub(crate) what: &'static str,
    /// The most seconds that it may take.
    pub(crate) seconds: u64,
    /// The same where there is little time; `None`: it is left out then.
    pub(crate) quick_seconds: Option<u64>,
    /// Plays it.
    pub(crate) play: fn(&Surroundings, &mut Findings),
}

impl Scene {
    /// All of them, in the order in which they are played.
    pub(crate) const ALL: &[Self] = &[
        Self {
            name: "postgres_killed",
            what: "Postgres is killed under load, and is back after 1 s and after 12 s",
            seconds: 50,
            quick_seconds: Some(20),
            play: postgres_killed::play,
        },
        Self {
            name: "postgres_paused",
            what: "Postgres is paused for 10 s with its connections open",
            seconds: 40,
            quick_seconds: Some(25),
            play: postgres_paused::play,
        },
        Self {
            name: "connections_cut",
            what: "a planned restart; idle connections cut; replies cut after any number of bytes",
            seconds: 70,
            quick_seconds: Some(35),
            play: connections_cut::play,
        },
        Self {
            name: "replies_swallowed",
            what: "replies of Postgres are lost for 4 s, and for good on the connections of then",
            seconds: 25,
            quick_seconds: None,
            play: replies_swallowed::play,
        },
        Self {
            name: "postgres_refuses",
            what: "all connections taken by others; a read-only server; locks held by others",
            seconds: 45,
            quick_seconds: None,
            play: postgres_refuses::play,
        },
        Self {
            name: "primary_lost",
            what: "the primary is lost, and a replica is promoted",
            seconds: 40,
            quick_seconds: None,
            play: primary_lost::play,
        },
        Self {
            name: "primary_silent",
            what: "the primary accepts connections and says nothing for 6 s, beside a replica",
            seconds: 25,
            quick_seconds: None,
            play: primary_silent::play,
        },
        Self {
            name: "key_revoked",
            what: "the keys cannot be read for 7 s, and one of them is revoked meanwhile",
            seconds: 40,
            quick_seconds: None,
            play: key_revoked::play,
        },
        Self {
            name: "import_killed",
            what: "an import is killed in the middle, and run again",
            seconds: 80,
            quick_seconds: Some(30),
            play: import_killed::play,
        },
        Self {
            name: "schema_changed",
            what: "columns are added and change their type under load",
            seconds: 30,
            quick_seconds: None,
            play: schema_changed::play,
        },
        Self {
            name: "slow_clients",
            what: "2,000 clients of each kind take their time: first heads, later heads, bodies, readers",
            seconds: 115,
            quick_seconds: None,
            play: slow_clients::play,
        },
        Self {
            name: "http2_flood",
            what: "25,000 requests in one breath over HTTP/2, without a key",
            seconds: 30,
            quick_seconds: Some(25),
            play: http2_flood::play,
        },
        Self {
            name: "full_bodies",
            what: "16 bodies as large as they may be, beside slow readers of pages as large as they may be",
            seconds: 90,
            quick_seconds: None,
            play: full_bodies::play,
        },
        Self {
            name: "overload",
            what: "3 and 10 times as much is requested as the database can serve",
            seconds: 80,
            quick_seconds: None,
            play: overload::play,
        },
        Self {
            name: "handover",
            what: "the program is replaced 20 times under load, and stopped under load",
            seconds: 100,
            quick_seconds: Some(25),
            play: handover::play,
        },
        Self {
            name: "panics",
            what: "1,000 panics in handlers, and 1,000 in transactions",
            seconds: 40,
            quick_seconds: Some(20),
            play: panics::play,
        },
    ];

    /// The scene of this name, which is one of the list.
    pub(crate) fn named(name: &str) -> &'static Self {
        Self::ALL.iter().find(|scene| scene.name == name).unwrap()
    }

    /// The most time that it may take; `None` when it is left out.
    pub(crate) fn bound(&self, quick: bool) -> Option<Duration> {
        let seconds = if quick { self.quick_seconds } else { Some(self.seconds) };
        seconds.map(Duration::from_secs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_scenes_end_within_fifteen_minutes_and_the_quick_ones_within_three() {
        let sum = |quick| Scene::ALL.iter().filter_map(|scene| scene.bound(quick)).sum::<Duration>();
        assert!(sum(false) <= Duration::from_secs(15 * 60), "{:?}", sum(false));
        assert!(sum(true) <= Duration::from_secs(3 * 60), "{:?}", sum(true));
    }

    #[test]
    fn each_scene_has_a_name_of_its_own() {
        for (at, scene) in Scene::ALL.iter().enumerate() {
            assert_eq!(Scene::ALL.iter().position(|other| other.name == scene.name), Some(at), "{}", scene.name);
        }
    }
}
