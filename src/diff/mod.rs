//! Patch text → change set, word-level changes, anchors. Pure: bytes in, values out.
