//! The filter of a list of holders.

use super::reading::{BadFilter, Reading};
use super::{Condition, Conditions, MetadataFilter, TimeRange};
use crate::domain::holder::HolderType;
use crate::domain::redacted;
use crate::domain::state::State;
use crate::domain::text::{DOCUMENT_MAX, TEXT_MAX};

/// Which holders a client asks for; `None` is a condition that was left out.
#[derive(Clone, Default)]
pub struct HolderFilter {
    /// Only these.
    pub ids: Option<Vec<String>>,
    /// The caller's own id.
    pub external_id: Option<String>,
    /// The document in any writing.
    pub document: Option<String>,
    /// Natural or legal person.
    pub holder_type: Option<HolderType>,
    /// Entries that it has, all of them.
    pub metadata: Option<Vec<MetadataFilter>>,
    /// When it was created.
    pub created_at: Option<TimeRange>,
    /// Live, soft-deleted or both.
    pub state: State,
}
redacted!(HolderFilter);

impl HolderFilter {
    /// Reads all conditions.
    ///
    /// # Errors
    /// All of them that can be none.
    pub fn read(self) -> Result<Conditions, BadFilter> {
        let mut reading = Reading::default();
        reading.set(|conditions| conditions.state = self.state);
        reading.ids(self.ids);
        let external_id = reading.text("externalId", TEXT_MAX, self.external_id);
        reading.hold(external_id.map(Condition::ExternalId));
        let document = reading.normalised("document", DOCUMENT_MAX, self.document);
        reading.hold(document.map(Condition::Document));
        reading.hold(self.holder_type.map(Condition::Type));
        reading.metadata(self.metadata);
        reading.created(self.created_at);
        reading.finish()
    }
}
