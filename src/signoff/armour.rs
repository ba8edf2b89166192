//! The armour around an SSH signature. Owns one spelling, the one `ssh-keygen` writes, and refuses every other: line ends,
//! wrapping, padding, and anything before or after it.
//!
//! Verifiers differ in what they let pass around a signature; with one spelling they cannot.

const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----\n";
const END: &str = "-----END SSH SIGNATURE-----\n";
/// Characters per line, as `ssh-keygen` wraps.
const WIDTH: usize = 70;
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Returns the bytes inside the armour; `None` where the text is not exactly what [`write_armour`] makes of them.
pub fn read_armour(text: &[u8]) -> Option<Vec<u8>> {
    let inside = text.strip_prefix(BEGIN.as_bytes())?;
    let inside = inside.strip_suffix(END.as_bytes())?;
    let blob = decode(inside)?;
    (write_armour(&blob).as_bytes() == text).then_some(blob)
}

/// Returns bytes in armour.
pub fn write_armour(blob: &[u8]) -> String {
    let mut out = String::from(BEGIN);
    for (index, c) in encode(blob).chars().enumerate() {
        if index > 0 && index % WIDTH == 0 {
            out.push('\n');
        }
        out.push(c);
    }
    out.push('\n');
    out.push_str(END);
    out
}

/// Returns bytes in Base64 with padding.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk
            .iter()
            .zip([16, 8, 0])
            .fold(0u32, |word, (&byte, shift)| word | u32::from(byte) << shift);
        for (index, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            if index <= chunk.len() {
                out.push(char::from(ALPHABET[(word >> shift & 63) as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

/// Reads Base64, leniently: the caller compares with what [`encode`] would have written.
fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut word, mut bits) = (0u32, 0);
    for &c in text.iter().filter(|&&c| c != b'\n' && c != b'=') {
        let value = ALPHABET.iter().position(|&a| a == c)? as u32;
        word = word << 6 | value;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((word >> bits) as u8);
            word &= (1 << bits) - 1;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bytes_survive_their_armour(blob in prop::collection::vec(any::<u8>(), 1..300)) {
            prop_assert_eq!(read_armour(write_armour(&blob).as_bytes()), Some(blob));
        }

        #[test]
        fn armour_with_any_byte_changed_is_other_bytes_or_refused(
            blob in prop::collection::vec(any::<u8>(), 1..200),
            at in any::<prop::sample::Index>(),
            flip in 1u8..,
        ) {
            let mut text = write_armour(&blob).into_bytes();
            let at = at.index(text.len());
            text[at] ^= flip;
            prop_assert_ne!(read_armour(&text), Some(blob));
        }
    }

    #[test]
    fn only_one_spelling_is_read() {
        let text = write_armour(&[7; 100]);
        for other in [
            format!(" {text}"),
            format!("{text}\n"),
            format!("{text}junk"),
            text.replace('\n', "\r\n"),
            text.trim_end().to_owned(),
            text.replacen("\nB", "\n\nB", 1),
        ] {
            assert_eq!(read_armour(other.as_bytes()), None, "{other:?}");
        }
        assert!(read_armour(text.as_bytes()).is_some());
    }
}
