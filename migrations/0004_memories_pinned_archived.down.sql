ALTER TABLE memories DROP COLUMN archived;
ALTER TABLE memories DROP COLUMN pinned;
