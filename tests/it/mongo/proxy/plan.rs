//! Which commands a fault strikes, and what it does to them.

use mongodb::bson::Document;

/// The commands that write.
const WRITES: [&str; 4] = ["insert", "update", "delete", "findAndModify"];

/// Commands by name and collection.
#[derive(Clone, Debug)]
pub(crate) struct Which {
    commands: Vec<&'static str>,
    collection: Option<&'static str>,
    of_calls: bool,
}

impl Which {
    /// Those with this name.
    pub(crate) fn command(name: &'static str) -> Self {
        Self::of(&[name])
    }

    /// All that write.
    pub(crate) fn writes() -> Self {
        Self::of(&WRITES)
    }

    /// All that read records.
    pub(crate) fn reads() -> Self {
        Self::of(&["find", "aggregate", "getMore", "count"])
    }

    fn of(commands: &[&'static str]) -> Self {
        Self { commands: commands.to_vec(), collection: None, of_calls: false }
    }

    /// Of those only the ones on this collection.
    pub(crate) fn on(self, collection: &'static str) -> Self {
        Self { collection: Some(collection), ..self }
    }

    /// Of those only the ones that are a call's own: whichever server keeps the trail takes its entries out of the
    /// records meanwhile.
    pub(crate) fn of_calls(self) -> Self {
        Self { of_calls: true, ..self }
    }

    /// Whether it is one of them.
    pub(crate) fn has(&self, command: &Document) -> bool {
        let Some((name, of)) = command.iter().next() else { return false };
        let known = self.commands.contains(&name.as_str()) && !(self.of_calls && is_of_the_trail(command));
        known && self.collection.is_none_or(|collection| of.as_str() == Some(collection))
    }
}

/// Whether a command takes entries out of records, and does nothing else.
fn is_of_the_trail(command: &Document) -> bool {
    let Ok(updates) = command.get_array("updates") else { return false };
    updates.iter().all(|update| {
        let change = update.as_document().and_then(|update| update.get_document("u").ok());
        change.is_some_and(|change| change.keys().all(|key| key == "$pull" || key == "$pullAll"))
    })
}

/// What becomes of a command.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// It is carried out; its answer is lost with the connection.
    Lost,
    /// It is carried out; its answer is lost with the connection when [`Proxy::lose`](super::Proxy::lose) is called.
    LostLater,
    /// It is carried out; the connection ends after so many bytes of its answer.
    Cut(usize),
    /// The connection ends before the server sees it.
    Unsent,
    /// The connection ends, and the server sees it when [`Proxy::deliver`](super::Proxy::deliver) is called.
    Late,
    /// Everything freezes, this command first.
    Freeze,
    /// The server never sees it; the answer is an error with this code and name.
    Error(i32, &'static str),
    /// The server never sees it; the answer is that its one write failed so.
    WriteError(i32, &'static str),
}

impl Fault {
    /// As FerretDB tells a loser of a race for an index entry.
    pub(crate) const DEADLOCK: Self = Self::Error(16_908_292, "deadlock detected");
}

/// How many commands a plan strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strikes {
    /// No more.
    None,
    /// The next.
    One,
    /// All from now on.
    All,
}

/// A fault that is still to come.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) which: Which,
    /// So many of them are spared before.
    pub(super) spared: usize,
    /// Which of them are struck then.
    pub(super) strikes: Strikes,
    pub(super) fault: Fault,
}

impl Plan {
    /// What becomes of this command by it.
    pub(super) fn strike(&mut self, command: &Document) -> Option<Fault> {
        if self.strikes == Strikes::None || !self.which.has(command) {
            return None;
        }
        if self.spared > 0 {
            self.spared -= 1;
            return None;
        }
        if self.strikes == Strikes::One {
            self.strikes = Strikes::None;
        }
        Some(self.fault.clone())
    }
}
