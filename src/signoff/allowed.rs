//! The list of allowed signers, as `ssh-keygen -Y verify -f` reads it. Owns the parser and the question whether a list
//! vouches for a key; stricter than OpenSSH where that guards against a mistake, never laxer.
//!
//! Stricter: patterns (`*`, `?`, `!`) never match, certificate authorities are passed over, weak keys and key types outside
//! the short list are passed over. A line that cannot be read is noted and passed over, as OpenSSH does. Times without a final `Z` or `UTC` are local standard time, as OpenSSH takes them.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Dst, Offset, TimeZone};

use super::key::KeyInfo;
use super::text::{is_plain_principal, visible_line};
use crate::support::clock::stamp;

/// One line that vouches for a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedSigner {
    /// The line's number, 1-based.
    pub line: usize,
    /// Whom it vouches for.
    pub principals: Vec<String>,
    /// The key.
    pub key: KeyInfo,
    /// The namespaces it may sign in; `None` means any.
    pub namespaces: Option<Vec<String>>,
    /// Not before.
    pub valid_after: Option<Timestamp>,
    /// Not after.
    pub valid_before: Option<Timestamp>,
}

/// Something about a line that a reader should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineNote {
    /// The line's number, 1-based.
    pub line: usize,
    /// What, and what to do.
    pub words: String,
}

impl fmt::Display for LineNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Line {} of the allowed signers {}",
            self.line, self.words
        )
    }
}

/// A list of allowed signers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowedSigners {
    /// The lines that vouch for a key, in order.
    pub signers: Vec<AllowedSigner>,
    /// What was passed over, and why.
    pub notes: Vec<LineNote>,
}

/// Why a list does not vouch for a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// The principal is on no line.
    #[error(
        "the allowed signers do not name {principal}; add the line agreed in the contract, or ask for the principal that \
         the list names"
    )]
    UnknownPrincipal {
        /// The principal.
        principal: String,
    },
    /// The principal is there with other keys.
    #[error(
        "the allowed signers name {principal} with another key than {fingerprint}; somebody else signed, or the list needs \
         the new key, confirmed by voice"
    )]
    OtherKey {
        /// The principal.
        principal: String,
        /// The key that signed.
        fingerprint: String,
    },
    /// The key may not sign this.
    #[error(
        "line {line} of the allowed signers does not let this key sign in the namespace {namespace}; have its namespaces \
         option corrected"
    )]
    Namespace {
        /// The line.
        line: usize,
        /// The namespace.
        namespace: String,
    },
    /// Signed before the key was valid.
    #[error(
        "the key is valid only after {after} (line {line} of the allowed signers), and the record says it was signed at \
         {at}"
    )]
    NotYetValid {
        /// The line.
        line: usize,
        /// Its date.
        after: String,
        /// The time of signing.
        at: String,
    },
    /// Signed after the key was valid.
    #[error(
        "the key was valid until {before} (line {line} of the allowed signers), and the record says it was signed at {at}"
    )]
    Expired {
        /// The line.
        line: usize,
        /// Its date.
        before: String,
        /// The time of signing.
        at: String,
    },
}

impl AllowedSigners {
    /// Reads a list; `zone` is the zone of times without a final `Z`. What cannot be read is noted, never an error.
    pub fn parse(list: &[u8], zone: &TimeZone) -> Self {
        let mut out = Self::default();
        for (line, number) in list.split(|&b| b == b'\n').zip(1..) {
            match std::str::from_utf8(line) {
                Ok(text) => out.read_line(text, number, zone),
                Err(_) => out.note(number, "is not UTF-8; it is passed over"),
            }
        }
        out
    }

    /// Returns the line that vouches for a key of a principal in a namespace at a time.
    pub fn pin(
        &self,
        principal: &str,
        openssh: &str,
        fingerprint: &str,
        namespace: &str,
        at: Timestamp,
    ) -> Result<&AllowedSigner, PinError> {
        let named = || self.signers.iter().filter(|s| s.names(principal));
        let mut refusal = None;
        for signer in named().filter(|s| s.key.openssh == openssh) {
            match signer.permits(namespace, at) {
                Ok(()) => return Ok(signer),
                Err(error) => refusal = Some(error),
            }
        }
        let principal = visible_line(principal);
        Err(refusal.unwrap_or_else(|| {
            if named().next().is_none() {
                PinError::UnknownPrincipal { principal }
            } else {
                PinError::OtherKey {
                    principal,
                    fingerprint: fingerprint.to_owned(),
                }
            }
        }))
    }

