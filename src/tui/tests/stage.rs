//! A stage for the whole screen: typed keys in, effects carried out at once and in memory, the screen as text.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::style::{Modifier, Style};
use unicode_width::UnicodeWidthStr as _;

use super::fixture::{Change, orders};
use super::ledger::{Ledger, me, review_id, today};
use crate::checklist;
use crate::diff::Moves;
use crate::git::CommitFacts;
use crate::model::{Checklist, DisplayedSpan, FileDiff, FileText, LineNo, RepoPath, RowKind, Side};
use crate::syntax::{Limits, detect, matching_line, outline, parse, spans};
use crate::tui::definitions::{DefinedIn, Definition, Definitions, rarest_first};
use crate::tui::dialog::typed::keys;
use crate::tui::dialog::{Meaning, SignoffSetup};
use crate::tui::document::DocRow;
use crate::tui::effect::{Effect, SearchRequest};
use crate::tui::keymap::Keymap;
use crate::tui::lens::{LensId, LensOf};
use crate::tui::lens_worker::twins;
use crate::tui::message::{BracketMatch, Msg};
use crate::tui::search::{Hits, Needle};
use crate::tui::state::{Look, State, Subject};
use crate::tui::symbols::{SymbolNews, rows_of};
use crate::tui::task::TaskId;
use crate::tui::theme::Theme;
use crate::tui::{update, view};
use crate::workbench::{Act, ActFailure};

/// The screen and what stands behind it.
pub struct Stage {
    pub state: State,
    pub ledger: Ledger,
    /// Every effect, in order.
    pub effects: Vec<Effect>,
    /// Acts that reached the journal's door, whatever became of them.
    pub acts: Vec<Act>,
    /// What was recorded as displayed, one list for each request.
    pub shown: Vec<Vec<DisplayedSpan>>,
    /// Drafts on disk.
    pub drafts: BTreeMap<String, String>,
    /// Whether a wake-up was asked for.
    pub waking: bool,
    pub quit: bool,
    /// Requests wait until [`Stage::answer`].
    pub held: Option<VecDeque<Effect>>,
    /// Files and colours wait too.
    pub loads_held: bool,
    /// The commits of the range, and what each changes.
    pub commits: Vec<(CommitFacts, Rc<Change>)>,
    /// Files that the change leaves alone, with their text.
    pub beside: Vec<(RepoPath, String)>,
    /// Lenses that are open.
    pub lenses: BTreeMap<LensId, Rc<Change>>,
    /// The lens that what is answered now is about.
    through: Option<LensId>,
}

pub fn list() -> Checklist {
    checklist::builtin()[0].clone()
}

impl Stage {
    /// The usual change and checklist.
    pub fn new(columns: u16, rows: u16) -> Self {
        Self::of(orders(), columns, rows)
    }

    pub fn of(change: Change, columns: u16, rows: u16) -> Self {
        Self::with(Ledger::new(change, vec![list()]), columns, rows)
    }

    pub fn with(ledger: Ledger, columns: u16, rows: u16) -> Self {
        let mut stage = Self::before_start(ledger, columns, rows);
        stage.start();
        stage
    }

    pub fn start(&mut self) -> &mut Self {
        let effects = update::start(&mut self.state);
        self.carry_out(effects);
        self
    }

    /// The state before anything was asked for.
    pub fn before_start(ledger: Ledger, columns: u16, rows: u16) -> Self {
        let subject = Subject {
            id: review_id(),
            title: "shop-api".to_owned(),
            change: Arc::clone(&ledger.set),
            checklists: Arc::clone(&ledger.checklists),
            person: me(),
            today: today(),
            signer: SignoffSetup {
                keys: Some(Vec::new()),
                role: "Architect".to_owned(),
                organisation: "Levi & Co".to_owned(),
                principal: "d.levi@example.org".to_owned(),
                out: "signoff".to_owned(),
                meaning: Meaning::new(|_| "I answer for this change.".to_owned()),
            },
        };
        let look = Look {
            theme: Theme::default(),
            keymap: Keymap::default(),
            tab: 4,
            mouse: false,
        };
        let snapshot = Arc::new(ledger.snapshot());
        Self {
            state: State::new(subject, look, snapshot, (columns, rows)),
            ledger,
            effects: Vec::new(),
            acts: Vec::new(),
            shown: Vec::new(),
            drafts: BTreeMap::new(),
            waking: false,
            quit: false,
            held: None,
            loads_held: false,
            commits: Vec::new(),
            beside: Vec::new(),
            lenses: BTreeMap::new(),
            through: None,
        }
    }

