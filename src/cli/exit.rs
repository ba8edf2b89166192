//! Exit codes, all of them.

use std::process::ExitCode;

use crate::workbench::ActFailure;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: done; for `verify`, valid.
    Ok,
    /// 1: the answer is no; for `verify`, invalid or another change.
    No,
    /// 2: bad input, or something could not be done or checked; nothing was written.
    BadInput,
    /// 3: `verify`: authentic, but refused by policy (rejected, lapsed).
    Refused,
    /// 4: the disk did not take what was to be saved; nothing was written.
    NotSaved,
    /// 5: done and recorded, but standard output did not take the answer.
    NotPrinted,
    /// 143: a signal ended the screen; everything shown as saved is.
    Terminated,
}

impl Exit {
    /// Returns the number.
    pub fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::No => 1,
            Self::BadInput => 2,
            Self::Refused => 3,
            Self::NotSaved => 4,
            Self::NotPrinted => 5,
            Self::Terminated => 143,
        }
    }

    /// Returns the code an error ends with.
    pub fn of(error: &anyhow::Error) -> Self {
        match error.downcast_ref::<ActFailure>() {
            Some(ActFailure::NotSaved(_)) => Self::NotSaved,
            Some(ActFailure::Refused(_)) | None => Self::BadInput,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}