    fn note(&mut self, line: usize, words: impl Into<String>) {
        self.notes.push(LineNote {
            line,
            words: words.into(),
        });
    }

    fn read_line(&mut self, line: &str, number: usize, zone: &TimeZone) {
        let line = line.trim_matches([' ', '\t', '\r']);
        if line.is_empty() || line.starts_with('#') {
            return;
        }
        let split = line.split_once([' ', '\t']);
        let Some((principals, rest)) = split.filter(|(names, _)| !names.contains('"')) else {
            self.note(
                number,
                "is not a principal, options and a key; it is passed over",
            );
            return;
        };
        let principals: Vec<String> = principals.split(',').map(str::to_owned).collect();
        let (options, key) = match split_options(rest.trim_start_matches([' ', '\t'])) {
            Ok(parts) => parts,
            Err(words) => return self.note(number, words),
        };
        let options = match Options::parse(options, zone) {
            Ok(options) => options,
            Err(words) => return self.note(number, words),
        };
        if options.authority {
            return self.note(
                number,
                "names a certificate authority; certificates do not count for sign-offs, so it is passed over",
            );
        }
        match KeyInfo::parse(key) {
            Ok(key) => self.admit(number, principals, key, options),
            Err(error) => self.note(number, format!("has no usable key: {error}")),
        }
    }

    fn admit(&mut self, line: usize, principals: Vec<String>, key: KeyInfo, options: Options) {
        if let Some(odd) = principals.iter().find(|name| !is_plain_principal(name)) {
            let words = format!(
                "has the principal \u{201c}{}\u{201d}, which is a pattern or not plain; it is passed over, name each person \
                 in full",
                visible_line(odd)
            );
            return self.note(line, words);
        }
        self.signers.push(AllowedSigner {
            line,
            principals,
            key,
            namespaces: options.namespaces,
            valid_after: options.valid_after,
            valid_before: options.valid_before,
        });
    }
}

impl AllowedSigner {
    fn names(&self, principal: &str) -> bool {
        self.principals.iter().any(|name| name == principal)
    }

    fn permits(&self, namespace: &str, at: Timestamp) -> Result<(), PinError> {
        let line = self.line;
        // Patterns in namespaces never match, as with principals.
        if let Some(names) = &self.namespaces
            && (!names.iter().any(|name| name == namespace)
                || names.iter().any(|name| name.starts_with('!')))
        {
            return Err(PinError::Namespace {
                line,
                namespace: namespace.to_owned(),
            });
        }
        // OpenSSH compares whole seconds.
        let second = at.as_second();
        if let Some(after) = self.valid_after.filter(|t| second < t.as_second()) {
            return Err(PinError::NotYetValid {
                line,
                after: stamp(after),
                at: stamp(at),
            });
        }
        if let Some(before) = self.valid_before.filter(|t| second > t.as_second()) {
            return Err(PinError::Expired {
                line,
                before: stamp(before),
                at: stamp(at),
            });
        }
        Ok(())
    }
}

