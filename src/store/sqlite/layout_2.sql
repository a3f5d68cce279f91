-- Lists of every kind are walks over one table: a record has a row for each of its tokens, and one for the empty
-- token, which stands for all records of its kind.

ALTER TABLE tokens RENAME TO tokens_1;
DROP INDEX tokens_of_record;

CREATE TABLE tokens (
    organization BLOB    NOT NULL CHECK (length(organization) = 16),
    -- 1 for holders, 2 for alias accounts.
    kind         INTEGER NOT NULL CHECK (kind IN (1, 2)),
    token        TEXT    NOT NULL,
    live         INTEGER NOT NULL CHECK (live IN (0, 1)),
    created_at   INTEGER NOT NULL,
    id           BLOB    NOT NULL CHECK (length(id) = 16),
    updated_at   INTEGER NOT NULL,
    PRIMARY KEY (organization, kind, token, live, created_at, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX tokens_by_update ON tokens (organization, kind, token, live, updated_at, id);
CREATE INDEX tokens_of_record ON tokens (organization, kind, id, token);

-- Tokens move; a long text in metadata follows with its digest (layout_2.rs), which SQL cannot make.
INSERT INTO tokens
    SELECT organization, kind, token, deleted_at IS NULL, record.created_at, id, updated_at
    FROM tokens_1 JOIN holders AS record USING (organization, id)
    WHERE kind = 1 AND NOT (token GLOB 'meta/*' AND octet_length(token) > 256);
INSERT INTO tokens
    SELECT organization, kind, token, deleted_at IS NULL, record.created_at, id, updated_at
    FROM tokens_1 JOIN alias_accounts AS record USING (organization, id)
    WHERE kind = 2 AND NOT (token GLOB 'meta/*' AND octet_length(token) > 256);

-- The terms of the clear part, which had no tokens before.
INSERT OR IGNORE INTO tokens
    SELECT organization, 1, '', deleted_at IS NULL, created_at, id, updated_at
    FROM holders;
INSERT OR IGNORE INTO tokens
    SELECT organization, 1, 'type/' || type, deleted_at IS NULL, created_at, id, updated_at
    FROM holders;
INSERT OR IGNORE INTO tokens
    SELECT organization, 1, 'externalId/' || external_id, deleted_at IS NULL, created_at, id, updated_at
    FROM holders WHERE external_id IS NOT NULL;
INSERT OR IGNORE INTO tokens
    SELECT organization, 2, '', deleted_at IS NULL, created_at, id, updated_at
    FROM alias_accounts;
INSERT OR IGNORE INTO tokens
    SELECT organization, 2,
        field || substr(uuid, 1, 8) || '-' || substr(uuid, 9, 4) || '-' || substr(uuid, 13, 4) || '-' ||
            substr(uuid, 17, 4) || '-' || substr(uuid, 21),
        deleted_at IS NULL, created_at, id, updated_at
    FROM (
        SELECT *, 'holder/' AS field, lower(hex(holder_id)) AS uuid FROM alias_accounts
        UNION ALL SELECT *, 'ledger/', lower(hex(ledger_id)) FROM alias_accounts
        UNION ALL SELECT *, 'account/', lower(hex(account_id)) FROM alias_accounts
    );
INSERT OR IGNORE INTO tokens
    SELECT organization, 2, 'branch/' || branch, deleted_at IS NULL, created_at, id, updated_at
    FROM alias_accounts WHERE branch IS NOT NULL;
INSERT OR IGNORE INTO tokens
    SELECT organization, 2, 'link/' || link_status, deleted_at IS NULL, created_at, id, updated_at
    FROM alias_accounts;
INSERT OR IGNORE INTO tokens
    SELECT organization, 2, 'role/' || (party.value ->> 'role'), deleted_at IS NULL, created_at,
        alias_accounts.id, updated_at
    FROM alias_accounts, json_each(parties) AS party;

-- Entries for the audit trail, in the order in which they were written, until they are moved there.
CREATE TABLE audit_outbox (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    organization BLOB NOT NULL CHECK (length(organization) = 16),
    record       BLOB NOT NULL CHECK (length(record) = 16),
    entry        TEXT NOT NULL
) STRICT;

INSERT INTO audit_outbox (organization, record, entry)
    SELECT organization, holders.id, value FROM holders, json_each(audit);
INSERT INTO audit_outbox (organization, record, entry)
    SELECT organization, alias_accounts.id, value FROM alias_accounts, json_each(audit);

ALTER TABLE holders DROP COLUMN audit;
ALTER TABLE holders DROP COLUMN operation;
ALTER TABLE alias_accounts DROP COLUMN audit;
ALTER TABLE alias_accounts DROP COLUMN operation;

-- For the foreign key, and for the question whether a holder has live alias accounts; lists do not need it.
DROP INDEX alias_accounts_of_holder;
CREATE INDEX alias_accounts_of_holder ON alias_accounts (organization, holder_id, deleted_at);
