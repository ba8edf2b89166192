//! The loop: a message in, the state changed, one frame drawn, effects handed out.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use super::dialog::{KeyChoice, SignRequest};
use super::effect::Effect;
use super::input::{Input, catch_signals, listen, stop_here};
use super::message::{Msg, Notice};
use super::state::State;
use super::terminal::Screen;
use super::worker::Workers;
use super::{terminal, update, view};
use crate::workbench::{Ahead, Desk, SignOrder, edit_text, open_at, work_file};

/// What reaches the loop.
pub enum Happening {
    /// A message for `update`.
    Msg(Msg),
}

/// How the screen ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The reader left.
    Left,
    /// A signal, or the terminal went away; everything was saved first.
    Terminated,
}

/// How long the first frame waits for the file it is to show; what takes longer comes with the next one.
const FIRST_FILE: Duration = Duration::from_millis(25);

/// Turns what the sign-off screen asks for into an order.
pub type Ordering = Box<dyn Fn(SignRequest) -> SignOrder + Send>;

/// Finds the keys that could sign; may ask an agent that takes its time.
pub type FindKeys = Box<dyn FnOnce() -> Vec<KeyChoice> + Send>;

/// Runs the workbench on an open desk until the reader leaves.
pub fn run(
    desk: Desk,
    ahead: Option<Ahead>,
    mut state: State,
    ordering: Ordering,
    find_keys: FindKeys,
) -> io::Result<Ending> {
    let (out, inbox) = channel();
    let folder = desk.work_folder();
    let is_kept = desk.is_kept();
    catch_signals()?;
    listen(out.clone());
    terminal::use_mouse(state.look.mouse);
    let is_asked = terminal::ask();
    let mut screen = Screen::enter()?;
    state.size = terminal::size();
    know(&mut state, ahead.as_ref());
    let mut effects = update::start(&mut state);
    if !is_kept {
        effects.extend(update::keep(&mut state));
    }
    // The first frame needs none of those who work behind it, so it does not wait for them.
    screen.draw(|frame| view::draw(frame, &state))?;
    let workers = Workers::start(desk, ahead, find_keys, &out)?;
    let input = Input::start(out.clone(), is_asked)?;
    let mut session = Session {
        screen: &mut screen,
        input,
        workers,
        inbox,
        out,
        wake: None,
        folder,
        ordering,
    };
    let ending = session.run(&mut state, effects);
    session.workers.finish();
    drop(screen);
    ending
}

/// Takes in the file that was read ahead, if it is soon here.
fn know(state: &mut State, ahead: Option<&Ahead>) {
    let Some(ahead) = ahead else { return };
    if let Some(diff) = ahead.wait(Some(FIRST_FILE)) {
        state.files.insert(ahead.path().clone(), diff);
    }
}

struct Session<'a> {
    screen: &'a mut Screen,
    input: Input,
    workers: Workers,
    inbox: Receiver<Happening>,
    out: Sender<Happening>,
    wake: Option<Instant>,
    folder: Option<std::path::PathBuf>,
    ordering: Ordering,
}

/// Whether the loop goes on.
enum Next {
    Go,
    End,
}

