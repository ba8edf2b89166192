//! The screen before a review is open: what to resume, what to begin.

use std::io;

use crossterm::event::{self, Event, KeyEventKind};
use jiff::civil::Date;
use ratatui::layout::Rect;

use super::dialog::{Dialog, DialogContext, Outcome, ResumeRow, StartScreen};
use super::input::catch_signals;
use super::layout::SMALLEST;
use super::terminal::Screen;
use super::theme::{Role, Theme};
use super::view;
use crate::model::{Person, ReviewId, SourceSpec};
use crate::review::{Coverage, Gate, Review, fold};

/// What the reader chose.
#[derive(Debug, Clone)]
pub enum Choice {
    /// A review to go on with.
    Resume(ReviewId),
    /// A new one.
    Begin(SourceSpec),
    /// Neither.
    Leave,
}

/// Shows the list until something is chosen.
pub fn choose(
    reviews: Vec<ResumeRow>,
    repository: Option<String>,
    person: &Person,
    today: Date,
    theme: &Theme,
) -> io::Result<Choice> {
    let mut dialog = Dialog::Start(StartScreen::new(reviews, repository));
    let nothing = Nothing::new();
    let context = nothing.context(person, today);
    catch_signals()?;
    let mut screen = Screen::enter()?;
    loop {
        screen.draw(|frame| {
            let area = frame.area();
            frame.buffer_mut().set_style(area, theme.style(Role::Text));
            if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
                let text = format!("too small; countersign needs {}x{}", SMALLEST.0, SMALLEST.1);
                frame.buffer_mut().set_stringn(
                    0,
                    0,
                    text,
                    usize::from(area.width),
                    theme.style(Role::Warn),
                );
                return;
            }
            let inside = Rect {
                height: area.height - 1,
                ..area
            };
            dialog.draw(frame, inside, theme, &context);
            let bar = Rect {
                y: area.height - 1,
                height: 1,
                ..area
            };
            view::draw_hints(frame, bar, theme, &dialog.hints());
        })?;
        let outcome = match event::read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => dialog.on_key(key, &context),
            Event::Paste(text) => {
                dialog.on_paste(&text);
                Outcome::Stay
            }
            Event::Key(_)
            | Event::Resize(..)
            | Event::FocusGained
            | Event::FocusLost
            | Event::Mouse(_) => Outcome::Stay,
        };
        match outcome {
            Outcome::Resume(id) => return Ok(Choice::Resume(id)),
            Outcome::StartReview(spec) => return Ok(Choice::Begin(spec)),
            Outcome::Close | Outcome::Quit => return Ok(Choice::Leave),
            Outcome::Stay
            | Outcome::Submit(_)
            | Outcome::Jump(_)
            | Outcome::Open(_)
            | Outcome::Editor { .. }
            | Outcome::Sign(_) => {}
        }
    }
}

/// There is no review yet, and dialogs look at one.
struct Nothing {
    review: Review,
    gate: Gate,
    coverage: Coverage,
}

impl Nothing {
    fn new() -> Self {
        Self {
            review: fold(&ReviewId::from("none"), &[]),
            gate: Gate::default(),
            coverage: Coverage::default(),
        }
    }

    fn context<'a>(&'a self, person: &'a Person, today: Date) -> DialogContext<'a> {
        DialogContext {
            review: &self.review,
            checklists: &[],
            person,
            today,
            gate: &self.gate,
            coverage: &self.coverage,
            read_only: None,
        }
    }
}
