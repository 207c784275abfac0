ALTER TABLE memories DROP COLUMN recall_count;
