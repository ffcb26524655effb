//! The files to deploy with, as far as they can be tried without an engine of containers: what they name is there, and what
//! they rely on works.

use crate::PROGRAM;
use annotation_statistics::{Settings, SettingsFiles};
use annotation_statistics_tests::{
    Envelope, MetricsPage, Program, RawConnection, Repository, RunningService, TestDatabase, binaries, wait_until,
};
use std::fs::{self, File};
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

mod limits;

/// The files to deploy with: path and text.
fn deployed() -> Vec<(&'static str, &'static str)> {
    let files: Vec<_> = Repository::real().ending("").filter(|(path, _)| path.starts_with("deploy/")).collect();
    assert!(files.len() > 10, "{files:?}");
    files
}

/// Names of variables that stand for settings.
fn variables(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.match_indices("ANNOTATION_STATISTICS__").map(|(start, _)| &text[start..]);
    starts.map(|rest| rest.split(|letter: char| !letter.is_ascii_uppercase() && letter != '_').next().unwrap())
}

#[test]
fn every_setting_that_is_set_there_exists() {
    let mut section = "";
    let mut settings = Vec::new();
    for line in Repository::real().text("config/default.toml").lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
        } else if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) {
            settings.push(format!("ANNOTATION_STATISTICS__{section}__{key}").to_uppercase());
        }
    }
    let named: Vec<_> =
        deployed().iter().flat_map(|(path, text)| variables(text).map(move |name| (*path, name))).collect();
    assert!(named.len() > 5, "{named:?}");
    for (path, name) in named {
        assert!(settings.iter().any(|setting| setting == name), "{path}: {name} is no setting");
    }
}

#[test]
fn every_path_that_is_named_there_exists() {
    let rooms = ["config/", "deploy/", "docs/"];
    for (path, text) in deployed() {
        let words = text.split(|letter: char| letter.is_whitespace() || "\":".contains(letter));
        for word in words.map(|word| word.trim_start_matches("../").trim_end_matches(['.', ','])) {
            let is_ours = rooms.iter().any(|room| word.starts_with(room));
            assert!(!is_ours || Repository::real().has(word), "{path}: {word} is not there");
        }
    }
    assert!(Repository::real().text("deploy/compose.yml").contains("./passwords.sh:"));
    assert!(Repository::real().has("deploy/passwords.sh"));
    let (_, resources) =
        Repository::real().text("deploy/kubernetes/kustomization.yaml").split_once("resources:\n").unwrap();
    let resources: Vec<_> = resources.lines().map_while(|line| line.strip_prefix("  - ")).collect();
    assert!(resources.len() > 3, "{resources:?}");
    for name in resources {
        assert!(Repository::real().has(&format!("deploy/kubernetes/{name}")), "{name}");
    }
}

#[test]
fn commands_of_the_program_that_are_named_there_exist() {
    let program = Program::new(PROGRAM, "");
    for command in ["serve", "migrate", "health"] {
        assert!(deployed().iter().any(|(_, text)| text.contains(command)), "{command}");
        assert_eq!(program.run(&[command, "--help"]).code, Some(0), "{command}");
    }
}

#[test]
fn the_health_check_asks_the_service_on_this_machine() {
    let database = TestDatabase::without_schema();
    let service = RunningService::with(&database.url(), "database.migrate = false");
    let fetch = |arguments: &[&str]| {
        let bind = format!("admin.bind = '0.0.0.0:{}'", service.admin_address().port());
        Program::new(PROGRAM, &bind).run(arguments)
    };
    let live = fetch(&["health"]);
    assert_eq!((live.code, live.out.as_str()), (Some(0), "live\n"), "{live:?}");
    let not_ready = fetch(&["health", "--ready"]);
    assert_eq!((not_ready.code, not_ready.out.as_str()), (Some(3), ""), "{not_ready:?}");
    assert!(not_ready.err.contains("error: the service is not ready: "), "{not_ready:?}");
    let nobody = Program::new(PROGRAM, "admin.bind = '127.0.0.1:1'").run(&["health"]);
    assert_eq!(nobody.code, Some(3), "{nobody:?}");
}

