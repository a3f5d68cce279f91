//! Reading the audit trail. Entries that wait to be moved into it are not there yet.

use super::Registry;
use super::caller::Caller;
use super::failure::Failure;
use super::lists::{Paging, size};
use super::ports::access::{Action, Resource};
use super::ports::audit::{AuditEntry, TrailFilter, TrailLink, TrailMac, TrailPage, TrailPlace};
use super::ports::list::Take;
use crate::domain::filter::{BadFilter, listed};
use crate::domain::ids::parse_uuid;
use crate::domain::time::Timestamp;

/// Which entries a client asks for; `None` is a condition that was left out.
#[derive(Clone, Default)]
pub struct TrailConditions {
    /// Of this subject.
    pub subject: Option<String>,
    /// Of this record.
    pub record_id: Option<String>,
    /// Of this operation.
    pub operation: Option<String>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
}

/// A list of entries: its filter and order, and what its cursors are bound to.
#[derive(Clone, Debug)]
pub struct TrailList {
    filter: TrailFilter,
    newest_first: bool,
    scope: String,
}

/// One entry, as the chain holds it.
#[derive(Clone, Debug)]
pub struct TrailEntry {
    /// Its number in the chain.
    pub number: u64,
    /// The link's HMAC.
    pub mac: TrailMac,
    /// When it was appended.
    pub sealed_at: Timestamp,
    /// What it says.
    pub entry: AuditEntry,
    /// Its place in a list.
    pub place: TrailPlace,
}

/// One page of a list of entries, in its order.
#[derive(Clone, Debug, Default)]
pub struct TrailSlice {
    /// The entries.
    pub entries: Vec<TrailEntry>,
    /// Numbers of links of this page whose entries cannot be read.
    pub unreadable: Vec<u64>,
    /// Whether entries of the list lie before this page.
    pub has_previous: bool,
    /// Whether entries of the list may follow this page.
    pub has_next: bool,
    /// Where the page begins; `None` where there is nothing to go on from.
    pub start: Option<TrailPlace>,
    /// Where it ends; `None` where there is nothing to go on from.
    pub end: Option<TrailPlace>,
}

impl TrailConditions {
    /// # Errors
    /// All conditions that can be none.
    fn read(self) -> Result<TrailFilter, BadFilter> {
        let mut faults = Vec::new();
        for (name, text) in [("subject", &self.subject), ("operation", &self.operation)] {
            if text.as_ref().is_some_and(|text| text.trim().is_empty()) {
                faults.push(format!("filter.{name} is blank: leave it out, or give a value"));
            }
        }
        let record = self.record_id.as_deref().map(parse_uuid);
        if record == Some(None) {
            let fault = "filter.recordId is no UUID: write it as 36 characters with dashes";
            faults.push(fault.to_owned());
        }
        if let (Some(from), Some(to)) = (self.from, self.to)
            && from >= to
        {
            let fault = format!(
                "filter.from ({from}) is not before filter.to ({to}), so no entry is between them: give an earlier \
                 from, or a later to"
            );
            faults.push(fault);
        }
        if !faults.is_empty() {
            return Err(BadFilter(listed(&faults, "; ")));
        }
        let Self { subject, operation, from, to, .. } = self;
        Ok(TrailFilter { subject, record: record.flatten(), operation, from, to })
    }
}

impl Registry {
    /// The list of the entries that these conditions let through.
    pub async fn trail_list(
        &self,
        caller: &Caller,
        conditions: TrailConditions,
        newest_first: bool,
    ) -> Result<TrailList, Failure> {
        caller.may(Resource::Audit, Action::Get).await?;
        let filter = conditions.read()?;
        // Texts are quoted in it, so two filters never have the same one.
        let scope = format!("auditEntries/{newest_first}/{filter:?}");
        Ok(TrailList { filter, newest_first, scope })
    }

