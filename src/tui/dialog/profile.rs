//! The production profile as a form: a line for each value, empty where nobody knows it.

use std::collections::BTreeMap;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use super::field::LineField;
use super::form::{Form, FormEvent, Kind, Notice, Slot, read_only_text};
use super::page::{Extent, Page, Sheet, draw_sheet, text_width};
use super::{DialogContext, Outcome};
use crate::model::{PROFILE_KEYS, Profile};
use crate::profile::entered;
use crate::tui::theme::{Role, Theme};
use crate::workbench::Act;

/// A profile under edit.
#[derive(Debug, Clone)]
pub struct ProfileForm {
    before: Profile,
    pub(super) form: Form,
}

impl ProfileForm {
    /// Opens the form on the profile there is.
    pub fn new(profile: &Profile) -> Self {
        let slots = PROFILE_KEYS
            .iter()
            .map(|key| {
                let text = profile.values.get(key.name).map(ToString::to_string);
                let line = Kind::Line(LineField::new(&text.unwrap_or_default()));
                Slot::new(key.name, key.label, line).hint(key.meaning)
            })
            .collect();
        Self {
            before: profile.clone(),
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
        let fields: BTreeMap<&'static str, String> = PROFILE_KEYS
            .iter()
            .map(|key| (key.name, self.form.value(key.name)))
            .collect();
        let source = match entered(&fields, &self.before) {
            Ok(source) => source,
            Err(wrong) => {
                for (key, message) in wrong {
                    self.form.set_error(key, message);
                }
                self.form.has_errors();
                return Outcome::Stay;
            }
        };
        if let Some(holder) = context.read_only {
            self.refused(&read_only_text(holder));
            return Outcome::Stay;
        }
        Outcome::Submit(vec![Act::SetProfile { source }])
    }

    pub(super) fn on_paste(&mut self, text: &str) {
        self.form.on_paste(text);
    }

    pub(super) fn refused(&mut self, message: &str) {
        self.form.notice = Some(Notice::Refused(message.to_owned()));
    }

    #[expect(clippy::unused_self, reason = "every dialog answers for its keys")]
    pub(super) fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("^S", "set"),
            ("Tab", "next value"),
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
        let about = "What nobody knows stays empty: the report lists it among the assumptions. \"none\" says that there is none.";
        page.text(Role::Dim, 0, about);
        page.blank();
        self.form.push_all(&mut page, context.today);
        for table in &self.before.tables {
            let growth = table.growth_per_year;
            let growth = growth.map_or("growth unknown".to_owned(), |growth| {
                format!("{growth} % a year")
            });
            let rows = crate::support::number::count(table.rows, "row");
            page.text(
                Role::Dim,
                2,
                &format!("Table {}: {rows}, {growth}", table.name),
            );
        }
        let sheet = Sheet {
            title: "Production profile: what the code will meet",
            extent: Extent::Content,
            footer: self.form.footer(width, context.read_only),
            view: &self.form.view,
        };
        draw_sheet(frame, area, theme, &sheet, &page);
    }
}
