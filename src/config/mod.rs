//! Layered settings: who reviews, keys, theme, folders. Precedence is decided here and nowhere else.
