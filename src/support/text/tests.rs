//! What passes, what becomes a token, and how wide it is.

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation as _;

use super::*;

fn shown(line: &[u8]) -> Vec<(String, PieceKind)> {
    pieces(line, 4)
        .into_iter()
        .map(|piece| (piece.text.into_owned(), piece.kind))
        .collect()
}

#[test]
fn escapes_and_controls_become_tokens_of_their_own() {
    assert_eq!(
        shown(b"a\x1b[31m\x7f\x00"),
        [
            ("a".to_owned(), PieceKind::Plain),
            ("␛".to_owned(), PieceKind::Token),
            ("[31m".to_owned(), PieceKind::Plain),
            ("␡".to_owned(), PieceKind::Token),
            ("␀".to_owned(), PieceKind::Token),
        ]
    );
    assert_eq!(visible("\u{9b}31m"), "⟦CSI⟧31m");
}

#[test]
fn the_traps_of_hostile_text_are_spelled_out() {
    for (text, expected) in [
        ("if (a\u{202E} b", "if (a⟦RLO⟧ b"),
        ("\u{2066}x\u{2069}", "⟦LRI⟧x⟦PDI⟧"),
        ("us\u{200B}er", "us⟦ZWSP⟧er"),
        ("a\u{200D}b", "a⟦ZWJ⟧b"),
        ("a\u{200C}b", "a⟦ZWNJ⟧b"),
        ("ok\u{E0041}\u{E0042}", "ok⟦U+E0041⟧⟦U+E0042⟧"),
        ("one\u{2028}two\u{2029}", "one⟦LSEP⟧two⟦PSEP⟧"),
        ("\u{FEFF}fn", "⟦BOM⟧fn"),
        ("a\u{FE0F}\u{FE00}", "a⟦VS16⟧⟦VS1⟧"),
        ("😀\u{E0101}\u{E0102}", "😀⟦VS18⟧⟦VS19⟧"),
        ("co\u{AD}op", "co⟦SHY⟧op"),
        ("x\u{3164}y", "x⟦U+3164⟧y"),
        ("over\rwritten", "over␍written"),
        ("two\nlines", "two⏎lines"),
        ("a🏽", "a⟦U+1F3FD⟧"),
        ("\u{FFFE}", "⟦U+FFFE⟧"),
        ("\u{115F}\u{1160}", "⟦U+115F⟧⟦U+1160⟧"),
    ] {
        assert_eq!(visible(text), expected, "{text:?}");
    }
}

#[test]
fn bytes_that_are_no_utf8_are_shown_in_hexadecimal() {
    assert_eq!(visible_bytes(b"caf\xe9 \xff\xfe"), "caf⟦E9⟧ ⟦FF⟧⟦FE⟧");
    assert_eq!(visible_bytes(b"\xe2\x82"), "⟦E2⟧⟦82⟧");
}

#[test]
fn tabs_reach_the_next_stop_whatever_stands_before() {
    let tabs = |line: &str, tab| -> Vec<usize> {
        pieces(line.as_bytes(), tab)
            .iter()
            .map(|piece| piece.width)
            .collect()
    };
    assert_eq!(tabs("\ta\tbc\t", 4), [4, 1, 3, 2, 2]);
    assert_eq!(tabs("界\tx", 4), [2, 2, 1]);
    assert_eq!(tabs("\u{1b}\tx", 8), [1, 7, 1]);
    assert_eq!(tabs("\t", 0), [1]);
}

#[test]
fn ordinary_text_of_many_scripts_passes_unchanged() {
    for text in [
        "",
        "let x = 1;",
        "naïve e\u{301}te\u{301}",
        "日本語 한국어",
        "👩‍💻 👨‍👩‍👧‍👦 👍🏽 ❤\u{FE0F} 1\u{FE0F}\u{20E3} 🇩🇪 🏳\u{FE0F}‍🌈",
        "می\u{200C}خواهم",
        "क\u{94D}\u{200D}ष",
        "葛\u{E0100}",
        "שלום عربي",
        "\u{a0}\u{3000}",
    ] {
        assert_eq!(visible(text), text);
        assert!(!has_hidden(text.as_bytes()), "{text:?}");
    }
    assert!(matches!(visible("日本語"), Cow::Borrowed(_)));
}

#[test]
fn a_mark_without_a_base_stands_on_a_dotted_circle() {
    assert_eq!(
        shown("\u{301}x".as_bytes())[0],
        ("◌\u{301}".to_owned(), PieceKind::Token)
    );
    assert_eq!(visible("a\t\u{301}"), "a   ◌\u{301}");
}

#[test]
fn marks_piled_up_without_end_are_cut_off() {
    let pile = format!("a{}", "\u{301}".repeat(40));
    let pieces = pieces(pile.as_bytes(), 4);
    assert_eq!(pieces[0].text.chars().count(), 1 + hidden::MOST_MARKS);
    assert!(pieces[1..].iter().all(|piece| piece.text == "⟦U+0301⟧"));
}

#[test]
fn lines_stay_lines_where_lines_are_wanted() {
    assert_eq!(visible_lines("a\r\nb\u{1b}\n"), "a\nb␛\n");
    assert_eq!(visible_lines("over\rwrite\r"), "over␍write␍");
    assert!(matches!(visible_lines("a\nb\n"), Cow::Borrowed(_)));
}

#[test]
fn hidden_characters_are_told_from_line_breaks_tabs_and_encodings() {
    assert!(!has_hidden(b"a\r\nb\tc\n"));
    assert!(!has_hidden(b"caf\xe9"));
    for text in [
        "a\u{202E}",
        "a\u{200B}b",
        "\u{E0041}",
        "a\rb\n",
        "\u{1b}[2J",
        "é\u{2028}",
    ] {
        assert!(has_hidden(text.as_bytes()), "{text:?}");
    }
}

