//! What goes wrong between us and the database, told apart by code and kind, never by a message alone: messages may
//! quote what was written, so none of them is kept.

use crate::registry::ports::store::StoreError;
use mongodb::error::{Error, ErrorKind, WriteFailure};

/// How a command failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// A unique index holds such an entry already; nothing was written.
    Duplicate,
    /// It was not carried out, for others wanted the same lock at the same moment; the same command may succeed now.
    LostRace(String),
    /// It was not carried out, and the same command may succeed now.
    Passing(String),
    /// It may have been carried out or not, and the same command may succeed now.
    Doubtful(String),
    /// It was not carried out and will not be.
    Refused(String),
    /// Its time is over; it may be carried out or not.
    Late,
}

/// Codes of the server for a lost race: it did nothing. From MongoDB's `error_codes.yml`.
const LOST_RACE: [i32; 3] = [24, 46, 112];
/// Codes of a server that is not the primary: it did nothing either.
const PASSING: [i32; 3] = [10107, 13435, 13436];
/// Codes for a command that was cut short, by a shutdown or a change of the primary: it may be done.
const DOUBTFUL: [i32; 20] =
    [6, 7, 50, 63, 64, 89, 91, 133, 134, 150, 189, 202, 234, 262, 314, 9001, 11600, 11601, 11602, 13388];

/// The class of PostgreSQL's states that servers of the protocol on top of it pass on as codes: six bits for each of
/// the five characters (`MAKE_SQLSTATE`).
const fn sqlstate(state: [u8; 5]) -> i32 {
    let [a, b, c, d, e] = state;
    six(a) | six(b) << 6 | six(c) << 12 | six(d) << 18 | six(e) << 24
}

const fn six(character: u8) -> i32 {
    (character.wrapping_sub(b'0') & 0x3F) as i32
}

/// Serialization failure, deadlock, lock not available.
const LOST_RACE_STATES: [[u8; 5]; 3] = [*b"40001", *b"40P01", *b"55P03"];
/// Too many connections, a server that starts.
const PASSING_STATES: [[u8; 5]; 2] = [*b"53300", *b"57P03"];
/// A server that stops, a cancelled statement, lost connections.
const DOUBTFUL_STATES: [[u8; 5]; 6] = [*b"57P01", *b"57P02", *b"57014", *b"08000", *b"08003", *b"08006"];

/// A unique index is violated.
const DUPLICATE: i32 = 11_000;

impl Trouble {
    /// Of an error of the driver.
    pub(super) fn of(error: &Error) -> Self {
        match error.kind.as_ref() {
            ErrorKind::Write(WriteFailure::WriteError(write)) => Self::of_code(write.code),
            ErrorKind::InsertMany(many) => match many.write_errors.as_deref() {
                Some([write, ..]) => Self::of_code(write.code),
                _ => Self::not_acknowledged(),
            },
            ErrorKind::Write(_) => Self::not_acknowledged(),
            ErrorKind::Command(command) => match Self::of_code(command.code) {
                Self::Refused(why) if error.contains_label("RetryableWriteError") => Self::Doubtful(why),
                trouble => trouble,
            },
            ErrorKind::Io(io) => Self::Doubtful(format!("connection: {:?}", io.kind())),
            ErrorKind::ConnectionPoolCleared { .. } => {
                Self::Doubtful("connections were closed after an error".to_owned())
            }
            ErrorKind::ServerSelection { .. } => Self::Passing("no server can be reached".to_owned()),
            ErrorKind::DnsResolve { .. } => Self::Passing("the server's name is not known".to_owned()),
            ErrorKind::InvalidResponse { .. } => Self::Doubtful("an answer was cut or not one".to_owned()),
            ErrorKind::Authentication { .. } => {
                Self::Passing("the database does not accept our credentials".to_owned())
            }
            ErrorKind::InvalidTlsConfig { .. } => Self::Refused("TLS is set up wrongly".to_owned()),
            ErrorKind::InvalidArgument { .. } => Self::Refused("the driver refuses a command".to_owned()),
            _ => Self::Doubtful("the driver failed".to_owned()),
        }
    }

    /// It is written, yet not known to be kept by a majority.
    pub(super) fn not_acknowledged() -> Self {
        Self::Doubtful("a write was not acknowledged by a majority".to_owned())
    }

    pub(super) fn of_code(code: i32) -> Self {
        let is_state = |states: &[[u8; 5]]| states.iter().any(|state| sqlstate(*state) == code);
        let why = format!("code {code}");
        match code {
            DUPLICATE => Self::Duplicate,
            code if LOST_RACE.contains(&code) || is_state(&LOST_RACE_STATES) => Self::LostRace(why),
            code if PASSING.contains(&code) || is_state(&PASSING_STATES) => Self::Passing(why),
            code if DOUBTFUL.contains(&code) || is_state(&DOUBTFUL_STATES) => Self::Doubtful(why),
            _ => Self::Refused(why),
        }
    }
}

impl From<Trouble> for StoreError {
    fn from(trouble: Trouble) -> Self {
        Self::Unavailable(match trouble {
            Trouble::Duplicate => "an id is taken".to_owned(),
            Trouble::LostRace(why) | Trouble::Passing(why) | Trouble::Doubtful(why) => {
                format!("the database does not answer as it should ({why})")
            }
            Trouble::Refused(why) => format!("the database refuses a command ({why})"),
            Trouble::Late => "the database did not answer in time".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_race_for_a_lock_was_not_carried_out() {
        // As FerretDB answers "deadlock detected".
        assert_eq!(sqlstate(*b"40P01"), 16_908_292);
        for code in [16_908_292, 112] {
            assert!(matches!(Trouble::of_code(code), Trouble::LostRace(_)), "{code}");
        }
    }

    #[test]
    fn a_server_that_is_not_the_primary_did_nothing() {
        for code in [10_107, 13_435, 13_436] {
            assert!(matches!(Trouble::of_code(code), Trouble::Passing(_)), "{code}");
        }
    }

    #[test]
    fn what_was_cut_short_is_doubtful_and_what_is_unknown_is_refused() {
        for code in [91, 189, 202, 11_600, 64] {
            assert!(matches!(Trouble::of_code(code), Trouble::Doubtful(_)), "{code}");
        }
        for code in [0, 13, 59] {
            assert!(matches!(Trouble::of_code(code), Trouble::Refused(_)), "{code}");
        }
        assert_eq!(Trouble::of_code(11_000), Trouble::Duplicate);
    }
}
