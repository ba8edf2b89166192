//! Keys and signals → messages. One thread reads the terminal and can be held while another program has it; one thread
//! waits for signals. Neither wakes while nothing happens.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crossterm::event::{self, Event, KeyEventKind, MouseEventKind};
use rustix::event::{PollFd, PollFlags, poll};

use super::app::Happening;
use super::message::Msg;
use super::probe;

/// The thread that reads the terminal.
pub struct Input {
    wake: OwnedFd,
    held: Receiver<()>,
    release: Sender<()>,
}

impl Input {
    /// Starts reading; what is read goes to `out`. Where the terminal was asked something its answer comes first.
    pub fn start(out: Sender<Happening>, is_asked: bool) -> io::Result<Self> {
        let (ear, wake) = rustix::pipe::pipe()?;
        let (held_out, held) = channel();
        let (release, released) = channel();
        std::thread::Builder::new()
            .name("input".to_owned())
            .spawn(move || {
                if is_asked {
                    for event in probe::listen(io::stdin(), probe::PATIENCE) {
                        // Where nobody listens any more the loop below ends too.
                        let _ = message_of(event).map(|msg| out.send(Happening::Msg(msg)));
                    }
                }
                read_loop(&out, &ear, &held_out, &released);
            })?;
        Ok(Self {
            wake,
            held,
            release,
        })
    }

    /// Runs `work` while nothing reads the terminal.
    pub fn hold<T>(&self, work: impl FnOnce() -> T) -> T {
        let asked = rustix::io::write(&self.wake, b"h").is_ok();
        if asked {
            // The thread answers between two reads; if it has ended there is nothing to hold.
            let _ = self.held.recv();
        }
        HELD.store(true, Ordering::SeqCst);
        let result = work();
        HELD.store(false, Ordering::SeqCst);
        if asked {
            let _ = self.release.send(());
        }
        result
    }
}

fn read_loop(out: &Sender<Happening>, ear: &OwnedFd, held: &Sender<()>, released: &Receiver<()>) {
    loop {
        if drain(out).is_err() {
            return;
        }
        let stdin = io::stdin();
        let mut fds = [
            PollFd::from_borrowed_fd(stdin.as_fd(), PollFlags::IN),
            PollFd::from_borrowed_fd(ear.as_fd(), PollFlags::IN),
        ];
        match poll(&mut fds, None) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(_) => {
                let _ = out.send(Happening::Msg(Msg::Terminate));
                return;
            }
        }
        let (terminal, asked) = (fds[0].revents(), fds[1].revents());
        if asked.contains(PollFlags::IN) {
            let mut byte = [0; 1];
            let _ = rustix::io::read(ear, &mut byte);
            if held.send(()).is_err() || released.recv().is_err() {
                return;
            }
            continue;
        }
        if terminal.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL)
            && !terminal.contains(PollFlags::IN)
        {
            let _ = out.send(Happening::Msg(Msg::Terminate));
            return;
        }
    }
}

/// The least that looks at the terminal at all: crossterm takes zero for time that has run out.
const AT_ONCE: Duration = Duration::from_millis(1);

/// Sends everything that has been typed; an error means that the terminal is gone or nobody listens.
fn drain(out: &Sender<Happening>) -> Result<(), ()> {
    loop {
        match event::poll(AT_ONCE) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(_) => break,
        }
        let Ok(event) = event::read() else { break };
        if let Some(msg) = message_of(event) {
            out.send(Happening::Msg(msg)).map_err(|_| ())?;
        }
    }
    let _ = out.send(Happening::Msg(Msg::Terminate));
    Err(())
}

fn message_of(event: Event) -> Option<Msg> {
    Some(match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => Msg::Key(key),
        Event::Paste(text) => Msg::Paste(text.replace("\r\n", "\n").replace('\r', "\n")),
        Event::Resize(width, height) => Msg::Resize(width, height),
        Event::Mouse(mouse) if counts(mouse.kind) => Msg::Mouse(mouse),
        Event::Key(_) | Event::FocusGained | Event::FocusLost | Event::Mouse(_) => return None,
    })
}

/// Whether a mouse event does anything; that it moved does not.
fn counts(kind: MouseEventKind) -> bool {
    !matches!(kind, MouseEventKind::Moved)
}

/// Who hears of signals; nobody before a review is on the screen.
static LISTENER: Mutex<Option<Sender<Happening>>> = Mutex::new(None);

/// Whether another program has the terminal. Ctrl-C there is for that program, though it reaches this one too; on our own
/// screen Ctrl-C is a key.
static HELD: AtomicBool = AtomicBool::new(false);

/// Has signals give the terminal back before they end the program. Until [`listen`] there is nothing else to be done.
pub fn catch_signals() -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
    static STARTED: AtomicBool = AtomicBool::new(false);
    if STARTED.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    let mut signals =
        signal_hook::iterator::Signals::new([SIGHUP, SIGTERM, SIGINT, SIGTSTP, SIGWINCH])?;
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || signals.forever().for_each(on_signal))?;
    Ok(())
}

/// Turns signals into messages from here on: HUP, TERM and INT end the program in order, TSTP suspends it, WINCH resizes.
pub fn listen(out: Sender<Happening>) {
    *listener() = Some(out);
}

fn listener() -> MutexGuard<'static, Option<Sender<Happening>>> {
    LISTENER.lock().unwrap_or_else(PoisonError::into_inner)
}

fn on_signal(signal: i32) {
    use signal_hook::consts::{SIGINT, SIGTSTP, SIGWINCH};
    if signal == SIGINT && HELD.load(Ordering::SeqCst) {
        return;
    }
    let listener = listener();
    let Some(out) = listener.as_ref() else {
        if signal != SIGTSTP && signal != SIGWINCH {
            super::terminal::restore();
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
        return;
    };
    let msg = match signal {
        SIGWINCH => match crossterm::terminal::size() {
            Ok((width, height)) => Msg::Resize(width, height),
            Err(_) => return,
        },
        SIGTSTP => Msg::Suspend,
        _ => Msg::Terminate,
    };
    // When nobody takes it any more the program is on its way out.
    let _ = out.send(Happening::Msg(msg));
}

/// Stops this process as the shell expects, and returns when it is continued.
pub fn stop_here() -> io::Result<()> {
    signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)
}
