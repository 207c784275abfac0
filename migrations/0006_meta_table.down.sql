-- Triggers first: they write to the table.
DROP TRIGGER rules_touch_del;
DROP TRIGGER rules_touch_upd;
DROP TRIGGER rules_touch_ins;
DROP TRIGGER memories_touch_del;
DROP TRIGGER memories_touch_upd;
DROP TRIGGER memories_touch_ins;
DROP TABLE meta;
