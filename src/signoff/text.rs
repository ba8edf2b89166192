//! Which text may be signed. Owns the rule, refuses to own the terminal's: what a signer supplies is refused when it
//! could be read in two ways; what comes from the reviewed change is made visible instead, so that it can be stated.

use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_security::MixedScript;

use crate::support::text;

/// Why a text the signer supplied cannot be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextFault {
    /// Nothing in it.
    #[error("{field} is empty; type it as it is to stand in the record")]
    Empty {
        /// Which field.
        field: &'static str,
    },
    /// Something that cannot be seen, or that changes the order of what is seen.
    #[error(
        "{field} holds the invisible or control character U+{code:04X}, so a reader could see something else than what \
         is signed; type it again without that character"
    )]
    Hidden {
        /// Which field.
        field: &'static str,
        /// The character.
        code: u32,
    },
    /// Too long for a field.
    #[error("{field} has {length} characters, at most {limit} are allowed; shorten it")]
    Long {
        /// Which field.
        field: &'static str,
        /// How many characters it has.
        length: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// A principal that a trust list could read as something else.
    #[error(
        "the principal {principal:?} is not plain: use ASCII letters, digits and `@ . _ + - / : ~ %` only, as in \
         `you@firm.example`, because wildcards, commas, quotes and blanks mean something else in a list of allowed signers"
    )]
    Principal {
        /// What was given, made visible.
        principal: String,
    },
}

/// The longest one-line field, in characters.
const LINE_LIMIT: usize = 200;
/// The longest statement, in characters.
const STATEMENT_LIMIT: usize = 8_000;
/// The longest principal; stock OpenSSH gives up on patterns over 1,023 bytes.
const PRINCIPAL_LIMIT: usize = 200;

/// Checks and normalises (NFC) a one-line text the signer supplied.
pub fn signer_line(field: &'static str, text: &str) -> Result<String, TextFault> {
    signer_text(field, text, LINE_LIMIT, |_| false)
}

/// Checks and normalises (NFC) a text the signer supplied that may have several lines.
pub fn signer_statement(field: &'static str, text: &str) -> Result<String, TextFault> {
    let text = text.replace("\r\n", "\n");
    signer_text(field, &text, STATEMENT_LIMIT, |c| c == '\n')
}

fn signer_text(
    field: &'static str,
    text: &str,
    limit: usize,
    allowed: impl Fn(char) -> bool,
) -> Result<String, TextFault> {
    let text: String = text.trim().nfc().collect();
    if text.is_empty() {
        return Err(TextFault::Empty { field });
    }
    if let Some(hidden) = text.chars().find(|&c| is_hidden(c) && !allowed(c)) {
        let code = u32::from(hidden);
        return Err(TextFault::Hidden { field, code });
    }
    let length = text.chars().count();
    if length > limit {
        return Err(TextFault::Long {
            field,
            length,
            limit,
        });
    }
    Ok(text)
}

/// Checks a principal: plain ASCII that no list of allowed signers reads as a pattern, an option or a comment.
pub fn check_principal(principal: &str) -> Result<(), TextFault> {
    if is_plain_principal(principal) {
        return Ok(());
    }
    Err(TextFault::Principal {
        principal: visible(principal),
    })
}

/// Tells whether a principal is plain.
pub fn is_plain_principal(principal: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"@._+-/:~%".contains(&b);
    !principal.is_empty()
        && principal.len() <= PRINCIPAL_LIMIT
        && !principal.starts_with('-')
        && principal.bytes().all(plain)
}

/// Returns foreign text as it may stand in a record: NFC, lines ended by `\n`, and a visible token such as `⟦RLO⟧` in
/// place of every character that cannot be seen or that reorders what is seen. Stricter than the screen: joiners and
/// selectors become tokens wherever they stand, since no two readers draw them alike.
pub fn visible(text: &str) -> String {
    statable(&text::visible_lines(text))
}

/// Returns foreign text as [`visible`] does, in one line.
pub fn visible_line(text: &str) -> String {
    statable(&text::visible(text))
}

/// Puts tokens for what the screen lets pass and a record does not.
fn statable(shown: &str) -> String {
    let mut out = String::with_capacity(shown.len());
    for c in shown.nfc() {
        if is_hidden(c) && c != '\n' {
            out.push_str(&text::token(c));
        } else {
            out.push(c);
        }
    }
    // A token can end a composition that began before it, so the result is normal only when composed again.
    if is_nfc(&out) {
        out
    } else {
        out.nfc().collect()
    }
}

/// Tells whether a text may stand in a record.
pub fn is_signable(text: &str) -> bool {
    is_nfc(text) && !text.chars().any(|c| is_hidden(c) && c != '\n')
}

/// Returns what a reader should know about a printed name before it is signed, as sentences; excludes nothing.
pub fn name_remarks(name: &str) -> Vec<String> {
    if name.is_single_script() {
        return Vec::new();
    }
    vec![format!(
        "The name \u{201c}{}\u{201d} mixes scripts, so letters that look alike may differ; check it letter by letter.",
        visible_line(name)
    )]
}

/// Characters without a glyph of their own, and those that reorder the text around them.
fn is_hidden(c: char) -> bool {
    c.is_control() || text::is_invisible(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_signer_supplies_is_refused_when_it_could_be_read_in_two_ways() {
        assert_eq!(signer_line("name", " Dana Levi "), Ok("Dana Levi".into()));
        for hidden in ["a\u{202e}b", "a\u{200b}b", "a\x1b[31m", "a\nb", "a\u{9b}b"] {
            assert!(matches!(
                signer_line("name", hidden),
                Err(TextFault::Hidden { .. })
            ));
        }
        assert!(matches!(
            signer_line("name", "  "),
            Err(TextFault::Empty { .. })
        ));
        assert!(matches!(
            signer_line("name", &"x".repeat(201)),
            Err(TextFault::Long { .. })
        ));
        assert_eq!(signer_statement("statement", "a\r\nb"), Ok("a\nb".into()));
    }

    #[test]
    fn a_name_is_stored_composed() {
        assert_eq!(
            signer_line("name", "Jose\u{301}"),
            Ok("Jos\u{e9}".to_owned())
        );
    }

    #[test]
    fn a_principal_that_a_trust_list_reads_as_a_pattern_is_refused() {
        assert!(check_principal("dana@levi.example").is_ok());
        for bad in [
            "*",
            "a?b",
            "!a",
            "a,b",
            "a b",
            "\"a\"",
            "#a",
            "a=b",
            "",
            "-a",
            "d\u{430}na",
        ] {
            assert!(check_principal(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_name_of_mixed_scripts_is_remarked_on() {
        assert!(name_remarks("Dana Levi").is_empty());
        assert_eq!(name_remarks("D\u{430}na Levi").len(), 1);
    }

    #[test]
    fn foreign_text_is_stated_with_tokens_for_what_cannot_be_seen() {
        assert_eq!(
            visible("a\u{202e}b\r\nc\u{1b}[2J\u{200b}"),
            "a⟦RLO⟧b\nc␛[2J⟦ZWSP⟧"
        );
        assert_eq!(visible_line("a\nb"), "a⏎b");
        // A terminal may draw it as one heart; a record spells it.
        assert_eq!(visible("\u{2764}\u{fe0f}"), "\u{2764}⟦VS16⟧");
    }

    proptest! {
        #[test]
        fn foreign_text_made_visible_may_always_be_signed(text in any::<String>()) {
            prop_assert!(is_signable(&visible(&text)));
        }
    }
}
