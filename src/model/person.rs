//! Who acts.

/// A person: a printed name and an address that identifies them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Person {
    /// The printed name.
    pub name: String,
    /// The address; two writers with the same address are the same person.
    pub email: String,
}

impl Person {
    /// Returns what two writers must share to be the same person: the address, lower-cased.
    pub fn key(&self) -> String {
        self.email.to_lowercase()
    }
}
