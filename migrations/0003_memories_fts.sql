-- What is indexed differs from what is stored: tags are a JSON array, and a search should find its words
-- with their escapes resolved. FTS5 reads content back for rebuild, integrity-check and column values,
-- so it reads this view instead of the table. It refuses virtual tables there, json_each among them,
-- hence the walk by position. Tags that are no JSON array index as nothing instead of failing.
CREATE VIEW memories_fts_content AS
SELECT
    id,
    content,
    rationale,
    (
        WITH RECURSIVE element (position) AS (
            SELECT 0
            WHERE json_array_length(CASE WHEN json_valid(memories.tags) THEN memories.tags END) > 0
            UNION ALL
            SELECT position + 1
            FROM element
            WHERE position + 1 < json_array_length(memories.tags)
        )
        SELECT group_concat(json_extract(memories.tags, '$[' || position || ']'), ' ')
        FROM element
    ) AS tags
FROM memories;

CREATE VIRTUAL TABLE memories_fts USING fts5 (
    content,
    rationale,
    tags,
    content = 'memories_fts_content',
    content_rowid = 'id'
);

CREATE TRIGGER memories_ai AFTER INSERT ON memories
BEGIN
    INSERT INTO memories_fts (rowid, content, rationale, tags)
    SELECT id, content, rationale, tags FROM memories_fts_content WHERE id = new.id;
END;

-- FTS5 forgets exactly the words it is handed, and the view no longer shows the old row here: this
-- must give the same words as the view does.
-- REPLACE deletes without firing it unless recursive_triggers is on; write ON CONFLICT DO UPDATE.
CREATE TRIGGER memories_ad AFTER DELETE ON memories
BEGIN
    INSERT INTO memories_fts (memories_fts, rowid, content, rationale, tags)
    VALUES (
        'delete',
        old.id,
        old.content,
        old.rationale,
        (
            SELECT group_concat(value, ' ')
            FROM json_each(
                CASE
                    WHEN NOT json_valid(old.tags) THEN NULL
                    WHEN json_type(old.tags) = 'array' THEN old.tags
                END
            )
        )
    );
END;

-- Most updates touch bookkeeping columns only; those leave the index alone.
CREATE TRIGGER memories_au AFTER UPDATE ON memories
WHEN old.id IS NOT new.id
    OR old.content IS NOT new.content
    OR old.rationale IS NOT new.rationale
    OR old.tags IS NOT new.tags
BEGIN
    INSERT INTO memories_fts (memories_fts, rowid, content, rationale, tags)
    VALUES (
        'delete',
        old.id,
        old.content,
        old.rationale,
        (
            SELECT group_concat(value, ' ')
            FROM json_each(
                CASE
                    WHEN NOT json_valid(old.tags) THEN NULL
                    WHEN json_type(old.tags) = 'array' THEN old.tags
                END
            )
        )
    );
    INSERT INTO memories_fts (rowid, content, rationale, tags)
    SELECT id, content, rationale, tags FROM memories_fts_content WHERE id = new.id;
END;

-- The triggers see only what is written from now on.
INSERT INTO memories_fts (rowid, content, rationale, tags)
SELECT
    id,
    content,
    rationale,
    (
        SELECT group_concat(value, ' ')
        FROM json_each(
            CASE
                WHEN NOT json_valid(memories.tags) THEN NULL
                WHEN json_type(memories.tags) = 'array' THEN memories.tags
            END
        )
    )
FROM memories;
