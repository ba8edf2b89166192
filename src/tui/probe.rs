//! What this terminal can do that not every one can: it is asked once, as the screen is taken over, and the answer is
//! listened for before anything else reads the terminal. Nothing waits for it: a terminal that is mute is drawn on as any.

use std::io;
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::output::Skills;

/// Whether it knows left and right margins (DECRQM of DECLRMM), and who it is, which every terminal answers: what comes
/// before that answer is all there is.
pub const QUESTION: &[u8] = b"\x1b[?69$p\x1b[c";

/// How long an answer is listened for; keys that are typed meanwhile end it.
pub const PATIENCE: Duration = Duration::from_millis(500);

static MARGINS: AtomicBool = AtomicBool::new(false);

/// Tells whether the terminal is worth asking: the others answer nothing, or print the question.
pub fn is_worth_asking(variable: impl Fn(&str) -> Option<String>) -> bool {
    let named = |name: &str, values: &[&str]| {
        variable(name).is_some_and(|value| values.contains(&value.as_str()))
    };
    !named("TERM", &["dumb", "linux"]) && !named("TERM_PROGRAM", &["Apple_Terminal"])
}

/// Returns what the terminal is known to be able to do by now.
pub fn skills(variable: impl Fn(&str) -> Option<String>) -> Skills {
    Skills {
        margins: MARGINS.load(Ordering::Relaxed),
        // GNU screen alone erases to its own ground unless it is told otherwise.
        tinted: variable("STY").is_none() || variable("TMUX").is_some(),
    }
}

/// Listens for the answer; returns what was typed meanwhile.
pub fn listen(terminal: impl AsFd, patience: Duration) -> Vec<Event> {
    let until = Instant::now() + patience;
    let mut bytes = Vec::new();
    loop {
        let left = until.saturating_duration_since(Instant::now());
        let Answer {
            margins,
            is_whole,
            mut rest,
            begun,
        } = Answer::of(&bytes);
        if left.is_zero() && begun == Some(ESCAPE) {
            // What looked like the beginning of an answer was a key.
            rest.extend_from_slice(ESCAPE);
        }
        if is_whole || left.is_zero() || read_some(&terminal, left, &mut bytes).is_err() {
            MARGINS.store(margins, Ordering::Relaxed);
            return typed(&rest);
        }
    }
}

fn read_some(terminal: &impl AsFd, left: Duration, bytes: &mut Vec<u8>) -> io::Result<()> {
    let mut fds = [PollFd::new(terminal, PollFlags::IN)];
    let left = Timespec::try_from(left).unwrap_or_default();
    match poll(&mut fds, Some(&left)) {
        Ok(0) | Err(rustix::io::Errno::INTR) => return Ok(()),
        Ok(_) => {}
        Err(error) => return Err(error.into()),
    }
    let mut piece = [0; 1024];
    let count = rustix::io::read(terminal, &mut piece)?;
    if count == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    bytes.extend_from_slice(&piece[..count]);
    Ok(())
}

/// The key, and the beginning of any answer.
const ESCAPE: &[u8] = b"\x1b";

/// What came from the terminal, sorted.
struct Answer<'a> {
    margins: bool,
    /// Nothing more is to be waited for: it has said who it is, or somebody types.
    is_whole: bool,
    /// What is no answer.
    rest: Vec<u8>,
    /// An answer whose end is on its way.
    begun: Option<&'a [u8]>,
}

impl<'a> Answer<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        let mut answer = Self {
            margins: false,
            is_whole: false,
            rest: Vec::new(),
            begun: None,
        };
        let mut at = 0;
        while at < bytes.len() {
            let left = &bytes[at..];
            match reply(left) {
                Reply::Whole(text) => {
                    at += text.len();
                    answer.is_whole |= text.ends_with(b"c");
                    // Set, reset, or always set; the others mean that it does not know the mode or never sets it.
                    answer.margins |=
                        matches!(text, b"\x1b[?69;1$y" | b"\x1b[?69;2$y" | b"\x1b[?69;3$y");
                }
                Reply::Begun => {
                    answer.begun = Some(left);
                    return answer;
                }
                Reply::None => {
                    answer.rest.push(bytes[at]);
                    at += 1;
                }
            }
        }
        answer.is_whole |= !answer.rest.is_empty();
        answer
    }
}

enum Reply<'a> {
    Whole(&'a [u8]),
    Begun,
    None,
}

/// Returns the reply that some bytes begin with.
fn reply(bytes: &[u8]) -> Reply<'_> {
    const START: &[u8] = b"\x1b[?";
    if bytes.len() < START.len() {
        return if START.starts_with(bytes) {
            Reply::Begun
        } else {
            Reply::None
        };
    }
    if !bytes.starts_with(START) {
        return Reply::None;
    }
    match bytes[START.len()..]
        .iter()
        .position(u8::is_ascii_alphabetic)
    {
        Some(end) => Reply::Whole(&bytes[..=START.len() + end]),
        None => Reply::Begun,
    }
}

