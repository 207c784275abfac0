-- How often a memory was of use decides what pruning keeps.
ALTER TABLE memories ADD COLUMN recall_count INTEGER NOT NULL DEFAULT 0;
