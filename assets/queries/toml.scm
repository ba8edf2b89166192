; Keys are keys; the grammar's own query calls them types.
(bare_key) @property
(quoted_key) @property
