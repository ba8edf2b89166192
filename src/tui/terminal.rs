//! The terminal's modes: entered once, left on every way out.

use std::io::{self, IsTerminal as _, Write};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::terminal::{
    EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{cursor, execute};
use ratatui::Terminal;
use ratatui::layout::Size;

use super::output::{Canvas, Cursor, Output};
use super::probe;

/// The thread that looks for hints; its workers are called after it.
pub const HINTS_THREAD: &str = "hints";

/// Whether the modes are set now; the panic hook and signals ask.
static ENTERED: AtomicBool = AtomicBool::new(false);

/// Whether the mouse is ours while the modes are set.
static MOUSE: AtomicBool = AtomicBool::new(false);

/// Says whether the mouse is to be ours; before the terminal is taken over. Without it the terminal selects text itself.
pub fn use_mouse(mouse: bool) {
    MOUSE.store(mouse, Ordering::SeqCst);
}

/// Whether the terminal is asked what it can do.
static ASKED: AtomicBool = AtomicBool::new(false);

/// Has the terminal asked what it can do when it is taken over; whoever reads it listens for the answer. Returns whether it
/// is worth it.
pub fn ask() -> bool {
    let is_asked = io::stdin().is_terminal() && probe::is_worth_asking(variable);
    ASKED.store(is_asked, Ordering::SeqCst);
    is_asked
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The screen, with its modes set while this lives.
pub struct Screen {
    terminal: Terminal<Canvas>,
    cursor: Rc<Cursor>,
    output: Output<io::Stdout>,
}

impl Screen {
    /// Takes the terminal over. A panic anywhere gives it back before the message is printed.
    pub fn enter() -> io::Result<Self> {
        install_panic_hook();
        set_modes()?;
        if ASKED.load(Ordering::SeqCst) {
            out().write_all(probe::QUESTION)?;
        }
        let canvas = Canvas::new(cells);
        let cursor = canvas.cursor();
        let terminal = Terminal::new(canvas)?;
        let output = Output::new(out());
        Ok(Self {
            terminal,
            cursor,
            output,
        })
    }

    /// Draws one frame as one update.
    pub fn draw(&mut self, paint: impl FnOnce(&mut ratatui::Frame<'_>)) -> io::Result<()> {
        let drawn = self.terminal.draw(paint)?;
        self.output.set_skills(probe::skills(variable));
        self.output.show(drawn.buffer, self.cursor.get())
    }

    /// Forgets what is on the screen, so that the next frame draws all of it.
    pub fn forget(&mut self) {
        self.output.forget();
    }

    /// Gives the terminal back while `work` runs, then takes it over again.
    pub fn lend<T>(&mut self, work: impl FnOnce() -> T) -> io::Result<T> {
        restore();
        let result = work();
        set_modes()?;
        self.forget();
        Ok(result)
    }
}

/// Sends text to the terminal's clipboard (OSC 52). Inside tmux it is sent twice: to tmux, and through it to the terminal
/// around it, because which of the two listens is the reader's setting.
pub fn copy(text: &str) -> io::Result<()> {
    use crossterm::Command as _;
    let mut sequence = String::new();
    crossterm::clipboard::CopyToClipboard::to_clipboard_from(text)
        .write_ansi(&mut sequence)
        .map_err(io::Error::other)?;
    let mut out = out();
    out.write_all(sequence.as_bytes())?;
    if std::env::var_os("TMUX").is_some() {
        out.write_all(through_tmux(&sequence).as_bytes())?;
    }
    out.flush()
}

/// Wraps a sequence so that tmux hands it on.
fn through_tmux(sequence: &str) -> String {
    format!("\x1bPtmux;{}\x1b\\", sequence.replace('\x1b', "\x1b\x1b"))
}

fn cells() -> io::Result<Size> {
    let (width, height) = crossterm::terminal::size()?;
    Ok(Size::new(width, height))
}

/// Returns columns and rows.
pub fn size() -> (u16, u16) {
    crossterm::terminal::size().unwrap_or((80, 24))
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the screen is drawn on standard output, here alone"
)]
fn out() -> io::Stdout {
    io::stdout()
}

fn set_modes() -> io::Result<()> {
    enable_raw_mode()?;
    ENTERED.store(true, Ordering::SeqCst);
    execute!(
        out(),
        EnterAlternateScreen,
        EnableBracketedPaste,
        cursor::Hide
    )?;
    if MOUSE.load(Ordering::SeqCst) {
        execute!(out(), EnableMouseCapture)?;
    }
    Ok(())
}

/// Undoes every mode; harmless when none is set.
pub fn restore() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    // Nothing can be done about a terminal that is gone; the modes go with it.
    if MOUSE.load(Ordering::SeqCst) {
        let _ = execute!(out(), DisableMouseCapture);
    }
    let _ = execute!(
        out(),
        EndSynchronizedUpdate,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::Show
    );
    let _ = disable_raw_mode();
    let _ = out().flush();
}

fn install_panic_hook() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            // A rule that panics is stopped and reported by the engine that runs it; the screen goes on.
            let is_rule = |name: &str| name == HINTS_THREAD || name.starts_with("hints-");
            if std::thread::current().name().is_some_and(is_rule) {
                return;
            }
            restore();
            before(info);
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_through_tmux_has_its_escapes_doubled() {
        assert_eq!(
            through_tmux("\x1b]52;c;eA==\x1b\\"),
            "\x1bPtmux;\x1b\x1b]52;c;eA==\x1b\x1b\\\x1b\\"
        );
    }

    #[test]
    fn a_panic_on_any_thread_gives_the_terminal_back_before_it_is_told() {
        static GIVEN_BACK: AtomicBool = AtomicBool::new(false);
        let ours = || std::thread::current().name() == Some("panics on purpose");
        let before = std::panic::take_hook();
        // This tells of the panic; what gives the terminal back is put before it.
        std::panic::set_hook(Box::new(move |info| {
            if ours() {
                GIVEN_BACK.store(!ENTERED.load(Ordering::SeqCst), Ordering::SeqCst);
            } else {
                before(info);
            }
        }));
        install_panic_hook();
        ENTERED.store(true, Ordering::SeqCst);
        let thread = std::thread::Builder::new().name("panics on purpose".to_owned());
        let ended = thread.spawn(|| panic!("on purpose")).unwrap().join();
        assert!(ended.is_err());
        assert!(GIVEN_BACK.load(Ordering::SeqCst));
    }
}
