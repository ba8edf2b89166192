//! Everything the screen knows. Changed by `update` alone, read by `view`.

mod items;
mod pane;
mod place;
mod shown;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::action::Action;
use super::board::Board;
use super::definitions::Definition;
use super::dialog::{Dialog, DialogContext};
use super::document::{Columns, Document, Plan};
use super::files::{Closed, FileList};
use super::halt::Pace;
use super::keymap::{Key, Keymap};
use super::layout::{self, Areas, Focus, ListPlace};
use super::lens::{Lens, LensId};
use super::message::Notice;
use super::picker::Picker;
use super::rows::{Geometry, Measure};
use super::search::Hits;
use super::symbols::Symbols;
use super::task::Task;
use super::theme::Theme;
use crate::git::CommitFacts;
use crate::model::{
    ChangeSet, Checklist, FileChange, FileDiff, LineNo, Person, ReviewId, RowKind, Side,
};
use crate::workbench::{Act, Snapshot};
pub use pane::{Arrival, CodePane, Colours, Files};
pub use shown::Shown;

/// What is reviewed, by whom, against what; fixed while the screen runs.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The review.
    pub id: ReviewId,
    /// Its name for a reader.
    pub title: String,
    /// The change.
    pub change: Arc<ChangeSet>,
    /// The questions.
    pub checklists: Arc<Vec<Checklist>>,
    /// Who decides here.
    pub person: Person,
    /// The day, for dates in forms.
    pub today: Date,
    /// What the sign-off screen starts with.
    pub signer: super::dialog::SignoffSetup,
}

/// How the screen looks and answers.
#[derive(Debug, Clone)]
pub struct Look {
    /// Styles.
    pub theme: Theme,
    /// Keys.
    pub keymap: Keymap,
    /// Columns between tab stops.
    pub tab: usize,
    /// Whether the mouse is ours.
    pub mouse: bool,
}

/// How the reader wants the code shown; remembered from one review to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own, with a key of its own"
)]
pub struct ViewChoice {
    /// Before and after stand side by side.
    pub split: bool,
    /// Long lines wrap.
    pub wrap: bool,
    /// The list is one line.
    pub list_folded: bool,
    /// Files are listed without their folders.
    pub files_flat: bool,
}

/// The narrowest screen on which list, before and after stand side by side.
const WIDE_ENOUGH_FOR_ALL: u16 = 150;

/// Whether what was done is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saving {
    /// All of it.
    Saved,
    /// Some is on its way.
    Writing,
    /// Some could not be written and is kept in memory.
    NotSaved {
        /// What is kept.
        acts: Vec<Act>,
        /// Why.
        reason: String,
    },
}

/// Something in front of the panes.
#[derive(Debug)]
pub enum Overlay {
    /// A form or list.
    Dialog(Box<Dialog>),
    /// A finder or the palette.
    Picker(Box<Picker>),
    /// The files of the change.
    Files(Box<FileList>),
    /// A text to read, scrolled by some rows.
    Text(Text, u16),
}

/// A text that stands in front of the panes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// Every action with its keys.
    Help,
    /// What was noticed on opening.
    Remarks,
    /// The page of the rule behind the current hint.
    Rule,
    /// What was noticed while hints were looked for.
    HintProblems,
}

/// The text that is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// What is looked for; lower case finds any case.
    pub pattern: String,
    /// Whether it is still being typed.
    pub typing: bool,
    /// Where the cursor was when typing began.
    pub origin: u32,
    /// What was found in the whole change.
    pub hits: Arc<Hits>,
}

/// A place in the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// The file's position in the change set.
    pub file: usize,
    /// The line; none on what is no line.
    pub line: Option<(Side, LineNo)>,
}

/// What the next letter does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// It names a mark here.
    Set,
    /// It is the mark to go to.
    Go,
}

/// What was typed of a longer command.
#[derive(Debug, Default)]
pub struct Pending {
    /// The next key is a mark's letter.
    pub naming: Option<Naming>,
    /// A count, as in `12j`.
    pub count: Option<u32>,
    /// The keys of an unfinished sequence.
    pub keys: Vec<Key>,
}

/// A dialog's request to save. Requests are answered in order, so that the dialog's own answer can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awaited {
    /// The name of its draft, if it keeps one.
    pub draft: Option<String>,
    /// How many answers there are until its own, that one included.
    pub answers: u32,
}

