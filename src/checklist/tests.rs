//! What a checklist file may not be, said as tests; and what the built-in one holds.
