//! Whole screens.
use super::stage::Stage;
