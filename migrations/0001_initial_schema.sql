-- migrate: baseline
-- migrate: revision(alembic, "001")

-- Meets databases that already hold some of these tables, so every statement may find its work done.
-- Index names are the ones in the field, even where a UNIQUE constraint already covers the column:
-- adoption compares by name.

CREATE TABLE IF NOT EXISTS decisions (
    id INTEGER NOT NULL,
    decision TEXT NOT NULL,
    rationale TEXT NOT NULL,
    context JSON,
    alternatives_considered JSON,
    expected_impact TEXT,
    risk_level VARCHAR,
    tags JSON,
    timestamp DATETIME,
    outcome TEXT,
    actual_impact TEXT,
    lessons_learned TEXT,
    updated_at DATETIME,
    PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS ix_decisions_id ON decisions (id);

CREATE TABLE IF NOT EXISTS thought_sessions (
    id VARCHAR NOT NULL,
    context JSON,
    started_at DATETIME,
    ended_at DATETIME,
    summary TEXT,
    outcomes JSON,
    status VARCHAR,
    PRIMARY KEY (id)
);

CREATE TABLE IF NOT EXISTS thoughts (
    id INTEGER NOT NULL,
    thought TEXT NOT NULL,
    category VARCHAR NOT NULL,
    reasoning TEXT,
    related_to JSON,
    confidence FLOAT,
    timestamp DATETIME,
    session_id VARCHAR,
    PRIMARY KEY (id),
    FOREIGN KEY (session_id) REFERENCES thought_sessions (id)
);
CREATE INDEX IF NOT EXISTS ix_thoughts_id ON thoughts (id);

CREATE TABLE IF NOT EXISTS insights (
    id INTEGER NOT NULL,
    insight TEXT NOT NULL,
    source VARCHAR,
    applicability TEXT,
    session_id VARCHAR,
    timestamp DATETIME,
    PRIMARY KEY (id),
    FOREIGN KEY (session_id) REFERENCES thought_sessions (id)
);
CREATE INDEX IF NOT EXISTS ix_insights_id ON insights (id);

CREATE TABLE IF NOT EXISTS changes (
    id INTEGER NOT NULL,
    hash VARCHAR,
    file_path VARCHAR NOT NULL,
    change_type VARCHAR NOT NULL,
    description TEXT NOT NULL,
    rationale TEXT,
    affected_components JSON,
    risk_assessment JSON,
    rollback_plan TEXT,
    timestamp DATETIME,
    status VARCHAR,
    actual_impact TEXT,
    issues_encountered JSON,
    updated_at DATETIME,
    PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS ix_changes_id ON changes (id);

CREATE TABLE IF NOT EXISTS cascade_events (
    id INTEGER NOT NULL,
    "trigger" VARCHAR NOT NULL,
    affected_components JSON,
    severity VARCHAR NOT NULL,
    description TEXT NOT NULL,
    resolution TEXT,
    timestamp DATETIME,
    PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS ix_cascade_events_id ON cascade_events (id);

CREATE TABLE IF NOT EXISTS tools (
    id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    display_name VARCHAR NOT NULL,
    command VARCHAR NOT NULL,
    args JSON,
    capabilities JSON,
    enabled INTEGER,
    config JSON,
    created_at DATETIME,
    last_used DATETIME,
    PRIMARY KEY (id),
    UNIQUE (name)
);
CREATE INDEX IF NOT EXISTS ix_tools_name ON tools (name);

CREATE TABLE IF NOT EXISTS tool_sessions (
    id INTEGER NOT NULL,
    tool_id INTEGER NOT NULL,
    session_id VARCHAR NOT NULL,
    pid INTEGER,
    state VARCHAR,
    started_at DATETIME,
    last_activity DATETIME,
    ended_at DATETIME,
    context JSON,
    PRIMARY KEY (id),
    FOREIGN KEY (tool_id) REFERENCES tools (id),
    UNIQUE (session_id)
);
CREATE INDEX IF NOT EXISTS ix_tool_sessions_session_id ON tool_sessions (session_id);

CREATE TABLE IF NOT EXISTS task_executions (
    id INTEGER NOT NULL,
    task_description TEXT NOT NULL,
    tool_id INTEGER NOT NULL,
    session_id VARCHAR NOT NULL,
    command_sent TEXT NOT NULL,
    response_received TEXT,
    status VARCHAR,
    started_at DATETIME,
    completed_at DATETIME,
    error_message TEXT,
    context JSON,
    PRIMARY KEY (id),
    FOREIGN KEY (tool_id) REFERENCES tools (id),
    FOREIGN KEY (session_id) REFERENCES tool_sessions (session_id)
);

CREATE TABLE IF NOT EXISTS workflow_executions (
    id INTEGER NOT NULL,
    workflow_name VARCHAR NOT NULL,
    description TEXT NOT NULL,
    steps JSON,
    status VARCHAR,
    started_at DATETIME,
    completed_at DATETIME,
    result JSON,
    PRIMARY KEY (id)
);

CREATE TABLE IF NOT EXISTS tasks (
    id INTEGER NOT NULL,
    title VARCHAR NOT NULL,
    description TEXT,
    status VARCHAR,
    priority VARCHAR,
    assigned_to VARCHAR,
    tags JSON,
    created_at DATETIME,
    updated_at DATETIME,
    completed_at DATETIME,
    parent_id INTEGER,
    PRIMARY KEY (id),
    FOREIGN KEY (parent_id) REFERENCES tasks (id)
);

CREATE TABLE IF NOT EXISTS project_files (
    id INTEGER NOT NULL,
    file_path VARCHAR NOT NULL,
    file_type VARCHAR,
    size INTEGER,
    last_modified DATETIME,
    line_count INTEGER,
    hash VARCHAR,
    language VARCHAR,
    PRIMARY KEY (id),
    UNIQUE (file_path)
);
CREATE INDEX IF NOT EXISTS ix_project_files_file_path ON project_files (file_path);

CREATE TABLE IF NOT EXISTS file_dependencies (
    id INTEGER NOT NULL,
    source_file_id INTEGER NOT NULL,
    target_file_id INTEGER NOT NULL,
    dependency_type VARCHAR,
    PRIMARY KEY (id),
    FOREIGN KEY (source_file_id) REFERENCES project_files (id),
    FOREIGN KEY (target_file_id) REFERENCES project_files (id)
);

CREATE TABLE IF NOT EXISTS external_dependencies (
    id INTEGER NOT NULL,
    source_file_id INTEGER NOT NULL,
    package_name VARCHAR NOT NULL,
    version_constraint VARCHAR,
    PRIMARY KEY (id),
    FOREIGN KEY (source_file_id) REFERENCES project_files (id)
);

CREATE TABLE IF NOT EXISTS memories (
    id INTEGER NOT NULL,
    category VARCHAR NOT NULL,
    content TEXT NOT NULL,
    rationale TEXT,
    context JSON,
    tags JSON,
    file_path VARCHAR,
    keywords TEXT,
    is_permanent BOOLEAN,
    vector_embedding BLOB,
    outcome TEXT,
    worked BOOLEAN,
    created_at DATETIME,
    updated_at DATETIME,
    PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS ix_memories_category ON memories (category);
CREATE INDEX IF NOT EXISTS ix_memories_file_path ON memories (file_path);
CREATE INDEX IF NOT EXISTS ix_memories_id ON memories (id);
CREATE INDEX IF NOT EXISTS ix_memories_keywords ON memories (keywords);

CREATE TABLE IF NOT EXISTS rules (
    id INTEGER NOT NULL,
    "trigger" TEXT NOT NULL,
    trigger_keywords TEXT,
    must_do JSON,
    must_not JSON,
    ask_first JSON,
    warnings JSON,
    priority INTEGER,
    enabled BOOLEAN,
    created_at DATETIME,
    PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS ix_rules_id ON rules (id);
CREATE INDEX IF NOT EXISTS ix_rules_trigger_keywords ON rules (trigger_keywords);
