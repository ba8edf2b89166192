//! Numbers with a fraction, exact to six places: prices, rates, per cents. Owns their spelling; refuses binary floating
//! point, because what is printed for a client must add up.

use std::fmt;

use super::number::grouped;

/// Millionths in one.
const ONE: u64 = 1_000_000;
/// Places after the point.
const PLACES: usize = 6;

/// A number from 0 on, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decimal(pub u64);

/// Why a text is no such number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecimalFault {
    /// It is no number, or one in another notation.
    NotANumber,
    /// It is below zero.
    Negative,
    /// It has more than six places after the point.
    TooFine,
    /// It is larger than eighteen million million.
    TooLarge,
}

impl Decimal {
    /// Returns a whole number.
    pub const fn whole(n: u64) -> Self {
        Self(n.saturating_mul(ONE))
    }

    /// Reads `0.002`, `1_200.5` or `1,200.5`.
    pub fn parse(text: &str) -> Result<Self, DecimalFault> {
        let text = text.trim();
        if let Some(rest) = text.strip_prefix('-') {
            return Self::parse(rest).and(Err(DecimalFault::Negative));
        }
        let plain: String = text
            .chars()
            .filter(|c| !matches!(c, '_' | ',' | ' '))
            .collect();
        let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let ends_in_point = plain.ends_with('.');
        if whole.is_empty() || ends_in_point || !digits(whole) || !digits(part) {
            return Err(DecimalFault::NotANumber);
        }
        let part = part.trim_end_matches('0');
        if part.len() > PLACES {
            return Err(DecimalFault::TooFine);
        }
        let whole: u64 = whole.parse().map_err(|_| DecimalFault::TooLarge)?;
        let part: u64 = format!("{part:0<PLACES$}").parse().unwrap_or(0);
        whole
            .checked_mul(ONE)
            .and_then(|millionths| millionths.checked_add(part))
            .map(Self)
            .ok_or(DecimalFault::TooLarge)
    }

    /// Returns the product, rounded down to a millionth; the largest number where it would be larger.
    pub fn times(self, other: Self) -> Self {
        let product = u128::from(self.0) * u128::from(other.0) / u128::from(ONE);
        Self(u64::try_from(product).unwrap_or(u64::MAX))
    }

    /// Returns the quotient, rounded down to a millionth; `None` for a division by nothing.
    pub fn over(self, other: Self) -> Option<Self> {
        let quotient = (u128::from(self.0) * u128::from(ONE)).checked_div(u128::from(other.0))?;
        Some(Self(u64::try_from(quotient).unwrap_or(u64::MAX)))
    }

    /// Returns the difference, or nothing where it would be below zero.
    pub fn less(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Returns the number with at most so many places after the point, rounded to the nearest.
    pub fn rounded(self, places: u32) -> Self {
        let step = ONE / 10u64.pow(places.min(PLACES as u32));
        Self(self.0.saturating_add(step / 2) / step * step)
    }

    /// Returns the whole part.
    pub fn floor(self) -> u64 {
        self.0 / ONE
    }

    /// Returns the number as TOML writes it.
    pub fn plain(self) -> String {
        let (whole, part) = (self.0 / ONE, self.0 % ONE);
        if part == 0 {
            return whole.to_string();
        }
        format!("{whole}.{}", format!("{part:06}").trim_end_matches('0'))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / ONE, self.0 % ONE);
        f.write_str(&grouped(whole))?;
        if part == 0 {
            return Ok(());
        }
        write!(f, ".{}", format!("{part:06}").trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Decimal {
        Decimal::parse(text).expect("a number")
    }

    #[test]
    fn numbers_are_read_exactly_and_printed_with_thousands_parted() {
        assert_eq!(of("0.002").to_string(), "0.002");
        assert_eq!(of("1_200.50").to_string(), "1,200.5");
        assert_eq!(of("99.95").plain(), "99.95");
        assert_eq!(of("1,200").plain(), "1200");
    }

    #[test]
    fn what_is_no_number_says_how() {
        assert_eq!(Decimal::parse("-3"), Err(DecimalFault::Negative));
        assert_eq!(Decimal::parse("0.0000001"), Err(DecimalFault::TooFine));
        assert_eq!(
            Decimal::parse("99999999999999999999"),
            Err(DecimalFault::TooLarge)
        );
        for bad in ["", ".", "1.", "1e9", "-x", "ten", "1.2.3", "∞"] {
            assert_eq!(Decimal::parse(bad), Err(DecimalFault::NotANumber), "{bad}");
        }
    }

    #[test]
    fn products_and_quotients_are_exact_to_a_millionth() {
        assert_eq!(of("120").times(of("0.002")), of("0.24"));
        assert_eq!(of("1").over(of("3")), Some(of("0.333333")));
        assert_eq!(of("1").over(Decimal(0)), None);
        assert_eq!(of("2.345").rounded(2), of("2.35"));
        assert_eq!(Decimal(u64::MAX).times(of("2")), Decimal(u64::MAX));
    }
}
