DROP TABLE project_links;
