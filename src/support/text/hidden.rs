//! Which characters may pass to the reader as they are, and the names of those that may not.
//!
//! The lists follow Unicode's `Default_Ignorable_Code_Point`, `Bidi_Control` and `Cc`, and UTS #51 for emoji; ranges of
//! pictographs and of scripts are wider than the properties, which lets a rare pointless selector pass and no more.

use unicode_normalization::char::is_combining_mark;
use unicode_width::UnicodeWidthChar as _;

/// How many marks may stand on one base; real orthographies stay below, stacked marks that cover other lines do not.
pub(super) const MOST_MARKS: usize = 8;

/// Tells whether a character is a mark that takes no column of its own and is seen on its base.
pub(super) fn is_mark(character: char) -> bool {
    !is_invisible(character) && is_combining_mark(character) && character.width() == Some(0)
}

/// Tells whether a character may be shown between its neighbours: the character kept before it in its grapheme, the one
/// after it in its grapheme, and the one after it in the text.
pub(super) fn passes(
    before: Option<char>,
    character: char,
    inside: Option<char>,
    after: Option<char>,
) -> bool {
    match character {
        '\u{200C}' => joins_letters(before, after),
        '\u{200D}' => joins_pictographs(before, inside) || joins_letters(before, after),
        '\u{FE0E}' | '\u{FE0F}' => before.is_some_and(|base| {
            is_pictograph(base) || is_keycap_base(base) && inside == Some('\u{20E3}')
        }),
        '\u{FE00}'..='\u{FE0D}' => before
            .is_some_and(|base| is_ideograph(base) || ('\u{2200}'..='\u{22FF}').contains(&base)),
        '\u{E0100}'..='\u{E01EF}' => before.is_some_and(is_ideograph),
        '\u{180B}'..='\u{180D}' | '\u{180F}' => {
            before.is_some_and(|base| ('\u{1820}'..='\u{18AA}').contains(&base))
        }
        // On anything else no two terminals agree how wide a skin tone is.
        _ if is_skin_tone(character) => {
            before.is_some_and(|base| is_pictograph(base) && !is_skin_tone(base))
        }
        _ => !character.is_control() && !is_invisible(character),
    }
}

fn joins_pictographs(before: Option<char>, inside: Option<char>) -> bool {
    let base = |c| is_pictograph(c) || c == '\u{FE0F}';
    before.is_some_and(base) && inside.is_some_and(|c| is_pictograph(c) && !is_skin_tone(c))
}

/// Tells whether a joiner stands between letters of one script in which joining is spelling.
fn joins_letters(before: Option<char>, after: Option<char>) -> bool {
    let is_letter = |c: &char| c.is_alphabetic() || is_combining_mark(*c);
    let script = |c: Option<char>| {
        c.filter(|c| is_letter(c) && !is_invisible(*c))
            .and_then(joiner_script)
    };
    script(before).is_some_and(|of| script(after) == Some(of))
}

/// Returns a number for the script of a character, if joiners are part of writing it.
fn joiner_script(character: char) -> Option<u32> {
    let code = u32::from(character);
    match code {
        // Arabic with its supplements and extensions.
        0x0600..=0x06FF | 0x0750..=0x077F | 0x0870..=0x08FF => Some(0x0600),
        // Syriac.
        0x0700..=0x074F => Some(0x0700),
        // Devanagari to Sinhala, a block of 128 each.
        0x0900..=0x0DFF => Some(code & !0x7F),
        // Tibetan, Myanmar, Khmer, Mongolian.
        0x0F00..=0x0FFF => Some(0x0F00),
        0x1000..=0x109F => Some(0x1000),
        0x1780..=0x17FF => Some(0x1780),
        0x1800..=0x18AF => Some(0x1800),
        _ => None,
    }
}

fn is_keycap_base(character: char) -> bool {
    matches!(character, '0'..='9' | '#' | '*')
}

fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}')
}

fn is_skin_tone(character: char) -> bool {
    ('\u{1F3FB}'..='\u{1F3FF}').contains(&character)
}

fn is_pictograph(character: char) -> bool {
    matches!(character,
        '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2194}'..='\u{21AA}'
        | '\u{231A}'..='\u{23FF}' | '\u{24C2}' | '\u{25AA}'..='\u{25FE}' | '\u{2600}'..='\u{27BF}'
        | '\u{2934}' | '\u{2935}' | '\u{2B05}'..='\u{2B55}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}'
        | '\u{1F000}'..='\u{1FAFF}')
}

/// Tells whether a character leaves no mark of its own on the screen, or ends or reorders what is around it. Controls are
/// not among them: they act.
pub fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
        || u32::from(character) & 0xFFFE == 0xFFFE
        || ('\u{FDD0}'..='\u{FDEF}').contains(&character)
}

/// Returns what stands in for a character that does not pass: its picture, its short name or its code (`␛`, `⟦RLO⟧`,
/// `⟦U+1160⟧`).
pub fn token(character: char) -> String {
    let name = match character {
        '\n' => return "⏎".to_owned(),
        '\u{0}'..='\u{1F}' => return control_picture(character),
        '\u{7F}' => return "␡".to_owned(),
        '\u{85}' => "NEL",
        '\u{9B}' => "CSI",
        '\u{AD}' => "SHY",
        '\u{34F}' => "CGJ",
        '\u{61C}' => "ALM",
        '\u{200B}' => "ZWSP",
        '\u{200C}' => "ZWNJ",
        '\u{200D}' => "ZWJ",
        '\u{200E}' => "LRM",
        '\u{200F}' => "RLM",
        '\u{2028}' => "LSEP",
        '\u{2029}' => "PSEP",
        '\u{202A}' => "LRE",
        '\u{202B}' => "RLE",
        '\u{202C}' => "PDF",
        '\u{202D}' => "LRO",
        '\u{202E}' => "RLO",
        '\u{2060}' => "WJ",
        '\u{2066}' => "LRI",
        '\u{2067}' => "RLI",
        '\u{2068}' => "FSI",
        '\u{2069}' => "PDI",
        '\u{FEFF}' => "BOM",
        '\u{FE00}'..='\u{FE0F}' => return format!("⟦VS{}⟧", u32::from(character) - 0xFE00 + 1),
        '\u{E0100}'..='\u{E01EF}' => return format!("⟦VS{}⟧", u32::from(character) - 0xE0100 + 17),
        _ => return format!("⟦U+{:04X}⟧", u32::from(character)),
    };
    format!("⟦{name}⟧")
}

fn control_picture(control: char) -> String {
    char::from_u32(0x2400 + u32::from(control))
        .map(String::from)
        .expect("U+2400 to U+241F are the pictures of U+0000 to U+001F")
}
