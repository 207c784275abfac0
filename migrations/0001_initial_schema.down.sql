-- Children first: with foreign keys enforced, dropping a table deletes its rows.
DROP TABLE rules;
DROP TABLE memories;
DROP TABLE external_dependencies;
DROP TABLE file_dependencies;
DROP TABLE project_files;
DROP TABLE tasks;
DROP TABLE workflow_executions;
DROP TABLE task_executions;
DROP TABLE tool_sessions;
DROP TABLE tools;
DROP TABLE cascade_events;
DROP TABLE changes;
DROP TABLE insights;
DROP TABLE thoughts;
DROP TABLE thought_sessions;
DROP TABLE decisions;
