//! Throws broken input at the readers of what clients send.
//!
//! `make fuzz` runs it. Each reader gets its time; what breaks a rule is made small and kept in the corpus, which the tests
//! read again from then on.

mod broken_input;

use annotation_statistics_tests::FuzzTarget;
use clap::Parser;
use proptest::test_runner::{Config, RngSeed, TestError, TestRunner};
use std::fs;
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How many inputs are tried between two looks at the clock.
const ROUND: u32 = 2_000;

/// Throws broken input at the readers of what clients send.
#[derive(Debug, Parser)]
struct Arguments {
    /// Seconds for each reader
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Where the random numbers start; without it, another one each time
    #[arg(long)]
    seed: Option<u64>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seed = arguments.seed.unwrap_or(now.as_secs());
    // A broken rule is reported once, when the input is small, and not at each step on the way there.
    std::panic::set_hook(Box::new(|_| {}));
    let mut is_clean = true;
    for target in FuzzTarget::ALL {
        is_clean &= fuzz(target, Duration::from_secs(arguments.seconds), seed);
    }
    if is_clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Whether no input broke a rule.
fn fuzz(target: FuzzTarget, time: Duration, seed: u64) -> bool {
    let inputs = broken_input::of(target);
    let (start, mut rounds) = (Instant::now(), 0_u64);
    while start.elapsed() < time {
        let config = Config {
            cases: ROUND,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(seed.wrapping_add(rounds)),
            ..Config::default()
        };
        let tried = TestRunner::new(config).run(&inputs, |input| {
            (target.check)(&input);
            Ok(())
        });
        if let Err(TestError::Fail(why, input)) = tried {
            let kept = target.folder().join(format!("found-{seed}-{rounds}"));
            fs::write(&kept, &input).unwrap_or_else(|error| panic!("{}: {error}", kept.display()));
            println!("{}: {why}\n  kept as {}: {:?}", target.name, kept.display(), String::from_utf8_lossy(&input));
            return false;
        }
        rounds += 1;
    }
    let (tried, seconds) = (rounds * u64::from(ROUND), start.elapsed().as_secs());
    println!("{:<12} {tried:>10} inputs in {seconds} s, seed {seed}: none broke a rule", target.name);
    true
}
