//! A program in a pseudo-terminal, watched by the clock. It times; it judges nothing.

use std::io::{Read as _, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};

/// The end of a synchronised update: a frame is on the screen.
const FRAME_END: &[u8] = b"\x1b[?2026l";
/// Nothing takes longer than this.
const PATIENCE: Duration = Duration::from_mins(2);
/// A key without a frame in this time changed nothing.
const UNCHANGED: Duration = Duration::from_millis(150);
/// A pause this long in the output means that a frame is whole.
const PAUSE: Duration = Duration::from_millis(30);

/// What is started.
#[derive(Clone, Copy)]
pub enum Program {
    /// The floor, which is this binary.
    Floor,
    /// The real binary.
    Countersign,
}

/// A program on a terminal.
pub struct Terminal {
    _master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    output: Receiver<(Instant, Vec<u8>)>,
    parser: vt100::Parser,
    started: Instant,
    pid: u32,
    bytes: usize,
    tail: Vec<u8>,
    /// What it answers to the question what it can do.
    answer: Option<&'static [u8]>,
    _data: tempfile::TempDir,
}

/// How a terminal answers that knows left and right margins. What it shows is then not to be looked at: the emulator here
/// knows none.
pub const KNOWS_MARGINS: &[u8] = b"\x1b[?69;2$y\x1b[?64;1c";
/// The question it answers.
const QUESTION: &[u8] = b"\x1b[?69$p";

impl Terminal {
    /// Starts a program on the change from `base` to `head` of a repository, with a data folder of its own.
    pub fn start(program: Program, repository: &Path, size: (u16, u16)) -> Self {
        Self::start_with(program, repository, size, None)
    }

    /// Starts a program on a terminal that answers what it can do.
    pub fn start_with(
        program: Program,
        repository: &Path,
        (columns, rows): (u16, u16),
        answer: Option<&'static [u8]>,
    ) -> Self {
        let data = tempfile::tempdir().expect("a temporary folder");
        let mut command = match program {
            Program::Floor => {
                let mut command = CommandBuilder::new(std::env::current_exe().expect("a path"));
                command.arg("floor");
                command.arg(repository);
                command
            }
            Program::Countersign => {
                // Another build can be measured with the same ruler.
                let other = std::env::var_os("COUNTERSIGN_BENCH_BINARY");
                let binary = other.unwrap_or_else(|| env!("CARGO_BIN_EXE_countersign").into());
                let mut command = CommandBuilder::new(binary);
                command.args(["review", "base..head", "--data-dir"]);
                command.arg(data.path());
                command
            }
        };
        command.cwd(repository);
        for (name, value) in [
            ("TERM", "xterm-256color"),
            ("COLORTERM", "truecolor"),
            ("COUNTERSIGN_NAME", "Ada"),
            ("COUNTERSIGN_EMAIL", "ada@example.com"),
        ] {
            command.env(name, value);
        }
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system()
            .openpty(size)
            .expect("a pseudo-terminal");
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let (out, output) = channel();
        std::thread::spawn(move || {
            let mut bytes = vec![0; 65536];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                if out.send((Instant::now(), bytes[..count].to_vec())).is_err() {
                    return;
                }
            }
        });
        let started = Instant::now();
        let mut child = pair.slave.spawn_command(command).expect("it starts");
        drop(pair.slave);
        let pid = child.process_id().expect("a process has a number");
        std::thread::spawn(move || drop(child.wait()));
        Self {
            writer: pair.master.take_writer().expect("a writer"),
            _master: pair.master,
            output,
            parser: emulator(rows, columns),
            started,
            pid,
            bytes: 0,
            tail: Vec::new(),
            answer,
            _data: data,
        }
    }

    /// Waits until the screen shows something; returns the time since the start.
    pub fn until(&mut self, holds: impl Fn(&str) -> bool) -> Duration {
        let begun = Instant::now();
        let mut last = begun;
        loop {
            if holds(&self.parser.screen().contents()) {
                return last.duration_since(self.started);
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "waited in vain; the screen shows:\n{}",
                self.parser.screen().contents()
            );
            if let Some(at) = self.take(PATIENCE) {
                last = at;
            }
            while self.take(Duration::ZERO).is_some() {}
        }
    }

    /// Takes one piece of output in; returns when it came.
    fn take(&mut self, wait: Duration) -> Option<Instant> {
        match self.output.recv_timeout(wait) {
            Ok((at, bytes)) => {
                self.bytes += bytes.len();
                let asked = bytes.windows(QUESTION.len()).any(|part| part == QUESTION);
                if asked && let Some(answer) = self.answer.take() {
                    self.writer
                        .write_all(answer)
                        .expect("the terminal is there");
                    self.writer.flush().expect("the terminal is there");
                }
                self.parser.process(&bytes);
                self.tail.extend_from_slice(&bytes);
                let surplus = self.tail.len().saturating_sub(64);
                self.tail.drain(..surplus);
                Some(at)
            }
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => panic!(
                "the program ended; the screen shows:\n{}",
                self.parser.screen().contents()
            ),
        }
    }

    /// Waits until the output pauses.
    pub fn settle(&mut self) {
        while self.take(PAUSE).is_some() {}
    }

    /// Waits until what goes on behind the screen is over: nothing is written for a while.
    pub fn rest(&mut self) {
        const LULL: Duration = Duration::from_secs(3);
        while self.take(LULL).is_some() {}
    }

    /// Types a key; returns the time until a frame ended after it, or nothing where it changed nothing.
    pub fn key(&mut self, key: &str) -> Option<Duration> {
        self.tail.clear();
        let begun = self.write(key);
        loop {
            let at = self.take(UNCHANGED)?;
            if self
                .tail
                .windows(FRAME_END.len())
                .any(|part| part == FRAME_END)
            {
                return Some(at.duration_since(begun));
            }
        }
    }

    /// Types a key; returns the time until the screen shows something.
    pub fn key_until(&mut self, key: &str, holds: impl Fn(&str) -> bool) -> Duration {
        let begun = self.write(key);
        loop {
            let Some(at) = self.take(PATIENCE) else {
                panic!("no frame after {key:?}")
            };
            if holds(&self.parser.screen().contents()) {
                return at.duration_since(begun);
            }
        }
    }

    /// Types many keys at once; returns the time until the output pauses.
    pub fn burst(&mut self, keys: &str) -> Duration {
        let begun = self.write(keys);
        let mut last = begun;
        while let Some(at) = self.take(PAUSE) {
            last = at;
        }
        last.duration_since(begun)
    }

    fn write(&mut self, keys: &str) -> Instant {
        let begun = Instant::now();
        self.writer
            .write_all(keys.as_bytes())
            .and_then(|()| self.writer.flush())
            .expect("the program takes keys");
        begun
    }

    /// Counts bytes from here on.
    pub fn forget_bytes(&mut self) {
        self.bytes = 0;
    }

    /// Returns the bytes counted.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Leaves it alone; returns the bytes written and the processor time used meanwhile.
    pub fn idle(&mut self, time: Duration) -> (usize, Duration) {
        std::thread::sleep(Duration::from_secs(1));
        self.settle();
        self.forget_bytes();
        let before = self.processor_time();
        std::thread::sleep(time);
        self.settle();
        (self.bytes, self.processor_time().saturating_sub(before))
    }

    fn processor_time(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid)).unwrap_or_default();
        let fields: Vec<&str> = stat
            .rsplit(") ")
            .next()
            .unwrap_or_default()
            .split(' ')
            .collect();
        let ticks: u64 = fields
            .iter()
            .skip(11)
            .take(2)
            .filter_map(|field| field.parse::<u64>().ok())
            .sum();
        Duration::from_millis(ticks * 10)
    }

    /// Returns the peak of its memory, in kB.
    pub fn peak(&self) -> u64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.pid)).unwrap_or_default();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmHWM:"))
            .unwrap_or_default();
        line.split_whitespace()
            .nth(1)
            .and_then(|number| number.parse().ok())
            .unwrap_or(0)
    }

    /// Leaves.
    pub fn quit(mut self) {
        let _ = self.writer.write_all(b"q");
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(5) {
            if matches!(
                self.output.recv_timeout(PAUSE),
                Err(RecvTimeoutError::Disconnected)
            ) {
                return;
            }
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the change is measured with git beside it"
)]
fn git(repository: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(repository).stdin(Stdio::null());
    command
}

