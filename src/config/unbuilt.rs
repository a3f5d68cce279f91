//! Settings that make the service stricter and that this release does not know yet. Passed over, they would leave a
//! deployment more open than its operator believes: so they refuse the start.

use super::reader::{Faulted, Reader};
use super::values::Wrong;

/// Names, as the documentation of the service lists them.
const NAMES: [&str; 1] = ["AUTH_PII_RESOURCE"];

/// Notes a fault of each that is set.
pub(super) fn refuse(reader: &mut Reader<'_>) -> Result<(), Faulted> {
    let mut read = Ok(());
    for name in NAMES {
        if reader.variable(name)?.is_some_and(|value| !value.trim().is_empty()) {
            let wrong = Wrong::new(
                "is not built yet in this release, and without it the service would be more open than you ask for",
                "unset it only if that is what you want",
            );
            read = Err(reader.fault(name, wrong));
        }
    }
    read
}
