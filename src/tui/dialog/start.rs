//! The first screen when nothing is named: reviews to resume, and new ones to start from the current repository.

use crossterm::event::KeyEvent;
use jiff::Timestamp;
use ratatui::Frame;
use ratatui::layout::Rect;

use super::list::{ListEvent, ListRow, ListView};
use super::page::{Extent, Page, Sheet, Viewport, column, draw_sheet, fitted, piece, text_width};
use super::{DialogContext, Outcome};
use crate::model::{ReviewId, SourceSpec};
use crate::tui::theme::{Role, Theme};

/// A review that can be resumed; all text may be foreign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResumeRow {
    /// Which.
    pub id: ReviewId,
    /// Its name for a reader.
    pub title: String,
    /// The change, such as `main…agent/orders`.
    pub change: String,
    /// Items decided and items in all, where known.
    pub items: Option<(usize, usize)>,
    /// When something was last recorded in it.
    pub last: Option<Timestamp>,
    /// What is wrong with it: damaged, held by another process; empty where nothing is.
    pub problems: Vec<String>,
}

/// Reviews to resume and to start.
#[derive(Debug, Clone)]
pub struct StartScreen {
    reviews: Vec<ResumeRow>,
    repository: Option<String>,
    list: ListView,
    notice: Option<String>,
}

enum Entry<'a> {
    Resume(&'a ResumeRow),
    Start(SourceSpec, &'static str, &'static str),
}

impl StartScreen {
    /// Opens the screen; `repository` is where new reviews would start, if anywhere.
    pub fn new(mut reviews: Vec<ResumeRow>, repository: Option<String>) -> Self {
        reviews.sort_by(|a, b| b.last.cmp(&a.last).then_with(|| a.id.cmp(&b.id)));
        Self {
            reviews,
            repository,
            list: ListView::default(),
            notice: None,
        }
    }

    fn entries(&self) -> Vec<Entry<'_>> {
        let mut entries: Vec<Entry> = self.reviews.iter().map(Entry::Resume).collect();
        if self.repository.is_some() {
            entries.extend([
                Entry::Start(
                    SourceSpec::Revisions(None),
                    "This branch",
                    "from where it left the upstream or main branch, to HEAD",
                ),
                Entry::Start(SourceSpec::Staged, "Staged", "the index against HEAD"),
                Entry::Start(
                    SourceSpec::Worktree,
                    "Work tree",
                    "everything not committed, untracked files too",
                ),
                Entry::Start(
                    SourceSpec::Tree(None),
                    "Whole tree",
                    "all of HEAD, as in a review of code nobody has read",
                ),
            ]);
        }
        entries
    }

    pub(super) fn on_key(&mut self, key: KeyEvent, _context: &DialogContext<'_>) -> Outcome {
        self.on_start_key(key)
    }

    /// Handles one key; the start needs no context, since no review is open yet.
    pub fn on_start_key(&mut self, key: KeyEvent) -> Outcome {
        let rows = self.rows(80);
        let event = self.list.on_key(key, &rows);
        if key.kind != crossterm::event::KeyEventKind::Release {
            self.notice = None;
        }
        match event {
            ListEvent::Close => Outcome::Quit,
            ListEvent::Pick => self.pick(&rows),
            ListEvent::Used | ListEvent::Other(_) => Outcome::Stay,
        }
    }

    fn pick(&self, rows: &[ListRow]) -> Outcome {
        let chosen = self.list.current(rows);
        match chosen.and_then(|at| self.entries().into_iter().nth(at)) {
            Some(Entry::Resume(row)) => Outcome::Resume(row.id.clone()),
            Some(Entry::Start(spec, _, _)) => Outcome::StartReview(spec),
            None => Outcome::Stay,
        }
    }

    pub(super) fn press(&mut self, entry: usize) -> Outcome {
        let rows = self.rows(80);
        match self.list.press(entry, &rows) {
            ListEvent::Pick => self.pick(&rows),
            ListEvent::Used | ListEvent::Close | ListEvent::Other(_) => Outcome::Stay,
        }
    }

    pub(super) fn view(&self) -> &Viewport {
        self.list.view()
    }

    pub(super) fn on_paste(&mut self, text: &str) {
        self.list.on_paste(text);
    }

    pub(super) fn refused(&mut self, message: &str) {
        self.notice = Some(message.to_owned());
    }

    #[expect(clippy::unused_self, reason = "every dialog answers for its keys")]
    pub(super) fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("Enter", "open"),
            ("j k", "move"),
            ("/", "filter"),
            ("q", "quit"),
        ]
    }

    pub(super) fn draw(
        &self,
        frame: &mut Frame,
        area: Rect,
        theme: &Theme,
        _context: &DialogContext<'_>,
    ) {
        self.draw_start(frame, area, theme);
    }

    /// Paints the screen without a context, since no review is open yet.
    pub fn draw_start(&self, frame: &mut Frame, area: Rect, theme: &Theme) {
        let width = text_width(area);
        let rows = self.rows(width);
        let mut page = Page::new(width);
        let empty = "There is no review yet, and this folder is in no git repository.\n\n\
            Go into a repository and run countersign again, or name what to review:\n\
            countersign review --patch FILE   a patch\n\
            countersign review --path DIR     a folder outside git\n\
            countersign demo                  an example to try";
        self.list.push(&mut page, &rows, empty);
        if !rows.is_empty() && self.reviews.is_empty() {
            page.blank();
            page.text(
                Role::Dim,
                0,
                "There is no review to resume yet. Enter starts one; countersign demo opens an example.",
            );
        }
        let mut footer = Page::new(width);
        if let Some(notice) = &self.notice {
            footer.marked(Role::Bad, 0, "\u{2717} ", notice);
        }
        self.list.push_filter(&mut footer);
        let sheet = Sheet {
            title: "countersign",
            extent: Extent::Full,
            footer,
            view: self.list.view(),
        };
        draw_sheet(frame, area, theme, &sheet, &page);
    }

    fn rows(&self, width: usize) -> Vec<ListRow> {
        let start = format!(
            "Start a new review of {}",
            self.repository.as_deref().unwrap_or_default()
        );
        let room = width.saturating_sub(2);
        self.entries()
            .into_iter()
            .map(|entry| match entry {
                Entry::Resume(row) => resume_row(row, room),
                Entry::Start(_, name, what) => ListRow {
                    group: start.clone(),
                    search: format!("new {name} {what}"),
                    rows: vec![vec![
                        column(Role::Strong, name, 14),
                        fitted(Role::Dim, what, room.saturating_sub(14)),
                    ]],
                },
            })
            .collect()
    }
}

fn resume_row(row: &ResumeRow, room: usize) -> ListRow {
    let items = row.items.map_or_else(
        || "items ?".to_owned(),
        |(decided, all)| format!("items {decided}/{all}"),
    );
    let last = row.last.map_or_else(
        || "never written".to_owned(),
        |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    );
    let facts = format!("{items:<12} {last}");
    let facts_columns = facts.len();
    let mut rows = vec![
        vec![column(Role::Strong, &row.title, room)],
        vec![
            column(
                Role::Text,
                &row.change,
                room.saturating_sub(facts_columns + 2),
            ),
            piece(Role::Text, "  "),
            piece(Role::Dim, facts),
        ],
    ];
    for problem in &row.problems {
        rows.push(vec![
            piece(Role::Warn, "! "),
            fitted(Role::Warn, problem, room.saturating_sub(2)),
        ]);
    }
    ListRow {
        group: "Resume a review".to_owned(),
        search: format!("{} {} {}", row.title, row.change, row.id),
        rows,
    }
}
