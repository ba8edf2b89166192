//! The themes that come along, and how a user's own is read.

use ratatui::style::Color;

use super::*;

const COLORED: [&str; 4] = ["dark", "light", "contrast", "colorblind"];

fn theme(name: &str) -> Theme {
    let (_, source) = load::BUILTIN
        .iter()
        .find(|(known, _)| *known == name)
        .expect("it is built in");
    load::parse(name, source).unwrap_or_else(|mistakes| panic!("{name}: {mistakes:?}"))
}

fn luminance(color: Color) -> f64 {
    let Color::Rgb(red, green, blue) = color else {
        panic!("{color} has no value of its own");
    };
    let linear = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

/// Returns the contrast of two colours as WCAG 2 defines it.
fn contrast(style: Style) -> f64 {
    let fg = luminance(style.fg.expect("it has a foreground"));
    let bg = luminance(style.bg.expect("it has a background"));
    (fg.max(bg) + 0.05) / (fg.min(bg) + 0.05)
}

/// Returns the styles that text appears in, each as it is composed on the screen.
fn composed(theme: &Theme) -> Vec<(String, Style)> {
    let on = |below: &[Role], role: Role| {
        let names: Vec<&str> = below
            .iter()
            .chain([&role])
            .map(|role| role.name())
            .collect();
        let style = below
            .iter()
            .chain([&role])
            .fold(theme.style(Role::Text), |style, role| {
                style.patch(theme.style(*role))
            });
        (names.join(" + "), style)
    };
    let mut all = Vec::new();
    let text = [
        Role::Text,
        Role::Dim,
        Role::Strong,
        Role::Focus,
        Role::LineNumber,
        Role::Heading,
        Role::AddedSign,
        Role::RemovedSign,
        Role::Token,
        Role::Good,
        Role::Bad,
        Role::Warn,
        Role::Quiet,
        Role::Field,
        Role::Match,
    ];
    for role in text {
        all.push(on(&[], role));
        all.push(on(&[Role::Popup], role));
        all.push(on(&[Role::Bar], role));
        all.push(on(&[Role::Cursor], role));
    }
    all.push(on(&[], Role::Bar));
    all.push(on(&[Role::Bar], Role::Key));
    all.push(on(&[Role::Added], Role::AddedSign));
    all.push(on(&[Role::Removed], Role::RemovedSign));
    for code in CodeRole::ALL {
        let code = Role::Code(code);
        for line in [
            Role::Text,
            Role::Added,
            Role::Removed,
            Role::Cursor,
            Role::Selection,
        ] {
            all.push(on(&[line], code));
        }
        all.push(on(&[Role::Added, code], Role::AddedWord));
        all.push(on(&[Role::Removed, code], Role::RemovedWord));
    }
    all
}

#[test]
fn every_theme_that_comes_along_is_sound_and_defines_every_role() {
    for name in Theme::names() {
        let theme = theme(name);
        assert_eq!(theme.looks.len(), Role::all().count(), "{name}");
        assert!(
            theme.sixteen.is_some() || name.starts_with("terminal"),
            "{name}"
        );
    }
    assert_eq!(Theme::default().name, "dark");
}

#[test]
fn names_of_roles_are_distinct() {
    for list in [
        Role::SCREEN.to_vec(),
        CodeRole::ALL.map(Role::Code).to_vec(),
    ] {
        let mut names: Vec<&str> = list.iter().map(|role| role.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), list.len());
    }
}

#[test]
fn text_stands_out_from_its_background() {
    let mut faint = Vec::new();
    for name in COLORED {
        let least = if name == "contrast" { 7.0 } else { 4.5 };
        for (roles, style) in composed(&theme(name)) {
            let ratio = contrast(style);
            if ratio < least {
                faint.push(format!("{name}: {roles} has {ratio:.2}"));
            }
        }
    }
    assert!(faint.is_empty(), "{}", faint.join("\n"));
}

#[test]
fn the_tint_of_a_line_stays_under_the_colours_of_code() {
    for name in Theme::names() {
        let theme = theme(name);
        for code in CodeRole::ALL {
            assert_eq!(
                theme.style(Role::Code(code)).bg,
                None,
                "{name} {}",
                code.name()
            );
        }
    }
    let theme = theme("dark");
    let line = theme.style(Role::Text).patch(theme.style(Role::Added));
    let word = line.patch(theme.style(Role::Code(CodeRole::Keyword)));
    assert_eq!(word.bg, theme.style(Role::Added).bg);
    assert_ne!(word.fg, line.fg);
}