/// Splits what follows the principals into options and key. A line without options begins with the key's type.
fn split_options(rest: &str) -> Result<(&str, &str), &'static str> {
    let first = rest.split([' ', '\t']).next().unwrap_or_default();
    let is_type = !first.contains(['"', '=', ','])
        && ["ssh-", "ecdsa-", "sk-"]
            .iter()
            .any(|start| first.starts_with(start));
    if is_type {
        return Ok(("", rest));
    }
    let (mut quoted, mut escaped) = (false, false);
    for (index, c) in rest.char_indices() {
        match c {
            '"' if !escaped => quoted = !quoted,
            ' ' | '\t' if !quoted => {
                return Ok((
                    &rest[..index],
                    rest[index..].trim_start_matches([' ', '\t']),
                ));
            }
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    Err("has no key after its options, or a quotation mark that is not closed; it is passed over")
}

/// The options of a line.
#[derive(Default)]
struct Options {
    authority: bool,
    namespaces: Option<Vec<String>>,
    valid_after: Option<Timestamp>,
    valid_before: Option<Timestamp>,
}

impl Options {
    fn parse(text: &str, zone: &TimeZone) -> Result<Self, String> {
        let mut out = Self::default();
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(['=', ',']).unwrap_or(rest.len());
            let name = rest[..end].to_ascii_lowercase();
            rest = &rest[end..];
            let value = match rest.strip_prefix('=') {
                Some(after) => Some(quoted_value(after, &mut rest)?),
                None => None,
            };
            out.set(&name, value, zone)?;
            match rest.strip_prefix(',') {
                Some("") => return Err("ends its options with a comma; it is passed over".into()),
                Some(after) => rest = after,
                None if rest.is_empty() => {}
                None => return Err("has options it cannot read; it is passed over".into()),
            }
        }
        if let (Some(after), Some(before)) = (out.valid_after, out.valid_before)
            && before <= after
        {
            return Err("is valid before it is valid after; it is passed over".into());
        }
        Ok(out)
    }

    fn set(&mut self, name: &str, value: Option<String>, zone: &TimeZone) -> Result<(), String> {
        let twice = || format!("has the option {name} twice; it is passed over");
        match (name, value) {
            ("cert-authority", None) => self.authority = true,
            ("namespaces", Some(value)) => {
                let names = value.split(',').map(str::to_owned).collect();
                if self.namespaces.replace(names).is_some() {
                    return Err(twice());
                }
            }
            ("valid-after", Some(value)) => {
                let time = parse_time(&value, zone).ok_or_else(|| no_time(name))?;
                if self.valid_after.replace(time).is_some() {
                    return Err(twice());
                }
            }
            ("valid-before", Some(value)) => {
                let time = parse_time(&value, zone).ok_or_else(|| no_time(name))?;
                if self.valid_before.replace(time).is_some() {
                    return Err(twice());
                }
            }
            (other, _) => {
                return Err(format!(
                    "has the option \u{201c}{}\u{201d}, which is unknown or lacks its value; it is passed over",
                    visible_line(other)
                ));
            }
        }
        Ok(())
    }
}

fn no_time(option: &str) -> String {
    format!(
        "has no time in {option} (YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, with a Z for UTC); it is passed over"
    )
}

/// Reads a value in quotation marks and moves `rest` behind it.
fn quoted_value<'a>(text: &'a str, rest: &mut &'a str) -> Result<String, String> {
    let unquoted = || "has an option without quotation marks; it is passed over".to_owned();
    let inside = text.strip_prefix('"').ok_or_else(unquoted)?;
    let mut value = String::new();
    let mut chars = inside.char_indices().peekable();
    while let Some((index, c)) = chars.next() {
        match c {
            '"' => {
                *rest = &inside[index + 1..];
                return Ok(value);
            }
            '\\' if chars.peek().is_some_and(|&(_, next)| next == '"') => {
                value.push('"');
                chars.next();
            }
            plain => value.push(plain),
        }
    }
    Err(unquoted())
}

/// Reads `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`, with a final `Z` or `UTC` for UTC.
fn parse_time(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let upper = text.to_ascii_uppercase();
    let utc = upper.strip_suffix('Z').or(upper.strip_suffix("UTC"));
    let digits = utc.unwrap_or(&upper);
    if !digits.bytes().all(|b| b.is_ascii_digit()) || ![8, 12, 14].contains(&digits.len()) {
        return None;
    }
    let part = |from: usize, to: usize| digits.get(from..to).map_or(Some(0), |d| d.parse().ok());
    let year = digits[..4].parse().ok()?;
    let civil = DateTime::new(
        year,
        part(4, 6)?,
        part(6, 8)?,
        part(8, 10)?,
        part(10, 12)?,
        part(12, 14)?,
        0,
    )
    .ok()?;
    let time = if utc.is_some() {
        Offset::UTC.to_timestamp(civil).ok()?
    } else {
        local_standard(civil, zone)?
    };
    (time.as_second() > 0).then_some(time)
}

/// Takes a civil time as standard time even in summer, as C's `mktime` does for OpenSSH.
fn local_standard(civil: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    let near = zone.to_ambiguous_timestamp(civil).compatible().ok()?;
    let here = zone.to_offset_info(near);
    let offset = match here.dst() {
        Dst::No => here.offset(),
        Dst::Yes => zone
            .following(near)
            .take(4)
            .find(|change| change.dst() == Dst::No)
            .map_or(here.offset(), |change| change.offset()),
    };
    offset.to_timestamp(civil).ok()
}

#[cfg(test)]
mod tests;
