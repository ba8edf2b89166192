//! Identifiers. Owns their spelling; refuses to know what they identify.

use std::fmt;

pub use crate::support::digest::{Digest, ParseDigestError};

/// The identity of a journal entry: a digest of its stored bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub Digest);

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

macro_rules! name_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub String);

        impl $name {
            /// Returns the identifier as written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    };
}

name_id! {
    /// A checklist's stable id, such as `ai-preproduction`.
    ChecklistId
}
name_id! {
    /// An item's stable id within a review, such as `n-plus-one`; `checklist/item` where two checklists share a name.
    ItemId
}
name_id! {
    /// A review's id: `r` and 16 hexadecimal digits of the digest of its opening record's body.
    ReviewId
}
name_id! {
    /// A writer's id: one device of one person, 16 hexadecimal digits.
    WriterId
}
name_id! {
    /// A finding's id: `f` and 8 hexadecimal digits, random.
    FindingId
}
name_id! {
    /// A comment's id: `c` and 8 hexadecimal digits, random.
    CommentId
}
