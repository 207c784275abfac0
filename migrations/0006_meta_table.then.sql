SELECT key, value
FROM meta
WHERE (key, ifnull(value, 'none')) NOT IN (
    VALUES ('memories_last_modified', '2025-12-01 08:30:00'), ('rules_last_modified', 'none')
);

SELECT count(*) AS keys FROM meta HAVING count(*) != 2;
