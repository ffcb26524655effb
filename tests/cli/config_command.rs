//! `config print`, profiles, and what errors of settings say.

use crate::PROGRAM;
use annotation_statistics_tests::{Program, Repository};
use serde_json::{Value, json};
use std::fs;

fn printed(program: &Program, arguments: &[&str], variables: &[(&str, &str)], key: &str) -> Value {
    let run = program.run_with(&[arguments, &["config", "print", "--json"]].concat(), variables, b"");
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{run:?}");
    let lines: Vec<Value> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    lines.into_iter().find(|line| line["key"] == key).unwrap()
}

#[test]
fn each_setting_is_printed_with_where_it_is_from() {
    let program = Program::new(PROGRAM, "log.filter = 'warn'");
    let file = format!("--config {}", program.path("settings.toml").display());
    let variables = [("ANNOTATION_STATISTICS__DATABASE__POOL_SIZE", "3")];
    for (key, value, origin, source) in [
        ("server.backlog", json!(1024), "default", "default"),
        ("server.bind", json!("0.0.0.0:8080"), "profile", "--env production"),
        ("log.filter", json!("warn"), "file", &file),
        ("database.pool_size", json!("3"), "environment", "ANNOTATION_STATISTICS__DATABASE__POOL_SIZE"),
        ("server.allowed_hosts", json!([]), "default", "default"),
    ] {
        let expected = json!({ "key": key, "value": value, "origin": origin, "source": source });
        assert_eq!(printed(&program, &["--env", "production"], &variables, key), expected);
    }
    let lines = program.run(&["config", "print"]);
    assert!(lines.out.contains("\nserver.backlog = 1024  # default\n"), "{lines:?}");
    let settings = Repository::real().text("config/default.toml").lines().filter(|line| line.contains(" = ")).count();
    assert_eq!(lines.out.lines().count(), settings);
}

/// The settings that the code keeps as secrets, by the type of their field; a section has a file of its name.
fn secrets() -> Vec<String> {
    let repository = Repository::real();
    let files = repository.paths().filter(|path| path.starts_with("crates/server/src/settings/"));
    let fields = files.flat_map(|path| {
        let section = path.rsplit('/').next().unwrap().trim_end_matches(".rs").to_owned();
        let text = repository.text(path);
        let fields = text.lines().filter_map(|line| line.trim().strip_prefix("pub ")?.strip_suffix(": Secret,"));
        fields.map(|field| format!("{section}.{field}")).collect::<Vec<_>>()
    });
    fields.collect()
}

#[test]
fn secrets_are_hidden() {
    let (program, secrets) = (Program::new(PROGRAM, ""), secrets());
    for known in ["auth.master_key", "database.read_url", "database.url"] {
        assert!(secrets.iter().any(|secret| secret == known), "{secrets:?}");
    }
    for key in secrets {
        let variable = format!("ANNOTATION_STATISTICS__{}", key.to_uppercase().replace('.', "__"));
        let run = program.run_with(&["config", "print"], &[(&variable, "canary")], b"");
        assert!(run.out.contains(&format!("{key} = \"(secret)\"  # {variable}\n")), "{key}: {run:?}");
        assert!(!run.out.contains("canary") && !run.err.contains("canary"), "{run:?}");
    }
}

#[test]
fn no_setting_shows_the_password_of_a_url() {
    let program = Program::new(PROGRAM, "");
    let all = program.run(&["config", "print", "--json"]);
    for line in all.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        let key = line["key"].as_str().unwrap();
        let is_secret_by_name = ["secret", "password", "token"].iter().any(|name| key.ends_with(name));
        assert!(!is_secret_by_name || secrets().contains(&key.to_owned()), "{key} is not of the type Secret");
        if line["value"].is_string() {
            let variable = format!("ANNOTATION_STATISTICS__{}", key.to_uppercase().replace('.', "__"));
            let run = program.run_with(&["config", "print"], &[(&variable, "https://user:canary@host/x")], b"");
            assert!(run.out.contains(&format!("{key} = \"(secret)\"  # {variable}\n")), "{key}: {run:?}");
        }
    }
}

#[test]
fn profiles_are_compiled_in_and_a_file_of_the_folder_takes_their_place() {
    let program = Program::new(PROGRAM, "");
    let format = |program: &Program| printed(program, &["--env", "production"], &[], "log.format");
    assert_eq!(format(&program)["value"], "json");
    fs::create_dir(program.path("config")).unwrap();
    program.write("config/production.toml", "[log]\nformat = 'pretty'");
    let expected = json!({ "key": "log.format", "value": "pretty", "origin": "profile", "source": "--env production, config/production.toml" });
    assert_eq!(format(&program), expected);
}

#[test]
fn settings_that_cannot_be_used_are_printed_all_the_same_and_errors_name_value_and_origin() {
    let program = Program::new(PROGRAM, "api.max_limit = 10001");
    let file = program.path("settings.toml").display().to_string();
    let run = program.run(&["config", "print"]);
    assert!(run.code == Some(2) && run.out.contains(&format!("api.max_limit = 10001  # --config {file}\n")), "{run:?}");
    for (variables, reported) in [
        (&[][..], format!("the setting api.max_limit cannot be used: the most is 10000; it is 10001 (--config {file})")),
        (
            &[("ANNOTATION_STATISTICS__DATABASE__POOL_SIZE", "many")],
            "for key `database.pool_size` in the environment; it is \"many\" (ANNOTATION_STATISTICS__DATABASE__POOL_SIZE)"
                .to_owned(),
        ),
        (
            &[("ANNOTATION_STATISTICS__SERVER__BINDS", "x")],
            "the settings cannot be read: there is no setting server.binds (ANNOTATION_STATISTICS__SERVER__BINDS); \
             `annotation-statistics config print` lists all"
                .to_owned(),
        ),
    ] {
        let run = program.run_with(&["serve"], variables, b"");
        assert!(run.code == Some(2) && run.err.contains(&reported), "{reported}: {run:?}");
    }
}

#[test]
fn shells_complete_the_command_line_and_there_are_pages_of_the_manual() {
    let program = Program::new(PROGRAM, "no settings are read");
    for (shell, start) in [
        ("bash", "_annotation__statistics()"),
        ("zsh", "#compdef annotation-statistics"),
        ("fish", "# Print an optspec"),
    ] {
        let run = program.run(&["completions", shell]);
        assert!(run.code == Some(0) && run.out.starts_with(start), "{shell}: {}", &run.out[..200]);
        assert!(run.out.contains("import") && run.out.contains("dry-run"), "{shell}");
    }
    let page = program.run(&["man"]);
    assert!(page.code == Some(0) && page.out.contains(".TH annotation-statistics 1"), "{page:?}");
    let folder = program.path("man");
    assert_eq!(program.run(&["man", "--output", folder.to_str().unwrap()]).code, Some(0));
    for name in ["annotation-statistics.1", "annotation-statistics-import.1", "annotation-statistics-keys-add.1"] {
        assert!(folder.join(name).is_file(), "{name}");
    }
}
