-- Triggers first: a trigger that writes to a missing index would fail every change of memories.
DROP TRIGGER memories_au;
DROP TRIGGER memories_ad;
DROP TRIGGER memories_ai;
DROP TABLE memories_fts;
DROP VIEW memories_fts_content;