    /// Types keys, as `12j`, `<C-d>`, `<esc>`.
    pub fn keys(&mut self, text: &str) -> &mut Self {
        for key in keys(text) {
            self.send(Msg::Key(key));
        }
        self
    }

    pub fn send(&mut self, msg: Msg) -> &mut Self {
        let effects = update::update(&mut self.state, msg);
        self.carry_out(effects);
        self
    }

    pub fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.send(Msg::Resize(columns, rows))
    }

    /// Lets the time that was asked for pass, once.
    pub fn wake(&mut self) -> &mut Self {
        assert!(std::mem::take(&mut self.waking), "a wake-up was asked for");
        self.send(Msg::Wake)
    }

    /// Holds requests back, as a slow disk does.
    pub fn hold(&mut self) -> &mut Self {
        self.held = Some(VecDeque::new());
        self
    }

    /// Answers the oldest request that was held back.
    pub fn answer(&mut self) -> &mut Self {
        let held = self.held.as_mut().expect("requests are held");
        let effect = held.pop_front().expect("a request waits");
        self.answer_to(effect);
        self
    }

    /// Answers everything that was held back, and what follows from it.
    pub fn answer_all(&mut self) -> &mut Self {
        for effect in self.held.take().unwrap_or_default() {
            self.answer_to(effect);
        }
        self
    }

    /// Tells the screen what the journal holds.
    pub fn follow(&mut self) -> &mut Self {
        let snapshot = Arc::new(self.ledger.snapshot());
        self.send(Msg::Snapshot(snapshot))
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        let through = self.through.take();
        for effect in effects {
            self.effects.push(effect.clone());
            let is_load = matches!(
                effect,
                Effect::Load(_) | Effect::Outline(_) | Effect::Moves(_) | Effect::Colour { .. }
            );
            match &mut self.held {
                Some(held) if !is_load || self.loads_held => held.push_back(effect),
                _ => self.answer_to(effect),
            }
        }
        self.through = through;
    }

    /// Answers, as being of the lens that was asked.
    fn reply(&mut self, msg: Msg) {
        let msg = match self.through {
            Some(lens) => Msg::Through(lens, Box::new(msg)),
            None => msg,
        };
        self.send(msg);
    }

    fn answer_to(&mut self, effect: Effect) {
        match effect {
            Effect::Load(path) => {
                let diff = Arc::new(self.diff(&path));
                let known = self.ledger.set.file(&path).is_some();
                let twins = self
                    .through
                    .filter(|_| known)
                    .map(|_| twins(&diff, &self.diff_of_change(&path)));
                let of = path.clone();
                self.reply(Msg::Loaded { path, diff });
                if let Some(twins) = twins {
                    self.reply(Msg::Twins { path: of, twins });
                }
            }
            Effect::Colour {
                path,
                side,
                first,
                last,
            } => self.colour(path, side, first, last),
            Effect::Outline(path) => self.outline(path),
            Effect::Act(acts) => self.act(acts),
            Effect::Show(spans) => {
                self.shown.push(spans.clone());
                if self.ledger.act(&Act::Displayed(spans)).is_ok() {
                    self.follow();
                }
            }
            Effect::SaveDraft { name, text } => drop(self.drafts.insert(name, text)),
            Effect::DropDraft(name) => drop(self.drafts.remove(&name)),
            Effect::Moves(path) => self.moves(path),
            Effect::Bracket { path, side, line } => self.bracket(path, side, line),
            Effect::Symbols(_) => self.symbols(),
            Effect::SearchAll(pattern) => self.search_all(pattern),
            Effect::Define { task, names, .. } => self.define(task, &names),
            Effect::Commits(task) => {
                let commits = Ok(self
                    .commits
                    .iter()
                    .map(|(facts, _)| facts.clone())
                    .collect());
                self.send(Msg::Commits { task, commits });
            }
            Effect::OpenLens { task, lens, of } => self.open_lens(task, lens, *of),
            Effect::CloseLens(lens) => drop(self.lenses.remove(&lens)),
            Effect::Through(lens, effect) => {
                let before = self.through.replace(lens);
                self.answer_to(*effect);
                self.through = before;
            }
            Effect::Search(request) => self.search(request),
            Effect::WakeIn(_) => self.waking = true,
            Effect::Quit => self.quit = true,
            Effect::EditText(_)
            | Effect::EditFile { .. }
            | Effect::Copy(_)
            | Effect::Remember(_)
            | Effect::StopSearch
            | Effect::Blame { .. }
            | Effect::GiveUp(_)
            | Effect::Count(_)
            | Effect::LookForHints(_)
            | Effect::Sign(_)
            | Effect::Redraw
            | Effect::Suspend => {}
        }
    }

    /// As the desk does: what is refused is left out, what cannot be written comes back with all that follow.
    fn act(&mut self, acts: Vec<Act>) {
        self.acts.extend(acts.clone());
        let mut rest = acts.into_iter();
        let mut refused = None;
        while let Some(act) = rest.next() {
            match self.ledger.act(&act) {
                Ok(()) => {}
                Err(ActFailure::Refused(reason)) => refused = Some(reason),
                Err(ActFailure::NotSaved(reason)) => {
                    let acts = std::iter::once(act).chain(rest).collect();
                    self.follow();
                    self.send(Msg::NotSaved { acts, reason });
                    return;
                }
            }
        }
        self.follow();
        self.send(refused.map_or(Msg::Saved, Msg::Refused));
    }

    pub fn diff(&self, path: &RepoPath) -> FileDiff {
        let Some(lens) = self.through else {
            return self.diff_of_change(path);
        };
        let change = &self.lenses[&lens];
        let set = change.set();
        change.diff(set.file(path).expect("a file of the lens"))
    }

    fn diff_of_change(&self, path: &RepoPath) -> FileDiff {
        let file = self.ledger.set.file(path).expect("a file of the change");
        self.ledger.change.diff(file)
    }

    fn open_lens(&mut self, task: TaskId, lens: LensId, of: LensOf) {
        let change = match &of {
            LensOf::Commit(commit) => {
                let known = self.commits.iter().find(|(facts, _)| facts == commit);
                Rc::clone(&known.expect("a commit that was listed").1)
            }
            LensOf::File(path, _) => {
                let known = self.beside.iter().find(|(of, _)| of == path);
                let (path, text) = known.expect("a file beside the change");
                Rc::new(Change::default().still(path.clone(), text))
            }
        };
        let set = Arc::new(change.set());
        self.lenses.insert(lens, change);
        let opened = Ok((Box::new(of), set));
        self.send(Msg::LensOpened { task, lens, opened });
    }

    fn colour(&mut self, path: RepoPath, side: Side, first: LineNo, last: LineNo) {
        let diff = self.diff(&path);
        let text = match side {
            Side::Old => &diff.old,
            Side::New => &diff.new,
        };
        let head = text.line(LineNo(1)).unwrap_or_default();
        let Some(language) = detect(&path, head) else {
            return;
        };
        let (lines, plain) = match parse(language, text, Limits::default()) {
            Ok(parsed) => (spans(&parsed, text, first..LineNo(last.0 + 1)), None),
            Err(reason) => (Vec::new(), Some(reason.to_string())),
        };
        self.reply(Msg::Coloured {
            path,
            side,
            first,
            lines,
            plain,
        });
    }

    fn outline(&mut self, path: RepoPath) {
        let diff = self.diff(&path);
        let head = diff.new.line(LineNo(1)).unwrap_or_default();
        let Some(language) = detect(&path, head) else {
            return;
        };
        if let Ok(parsed) = parse(language, &diff.new, Limits::default()) {
            let outline = Arc::new(outline(&parsed, &diff.new));
            self.reply(Msg::Outlined { path, outline });
        }
    }

    fn search(&mut self, request: SearchRequest) {
        let needle = Needle::new(&request.pattern).expect("a pattern is never empty");
        let path = request.order.into_iter().find(|path| {
            let diff = self.diff(path);
            let rows = diff.hunks.iter().flat_map(|hunk| &hunk.runs);
            rows.flat_map(|run| (0..run.len).map(|at| run.row(at)))
                .any(|row| needle.is_in(diff.line_of(row)))
        });
        let task = request.task;
        self.send(Msg::Found {
            task,
            path,
            pattern: request.pattern,
            direction: request.direction,
        });
    }

    fn search_all(&mut self, pattern: String) {
        let needle = Needle::new(&pattern).expect("a pattern is never empty");
        let mut hits = Hits::default();
        let files = self.state.files_shown().to_vec();
        for (at, file) in files.iter().enumerate() {
            hits.add(at, &self.diff(&file.path), &needle);
        }
        hits.done = true;
        let hits = Arc::new(hits);
        self.reply(Msg::Hits { pattern, hits });
    }

    fn bracket(&mut self, path: RepoPath, side: Side, line: LineNo) {
        let diff = self.diff(&path);
        let text = match side {
            Side::Old => &diff.old,
            Side::New => &diff.new,
        };
        let head = text.line(LineNo(1)).unwrap_or_default();
        let found = detect(&path, head).map_or(BracketMatch::NotParsed, |language| {
            let parsed = parse(language, text, Limits::default()).expect("small texts parse");
            matching_line(&parsed, text, line).map_or(BracketMatch::Nowhere, BracketMatch::Line)
        });
        self.reply(Msg::Bracket {
            path,
            side,
            line,
            found,
        });
    }

    fn symbols(&mut self) {
        let files = self.ledger.set.files.clone();
        for (at, file) in files.iter().enumerate() {
            let rows = rows_of(&self.ledger.change.store, file, at);
            self.send(Msg::Symbols(SymbolNews {
                rows,
                done: at + 1,
                finished: at + 1 == files.len(),
                cut: false,
            }));
        }
    }

    fn moves(&mut self, path: RepoPath) {
        if self.through.is_some() {
            return;
        }
        let mut moves = Moves::default();
        for (at, file) in self.ledger.set.files.clone().iter().enumerate() {
            moves.add(at as u32, &self.diff(&file.path));
        }
        let lines = Arc::new(moves.of(&self.diff(&path)));
        self.send(Msg::Moved { path, lines });
    }

    fn define(&mut self, task: TaskId, names: &[String]) {
        let symbols = |path: &RepoPath, text: &FileText| {
            let head = text.line(LineNo(1)).unwrap_or_default();
            let Some(language) = detect(path, head) else {
                return Vec::new();
            };
            let parsed = parse(language, text, Limits::default()).expect("small texts parse");
            let mut symbols = outline(&parsed, text).symbols;
            symbols.retain(|symbol| names.contains(&symbol.name));
            symbols
        };
        let mut found = Vec::new();
        for (at, file) in self.ledger.set.files.iter().enumerate() {
            let text = self.diff_of_change(&file.path).new;
            let of = |symbol| Definition {
                file: DefinedIn::Change(at),
                symbol,
            };
            found.extend(symbols(&file.path, &text).into_iter().map(of));
        }
        for (path, text) in &self.beside {
            let text = FileText::whole(Arc::from(text.as_bytes()));
            let of = |symbol| Definition {
                file: DefinedIn::Tree(path.clone()),
                symbol,
            };
            found.extend(symbols(path, &text).into_iter().map(of));
        }
        rarest_first(&mut found);
        let definitions = Definitions { found, note: None };
        self.send(Msg::Defined { task, definitions });
    }

    // What is on the screen.

    pub fn draw(&self) -> (Buffer, Option<Position>) {
        let (columns, rows) = self.state.size;
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        let mut cursor = None;
        terminal
            .draw(|frame| {
                view::draw(frame, &self.state);
                cursor = None;
            })
            .unwrap();
        if terminal.backend().cursor_visible() {
            cursor = terminal.get_cursor_position().ok();
        }
        (terminal.backend().buffer().clone(), cursor)
    }

    /// The screen as text; blanks at the ends of lines are cut.
    pub fn screen(&self) -> String {
        self.rows().join("\n")
    }

    pub fn rows(&self) -> Vec<String> {
        let (buffer, _) = self.draw();
        (0..buffer.area.height).map(|y| row(&buffer, y)).collect()
    }

    pub fn row(&self, y: u16) -> String {
        row(&self.draw().0, y)
    }

    pub fn has(&self, text: &str) -> bool {
        self.rows().iter().any(|row| row.contains(text))
    }

    /// The first row of the screen that holds a text.
    pub fn row_with(&self, text: &str) -> String {
        let rows = self.rows();
        let found = rows.iter().find(|row| row.contains(text));
        found
            .unwrap_or_else(|| panic!("no {text:?} on\n{}", rows.join("\n")))
            .clone()
    }

    /// The first cell of a text on the screen.
    pub fn cell(&self, text: &str) -> Cell {
        let (buffer, _) = self.draw();
        let (x, y) =
            find(&buffer, text).unwrap_or_else(|| panic!("no {text:?} on\n{}", self.screen()));
        buffer[(x, y)].clone()
    }

    pub fn style(&self, text: &str) -> Style {
        self.cell(text).style()
    }

    pub fn modifier(&self, text: &str) -> Modifier {
        self.cell(text).modifier
    }

    pub fn title(&self) -> String {
        self.row(0)
    }

    pub fn status(&self) -> String {
        self.row(self.state.size.1 - 2)
    }

    // Where the reader is.

    pub fn path(&self) -> String {
        self.state
            .file()
            .map_or_else(String::new, |file| file.path.to_string())
    }

    /// The cursor's row as `+13`, `−12`, ` 14`, or what else it is.
    pub fn at(&self) -> String {
        let document = self.state.code.document.as_ref().expect("a file is loaded");
        match document
            .row(self.state.code.cursor)
            .expect("the cursor is on a row")
        {
            DocRow::Heading(hunk) => format!("hunk {}", hunk + 1),
            DocRow::Gap(lines) => format!("gap {lines}"),
            DocRow::Message => "message".to_owned(),
            DocRow::Line { row, .. } => match row.kind {
                RowKind::Added => format!("+{}", row.new.unwrap()),
                RowKind::Removed => format!("−{}", row.old.unwrap()),
                RowKind::Context => format!(" {}", row.new.unwrap()),
            },
        }
    }

    pub fn item(&self) -> String {
        self.state.selected().id.to_string()
    }

    /// Names of the effects since the last call.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }
}

fn row(buffer: &Buffer, y: u16) -> String {
    let mut text = String::new();
    let mut hidden = 0;
    for x in 0..buffer.area.width {
        if hidden > 0 {
            hidden -= 1;
            continue;
        }
        let symbol = buffer[(x, y)].symbol();
        text.push_str(symbol);
        hidden = symbol.width().saturating_sub(1);
    }
    text.trim_end().to_owned()
}

fn find(buffer: &Buffer, text: &str) -> Option<(u16, u16)> {
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut starts = Vec::new();
        for x in 0..buffer.area.width {
            starts.push((line.len(), x));
            line.push_str(buffer[(x, y)].symbol());
        }
        if let Some(at) = line.find(text) {
            let (_, x) = starts.iter().rev().find(|(start, _)| *start <= at)?;
            return Some((*x, y));
        }
    }
    None
}
