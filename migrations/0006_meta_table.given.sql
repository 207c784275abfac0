-- A memory that was changed, one that never was, and a rule that does not say when it was made.
INSERT INTO memories (category, content, created_at, updated_at)
VALUES
    ('fact', 'changed', '2025-11-05 10:00:00', '2025-12-01 08:30:00'),
    ('fact', 'as it was', '2025-11-30 12:00:00', NULL);
INSERT INTO rules ("trigger", created_at) VALUES ('always', NULL);
