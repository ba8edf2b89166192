//! Decisions.

use jiff::civil::Date;

/// One person's decision on one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Looked at and found good.
    Accepted {
        /// Why.
        reason: String,
    },
    /// Found wanting; the findings say what.
    Flagged,
    /// Cannot occur in this change.
    NotApplicable {
        /// Why.
        reason: String,
    },
    /// The risk is carried by a named person until a date.
    Waived {
        /// Who carries it.
        by: String,
        /// Why.
        reason: String,
        /// The last day it holds.
        until: Date,
    },
}

/// Which decision, without its particulars; ordered from least to most severe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VerdictKind {
    /// See [`Verdict::NotApplicable`].
    NotApplicable,
    /// See [`Verdict::Accepted`].
    Accepted,
    /// See [`Verdict::Waived`].
    Waived,
    /// See [`Verdict::Flagged`].
    Flagged,
}

impl Verdict {
    /// Returns which decision it is.
    pub fn kind(&self) -> VerdictKind {
        match self {
            Self::Accepted { .. } => VerdictKind::Accepted,
            Self::Flagged => VerdictKind::Flagged,
            Self::NotApplicable { .. } => VerdictKind::NotApplicable,
            Self::Waived { .. } => VerdictKind::Waived,
        }
    }

    /// Returns the stated reason; a flag's reasons are its findings.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Accepted { reason }
            | Self::NotApplicable { reason }
            | Self::Waived { reason, .. } => Some(reason),
            Self::Flagged => None,
        }
    }
}

impl VerdictKind {
    /// Returns the stable name used in stored and printed forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Flagged => "flagged",
            Self::NotApplicable => "not-applicable",
            Self::Waived => "waived",
        }
    }
}

/// The decision a sign-off states for the whole change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignoffVerdict {
    /// May go to production as it is.
    Approved,
    /// May go once the named findings are dealt with.
    ApprovedWithConditions,
    /// Must not go.
    Rejected,
}

impl SignoffVerdict {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Approved, Self::ApprovedWithConditions, Self::Rejected];

    /// Returns the stable name used on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::ApprovedWithConditions => "approved-with-conditions",
            Self::Rejected => "rejected",
        }
    }

    /// Reads [`SignoffVerdict::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.name() == name)
    }
}
