-- A server that caches its search index asks here whether another process has written since.
CREATE TABLE meta (
    key VARCHAR NOT NULL,
    value TEXT,
    PRIMARY KEY (key)
);

-- Starts from the rows' own dates, so that a replay gives the same data; NULL where there are none.
INSERT INTO meta (key, value)
SELECT 'memories_last_modified', MAX(COALESCE(updated_at, created_at)) FROM memories;
INSERT INTO meta (key, value)
SELECT 'rules_last_modified', MAX(created_at) FROM rules;

-- Upserts, so that a deleted key comes back; milliseconds, so that two writes within a second differ.
CREATE TRIGGER memories_touch_ins AFTER INSERT ON memories
BEGIN
    INSERT INTO meta (key, value)
    VALUES ('memories_last_modified', strftime('%Y-%m-%d %H:%M:%f', 'now'))
    ON CONFLICT (key) DO UPDATE SET value = excluded.value;
END;

CREATE TRIGGER memories_touch_upd AFTER UPDATE ON memories
BEGIN
    INSERT INTO meta (key, value)
    VALUES ('memories_last_modified', strftime('%Y-%m-%d %H:%M:%f', 'now'))
    ON CONFLICT (key) DO UPDATE SET value = excluded.value;
END;

CREATE TRIGGER memories_touch_del AFTER DELETE ON memories
BEGIN
    INSERT INTO meta (key, value)
    VALUES ('memories_last_modified', strftime('%Y-%m-%d %H:%M:%f', 'now'))
    ON CONFLICT (key) DO UPDATE SET value = excluded.value;
END;

CREATE TRIGGER rules_touch_ins AFTER INSERT ON rules
BEGIN
    INSERT INTO meta (key, value)
    VALUES ('rules_last_modified', strftime('%Y-%m-%d %H:%M:%f', 'now'))
    ON CONFLICT (key) DO UPDATE SET value = excluded.value;
END;

CREATE TRIGGER rules_touch_upd AFTER UPDATE ON rules
BEGIN
    INSERT INTO meta (key, value)
    VALUES ('rules_last_modified', strftime('%Y-%m-%d %H:%M:%f', 'now'))
    ON CONFLICT (key) DO UPDATE SET value = excluded.value;
END;

CREATE TRIGGER rules_touch_del AFTER DELETE ON rules
BEGIN
    INSERT INTO meta (key, value)
    VALUES ('rules_last_modified', strftime('%Y-%m-%d %H:%M:%f', 'now'))
    ON CONFLICT (key) DO UPDATE SET value = excluded.value;
END;
