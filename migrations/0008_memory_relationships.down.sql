DROP TABLE memory_relationships;
