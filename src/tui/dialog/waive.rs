//! Waiving an item: who carries the risk, why, and until which day.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use super::area::{AreaField, EnterKey};
use super::field::LineField;
use super::form::{Form, FormEvent, Kind, Notice, Slot, read_only_text};
use super::page::{Extent, Page, Sheet, draw_sheet, text_width};
use super::when::parse_when;
use super::words::draft_name;
use super::{DialogContext, Outcome};
use crate::model::{Item, ItemId};
use crate::tui::theme::{Role, Theme};
use crate::workbench::Act;

/// A waiver under edit.
#[derive(Debug, Clone)]
pub struct WaiveForm {
    item: ItemId,
    title: String,
    ask: String,
    pub(super) form: Form,
}

impl WaiveForm {
    /// Opens the form on an item.
    pub fn new(item: &Item) -> Self {
        let reason = AreaField::new("", EnterKey::BreaksLine);
        let slots = vec![
            Slot::new("by", "Carried by", Kind::Line(LineField::default()))
                .hint("the person who carries the risk"),
            Slot::new("reason", "Reason", Kind::Area(reason)).hint("why the risk can be carried"),
            Slot::new("until", "Until", Kind::Day(LineField::default()))
                .hint("2027-03-31, +6w, +3m, eom"),
        ];
        Self {
            item: item.id.clone(),
            title: item.title.clone(),
            ask: item.ask.clone(),
            form: Form::new(slots),
        }
    }

    pub(super) fn on_key(&mut self, key: KeyEvent, context: &DialogContext<'_>) -> Outcome {
        match self.form.on_key(key) {
            FormEvent::Submit => self.submit(context),
            FormEvent::Close => Outcome::Close,
            FormEvent::Editor(text) => Outcome::Editor { text },
            FormEvent::Changed | FormEvent::Used | FormEvent::Ignored(_) => Outcome::Stay,
        }
    }

    fn submit(&mut self, context: &DialogContext<'_>) -> Outcome {
        self.form.clear_errors();
        let (by, reason) = (self.form.value("by"), self.form.value("reason"));
        if by.is_empty() {
            self.form
                .set_error("by", "a person is needed; name who carries the risk");
        }
        if reason.is_empty() {
            self.form
                .set_error("reason", "a reason is needed; say why it can be carried");
        }
        let until = match parse_when(&self.form.value("until"), context.today) {
            Ok(day) if !self.form.has_errors() => day,
            Ok(_) => return Outcome::Stay,
            Err(error) => {
                self.form.set_error("until", error.to_string());
                self.form.has_errors();
                return Outcome::Stay;
            }
        };
        if let Some(holder) = context.read_only {
            self.refused(&read_only_text(holder));
            return Outcome::Stay;
        }
        let item = self.item.clone();
        Outcome::Submit(vec![Act::Waive {
            item,
            by,
            reason,
            until,
        }])
    }

    pub(super) fn on_paste(&mut self, text: &str) {
        self.form.on_paste(text);
    }

    pub(super) fn refused(&mut self, message: &str) {
        self.form.notice = Some(Notice::Refused(message.to_owned()));
    }

    pub(super) fn draft_name(&self) -> String {
        draft_name("waived", self.item.as_str())
    }

    #[expect(clippy::unused_self, reason = "every dialog answers for its keys")]
    pub(super) fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("^S", "waive"),
            ("Tab", "next field"),
            ("^E", "editor"),
            ("Esc", "leave, keep the draft"),
        ]
    }

    pub(super) fn draw(
        &self,
        frame: &mut Frame,
        area: Rect,
        theme: &Theme,
        context: &DialogContext<'_>,
    ) {
        let width = text_width(area);
        let mut page = Page::new(width);
        page.text(Role::Strong, 0, &self.title);
        page.text(Role::Text, 0, &self.ask);
        page.blank();
        self.form.push_all(&mut page, context.today);
        let sheet = Sheet {
            title: "Waive: the risk is carried until a date",
            extent: Extent::Content,
            footer: self.form.footer(width, context.read_only),
            view: &self.form.view,
        };
        draw_sheet(frame, area, theme, &sheet, &page);
    }
}
