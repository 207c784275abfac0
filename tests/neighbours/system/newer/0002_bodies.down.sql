DROP VIEW bodies;
