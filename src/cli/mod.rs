//! The verbs: arguments, one file per command, exit codes, printing.
