//! Every question that is put to the database, and the index that answers it. A test compares the table with what the
//! server is really asked by each call, and with its indexes.

use super::names::{
    AT, ATTEMPT, AUDIT_AT, CHECKPOINT, CLAIMS, CREATED_AT, DELETING, ENTRY_ID, LEADER, NAMED, OPERATION,
    ORGANIZATION, REVISION, REVIVING, STAMP, STATE, SUBJECT, TOKENS, UNSETTLED, UNTIL, UPDATED_AT,
};

/// One kind of question.
#[cfg_attr(not(test), expect(dead_code, reason = "what more it says is for the test that compares it"))]
pub(super) struct Query {
    pub(super) name: &'static str,
    pub(super) collections: &'static [&'static str],
    /// These fields are compared with one value, or with a few.
    pub(super) equal: &'static [&'static str],
    /// In the order of these what is found comes, or is a range of it.
    pub(super) order: &'static [&'static str],
    /// These are looked at in what was found: a handful of documents, or as many as a list may look at.
    pub(super) beside: &'static [&'static str],
    /// The index. Its first fields are `equal`, the next ones `order`. Empty where a collection is only a handful of
    /// documents, or where any of them will do.
    pub(super) index: &'static str,
}

const RECORDS: &[&str] = &["holders", "alias_accounts"];
const OPERATIONS: &[&str] = &["operations"];
const KEY_CHECKS: &[&str] = &["key_checks"];
const OUTBOXES: &[&str] = &["holders", "alias_accounts", "audit_entries"];
const TRAIL: &[&str] = &["audit_trail"];
const CHAINS: &[&str] = &["audit_chains"];
const CHECKED: &[&str] =
    &["holders", "alias_accounts", "operations", "audit_entries", "audit_trail", "audit_chains"];

/// A list, or several, along tokens in the order of creation.
pub(super) const BY_CREATION: Query = Query {
    name: "a list by creation",
    collections: RECORDS,
    equal: &[ORGANIZATION, TOKENS, STATE],
    order: &[CREATED_AT, "_id"],
    beside: &[TOKENS, "clear.holderId", STATE],
    index: "created",
};

/// The same in the order of changes.
pub(super) const BY_UPDATE: Query = Query {
    name: "a list by the last change",
    collections: RECORDS,
    equal: &[ORGANIZATION, TOKENS, STATE],
    order: &[UPDATED_AT, "_id"],
    beside: &[TOKENS, CREATED_AT, "clear.holderId", STATE],
    index: "updated",
};

/// A list of named records; they are few, and sorted when they were found.
pub(super) const BY_IDS: Query = Query {
    name: "a list of ids",
    collections: RECORDS,
    equal: &[ORGANIZATION, "_id"],
    order: &[],
    beside: &[STATE, TOKENS, CREATED_AT, UPDATED_AT, "_id", "clear.holderId"],
    index: "places",
};

