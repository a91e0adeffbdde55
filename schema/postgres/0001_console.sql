-- A regulation with the facts it is run on. `parameters` and `readings` are JSON.
CREATE TABLE document (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    facts TEXT NOT NULL,
    parameters TEXT NOT NULL,
    readings TEXT NOT NULL,
    row_version BIGINT NOT NULL
);

-- What a document said, each time it was saved. `hash` is empty while it has errors.
CREATE TABLE document_version (
    document TEXT NOT NULL REFERENCES document (id),
    number BIGINT NOT NULL,
    text TEXT NOT NULL,
    hash TEXT NOT NULL,
    saved_by TEXT NOT NULL,
    saved_at TEXT NOT NULL,
    PRIMARY KEY (document, number)
);

-- A computation: `request` and `outcome` are JSON; `outcome` is empty until it has ended.
CREATE TABLE run (
    number BIGINT PRIMARY KEY NOT NULL,
    document TEXT NOT NULL,
    version BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled')),
    request TEXT NOT NULL,
    outcome TEXT NOT NULL,
    started_by TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT NOT NULL,
    row_version BIGINT NOT NULL,
    FOREIGN KEY (document, version) REFERENCES document_version (document, number)
);

-- What came out of a run: result tables and the workbook.
CREATE TABLE run_part (
    run BIGINT NOT NULL REFERENCES run (number),
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (run, position)
);

-- Writes that have been done, by the key that the caller gave: doing one again gives the same answer.
CREATE TABLE write_done (
    key TEXT PRIMARY KEY NOT NULL,
    digest TEXT NOT NULL,
    answer BIGINT NOT NULL
);

-- The log: each entry carries the digest of the one before it.
CREATE TABLE audit (
    number BIGINT PRIMARY KEY NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    operation TEXT NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous TEXT NOT NULL,
    digest TEXT NOT NULL
);

-- The end of the log. Every write takes this row first, so that writes come one after the other.
CREATE TABLE audit_head (
    id BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    number BIGINT NOT NULL,
    digest TEXT NOT NULL
);
INSERT INTO audit_head (id, number, digest) VALUES (1, 0, '');

CREATE FUNCTION hengjie_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append-only';
END;
$$;
CREATE TRIGGER document_version_kept BEFORE UPDATE OR DELETE ON document_version FOR EACH ROW EXECUTE FUNCTION hengjie_append_only();
CREATE TRIGGER run_part_kept BEFORE UPDATE OR DELETE ON run_part FOR EACH ROW EXECUTE FUNCTION hengjie_append_only();
CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION hengjie_append_only();