#[test]
fn a_cut_is_marked_and_never_splits_a_character() {
    assert_eq!(fit("service.py", 10), "service.py");
    assert_eq!(fit("service.py", 6), "servi…");
    assert_eq!(fit("日本語", 4), "日…");
    assert_eq!(fit("e\u{301}e\u{301}e\u{301}", 2), "e\u{301}…");
    assert_eq!(fit("abc", 0), "");
    assert_eq!(
        fit_start("src/shop/orders/service.py", 20),
        "…/orders/service.py"
    );
    assert_eq!(fit_start("a_very_long_name_of_a_file.py", 10), "…a_file.py");
    assert_eq!(fit_start("日本語", 4), "…語");
}

#[test]
fn wrapping_breaks_at_blanks_and_keeps_paragraphs_and_indentation() {
    assert_eq!(
        wrap("How many round trips\n\n  for a page of rows?\n", 12),
        ["How many", "round trips", "", "  for a page", "  of rows?"]
    );
    assert_eq!(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
    assert_eq!(wrap("日本語", 1), ["日", "本", "語"]);
    assert!(wrap("", 5).is_empty());
}

/// Text in which hostile characters are frequent and stand beside legitimate ones.
fn hostile() -> impl Strategy<Value = String> {
    let pick = |text: &'static str| {
        let all: Vec<char> = text.chars().collect();
        (0..all.len()).prop_map(move |index| all[index])
    };
    let tricky = pick(
        "a1#\t\n\r\u{1b}\u{0}\u{7f}\u{85}\u{9b}\u{ad}\u{301}\u{34f}\u{200b}\u{200c}\u{200d}\u{200e}\u{202e}\u{2028}\
         \u{2066}\u{fe00}\u{fe0f}\u{feff}\u{e0041}\u{e0101}\u{e007f}\u{1f3f4}👩💻🏽🇩❤日م\u{915}\u{94d}\u{1100}\u{1160}\
         \u{11a8}\u{115f}\u{3164}\u{180b}\u{1820}\u{600}\u{605}\u{20e3}\u{ff9e}",
    );
    proptest::collection::vec(prop_oneof![3 => tricky, 1 => any::<char>()], 0..40)
        .prop_map(|characters| characters.into_iter().collect())
}

fn is_forbidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e00ff}')
}

proptest! {
    #[test]
    fn nothing_hidden_is_left_in_what_is_shown(text in hostile()) {
        let line = visible(&text).into_owned();
        prop_assert!(!line.chars().any(is_forbidden), "{line:?}");
        prop_assert!(!visible_bytes(text.as_bytes()).chars().any(is_forbidden));
        prop_assert!(!visible_lines(&text).chars().any(|c| c != '\n' && is_forbidden(c)));
        prop_assert!(line.graphemes(true).all(|grapheme| width(grapheme) > 0), "{line:?}");
        prop_assert_eq!(visible(&line), line.clone());
    }

    #[test]
    fn a_joiner_is_left_only_between_letters_or_pictographs(text in hostile()) {
        let line: Vec<char> = visible(&text).chars().collect();
        for (index, &character) in line.iter().enumerate() {
            if matches!(character, '\u{200c}' | '\u{200d}') {
                prop_assert!(index > 0 && !line[index - 1].is_ascii());
                prop_assert!(line.get(index + 1).is_some_and(|next| !next.is_ascii()));
            }
        }
    }

    #[test]
    fn pieces_tile_the_line_and_their_widths_add_up(
        bytes in prop_oneof![proptest::collection::vec(any::<u8>(), 0..60), hostile().prop_map(String::into_bytes)],
        tab in 0_usize..9,
    ) {
        let pieces = pieces(&bytes, tab);
        let mut at = 0;
        for piece in &pieces {
            prop_assert_eq!(piece.source.start, at);
            prop_assert!(piece.source.end > at && piece.width > 0);
            prop_assert_eq!(piece.width, width(&piece.text));
            at = piece.source.end;
        }
        prop_assert_eq!(at, bytes.len());
        let line: String = pieces.iter().map(|piece| piece.text.as_ref()).collect();
        prop_assert_eq!(width(&line), pieces.iter().map(|piece| piece.width).sum::<usize>());
    }

    #[test]
    fn a_cut_never_exceeds_its_columns(text in hostile(), columns in 0_usize..30) {
        prop_assert!(width(&fit(&text, columns)) <= columns);
        prop_assert!(width(&fit_start(&text, columns)) <= columns);
    }

    #[test]
    fn wrapping_loses_no_word_and_exceeds_no_line(text in hostile(), columns in 2_usize..20) {
        let text = visible_lines(&text).into_owned();
        let lines = wrap(&text, columns);
        for line in &lines {
            let alone = line.trim_start().graphemes(true).count() == 1;
            prop_assert!(width(line) <= columns || alone, "{lines:?}");
        }
        let bare = |text: &str| -> String { text.chars().filter(|c| !matches!(c, ' ' | '\n')).collect() };
        prop_assert_eq!(bare(&lines.concat()), bare(&text));
    }
}

#[test]
fn the_beginning_of_a_text_says_that_there_is_more() {
    assert_eq!(visible_start("a\u{1b}b", 3), "a␛b");
    assert_eq!(visible_start("a\u{1b}bc", 3), "a␛b…");
    assert_eq!(visible_start("ééé", 2), "éé…");
}