/// All of them.
#[cfg_attr(not(test), expect(dead_code, reason = "the test goes through it"))]
pub(super) const ALL: &[Query] = &[
    BY_CREATION,
    BY_UPDATE,
    BY_IDS,
    Query {
        name: "records by their ids, for readers and for each compare-and-set",
        collections: RECORDS,
        equal: &[ORGANIZATION, "_id"],
        order: &[],
        beside: &[STATE, REVISION, STAMP, OPERATION, "operation.attempt", DELETING, REVIVING],
        index: "places",
    },
    Query {
        name: "who holds a claim",
        collections: RECORDS,
        equal: &[ORGANIZATION, CLAIMS],
        order: &[],
        beside: &[STATE],
        index: "claims",
    },
    Query {
        name: "records with a token",
        collections: RECORDS,
        equal: &[ORGANIZATION, TOKENS, STATE],
        order: &[],
        beside: &[OPERATION, STAMP],
        index: "created",
    },
    Query {
        name: "what is unfinished for too long",
        collections: RECORDS,
        equal: &[],
        order: &[UNSETTLED],
        beside: &[],
        index: "unsettled",
    },
    Query {
        name: "the rest of an organization's records",
        collections: RECORDS,
        equal: &[ORGANIZATION],
        order: &["_id"],
        beside: &[STATE],
        index: "places",
    },
    Query {
        name: "the records of the organizations that follow",
        collections: RECORDS,
        equal: &[],
        order: &[ORGANIZATION, "_id"],
        beside: &[STATE],
        index: "places",
    },
    Query {
        name: "an operation",
        collections: OPERATIONS,
        equal: &[ORGANIZATION, "_id"],
        order: &[],
        beside: &[ATTEMPT, STATE],
        index: "places",
    },
    Query {
        name: "everything, for the check command",
        collections: CHECKED,
        equal: &[],
        order: &["_id"],
        beside: &[],
        index: "_id_",
    },
    Query {
        name: "ids of types of which there are few values, for the check command",
        collections: CHECKED,
        equal: &["_id"],
        order: &[],
        beside: &[],
        index: "_id_",
    },
    Query {
        name: "a page of a copy",
        collections: &["holders", "alias_accounts", "operations", "audit_entries"],
        equal: &[],
        order: &["_id"],
        beside: &[STATE],
        index: "_id_",
    },
    Query {
        name: "the layout, its lock, and whether a copy is under way",
        collections: &["layout"],
        equal: &["_id"],
        order: &[],
        beside: &["version", "holder", "beat", STAMP],
        index: "_id_",
    },
    Query {
        name: "any documents: whether there are some, and those of a broken-off copy, which all go",
        collections: &[
            "holders",
            "alias_accounts",
            "operations",
            "key_checks",
            "audit_entries",
            "audit_trail",
            "audit_chains",
        ],
        equal: &[],
        order: &[],
        beside: &[],
        index: "",
    },
    Query {
        name: "a check value",
        collections: KEY_CHECKS,
        equal: &["_id"],
        order: &[],
        beside: &[STATE],
        index: "_id_",
    },
    Query {
        name: "the note of a walk over all links",
        collections: &["link_walks"],
        equal: &["_id"],
        order: &[],
        beside: &[REVISION],
        index: "_id_",
    },
    Query {
        name: "all notes of walks, of which there are two",
        collections: &["link_walks"],
        equal: &[],
        order: &[],
        beside: &["_id"],
        index: "",
    },
    Query {
        name: "all check values, which are as few as key generations",
        collections: KEY_CHECKS,
        equal: &[],
        order: &[],
        beside: &["_id"],
        index: "",
    },
    Query {
        name: "what of an organization waits for the audit trail",
        collections: OUTBOXES,
        equal: &[ORGANIZATION],
        order: &[AUDIT_AT],
        beside: &[STATE, OPERATION],
        index: "waiting",
    },
    Query {
        name: "the next organization that waits for the audit trail",
        collections: OUTBOXES,
        equal: &[],
        order: &[ORGANIZATION, AUDIT_AT],
        beside: &[],
        index: "waiting",
    },
    Query {
        name: "what has waited longest for the audit trail",
        collections: OUTBOXES,
        equal: &[],
        order: &[AUDIT_AT],
        beside: &[],
        index: "waiting_longest",
    },
    Query {
        name: "entries without a record, by their ids",
        collections: &["audit_entries"],
        equal: &[ORGANIZATION, "_id"],
        order: &[],
        beside: &[],
        index: "places",
    },
    Query {
        name: "links by their numbers",
        collections: TRAIL,
        equal: &[],
        order: &["_id"],
        beside: &[ORGANIZATION],
        index: "_id_",
    },
    Query {
        name: "links by their numbers, a few",
        collections: TRAIL,
        equal: &["_id"],
        order: &[],
        beside: &[ORGANIZATION, "_id"],
        index: "_id_",
    },
    Query {
        name: "which entries are in the audit trail",
        collections: TRAIL,
        equal: &[ORGANIZATION, ENTRY_ID],
        order: &[],
        beside: &[],
        index: "entries",
    },
    Query {
        name: "links of a record",
        collections: TRAIL,
        equal: &[ORGANIZATION, NAMED],
        order: &[AT, "_id"],
        beside: &[AT],
        index: "records",
    },
    Query {
        name: "links of a subject",
        collections: TRAIL,
        equal: &[ORGANIZATION, SUBJECT],
        order: &[AT, "_id"],
        beside: &[AT],
        index: "subjects",
    },
    Query {
        name: "links of an operation",
        collections: TRAIL,
        equal: &[ORGANIZATION, OPERATION],
        order: &[AT, "_id"],
        beside: &[AT],
        index: "operations",
    },
    Query {
        name: "links by when things happened",
        collections: TRAIL,
        equal: &[ORGANIZATION],
        order: &[AT, "_id"],
        beside: &[AT],
        index: "times",
    },
    Query {
        name: "the next organization that has links",
        collections: TRAIL,
        equal: &[],
        order: &[ORGANIZATION, AT, "_id"],
        beside: &[],
        index: "times",
    },
    Query {
        name: "who may append to a chain, and where it begins",
        collections: CHAINS,
        equal: &["_id"],
        order: &[],
        beside: &[ORGANIZATION, LEADER, UNTIL, CHECKPOINT, "checkpoint.number"],
        index: "_id_",
    },
    Query {
        name: "the next organization whose chain begins later",
        collections: CHAINS,
        equal: &[],
        order: &["_id"],
        beside: &[CHECKPOINT],
        index: "_id_",
    },
];
