-- A regulation with the facts it is run on. `parameters` and `readings` are JSON.
CREATE TABLE document (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    facts TEXT NOT NULL,
    parameters TEXT NOT NULL,
    readings TEXT NOT NULL,
    row_version INTEGER NOT NULL
) STRICT;

-- What a document said, each time it was saved. `hash` is empty while it has errors.
CREATE TABLE document_version (
    document TEXT NOT NULL REFERENCES document (id),
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    hash TEXT NOT NULL,
    saved_by TEXT NOT NULL,
    saved_at TEXT NOT NULL,
    PRIMARY KEY (document, number)
) STRICT;

-- A computation: `request` and `outcome` are JSON; `outcome` is empty until it has ended.
CREATE TABLE run (
    number INTEGER PRIMARY KEY NOT NULL,
    document TEXT NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled')),
    request TEXT NOT NULL,
    outcome TEXT NOT NULL,
    started_by TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT NOT NULL,
    row_version INTEGER NOT NULL,
    FOREIGN KEY (document, version) REFERENCES document_version (document, number)
) STRICT;

-- What came out of a run: result tables and the workbook.
CREATE TABLE run_part (
    run INTEGER NOT NULL REFERENCES run (number),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (run, position)
) STRICT;

-- Writes that have been done, by the key that the caller gave: doing one again gives the same answer.
CREATE TABLE write_done (
    key TEXT PRIMARY KEY NOT NULL,
    digest TEXT NOT NULL,
    answer INTEGER NOT NULL
) STRICT;

-- The log: each entry carries the digest of the one before it.
CREATE TABLE audit (
    number INTEGER PRIMARY KEY NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    operation TEXT NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous TEXT NOT NULL,
    digest TEXT NOT NULL
) STRICT;

-- The end of the log. Every write takes this row first, so that writes come one after the other.
CREATE TABLE audit_head (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    number INTEGER NOT NULL,
    digest TEXT NOT NULL
) STRICT;
INSERT INTO audit_head (id, number, digest) VALUES (1, 0, '');

CREATE TRIGGER document_version_kept BEFORE UPDATE ON document_version
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER document_version_stays BEFORE DELETE ON document_version
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER run_part_kept BEFORE UPDATE ON run_part
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER run_part_stays BEFORE DELETE ON run_part
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_kept BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
