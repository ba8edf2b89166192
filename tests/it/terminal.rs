//! A program in a pseudo-terminal, with a terminal emulator that reads its screen. It waits for what must appear, never
//! for time to pass.

use std::io::{Read as _, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, channel};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

use crate::support::{BINARY, Stage};

/// How long anything may take to appear.
const DEADLINE: Duration = Duration::from_secs(20);
/// How long one look at the output waits for more of it.
const LOOK: Duration = Duration::from_millis(20);

pub const ESC: &str = "\x1b";
pub const ENTER: &str = "\r";
pub const TAB: &str = "\t";
pub const DOWN: &str = "\x1b[B";
pub const CTRL_S: &str = "\x13";
pub const CTRL_P: &str = "\x10";
pub const CTRL_Z: &str = "\x1a";

/// A program on a terminal.
pub struct Terminal {
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    output: Receiver<Vec<u8>>,
    exit: Receiver<ExitStatus>,
    ended: Option<ExitStatus>,
    hung_up: Arc<AtomicBool>,
    parser: vt100::Parser,
    raw: Vec<u8>,
    pid: Pid,
}

impl Terminal {
    /// Starts the real binary on a terminal of 80×24.
    pub fn start(stage: &Stage, folder: &Path, arguments: &[&str]) -> Self {
        Self::with(stage, folder, arguments, (80, 24), &[])
    }

    /// Starts the real binary on a terminal of a size, with more environment.
    pub fn with(
        stage: &Stage,
        folder: &Path,
        arguments: &[&str],
        size: (u16, u16),
        more: &[(&str, &str)],
    ) -> Self {
        let pair = native_pty_system()
            .openpty(pty_size(size))
            .expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(BINARY);
        command.args(arguments);
        command.cwd(folder);
        command.env_clear();
        for (name, value) in stage.environment() {
            command.env(name, value);
        }
        for (name, value) in more {
            command.env(name, value);
        }
        let mut child = pair.slave.spawn_command(command).expect("it starts");
        drop(pair.slave);
        let pid = child.process_id().expect("a process has a number");
        let pid = Pid::from_raw(pid.cast_signed()).expect("a process number");
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let (out, output) = channel();
        let gone = Arc::new(AtomicBool::new(false));
        let hung_up = Arc::clone(&gone);
        std::thread::spawn(move || {
            let mut bytes = [0; 16384];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                if gone.load(Ordering::SeqCst) || out.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let (told, exit) = channel();
        std::thread::spawn(move || {
            if let Ok(status) = child.wait() {
                let _ = told.send(status);
            }
        });
        let (rows, columns) = cells(size);
        Self {
            writer: Some(pair.master.take_writer().expect("a writer")),
            master: Some(pair.master),
            output,
            exit,
            ended: None,
            hung_up,
            parser: vt100::Parser::new(rows, columns, 0),
            raw: Vec::new(),
            pid,
        }
    }

    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// Types.
    pub fn keys(&mut self, keys: &str) {
        let writer = self.writer.as_mut().expect("the terminal is there");
        // A program that has just ended takes no keys; what is waited for next says so.
        let _ = writer
            .write_all(keys.as_bytes())
            .and_then(|()| writer.flush());
    }

    /// Types, and waits for text to be on the screen.
    #[track_caller]
    pub fn type_for(&mut self, keys: &str, text: &str) {
        self.keys(keys);
        self.shows(text);
    }

    /// Waits until a text is on the screen.
    #[track_caller]
    pub fn shows(&mut self, text: &str) {
        self.until(&format!("{text:?} on the screen"), |terminal| {
            terminal.screen().contains(text)
        });
    }

    /// Waits until a text is gone from the screen.
    #[track_caller]
    pub fn hides(&mut self, text: &str) {
        self.until(&format!("{text:?} gone from the screen"), |terminal| {
            !terminal.screen().contains(text)
        });
    }

    /// Waits until something holds.
    #[track_caller]
    pub fn until(&mut self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let begun = Instant::now();
        loop {
            self.take_in();
            if holds(self) {
                return;
            }
            assert!(
                begun.elapsed() < DEADLINE,
                "waited in vain for {what}; the screen shows:\n{}",
                self.screen()
            );
            match self.output.recv_timeout(LOOK) {
                Ok(bytes) => self.feed(&bytes),
                // Once the output has ended there is only the clock to wait on.
                Err(RecvTimeoutError::Disconnected) => std::thread::yield_now(),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// Reads the output up to a moment, whatever it shows.
    pub fn look_until(&mut self, moment: Instant) {
        loop {
            let left = moment.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.feed(&bytes),
                Err(_) => return,
            }
        }
    }

    /// Waits for the end, and returns the exit code (128 and the signal's number are up to the program).
    #[track_caller]
    pub fn ends(&mut self) -> u32 {
        if let Some(status) = &self.ended {
            return status.exit_code();
        }
        let begun = Instant::now();
        let status = loop {
            self.take_in();
            match self.exit.recv_timeout(LOOK) {
                Ok(status) => break status,
                Err(_) => assert!(
                    begun.elapsed() < DEADLINE,
                    "it does not end; the screen shows:\n{}",
                    self.screen()
                ),
            }
        };
        let code = status.exit_code();
        self.ended = Some(status);
        while let Ok(bytes) = self.output.recv_timeout(DEADLINE) {
            self.feed(&bytes);
        }
        code
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).expect("the process is there");
    }

    /// Ends it as a power cut would.
    #[track_caller]
    pub fn kill(&mut self) {
        self.signal(Signal::KILL);
        self.ends();
    }

    /// Takes the terminal away, as a lost connection does.
    pub fn hang_up(&mut self) {
        self.hung_up.store(true, Ordering::SeqCst);
        self.master = None;
        // One more frame lets the reader see that it is to let go of the terminal.
        self.keys("J");
        self.writer = None;
    }

    pub fn resize(&mut self, size: (u16, u16)) {
        let master = self.master.as_ref().expect("the terminal is there");
        master.resize(pty_size(size)).expect("a size");
        let (rows, columns) = cells(size);
        self.parser.set_size(rows, columns);
    }

    /// Returns the text on the screen, a line per row.
    pub fn screen(&self) -> String {
        self.parser.screen().contents()
    }

    /// Returns every byte the program wrote.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// Tells whether bytes were written in this order, next to each other.
    pub fn wrote(&self, bytes: &[u8]) -> bool {
        self.raw.windows(bytes.len()).any(|window| window == bytes)
    }

    /// Tells whether a program of its own has the alternate screen now.
    pub fn has_alternate_screen(&self) -> bool {
        self.parser.screen().alternate_screen()
    }

    fn take_in(&mut self) {
        loop {
            match self.output.try_recv() {
                Ok(bytes) => self.feed(&bytes),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => return,
            }
        }
    }

    fn feed(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
        self.parser.process(bytes);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if self.ended.is_none() && self.exit.try_recv().is_err() {
            let _ = kill_process(self.pid, Signal::KILL);
        }
    }
}

fn pty_size((columns, rows): (u16, u16)) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// Rows and columns, as the emulator wants them.
fn cells((columns, rows): (u16, u16)) -> (NonZeroU16, NonZeroU16) {
    let cells = |number| NonZeroU16::new(number).expect("a screen has cells");
    (cells(rows), cells(columns))
}