    /// One page of a list of entries.
    pub async fn list_trail(
        &self,
        caller: &Caller,
        list: &TrailList,
        paging: &Paging,
    ) -> Result<TrailSlice, Failure> {
        caller.may(Resource::Audit, Action::Get).await?;
        let (take, size) = size(paging.first, paging.last)?;
        let place = |name, cursor: &Option<String>| {
            cursor.as_deref().map(|cursor| self.trail_place(caller, list, name, cursor)).transpose()
        };
        let (after, before) = (place("after", &paging.after)?, place("before", &paging.before)?);
        // The last ones are the first ones of the way back.
        let (begin, end, newest_first) = match take {
            Take::First => (after, before, list.newest_first),
            Take::Last => (before, after, !list.newest_first),
        };
        // One more than the page has, to know whether there is more.
        let found = self.trail.find_links(caller.organization, &list.filter, begin, newest_first, size + 1);
        let found = caller.walks(found).await?;
        caller.spend(found.links.iter().map(|link| link.entry.len()).sum())?;
        let mut way = Way::of(found, end, newest_first, size);
        let (near, far) = (way.links.first().map(place_of), way.far);
        let (more, come_from) = (way.more || end.is_some(), begin.is_some());
        let mut slice = match take {
            Take::First => TrailSlice {
                has_previous: come_from,
                has_next: more,
                start: near,
                end: far,
                ..TrailSlice::default()
            },
            Take::Last => {
                way.links.reverse();
                TrailSlice {
                    has_previous: more,
                    has_next: come_from,
                    start: far,
                    end: near,
                    ..TrailSlice::default()
                }
            }
        };
        for link in way.links {
            match entry(&link) {
                Some(entry) => slice.entries.push(entry),
                None => slice.unreadable.push(link.number),
            }
        }
        Ok(slice)
    }

    /// The cursor of a place in a list of entries.
    pub fn trail_cursor(&self, caller: &Caller, list: &TrailList, place: TrailPlace) -> String {
        let content = [place.at.0.to_be_bytes(), place.number.to_be_bytes()].concat();
        self.vault.make_cursor(caller.organization, &list.scope, &content)
    }

    fn trail_place(
        &self,
        caller: &Caller,
        list: &TrailList,
        name: &str,
        cursor: &str,
    ) -> Result<TrailPlace, Failure> {
        let content = self.vault.read_cursor(caller.organization, &list.scope, cursor);
        content.and_then(|content| read_place(&content)).ok_or_else(|| {
            Failure::BadUserInput(format!(
                "{name} is no cursor of this list: give a cursor that the same list answered, with the same filter \
                 and direction"
            ))
        })
    }
}

/// The way from where a page begins, in whichever direction.
struct Way {
    /// What is on the page.
    links: Vec<TrailLink>,
    /// Where it ends.
    far: Option<TrailPlace>,
    /// Whether more may follow before the end of the range.
    more: bool,
}

impl Way {
    fn of(found: TrailPage, end: Option<TrailPlace>, newest_first: bool, size: usize) -> Self {
        let within =
            |place: &TrailPlace| end.is_none_or(|end| if newest_first { *place > end } else { *place < end });
        let many = found.links.len();
        let mut links = found.links;
        links.retain(|link| within(&place_of(link)));
        // Where the end of the range was passed, all of it was looked at.
        let passed = links.len() < many;
        let more = links.len() > size;
        links.truncate(size);
        let last = links.last().map(place_of);
        match found.next.filter(|next| !more && !passed && within(next)) {
            // It looked at as much as it may for one page, and may not have come to the end.
            Some(next) => Self { links, far: Some(next), more: true },
            None => Self { links, far: last, more },
        }
    }
}

fn place_of(link: &TrailLink) -> TrailPlace {
    TrailPlace { at: link.found_by.at, number: link.number }
}

/// `None` where somebody has written into the trail what is no entry.
fn entry(link: &TrailLink) -> Option<TrailEntry> {
    let entry = serde_json::from_str(&link.entry).ok()?;
    let TrailLink { number, mac, sealed_at, .. } = *link;
    Some(TrailEntry { number, mac, sealed_at, entry, place: place_of(link) })
}

fn read_place(content: &[u8]) -> Option<TrailPlace> {
    let (at, number) = content.split_first_chunk::<8>()?;
    let number = number.try_into().ok()?;
    Some(TrailPlace { at: Timestamp(i64::from_be_bytes(*at)), number: u64::from_be_bytes(number) })
}

#[cfg(test)]
mod tests;
