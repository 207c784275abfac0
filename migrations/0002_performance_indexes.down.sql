DROP INDEX ix_external_dependencies_package_name;
DROP INDEX ix_tasks_priority;
DROP INDEX ix_tasks_status;
