-- What each word of the tags, as it is searched for, should find: and it finds that, and nothing else.
WITH word (tag, memory) AS (
    VALUES
        ('sqlite', 1),
        ('full', 1),
        ('text', 1),
        ('"straße"', 3),
        ('7', 3),
        ('hidden', NULL),
        ('needle', NULL),
        ('haystack', NULL),
        ('u00df', NULL),
        ('null', NULL)
),

found (tag, memory) AS (
    SELECT tag, (SELECT group_concat(rowid) FROM memories_fts WHERE memories_fts MATCH 'tags: ' || tag)
    FROM word
)

SELECT word.tag, word.memory AS expected, found.memory AS found
FROM word INNER JOIN found USING (tag)
WHERE word.memory IS NOT CAST(found.memory AS INTEGER);

-- Every memory is in the index once, by its id, and what the index reads back is what was put into it.
SELECT id FROM memories WHERE id NOT IN (SELECT id FROM memories_fts_docsize);
SELECT rowid, tags FROM memories_fts WHERE tags IS NOT (CASE rowid WHEN 1 THEN 'sqlite full text' WHEN 3 THEN 'straße 7' END);