/// Everything.
#[derive(Debug)]
pub struct State {
    /// What is reviewed.
    pub subject: Subject,
    /// How it looks.
    pub look: Look,
    /// The review as it is on disk.
    pub snapshot: Arc<Snapshot>,
    /// Whether all is on disk.
    pub saving: Saving,
    /// How many requests to save have not been answered.
    pub inflight: u32,
    /// The dialog in front waits for its acts to be on disk.
    pub awaited: Option<Awaited>,
    /// The sign-off was asked for and opens as soon as it can, unless another key comes first.
    pub awaits_signing: bool,
    /// The reader has left; what is on its way to the disk comes first.
    pub leaving: bool,
    /// Drafts whose acts are not on disk yet.
    pub spent: Vec<String>,
    /// Loaded differences.
    pub files: Files,
    /// The code pane.
    pub code: CodePane,
    /// How the code is shown.
    pub view: ViewChoice,
    /// The items of all checklists, as checklist and item positions.
    pub items: Vec<(usize, usize)>,
    /// Which of them is selected.
    pub item: usize,
    /// Rows the item's text is scrolled by.
    pub item_scroll: u16,
    /// Which pane has the keys.
    pub focus: Focus,
    /// Columns and rows.
    pub size: (u16, u16),
    /// What stands in front; the last has the keys.
    pub overlays: Vec<Overlay>,
    /// The search.
    pub search: Option<Search>,
    /// What was typed of a longer command.
    pub pending: Pending,
    /// The line at the bottom.
    pub notice: Option<Notice>,
    /// Texts that were begun, by name.
    pub drafts: BTreeMap<String, String>,
    /// What was on the screen.
    pub shown: Shown,
    /// What was noticed on opening, as sentences.
    pub remarks: Vec<String>,
    /// The hints.
    pub board: Board,
    /// Where jumps came from, the last at the end.
    pub jumps: Vec<Spot>,
    /// Lines with a letter, while the screen runs.
    pub marks: BTreeMap<char, Spot>,
    /// Where the button of the mouse went down, as a row of the code.
    pub dragged_from: Option<u32>,
    /// What is looked at in place of the whole change; the last is in front.
    pub lenses: Vec<Lens>,
    /// Lenses that were left and are not told to the worker yet.
    pub closing: Vec<LensId>,
    /// What the reader asked for and waits for.
    pub task: Option<Task>,
    /// How many such requests there were.
    pub asked: u64,
    /// The functions and types of all files of the change.
    pub symbols: Symbols,
    /// Whether the reader stopped the counting of lines.
    pub counting: Pace,
    /// Whether the reader stopped the search for hints.
    pub hinting: Pace,
    /// The definitions that are listed.
    pub definitions: Vec<Definition>,
    /// The commits of the range, once they were listed.
    pub commits: Vec<CommitFacts>,
    /// Folders that are closed in the list of files.
    pub closed_folders: Closed,
}

impl State {
    /// Builds the first state.
    pub fn new(
        mut subject: Subject,
        look: Look,
        snapshot: Arc<Snapshot>,
        size: (u16, u16),
    ) -> Self {
        // Its questions carry the numbers of the profile.
        subject.checklists = Arc::clone(&snapshot.checklists);
        let items: Vec<(usize, usize)> = subject
            .checklists
            .iter()
            .enumerate()
            .flat_map(|(list, checklist)| (0..checklist.items.len()).map(move |item| (list, item)))
            .collect();
        let mut state = Self {
            subject,
            look,
            snapshot,
            saving: Saving::Saved,
            inflight: 0,
            awaited: None,
            awaits_signing: false,
            leaving: false,
            spent: Vec::new(),
            files: Files::default(),
            code: CodePane::new(),
            view: ViewChoice::default(),
            items,
            item: 0,
            item_scroll: 0,
            focus: Focus::Code,
            size,
            overlays: Vec::new(),
            search: None,
            pending: Pending::default(),
            notice: None,
            drafts: BTreeMap::new(),
            shown: Shown::default(),
            remarks: Vec::new(),
            board: Board::default(),
            jumps: Vec::new(),
            marks: BTreeMap::new(),
            dragged_from: None,
            lenses: Vec::new(),
            closing: Vec::new(),
            task: None,
            asked: 0,
            symbols: Symbols::default(),
            counting: Pace::default(),
            hinting: Pace::default(),
            definitions: Vec::new(),
            commits: Vec::new(),
            closed_folders: Closed::default(),
        };
        // Resuming begins at the first item that still waits for a decision.
        state.item = state.next_undecided(0).unwrap_or(0);
        state
    }