/// The program with two sockets handed over, as systemd does it.
fn with_sockets(folder: &Program, public: &TcpListener, admin: &TcpListener) -> Child {
    let script =
        "exec 3<&0 4<&2 0</dev/null 2>log; LISTEN_PID=$$ LISTEN_FDS=2 exec \"$0\" --config settings.toml serve";
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", script, PROGRAM]).current_dir(folder.path("."));
    shell.stdin(Stdio::from(OwnedFd::from(public.try_clone().unwrap())));
    shell.stdout(File::create(folder.path("out")).unwrap());
    shell.stderr(Stdio::from(OwnedFd::from(admin.try_clone().unwrap()))).spawn().unwrap()
}

#[test]
fn sockets_that_are_handed_over_are_used_in_the_order_of_the_unit() {
    let unit = Repository::real().text("deploy/systemd/annotation-statistics.socket");
    let ports: Vec<_> = unit.lines().filter_map(|line| line.strip_prefix("ListenStream=127.0.0.1:")).collect();
    assert_eq!(ports, ["8080", "8081"]);

    let database = TestDatabase::new();
    let [public, admin] = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    // Both would fail: somebody has them.
    let taken = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let settings = format!(
        "auth.enabled = false\nserver.bind = '{taken}'\nadmin.bind = '{taken}'\ndatabase.url = {:?}",
        database.url()
    );
    let folder = Program::new(PROGRAM, &settings);
    let mut child = with_sockets(&folder, &public, &admin);
    let fetch = |listener: &TcpListener, target: &str| {
        RawConnection::open(listener.local_addr().unwrap()).fetch("GET", target, "")
    };
    assert_eq!(Envelope::of(&fetch(&public, "/health/live")).status, 200);
    MetricsPage::of(&fetch(&admin, "/metrics"));
    let log = || fs::read_to_string(folder.path("log")).unwrap();
    assert!(log().contains("listening"), "{}", log());
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::TERM).unwrap();
    let mut ended = None;
    wait_until("it has ended", || {
        ended = child.try_wait().unwrap();
        ended.is_some()
    });
    assert!(ended.unwrap().success(), "{}", log());
}

#[test]
fn the_roles_of_the_compose_file_get_their_passwords() {
    let database = TestDatabase::without_schema();
    database.execute("CREATE ROLE statistics_owner LOGIN; CREATE ROLE statistics_service LOGIN");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/passwords.sh");
    let mut shell = Command::new("/bin/sh");
    shell.arg(script).env("PATH", binaries().folder()).env("POSTGRES_USER", "postgres");
    shell.env("POSTGRES_DB", database.url()).env("OWNER_PASSWORD", "it's").env("SERVICE_PASSWORD", "s; DROP");
    let done = shell.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let given = "SELECT rolname FROM pg_authid WHERE rolpassword IS NOT NULL ORDER BY 1";
    assert_eq!(database.query(given), ["statistics_owner", "statistics_service"]);
    database.execute("DROP ROLE statistics_owner; DROP ROLE statistics_service");
}

#[test]
fn where_no_database_is_named_production_starts_none() {
    for settings in ["config/production.toml", "deploy/systemd/settings.toml"] {
        let program = Program::new(PROGRAM, Repository::real().text(settings));
        for command in ["serve", "migrate"] {
            let run = program.run(&[command]);
            assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{settings}: {run:?}");
            let reported =
                "error: the setting database.url cannot be used: it is empty, and database.embedded is false";
            assert!(run.err.contains(reported), "{settings}: {run:?}");
        }
        assert!(!program.path("data").exists());
    }
}

#[test]
fn the_migration_is_locked_in_as_the_service_is() {
    let locks = |unit: &str| {
        let unit = Repository::real().text(&format!("deploy/systemd/{unit}.service"));
        let (_, locks) = unit.split_once("DynamicUser=yes\n").unwrap();
        locks.to_owned()
    };
    assert_eq!(locks("annotation-statistics-migrate"), locks("annotation-statistics"));
}

