//! Checklists: loading, checking, and the embedded ones.
