DROP TABLE enforcement_bypass_log;
DROP TABLE session_state;
