//! The terminal's modes: entered once, left on every way out.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{cursor, execute};
use ratatui::Terminal;
use ratatui::layout::Size;

use super::output::{Canvas, Output};

/// Whether the modes are set now; the panic hook and signals ask.
static ENTERED: AtomicBool = AtomicBool::new(false);

/// The screen, with its modes set while this lives.
pub struct Screen {
    terminal: Terminal<Canvas>,
    output: Output<io::Stdout>,
}

impl Screen {
    /// Takes the terminal over. A panic anywhere gives it back before the message is printed.
    pub fn enter() -> io::Result<Self> {
        install_panic_hook();
        set_modes()?;
        let terminal = Terminal::new(Canvas::new(cells))?;
        let output = Output::new(out());
        Ok(Self { terminal, output })
    }

    /// Draws one frame as one update.
    pub fn draw(&mut self, paint: impl FnOnce(&mut ratatui::Frame<'_>)) -> io::Result<()> {
        let drawn = self.terminal.draw(paint)?.buffer.clone();
        self.output.show(&drawn, self.terminal.backend().cursor())
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

/// Sends text to the terminal's clipboard (OSC 52).
pub fn copy(text: &str) -> io::Result<()> {
    execute!(
        out(),
        crossterm::clipboard::CopyToClipboard::to_clipboard_from(text)
    )
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
    )
}

/// Undoes every mode; harmless when none is set.
pub fn restore() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    // Nothing can be done about a terminal that is gone; the modes go with it.
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
            restore();
            before(info);
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

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
