DROP TABLE memory_code_refs;
DROP TABLE code_entities;
