INSERT INTO memories (id, category, content, rationale, tags)
VALUES
    (1, 'fact', 'keep the index small', NULL, '["sqlite", "full text"]'),
    (2, 'fact', 'rows without words', 'nothing to find', '[]'),
    (3, 'rule', 'escapes are resolved', NULL, '["stra\u00dfe", 7, null]'),
    (4, 'rule', 'no array at all', NULL, '{"hidden": "needle"}'),
    (5, 'rule', 'no tags at all', NULL, NULL),
    (6, 'rule', 'no JSON at all', NULL, 'haystack,');
