//! What SQLite's errors mean to the caller, told without any value; and the one fault that ends the process.

use crate::registry::ports::store::StoreError;
use rusqlite::{Error, ErrorCode, ffi};

/// The exit status after a failed fsync: EX_IOERR of sysexits.h.
const SYNC_LOST: i32 = 74;

/// What the caller is told. Every error of SQLite passes here, so none that ends the process is missed.
pub(super) fn told(error: Error) -> StoreError {
    let Some(code) = error.sqlite_error() else {
        return not_as_written(&error);
    };
    if sync_failed(code) {
        stop(code.extended_code);
    }
    let number = code.extended_code;
    match code.code {
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            StoreError::Damaged(format!("the database file is damaged (SQLite code {number})"))
        }
        other => StoreError::Unavailable(format!("{} (SQLite code {number})", unavailable(other))),
    }
}

fn unavailable(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            "another process holds the database for too long"
        }
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => "the database may not be written",
        ErrorCode::DiskFull => "the disk is full",
        ErrorCode::SystemIoFailure => "the database file cannot be read or written",
        ErrorCode::CannotOpen => "the database file cannot be opened",
        ErrorCode::OutOfMemory => "there is not enough memory",
        ErrorCode::ConstraintViolation => "a constraint of its tables refuses the record",
        _ => "the statement failed",
    }
}

/// Whether a row was read, but is not as this release writes it.
pub(super) fn is_unreadable(error: &Error) -> bool {
    matches!(
        error,
        Error::FromSqlConversionFailure(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::InvalidColumnType(..)
            | Error::Utf8Error(..)
    )
}

/// Errors of the adapter's own mapping carry the value that did not fit: only the column's place is told.
fn not_as_written(error: &Error) -> StoreError {
    match error {
        Error::FromSqlConversionFailure(column, ..)
        | Error::IntegralValueOutOfRange(column, _)
        | Error::InvalidColumnType(column, ..)
        | Error::Utf8Error(column, _) => {
            StoreError::Unreadable(format!("its column {column} is not as it was written"))
        }
        _ => StoreError::Unavailable("the statement does not fit the database".to_owned()),
    }
}

fn sync_failed(code: &ffi::Error) -> bool {
    matches!(code.extended_code, ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC)
}

/// Ends the process after a failed fsync: the only place that does.
///
/// The kernel may have dropped the pages that it could not write and call them clean, so a second fsync would
/// succeed without them, and what this process reads back from its cache may not be on the disk. Only a new start,
/// which reads the log again, knows what is there. No caller gets an answer: whether the last writes are kept is not
/// known, and their idempotency keys tell after the restart. It is no abort, whose core dump would hold keys.
fn stop(code: i32) -> ! {
    tracing::error!(
        code,
        "fsync of the database failed: the process ends; look at the disk, then start again"
    );
    #[expect(
        clippy::disallowed_methods,
        reason = "an answer, a drain or a drop could rely on what is not kept"
    )]
    std::process::exit(SYNC_LOST);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    fn failure(code: i32) -> Error {
        Error::SqliteFailure(ffi::Error::new(code), Some("secret".to_owned()))
    }

    #[test]
    fn faults_that_may_pass_are_unavailable_and_damage_is_damage_and_neither_shows_a_value() {
        for code in [
            ffi::SQLITE_BUSY,
            ffi::SQLITE_READONLY,
            ffi::SQLITE_FULL,
            ffi::SQLITE_IOERR_READ,
            ffi::SQLITE_CANTOPEN,
            ffi::SQLITE_NOMEM,
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY,
        ] {
            let told = told(failure(code));
            assert!(matches!(told, StoreError::Unavailable(_)), "{code}: {told}");
            assert!(!told.to_string().contains("secret"));
        }
        for code in [ffi::SQLITE_CORRUPT, ffi::SQLITE_CORRUPT_INDEX, ffi::SQLITE_NOTADB] {
            assert!(matches!(told(failure(code)), StoreError::Damaged(_)), "{code}");
        }
    }

    #[test]
    fn a_value_that_does_not_fit_its_column_is_a_record_that_cannot_be_read_and_not_shown() {
        let value = Error::IntegralValueOutOfRange(3, 987_654);
        let told = told(value);
        assert!(matches!(told, StoreError::Unreadable(_)));
        assert!(!told.to_string().contains("987654"), "{told}");
    }

    #[test]
    fn a_failed_fsync_ends_the_process() {
        for code in [ffi::SQLITE_IOERR_FSYNC, ffi::SQLITE_IOERR_DIR_FSYNC] {
            let child = Command::new(std::env::current_exe().unwrap())
                .args([
                    "--exact",
                    "store::sqlite::faults::tests::child_that_meets_a_failed_fsync",
                    "--ignored",
                ])
                .env("HOLDERGRAPH_TEST_SQLITE_CODE", code.to_string())
                .output()
                .unwrap();
            assert_eq!(child.status.code(), Some(SYNC_LOST), "{code}");
        }
    }

    #[test]
    #[ignore = "child: a_failed_fsync_ends_the_process runs it as a process of its own"]
    fn child_that_meets_a_failed_fsync() {
        let code = std::env::var("HOLDERGRAPH_TEST_SQLITE_CODE").unwrap().parse().unwrap();
        let answer = told(failure(code));
        panic!("still here, with: {answer}");
    }
}
