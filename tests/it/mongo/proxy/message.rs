//! One message of MongoDB's wire protocol, as far as faults need to know it.

use mongodb::bson::{Document, doc};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// How many bytes each message begins with: its length, its id, the id of the message that it answers, its kind.
const HEADER: usize = 16;
/// The kind of all messages but a connection's first.
const MESSAGE: i32 = 2013;
/// The kind of the first message of a connection.
const QUERY: i32 = 2004;

/// A whole message.
pub(super) struct Message(pub(super) Vec<u8>);

impl Message {
    /// The next one; `None` where the connection ended.
    pub(super) async fn read(from: &mut (impl AsyncReadExt + Unpin)) -> Option<Self> {
        let mut bytes = vec![0; HEADER];
        from.read_exact(&mut bytes).await.ok()?;
        let length = usize::try_from(number(&bytes, 0)).ok()?;
        bytes.resize(length, 0);
        from.read_exact(bytes.get_mut(HEADER..)?).await.ok()?;
        Some(Self(bytes))
    }

    /// Sends it.
    pub(super) async fn write(&self, to: &mut (impl AsyncWriteExt + Unpin)) -> Option<()> {
        to.write_all(&self.0).await.ok()
    }

    /// Its own id.
    pub(super) fn id(&self) -> i32 {
        number(&self.0, 4)
    }

    /// The id of the message that it answers.
    pub(super) fn answers(&self) -> i32 {
        number(&self.0, 8)
    }

    /// What it asks for: the command's name and all else of it but long lists of documents.
    pub(super) fn command(&self) -> Option<Document> {
        let document = match number(&self.0, 12) {
            MESSAGE => self.body()?,
            // Flags, the collection's name, two numbers.
            QUERY => {
                let name = HEADER + 4;
                name + self.0.get(name..)?.iter().position(|byte| *byte == 0)? + 1 + 8
            }
            _ => return None,
        };
        Document::from_reader(self.0.get(document..)?).ok()
    }

    /// Where the body is: the one section of kind 0.
    fn body(&self) -> Option<usize> {
        let mut at = HEADER + 4;
        while *self.0.get(at)? != 0 {
            at += 1 + usize::try_from(number(&self.0, at + 1)).ok()?;
        }
        Some(at + 1)
    }

    /// The answer to the message with this id.
    pub(super) fn answer(to: i32, body: &Document) -> Self {
        let body = body.to_vec().unwrap();
        let length = i32::try_from(HEADER + 4 + 1 + body.len()).unwrap();
        let numbers = [length, 0, to, MESSAGE, 0].map(i32::to_le_bytes).concat();
        Self([numbers, vec![0], body].concat())
    }

    /// The answer that a command failed.
    pub(super) fn failure(to: i32, code: i32, name: &str) -> Self {
        Self::answer(to, &doc! {"ok": 0.0, "code": code, "codeName": name, "errmsg": name})
    }

    /// The answer that a command was carried out and its one write failed.
    pub(super) fn write_failure(to: i32, code: i32, name: &str) -> Self {
        let failure = doc! {"index": 0, "code": code, "errmsg": name};
        Self::answer(to, &doc! {"ok": 1.0, "n": 0, "nModified": 0, "writeErrors": [failure]})
    }
}

/// A number of the header.
fn number(bytes: &[u8], at: usize) -> i32 {
    let bytes = bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
    bytes.map_or(0, i32::from_le_bytes)
}