#[test]
fn added_removed_cursor_and_selection_differ_at_every_depth() {
    for name in Theme::names() {
        for depth in [ColorDepth::Ansi16, ColorDepth::Ansi256, ColorDepth::True] {
            let theme = theme(name).resolve(depth);
            let line = |role| theme.style(Role::Text).patch(theme.style(role));
            for (one, other) in [
                (Role::Added, Role::Removed),
                (Role::Added, Role::Text),
                (Role::Removed, Role::Text),
                (Role::Added, Role::AddedWord),
                (Role::Removed, Role::RemovedWord),
                (Role::Cursor, Role::Text),
                (Role::Selection, Role::Text),
                (Role::Token, Role::Text),
                (Role::Match, Role::Selection),
            ] {
                assert_ne!(
                    line(one),
                    line(other),
                    "{name} at {depth:?}: {one:?} and {other:?}"
                );
            }
        }
    }
}

#[test]
fn without_colours_modifiers_still_mark_what_matters() {
    for name in Theme::names() {
        let theme = theme(name).resolve(ColorDepth::None);
        for role in Role::all() {
            let style = theme.style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{name} {role:?}");
        }
        for role in [
            Role::Cursor,
            Role::Selection,
            Role::Match,
            Role::Bar,
            Role::Token,
            Role::Field,
            Role::AddedWord,
        ] {
            assert!(
                !theme.style(role).add_modifier.is_empty(),
                "{name} {role:?}"
            );
        }
    }
}

#[test]
fn a_terminal_gets_no_colour_that_it_does_not_have() {
    for name in Theme::names() {
        for role in Role::all() {
            let style = theme(name).resolve(ColorDepth::Ansi256).style(role);
            assert!(
                !matches!(style.fg.or(style.bg), Some(Color::Rgb(..))),
                "{name} {role:?}"
            );
            let style = theme(name).resolve(ColorDepth::Ansi16).style(role);
            for color in [style.fg, style.bg].into_iter().flatten() {
                assert!(
                    !matches!(color, Color::Rgb(..) | Color::Indexed(_)),
                    "{name} {role:?}"
                );
            }
        }
    }
}

#[test]
fn a_theme_can_be_resolved_again() {
    let theme = theme("dark");
    let again = theme.resolve(ColorDepth::None).resolve(ColorDepth::True);
    assert_eq!(again.style(Role::Added), theme.style(Role::Added));
}

#[test]
fn a_users_theme_changes_what_it_names_and_inherits_the_rest() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = "inherits = \"light\"\n[palette]\nmine = [\"#010203\", 17, \"blue\"]\n\
                  [screen]\nadded = { bg = \"mine\", bold = true }\n[code]\nkeyword = { fg = 200 }\n";
    std::fs::write(folder.path().join("own.toml"), source).expect("written");
    let theme = Theme::load("own", &[folder.path().to_owned()]).expect("sound");
    assert_eq!(theme.style(Role::Added).bg, Some(Color::Rgb(1, 2, 3)));
    assert_eq!(
        theme.style(Role::Code(CodeRole::Keyword)).fg,
        Some(Color::Indexed(200))
    );
    assert_eq!(
        theme.style(Role::Text),
        super::tests::theme("light").style(Role::Text)
    );
    assert_eq!(
        theme.resolve(ColorDepth::Ansi256).style(Role::Added).bg,
        Some(Color::Indexed(17))
    );
}

#[test]
fn a_users_folder_comes_before_the_themes_that_come_along() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = "inherits = \"dark\"\n[screen]\ngood = { fg = \"#010203\" }\n";
    std::fs::write(folder.path().join("dark.toml"), source).expect("written");
    let theme = Theme::load("dark", &[folder.path().to_owned()]).expect("sound");
    assert_eq!(theme.style(Role::Good).fg, Some(Color::Rgb(1, 2, 3)));
}

#[test]
fn every_mistake_is_reported_at_once_with_its_line() {
    let source = "inherits = \"dark\"\nsixteen = \"sixteen\"\nfont = \"x\"\n\n[screen]\nadded = { bg = \"teal\" }\n\
                  adde = {}\ngood = { bold = 1, blink = true }\nbad = \"red\"\n[code]\nkeyword = { fg = 256 }\n\
                  text = {}\n";
    let mistakes = load::parse("own", source).expect_err("it has mistakes");
    let lines: Vec<usize> = mistakes.iter().map(|mistake| mistake.line).collect();
    assert_eq!(lines, [2, 3, 6, 7, 8, 8, 9, 11, 12], "{mistakes:?}");
}

#[test]
fn a_broken_file_is_refused_with_its_line() {
    let mistakes = load::parse("own", "inherits = \"dark\"\n[screen\n").expect_err("it is no TOML");
    assert_eq!(mistakes[0].line, 2);
    let mistakes = load::parse("own", "[screen]\ntext = {}\n").expect_err("roles are missing");
    assert!(mistakes[0].what.contains("dim"), "{mistakes:?}");
}

#[test]
fn a_name_that_is_no_theme_is_refused_and_the_known_ones_are_named() {
    for name in ["solarised", "../dark", ""] {
        let error = Theme::load(name, &[]).expect_err("it is unknown");
        assert!(error.to_string().contains("dark, light"), "{error}");
    }
}
