DROP TABLE file_hashes;
