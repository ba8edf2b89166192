//! What a flag creates.

use std::fmt;

use jiff::civil::Date;

use super::{Anchor, FindingId, ItemId};

/// How bad it is; ordered from least to most severe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Costs something, some day.
    Minor,
    /// Will hurt in production.
    Major,
    /// Must not reach production.
    Blocker,
}

impl Severity {
    /// All of them, most severe first.
    pub const ALL: [Self; 4] = [Self::Blocker, Self::Major, Self::Minor, Self::Note];

    /// Returns the stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Minor => "minor",
            Self::Major => "major",
            Self::Blocker => "blocker",
        }
    }

    /// Reads [`Severity::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|severity| severity.name() == name)
    }
}

/// Until when something holds: a day, or a milestone in words ("10,000 users").
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Horizon {
    /// The last day it holds.
    Date(Date),
    /// A milestone.
    Milestone(String),
}

impl Horizon {
    /// Reads a date where the text is one (`2027-03-31`), a milestone otherwise; `None` for blank text.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        Some(
            text.parse()
                .map_or_else(|_| Self::Milestone(text.to_owned()), Self::Date),
        )
    }
}

impl fmt::Display for Horizon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => date.fmt(f),
            Self::Milestone(text) => f.write_str(text),
        }
    }
}

/// What is to be done about a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disposition {
    /// Before launch.
    FixBeforeLaunch,
    /// Later.
    CanWait {
        /// Until when it can.
        until: Horizon,
    },
    /// Never, knowingly.
    AcceptedRisk {
        /// Who carries it.
        by: String,
        /// Until when, if not for good.
        until: Option<Horizon>,
    },
}

impl Disposition {
    /// Returns the stable name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::FixBeforeLaunch => "fix-before-launch",
            Self::CanWait { .. } => "can-wait",
            Self::AcceptedRisk { .. } => "accepted-risk",
        }
    }

    /// Returns until when it holds, where it does.
    pub fn until(&self) -> Option<&Horizon> {
        match self {
            Self::FixBeforeLaunch => None,
            Self::CanWait { until } => Some(until),
            Self::AcceptedRisk { until, .. } => until.as_ref(),
        }
    }
}

/// Something wrong, with evidence and a way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its id.
    pub id: FindingId,
    /// The item it answers.
    pub item: ItemId,
    /// One line.
    pub title: String,
    /// How bad.
    pub severity: Severity,
    /// What is to be done.
    pub disposition: Disposition,
    /// What is wrong here and what follows from it; may be empty.
    pub note: String,
    /// The places that show it.
    pub evidence: Vec<Anchor>,
    /// The way out.
    pub mitigation: String,
    /// The effort the way out takes, in the reviewer's words (`2 days`); may be empty.
    pub effort: String,
    /// Who deals with it; may be empty.
    pub owner: String,
    /// The day by which it is to be dealt with, where one was agreed.
    pub due: Option<Date>,
}

impl Finding {
    /// Tells whether it stands against an unconditional approval: a blocker whose risk nobody accepted.
    pub fn is_open_blocker(&self) -> bool {
        self.severity == Severity::Blocker
            && !matches!(self.disposition, Disposition::AcceptedRisk { .. })
    }
}
