-- The audit trail: what waits for it, and the chains that it consists of.

-- An entry may tell of no change of a record: then it names none here.
ALTER TABLE audit_outbox RENAME TO audit_outbox_3;
CREATE TABLE audit_outbox (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    organization BLOB NOT NULL CHECK (length(organization) = 16),
    record       BLOB CHECK (length(record) = 16),
    entry        TEXT NOT NULL
) STRICT;
INSERT INTO audit_outbox (seq, organization, record, entry)
    SELECT seq, organization, record, entry FROM audit_outbox_3 ORDER BY seq;
DROP TABLE audit_outbox_3;

-- What waits of an organization, in the order in which it was written: a row's number follows its organization.
CREATE INDEX audit_outbox_of_organization ON audit_outbox (organization);

-- One row a link. What follows the number is copied from the entry, for finding it; `records` are the ids one after
-- the other. `entry` stands last: whoever only looks at what a link is found by never walks its overflow pages.
CREATE TABLE trail_links (
    organization BLOB    NOT NULL CHECK (length(organization) = 16),
    number       INTEGER NOT NULL CHECK (number > 0),
    id           BLOB    NOT NULL CHECK (length(id) = 16),
    at           INTEGER NOT NULL,
    subject      TEXT    NOT NULL,
    operation    TEXT    NOT NULL,
    records      BLOB    NOT NULL CHECK (length(records) % 16 = 0),
    sealed_at    INTEGER NOT NULL,
    mac          BLOB    NOT NULL CHECK (length(mac) = 32),
    entry        TEXT    NOT NULL,
    PRIMARY KEY (organization, number)
) STRICT;

CREATE UNIQUE INDEX trail_links_by_id ON trail_links (organization, id);
CREATE INDEX trail_links_by_time ON trail_links (organization, at, number);
CREATE INDEX trail_links_by_subject ON trail_links (organization, subject, at, number);
CREATE INDEX trail_links_by_operation ON trail_links (organization, operation, at, number);

-- The links of each record.
CREATE TABLE trail_records (
    organization BLOB    NOT NULL CHECK (length(organization) = 16),
    record       BLOB    NOT NULL CHECK (length(record) = 16),
    at           INTEGER NOT NULL,
    number       INTEGER NOT NULL,
    PRIMARY KEY (organization, record, at, number)
) STRICT, WITHOUT ROWID;

-- Who appends to a chain, and until when nobody else does.
CREATE TABLE trail_leads (
    organization BLOB    NOT NULL PRIMARY KEY CHECK (length(organization) = 16),
    leader       BLOB    NOT NULL CHECK (length(leader) = 16),
    until        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Where a chain begins whose older links were removed.
CREATE TABLE trail_checkpoints (
    organization BLOB    NOT NULL PRIMARY KEY CHECK (length(organization) = 16),
    number       INTEGER NOT NULL CHECK (number >= 0),
    mac          BLOB    NOT NULL CHECK (length(mac) = 32),
    sealed_at    INTEGER NOT NULL,
    proof        BLOB    NOT NULL CHECK (length(proof) = 32)
) STRICT, WITHOUT ROWID;
