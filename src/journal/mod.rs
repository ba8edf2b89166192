//! The durable form: one append-only file per writer. Written, synced, then acknowledged.
