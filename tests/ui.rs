//! What the macro refuses, and how it says so.