/// What a unit says of a directive.
fn directives<'a>(unit: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    unit.lines().filter_map(move |line| line.strip_prefix(name)?.strip_prefix('='))
}

#[test]
fn the_master_key_comes_as_a_credential_and_is_in_no_environment() {
    let unit = Repository::real().text("deploy/systemd/annotation-statistics.service");
    let credentials: Vec<_> = directives(unit, "LoadCredential").collect();
    assert_eq!(credentials, ["master.key:/etc/annotation-statistics/master.key"]);
    let file = "ANNOTATION_STATISTICS__AUTH__MASTER_KEY_FILE=";
    let reported: Vec<_> = directives(unit, "Environment").filter_map(|set| set.strip_prefix(file)).collect();
    assert_eq!(reported, ["%d/master.key"]);

    let database = TestDatabase::new();
    let settings = format!(
        "{}\ndatabase.url = {:?}\nserver.bind = '127.0.0.1:0'\nadmin.bind = '127.0.0.1:0'\nserver.drain_time = '1ms'",
        "database.connect_timeout = '10s'\nadmin.ready_shared = '1ms'",
        database.url()
    );
    let key = "0123456789abcdef".repeat(4);
    // As systemd does it, whose files have no line feed that nobody wrote.
    let folder = Program::new(PROGRAM, &format!("{settings}\nauth.master_key_file = 'credentials/master.key'"));
    fs::create_dir(folder.path("credentials")).unwrap();
    folder.write("credentials/master.key", &key);
    let made = folder.run(&["keys", "add", "--id", "ak-1"]);
    assert_eq!(made.code, Some(0), "{made:?}");
    let listed =
        Program::new(PROGRAM, &format!("{settings}\nauth.master_key = '{key}'")).run(&["keys", "rotate", "ak-1"]);
    assert_eq!(listed.code, Some(0), "it is the same key: {listed:?}");
}

#[test]
fn what_the_proxy_lets_through_is_what_the_service_takes() {
    let proxy = Repository::real().text("deploy/nginx.conf");
    let settings = Settings::load(&SettingsFiles { environment_name: None, file: None }).unwrap();
    for line in [
        format!("client_max_body_size {};", settings.api.max_body),
        format!("client_max_body_size {};", settings.reconciliation.max_body),
        "large_client_header_buffers 4 128k;".into(),
        "proxy_next_upstream off;".into(),
        "proxy_http_version 1.1;".into(),
        "proxy_set_header Connection \"\";".into(),
        "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;".into(),
        "proxy_pass http://annotation_statistics;".into(),
    ] {
        assert!(proxy.contains(&line), "{line}");
    }
    let seconds = |before: &str| {
        let (_, rest) = proxy.split_once(before).unwrap();
        Duration::from_secs(rest.split('s').next().unwrap().parse().unwrap())
    };
    assert!(seconds("keepalive_timeout ") < settings.server.keep_alive.get());
    assert!(seconds("proxy_read_timeout ") > settings.writes.deadline.get());
}

#[test]
fn containers_run_as_nobody_in_particular_and_can_change_nothing() {
    let text = |path: &str| Repository::real().text(path);
    for (path, needed) in [
        ("deploy/Dockerfile", &["USER 10001:10001", "--locked", "HEALTHCHECK", "STOPSIGNAL SIGTERM"][..]),
        (
            "deploy/compose.yml",
            &["read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "127.0.0.1:8080:8080"],
        ),
        (
            "deploy/kubernetes/deployment.yaml",
            &[
                "runAsNonRoot: true",
                "readOnlyRootFilesystem: true",
                "allowPrivilegeEscalation: false",
                "drop: [ALL]",
                "livenessProbe:",
                "readinessProbe:",
                "startupProbe:",
                "limits:",
            ],
        ),
        (
            "deploy/systemd/annotation-statistics.service",
            &["DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet=\n"],
        ),
    ] {
        for line in needed {
            assert!(text(path).contains(line), "{path}: {line} is missing");
        }
    }
}
