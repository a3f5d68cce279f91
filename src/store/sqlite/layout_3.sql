-- What is noted of each kind of walk over all links, as JSON.
CREATE TABLE link_walks (
    kind     TEXT    NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL CHECK (revision > 0),
    walk     TEXT    NOT NULL CHECK (json_valid(walk))
) STRICT, WITHOUT ROWID;
