//! `annotation-statistics serve`

use super::demo;
use super::failure::Failure;
use super::stop_signals::StopSignals;
use crate::service::{Application, ApplicationError};
use crate::settings::Settings;
use crate::terminal::print;
use annotation_statistics_domain::AnnotationRequestId;

pub(super) async fn serve(settings: &Settings, with_demo: bool) -> Result<(), Failure> {
    let mut signals = StopSignals::listen().map_err(ApplicationError::from)?;
    let application = tokio::select! {
        started = start(settings, with_demo) => started?,
        // What was started is dropped, which stops a private database too.
        () = signals.next() => return Ok(()),
    };
    let stopped = application.run_until_stopped(async move || signals.next().await).await;
    stopped.map_err(|error: ApplicationError| error.into())
}

async fn start(settings: &Settings, with_demo: bool) -> Result<Application, Failure> {
    let application = Application::build(settings).await?;
    if with_demo && let Some(recorded) = demo::fill_if_empty(settings, application.database_source()).await? {
        application.metrics().recorded(recorded);
    }
    let some_request = application.repository().first_request().await.ok().flatten();
    print(if settings.auth.enabled {
        guarded_greeting(application.origin())
    } else {
        greeting(application.origin(), &settings.api.base_path, some_request.as_ref())
    });
    Ok(application)
}

fn greeting(origin: &str, base_path: &str, some_request: Option<&AnnotationRequestId>) -> String {
    let next_step = match some_request {
        Some(id) => {
            let id = url_safe(id.as_str());
            format!("curl '{origin}{base_path}/statistics?annotationRequestId={id}&limit=2'")
        }
        None => format!(
            "curl '{origin}/health/ready'\n\nNothing is recorded yet: `annotation-statistics import FILE` \
             records JSON Lines, `annotation-statistics demo` a demo delivery."
        ),
    };
    format!(
        "Serving on {origin} (open it in a browser; documentation: {origin}/docs/). Try:\n\n  \
         {next_step}\n"
    )
}

/// Where access keys are required: how people sign in, and what can be requested without a key.
fn guarded_greeting(origin: &str) -> String {
    format!(
        "Serving on {origin} (open it in a browser and sign in; documentation: {origin}/docs/). Try:\n\n  \
         curl '{origin}/health/ready'\n\nPages and statistics need an access key: `annotation-statistics keys add` \
         makes one. People sign in with its id and secret, docs/AUTH.md says how programs sign.\n"
    )
}

/// Percent-encodes what has another meaning in a URL, or in the quotes of a shell.
fn url_safe(id: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    let encoded =
        id.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") });
    encoded.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greeting_has_a_line_that_works_as_pasted() {
        let id = AnnotationRequestId::new("it's, 1").unwrap();
        assert_eq!(
            greeting("http://127.0.0.1:8080", "/rosetta-open", Some(&id)),
            "Serving on http://127.0.0.1:8080 (open it in a browser; documentation: http://127.0.0.1:8080/docs/). Try:\n\n  \
             curl 'http://127.0.0.1:8080/rosetta-open/statistics?annotationRequestId=it%27s%2C%201&limit=2'\n"
        );
    }
}