/// Reads what was typed while the answer was listened for: the keys a reader begins with, and pasted text. What else comes
/// in so short a time is dropped.
fn typed(bytes: &[u8]) -> Vec<Event> {
    const PASTE: &str = "\x1b[200~";
    const PASTED: &str = "\x1b[201~";
    let text = String::from_utf8_lossy(bytes).into_owned();
    let mut left = text.as_str();
    let mut events = Vec::new();
    let key = |code, modifiers| Event::Key(KeyEvent::new(code, modifiers));
    let plain = |code| key(code, KeyModifiers::NONE);
    while let Some(first) = left.chars().next() {
        if let Some(pasted) = left.strip_prefix(PASTE) {
            let (inside, after) = pasted.split_once(PASTED).unwrap_or((pasted, ""));
            events.push(Event::Paste(inside.to_owned()));
            left = after;
            continue;
        }
        if let Some(sequence) = left.strip_prefix("\x1b[") {
            let end = sequence
                .find(|letter: char| letter.is_ascii_alphabetic() || letter == '~')
                .map_or(sequence.len(), |end| end + 1);
            events.extend(named_key(&sequence[..end]).map(plain));
            left = &sequence[end..];
            continue;
        }
        left = &left[first.len_utf8()..];
        events.push(match first {
            '\r' => plain(KeyCode::Enter),
            '\t' => plain(KeyCode::Tab),
            '\x7f' => plain(KeyCode::Backspace),
            '\x1b' => plain(KeyCode::Esc),
            '\x01'..='\x1a' => {
                let letter = char::from(first as u8 - 1 + b'a');
                key(KeyCode::Char(letter), KeyModifiers::CONTROL)
            }
            '\0'..='\x1f' => continue,
            letter if letter.is_uppercase() => key(KeyCode::Char(letter), KeyModifiers::SHIFT),
            letter => plain(KeyCode::Char(letter)),
        });
    }
    events
}

fn named_key(sequence: &str) -> Option<KeyCode> {
    Some(match sequence {
        "A" => KeyCode::Up,
        "B" => KeyCode::Down,
        "C" => KeyCode::Right,
        "D" => KeyCode::Left,
        "H" | "1~" => KeyCode::Home,
        "F" | "4~" => KeyCode::End,
        "5~" => KeyCode::PageUp,
        "6~" => KeyCode::PageDown,
        "Z" => KeyCode::BackTab,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(bytes: &[u8]) -> (bool, bool, Vec<u8>) {
        let answer = Answer::of(bytes);
        (answer.margins, answer.is_whole, answer.rest)
    }

    #[test]
    fn an_answer_is_whole_when_the_terminal_has_said_who_it_is() {
        assert_eq!(heard(b"\x1b[?69;2$y"), (true, false, Vec::new()));
        assert_eq!(heard(b"\x1b[?69;2$y\x1b[?64;1"), (true, false, Vec::new()));
        assert_eq!(heard(b"\x1b[?69;2$y\x1b[?64;1c"), (true, true, Vec::new()));
        assert_eq!(heard(b"\x1b[?69;0$y\x1b[?6c"), (false, true, Vec::new()));
        assert_eq!(heard(b"\x1b[?69;4$y\x1b[?6c"), (false, true, Vec::new()));
        assert_eq!(heard(b"\x1b[?62;22c"), (false, true, Vec::new()));
    }

    #[test]
    fn keys_end_the_listening_and_none_is_lost() {
        let (margins, is_whole, rest) = heard(b"j\x1b[?69;2$y\x1b[B\x1b[?6cG");
        assert!(margins && is_whole);
        let key = |code, modifiers| Event::Key(KeyEvent::new(code, modifiers));
        let wanted = [
            key(KeyCode::Char('j'), KeyModifiers::NONE),
            key(KeyCode::Down, KeyModifiers::NONE),
            key(KeyCode::Char('G'), KeyModifiers::SHIFT),
        ];
        assert_eq!(typed(&rest), wanted);
        let wanted = [
            key(KeyCode::Esc, KeyModifiers::NONE),
            key(KeyCode::Char('d'), KeyModifiers::CONTROL),
            Event::Paste("a\rb".to_owned()),
            key(KeyCode::Enter, KeyModifiers::NONE),
        ];
        assert_eq!(typed(b"\x1b\x04\x1b[200~a\rb\x1b[201~\r"), wanted);
    }

    #[test]
    fn a_mute_terminal_is_not_waited_for_longer_than_patience() {
        let (ear, mouth) = rustix::pipe::pipe().unwrap();
        assert!(listen(&ear, Duration::from_millis(5)).is_empty());
        rustix::io::write(&mouth, b"q").unwrap();
        assert_eq!(listen(&ear, PATIENCE).len(), 1);
        rustix::io::write(&mouth, ESCAPE).unwrap();
        assert_eq!(listen(&ear, Duration::from_millis(5)).len(), 1);
    }

    #[test]
    fn gnu_screen_erases_to_its_own_ground_and_some_terminals_are_not_asked() {
        let with = |name: &'static str, value: &'static str| {
            move |asked: &str| (asked == name).then(|| value.to_owned())
        };
        assert!(!skills(with("STY", "1.tty")).tinted);
        assert!(skills(with("TERM", "xterm")).tinted);
        assert!(!is_worth_asking(with("TERM_PROGRAM", "Apple_Terminal")));
        assert!(is_worth_asking(with("TERM", "xterm-256color")));
    }
}