impl Session<'_> {
    fn run(&mut self, state: &mut State, effects: Vec<Effect>) -> io::Result<Ending> {
        self.carry_out(state, effects)?;
        self.screen.draw(|frame| view::draw(frame, state))?;
        loop {
            if state.code.document.is_some() || state.subject.change.files.is_empty() {
                self.workers.begin();
            }
            let Some(first) = self.wait() else {
                return Ok(Ending::Terminated);
            };
            // Everything that has arrived is applied before one frame is drawn, so that a held-down key leaves no lag.
            let mut arrived = vec![first];
            arrived.extend(self.inbox.try_iter().map(|Happening::Msg(msg)| msg));
            for msg in arrived {
                let terminated = matches!(msg, Msg::Terminate);
                let effects = update::update(state, msg);
                if let Next::End = self.carry_out(state, effects)? {
                    return Ok(if terminated {
                        Ending::Terminated
                    } else {
                        Ending::Left
                    });
                }
            }
            self.screen.draw(|frame| view::draw(frame, state))?;
        }
    }

    /// Waits for a message, or for the time that was asked for; `None` when nobody is left to send one.
    fn wait(&mut self) -> Option<Msg> {
        let Some(wake) = self.wake else {
            return self.inbox.recv().ok().map(|Happening::Msg(msg)| msg);
        };
        let left = wake.saturating_duration_since(Instant::now());
        match self.inbox.recv_timeout(left) {
            Ok(Happening::Msg(msg)) => Some(msg),
            Err(RecvTimeoutError::Timeout) => {
                self.wake = None;
                Some(Msg::Wake)
            }
            Err(RecvTimeoutError::Disconnected) => None,
        }
    }

    fn carry_out(&mut self, state: &State, effects: Vec<Effect>) -> io::Result<Next> {
        let mut quit = false;
        for effect in effects {
            let Some(effect) = self.workers.take(effect) else {
                continue;
            };
            match effect {
                Effect::EditText(text) => self.edit_text(&text)?,
                Effect::EditFile { path, line } => self.edit_file(state, &path, line.0)?,
                Effect::Copy(text) => terminal::copy(&text)?,
                Effect::Sign(request) => {
                    let order = (self.ordering)(request);
                    let (screen, workers) = (&mut *self.screen, &self.workers);
                    let outcome = self.input.hold(|| screen.lend(|| workers.sign(order)))?;
                    self.post(Msg::Signed(outcome));
                }
                Effect::WakeIn(millis) => {
                    self.wake
                        .get_or_insert(Instant::now() + Duration::from_millis(millis));
                }
                Effect::Redraw => self.screen.forget(),
                Effect::Suspend => {
                    let screen = &mut *self.screen;
                    self.input.hold(|| screen.lend(stop_here))??;
                    let (width, height) = terminal::size();
                    self.post(Msg::Resize(width, height));
                }
                Effect::Quit => quit = true,
                Effect::Act(_)
                | Effect::Show(_)
                | Effect::SaveDraft { .. }
                | Effect::DropDraft(_)
                | Effect::Load(_)
                | Effect::Colour { .. }
                | Effect::Outline(_)
                | Effect::Moves(_)
                | Effect::Bracket { .. }
                | Effect::Remember(_)
                | Effect::SearchAll(_)
                | Effect::StopSearch
                | Effect::Symbols(_)
                | Effect::Count(_)
                | Effect::LookForHints(_)
                | Effect::Define { .. }
                | Effect::Blame { .. }
                | Effect::Commits(_)
                | Effect::OpenLens { .. }
                | Effect::CloseLens(_)
                | Effect::Through(..)
                | Effect::GiveUp(_)
                | Effect::Search(_) => unreachable_effect(),
            }
        }
        Ok(if quit { Next::End } else { Next::Go })
    }

    fn edit_text(&mut self, text: &str) -> io::Result<()> {
        let screen = &mut *self.screen;
        let edited = self.input.hold(|| screen.lend(|| edit_text(text)))?;
        self.post(Msg::Edited(edited));
        Ok(())
    }

    fn edit_file(
        &mut self,
        state: &State,
        path: &crate::model::RepoPath,
        line: u32,
    ) -> io::Result<()> {
        let Some(file) = work_file(self.folder.as_deref(), path) else {
            self.post(Msg::Notice(Notice::warn(format!(
                "{} is not in a work tree here, so there is nothing to open.",
                crate::support::text::visible(&path.quoted())
            ))));
            return Ok(());
        };
        debug_assert!(!state.subject.change.files.is_empty());
        let screen = &mut *self.screen;
        let result = self.input.hold(|| screen.lend(|| open_at(&file, line)))?;
        if let Err(reason) = result {
            self.post(Msg::Notice(Notice::bad(reason)));
        }
        Ok(())
    }

    fn post(&self, msg: Msg) {
        // The loop holds the other end itself.
        let _ = self.out.send(Happening::Msg(msg));
    }
}

/// `Workers::take` keeps these for itself.
fn unreachable_effect() {
    debug_assert!(false, "an effect the workers take came back");
}
