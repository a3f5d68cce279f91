-- Ids are the 16 bytes of a UUID, times milliseconds since 1970 in UTC, days `YYYY-MM-DD`.
-- `sealed` stands last: whoever reads only the clear part never walks its overflow pages.

CREATE TABLE holders (
    organization BLOB    NOT NULL CHECK (length(organization) = 16),
    id           BLOB    NOT NULL CHECK (length(id) = 16),
    type         TEXT    NOT NULL,
    external_id  TEXT,
    metadata     TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    deleted_at   INTEGER,
    version      INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    generations  TEXT    NOT NULL,
    operation    BLOB,
    audit        TEXT    NOT NULL,
    sealed       BLOB    NOT NULL,
    PRIMARY KEY (organization, id)
) STRICT;

CREATE TABLE alias_accounts (
    organization    BLOB    NOT NULL CHECK (length(organization) = 16),
    id              BLOB    NOT NULL CHECK (length(id) = 16),
    holder_id       BLOB    NOT NULL CHECK (length(holder_id) = 16),
    type            TEXT    NOT NULL,
    ledger_id       BLOB    NOT NULL CHECK (length(ledger_id) = 16),
    account_id      BLOB    NOT NULL CHECK (length(account_id) = 16),
    -- Whether banking details were given at all: given and empty is not the same as absent.
    banking         INTEGER NOT NULL CHECK (banking IN (0, 1)),
    branch          TEXT,
    banking_type    TEXT,
    opening_date    TEXT,
    closing_date    TEXT,
    country_code    TEXT,
    bank_id         TEXT,
    link_status     TEXT    NOT NULL,
    link_checked_at INTEGER,
    link_detail     TEXT,
    parties         TEXT    NOT NULL,
    metadata        TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER,
    version         INTEGER NOT NULL,
    revision        INTEGER NOT NULL,
    generations     TEXT    NOT NULL,
    operation       BLOB,
    audit           TEXT    NOT NULL,
    sealed          BLOB    NOT NULL,
    PRIMARY KEY (organization, id),
    FOREIGN KEY (organization, holder_id) REFERENCES holders (organization, id)
) STRICT;

-- A holder's live alias accounts in their order. Not partial: the foreign key needs an index over all of them.
CREATE INDEX alias_accounts_of_holder
    ON alias_accounts (organization, holder_id, deleted_at, created_at, id);

-- What at most one live record of an organization may hold. `kind` is 1 for holders, 2 for alias accounts.
CREATE TABLE claims (
    organization BLOB    NOT NULL CHECK (length(organization) = 16),
    claim        TEXT    NOT NULL,
    kind         INTEGER NOT NULL CHECK (kind IN (1, 2)),
    id           BLOB    NOT NULL CHECK (length(id) = 16),
    PRIMARY KEY (organization, claim)
) STRICT, WITHOUT ROWID;

CREATE INDEX claims_of_record ON claims (organization, kind, id);

-- A search is an equality on the token; its pages are keyed by what follows it.
CREATE TABLE tokens (
    organization BLOB    NOT NULL CHECK (length(organization) = 16),
    kind         INTEGER NOT NULL CHECK (kind IN (1, 2)),
    token        TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    id           BLOB    NOT NULL CHECK (length(id) = 16),
    PRIMARY KEY (organization, kind, token, created_at, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX tokens_of_record ON tokens (organization, kind, id);

-- Committed operations, kept while a repeat must give their outcome again.
CREATE TABLE operations (
    organization BLOB    NOT NULL CHECK (length(organization) = 16),
    key          BLOB    NOT NULL CHECK (length(key) = 32),
    mutation     TEXT    NOT NULL,
    fingerprint  BLOB    NOT NULL CHECK (length(fingerprint) = 32),
    outcome      TEXT    NOT NULL,
    expires_at   INTEGER NOT NULL,
    PRIMARY KEY (organization, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX operations_by_expiry ON operations (expires_at);

-- One check value for each generation of keys; of the whole store, not of an organization.
CREATE TABLE key_checks (
    id    TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL CHECK (length(value) = 32)
) STRICT, WITHOUT ROWID;
