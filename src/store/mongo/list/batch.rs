//! Several lists of one collection, asked in one command.

use super::super::budget::Budget;
use super::super::database::Collections;
use super::super::queries::Query;
use super::super::trouble::Trouble;
use futures::TryStreamExt;
use mongodb::Collection;
use mongodb::bson::{Document, doc};
use mongodb::options::Hint;

/// The field that tells to which list a document of an answer belongs.
const LIST: &str = "list";

/// What is asked of one list.
pub(super) struct Question {
    /// Which list.
    pub(super) list: usize,
    /// How its documents are found.
    pub(super) stages: Vec<Document>,
    /// What is told of each.
    pub(super) fields: Document,
}

/// Asks all at once: each is a walk along an index of its own. The documents come by list, those of each in no order.
pub(super) async fn ask(
    budget: &Budget,
    on: &Collections,
    collection: &Collection<Document>,
    query: &Query,
    questions: Vec<Question>,
    lists: usize,
) -> Result<Vec<Vec<Document>>, Trouble> {
    let mut answers = vec![Vec::new(); lists];
    let mut pipeline = Vec::new();
    for Question { list, mut stages, mut fields } in questions {
        fields.insert(LIST, doc! { "$literal": i64::try_from(list).unwrap_or(i64::MAX) });
        stages.push(doc! { "$project": fields });
        if pipeline.is_empty() {
            pipeline = stages;
        } else {
            pipeline.push(doc! { "$unionWith": { "coll": collection.name(), "pipeline": stages } });
        }
    }
    if pipeline.is_empty() {
        return Ok(answers);
    }
    let documents: Vec<Document> = budget
        .again(|| {
            let aggregate = on.now(collection).aggregate(pipeline.clone());
            let all = aggregate.hint(Hint::Name(query.index.to_owned())).batch_size(BATCH);
            async { all.await?.try_collect().await }
        })
        .await?;
    for document in documents {
        let list = document.get_i64(LIST).ok().and_then(|list| usize::try_from(list).ok());
        if let Some(answer) = list.and_then(|list| answers.get_mut(list)) {
            answer.push(document);
        }
    }
    Ok(answers)
}

/// More than the documents of any answer: they come in one piece, as far as the protocol lets them.
const BATCH: u32 = 100_000;
