//! What is told of a panic: where it happened, never its message, which may hold a value of a record.

use std::panic::PanicHookInfo;

/// From now on a panic leaves one line with its place, in the log or, before logging has started, on standard error.
pub fn install() {
    std::panic::set_hook(Box::new(report));
}

fn report(panic: &PanicHookInfo<'_>) {
    let (file, line) = panic.location().map_or(("unknown", 0), |place| (place.file(), place.line()));
    if tracing::enabled!(tracing::Level::ERROR) {
        tracing::error!(file, line, "a panic; its message is not logged, it may hold personal data");
    } else {
        eprintln!("panic at {file}:{line}; its message is not shown, it may hold personal data");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::logging::{LogFormat, LogLevel};
    use crate::telemetry::logs::tests::logged;

    #[test]
    fn a_panic_is_logged_by_its_place_alone() {
        let lines = logged(LogLevel::Info, LogFormat::Json, |_| {
            let before = std::panic::take_hook();
            install();
            let caught = std::panic::catch_unwind(|| panic!("document {}", "91315026015"));
            std::panic::set_hook(before);
            assert!(caught.is_err());
        });
        let text = lines.text();
        assert!(text.contains("panics.rs") && text.contains(r#""level":"ERROR""#), "{text}");
        assert!(!text.contains("91315026015") && !text.contains("document"), "{text}");
    }
}
