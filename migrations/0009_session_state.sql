-- What a session has already looked at, so that the server can insist on it before a commit ...
CREATE TABLE session_state (
    id INTEGER NOT NULL,
    session_id VARCHAR NOT NULL,
    project_path VARCHAR NOT NULL,
    briefed BOOLEAN DEFAULT 0,
    context_checks JSON DEFAULT '[]',
    pending_decisions JSON DEFAULT '[]',
    last_activity DATETIME DEFAULT CURRENT_TIMESTAMP,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE (session_id)
);

-- ... and who went past it: no reference to the session, because the record outlives it.
CREATE TABLE enforcement_bypass_log (
    id INTEGER NOT NULL,
    timestamp DATETIME DEFAULT CURRENT_TIMESTAMP,
    pending_decisions JSON DEFAULT '[]',
    staged_files_with_warnings JSON DEFAULT '[]',
    reason TEXT,
    PRIMARY KEY (id)
);
