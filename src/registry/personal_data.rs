//! Personal data in clear may need a permission of its own, beside that of the record which it belongs to.

use super::Registry;
use super::caller::Caller;
use super::failure::Failure;
use super::ports::access::{Action, Resource};

impl Registry {
    /// Asks whether the caller may see personal data in clear. Masks need nothing, and neither does a search by
    /// personal data: who searches brings the value along.
    pub async fn may_see_personal_data(&self, caller: &Caller) -> Result<(), Failure> {
        if !self.rules.guards_personal_data {
            return Ok(());
        }
        caller.may(Resource::PersonalData, Action::Get).await
    }
}