fn emulator(rows: u16, columns: u16) -> vt100::Parser {
    let cells = |count| NonZeroU16::new(count).expect("a terminal has rows and columns");
    vt100::Parser::new(cells(rows), cells(columns), 0)
}

/// Returns the beginning of the first added line, which the first useful frame shows.
pub fn first_added_line(repository: &Path) -> String {
    let mut child = git(repository)
        .args(["diff", "base", "head"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("git runs");
    let mut begin = vec![0; 1 << 20];
    let mut out = child.stdout.take().expect("a pipe");
    let mut filled = 0;
    while let Ok(count @ 1..) = out.read(&mut begin[filled..]) {
        filled += count;
        if filled == begin.len() {
            break;
        }
    }
    drop(out);
    let _ = child.kill();
    let _ = child.wait();
    let text = String::from_utf8_lossy(&begin[..filled]).into_owned();
    let line = text
        .lines()
        .filter(|line| line.starts_with('+') && !line.starts_with("+++"))
        .find(|line| line.trim().len() > 8)
        .expect("an added line");
    line[1..].trim().chars().take(24).collect()
}

/// Returns how long `git diff` takes to show that line through a pager.
pub fn pager(repository: &Path, marker: &str) -> Duration {
    let size = PtySize {
        rows: 40,
        cols: 120,
        pixel_width: 0,
        pixel_height: 0,
    };
    let pair = native_pty_system()
        .openpty(size)
        .expect("a pseudo-terminal");
    let mut command = CommandBuilder::new("sh");
    command.args(["-c", "git diff base head | less -R"]);
    command.cwd(repository);
    command.env("TERM", "xterm-256color");
    let mut reader = pair.master.try_clone_reader().expect("a reader");
    let begun = Instant::now();
    let mut child = pair.slave.spawn_command(command).expect("it starts");
    drop(pair.slave);
    let mut parser = emulator(40, 120);
    let mut bytes = vec![0; 65536];
    while let Ok(count @ 1..) = reader.read(&mut bytes) {
        parser.process(&bytes[..count]);
        if parser.screen().contents().contains(marker) {
            break;
        }
    }
    let time = begun.elapsed();
    let _ = child.kill();
    let _ = child.wait();
    time
}

/// Returns how long `git diff` of the whole range takes, the best of three.
pub fn whole_diff(repository: &Path) -> Duration {
    let once = || {
        let begun = Instant::now();
        let _ = git(repository)
            .args(["diff", "base", "head"])
            .stdout(Stdio::null())
            .status();
        begun.elapsed()
    };
    (0..3).map(|_| once()).min().unwrap_or_default()
}
