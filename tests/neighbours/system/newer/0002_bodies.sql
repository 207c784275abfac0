CREATE VIEW bodies AS SELECT group_concat(body, ' ' ORDER BY id) AS bodies FROM notes;