    /// Says what a reader should know on opening. The first note says which review it is; one other takes its place on
    /// the message line. Several, and every complaint about the settings, are a page of their own, because a line would
    /// cut them and what it cuts is said nowhere else.
    pub fn greet(&mut self, notes: &[String], complaints: &[String]) {
        let read_only = self.snapshot.read_only.as_ref();
        let others: Vec<&String> = notes
            .iter()
            .skip(1)
            .filter(|note| Some(*note) != read_only)
            .collect();
        let page = !complaints.is_empty() || others.len() > 1;
        self.notice = match (read_only, others.last()) {
            (Some(reason), _) => Some(Notice::warn(format!("Read-only: {reason}"))),
            (None, Some(note)) if !page => Some(Notice::plain((*note).clone())),
            (None, _) => notes.first().cloned().map(Notice::plain),
        };
        if page {
            self.remarks = others.into_iter().chain(complaints).cloned().collect();
            self.overlays.push(Overlay::Text(Text::Remarks, 0));
        }
    }

    /// Returns the key of an action as the reader types it, or the way to it by name where it has none.
    pub fn key_of(&self, action: Action) -> String {
        let keys = self.look.keymap.keys_of(action);
        let unbound = || format!("the command {}", action.name());
        keys.into_iter().next().unwrap_or_else(unbound)
    }

    /// Returns the panes.
    pub fn areas(&self) -> Option<Areas> {
        self.areas_of(self.size.0, self.size.1)
    }

    /// Returns the panes of a screen of another size.
    pub fn areas_of(&self, width: u16, height: u16) -> Option<Areas> {
        let crowded = self.view.split && width < WIDE_ENOUGH_FOR_ALL;
        let list = if self.view.list_folded || crowded {
            ListPlace::Folded
        } else {
            ListPlace::Beside
        };
        layout::areas(width, height, self.focus, list)
    }

    /// Returns how tall rows of a file are in a pane.
    pub fn measure<'a>(&self, document: &'a Document, pane: ratatui::layout::Rect) -> Measure<'a> {
        Measure {
            document,
            geometry: Geometry::new(document, pane),
            tab: self.look.tab,
            wrap: self.view.wrap,
        }
    }

    /// Returns where a changed line of the file has its counterpart, if it was moved: the file's position and the line.
    pub fn moved_to(&self, row: crate::model::Row) -> Option<(u32, LineNo)> {
        let (side, line) = match row.kind {
            RowKind::Context => return None,
            RowKind::Added => (Side::New, row.new?),
            RowKind::Removed => (Side::Old, row.old?),
        };
        self.code.moved.counterpart(side, line)
    }

    /// Returns how a file is to be laid out.
    pub fn plan(&self, file: usize, diff: &FileDiff) -> Plan {
        let change = self.files_shown().get(file);
        let folded = change
            .filter(|_| !self.code.opened.contains(&file))
            .and_then(|change| crate::diff::fold_reason(change, diff));
        Plan {
            level: self.code.level,
            columns: if self.view.split {
                Columns::Split
            } else {
                Columns::Unified
            },
            revealed: self.code.revealed.get(&file).cloned().unwrap_or_default(),
            folded,
            blanks_folded: self.code.blanks_folded,
        }
    }

    /// Returns the file in the code pane.
    pub fn file(&self) -> Option<&FileChange> {
        self.files_shown().get(self.code.file)
    }

    /// Returns what dialogs may know.
    pub fn dialog_context(&self) -> DialogContext<'_> {
        DialogContext {
            review: &self.snapshot.review,
            checklists: &self.subject.checklists,
            person: &self.subject.person,
            today: self.subject.today,
            gate: &self.snapshot.gate,
            coverage: &self.snapshot.coverage,
            read_only: self.snapshot.read_only.as_deref(),
        }
    }
}
