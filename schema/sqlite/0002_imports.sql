-- Files that were handed in for the facts of a document. `request` and `outcome` are JSON; `outcome` is empty until it has ended.
-- The facts themselves are in a fact store, a folder; an import that was posted there has its number in the outcome.
CREATE TABLE fact_import (
    number INTEGER PRIMARY KEY NOT NULL,
    document TEXT NOT NULL REFERENCES document (id),
    state TEXT NOT NULL CHECK (state IN
        ('running', 'checked', 'posted', 'partly', 'unchanged', 'refused', 'failed', 'cancelled')),
    request TEXT NOT NULL,
    outcome TEXT NOT NULL,
    started_by TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT NOT NULL,
    row_version INTEGER NOT NULL
) STRICT;

-- The rows that an import did not take, as a workbook to mend.
CREATE TABLE fact_import_part (
    fact_import INTEGER NOT NULL REFERENCES fact_import (number),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (fact_import, position)
) STRICT;

-- How the files of a source fit the tables of a document, each time it was saved.
CREATE TABLE fact_mapping (
    document TEXT NOT NULL REFERENCES document (id),
    source TEXT NOT NULL,
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    saved_by TEXT NOT NULL,
    saved_at TEXT NOT NULL,
    PRIMARY KEY (document, source, number)
) STRICT;

CREATE TRIGGER fact_import_part_kept BEFORE UPDATE ON fact_import_part
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER fact_import_part_stays BEFORE DELETE ON fact_import_part
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER fact_mapping_kept BEFORE UPDATE ON fact_mapping
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER fact_mapping_stays BEFORE DELETE ON fact_mapping
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
