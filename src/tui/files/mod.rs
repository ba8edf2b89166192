//! The files of the change as a list to walk: by folder or flat, folders closed or open, narrowed by a few letters. Owns
//! what the list shows and where one stands in it; what a row's counts mean is told to it.

mod tree;

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use crate::model::{ChangeSet, FileChange};
pub use tree::{Kind, Node, Tree};

/// A change of more files than this opens with its folders closed: nobody reads a tree of a thousand rows.
const MANY: usize = 200;

/// What is counted of a file, or of all files below a folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Facts {
    /// Files.
    pub files: u32,
    /// Files of which every hunk is marked as read.
    pub files_read: u32,
    /// Hunks.
    pub hunks: u32,
    /// Hunks marked as read.
    pub read: u32,
    /// Added lines.
    pub added: u32,
    /// Removed lines.
    pub removed: u32,
    /// Hints that nobody has dealt with.
    pub hints: u32,
    /// Findings that point there.
    pub flags: u32,
    /// Hunks of critical surfaces that nobody has read.
    pub critical: u32,
}

impl Facts {
    /// Adds what is counted elsewhere.
    #[must_use]
    fn plus(self, other: Self) -> Self {
        Self {
            files: self.files + other.files,
            files_read: self.files_read + other.files_read,
            hunks: self.hunks + other.hunks,
            read: self.read + other.read,
            added: self.added + other.added,
            removed: self.removed + other.removed,
            hints: self.hints + other.hints,
            flags: self.flags + other.flags,
            critical: self.critical + other.critical,
        }
    }

    /// Takes away what [`Facts::plus`] added.
    #[must_use]
    fn minus(self, other: Self) -> Self {
        Self {
            files: self.files - other.files,
            files_read: self.files_read - other.files_read,
            hunks: self.hunks - other.hunks,
            read: self.read - other.read,
            added: self.added - other.added,
            removed: self.removed - other.removed,
            hints: self.hints - other.hints,
            flags: self.flags - other.flags,
            critical: self.critical - other.critical,
        }
    }
}

/// Folders that are closed, by their paths; kept while the screen runs.
#[derive(Debug, Clone, Default)]
pub struct Closed {
    folders: HashSet<Vec<u8>>,
    /// Whether the first list was opened, which closes the folders of a large change.
    begun: bool,
}

/// By folder, or one row for each file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Folders with what is in them.
    Tree,
    /// Files alone.
    Flat,
}

/// The list while it is open.
#[derive(Debug)]
pub struct FileList {
    /// By folder or flat.
    pub form: Form,
    /// Letters the list is narrowed by.
    pub query: String,
    /// Whether they are being typed.
    pub typing: bool,
    /// The row one stands on.
    pub selected: usize,
    /// The first row on the screen.
    pub top: usize,
    change: Arc<ChangeSet>,
    facts: Vec<Facts>,
    tree: Tree,
    /// Sums over the files of the tree before each position.
    sums: Vec<Facts>,
    /// Nodes that are rows now.
    rows: Vec<u32>,
    closed: Closed,
}

impl FileList {
    /// Opens the list on a file. `facts` has an entry for each file of the change.
    pub fn new(
        change: &Arc<ChangeSet>,
        facts: Vec<Facts>,
        form: Form,
        closed: Closed,
        here: usize,
    ) -> Self {
        let mut list = Self {
            form,
            query: String::new(),
            typing: false,
            selected: 0,
            top: 0,
            change: Arc::clone(change),
            facts,
            tree: Tree::default(),
            sums: Vec::new(),
            rows: Vec::new(),
            closed,
        };
        list.build();
        if !list.closed.begun && list.change.files.len() > MANY {
            list.close_all();
        }
        list.closed.begun = true;
        list.open_to(here);
        list.stand_on_file(here);
        list
    }

    /// Returns what is closed, to be kept for the next time.
    pub fn closed(&self) -> Closed {
        self.closed.clone()
    }

    /// Returns how many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns a row.
    pub fn node(&self, row: usize) -> Option<Node> {
        self.rows
            .get(row)
            .map(|&at| self.tree.nodes[at as usize].clone())
    }

    /// Returns a file of the change.
    pub fn file(&self, at: u32) -> &FileChange {
        &self.change.files[at as usize]
    }

    /// Returns a row's name: of a folder, the names of all that are joined in it, with a `/` at the end.
    pub fn name(&self, node: &Node) -> &[u8] {
        let path = self.path(node.name_of);
        &path[node.name.start as usize..node.name.end as usize]
    }

    /// Returns what is counted at a row.
    pub fn facts(&self, node: &Node) -> Facts {
        match node.kind {
            Kind::File => self.facts[node.name_of as usize],
            Kind::Folder => self.sum(&node.files),
        }
    }

    /// Returns what is counted in all files of the list.
    pub fn total(&self) -> Facts {
        self.sums.last().copied().unwrap_or_default()
    }

    /// Tells whether a folder is closed.
    pub fn is_closed(&self, node: &Node) -> bool {
        // What is looked for is not hidden.
        self.query.is_empty() && self.closed.folders.contains(self.folder_path(node))
    }

    /// Takes other counts in; one stays where one is.
    pub fn recount(&mut self, facts: Vec<Facts>) {
        self.facts = facts;
        self.add_up();
    }

    /// Goes some rows down, or up.
    pub fn step(&mut self, by: isize) {
        let last = self.rows.len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(by).min(last);
    }

    /// Scrolls so far that the row one stands on is among `height` rows.
    pub fn keep_in_sight(&mut self, height: usize) {
        let height = height.max(1);
        let most = self.rows.len().saturating_sub(height);
        let margin = 2.min((height - 1) / 2);
        let lowest = self.selected.saturating_sub(margin);
        let highest = (self.selected + margin + 1).saturating_sub(height);
        self.top = self.top.min(lowest).max(highest).min(most);
    }

    /// Opens a closed folder, or goes to what is first in an open one.
    pub fn open(&mut self) {
        let Some(node) = self.here() else { return };
        if node.kind == Kind::File {
            return;
        }
        if self.is_closed(&node) {
            let path = self.folder_path(&node).to_vec();
            self.closed.folders.remove(&path);
            self.lay_out();
        } else {
            self.step(1);
        }
    }

    /// Closes an open folder; elsewhere goes to the folder around.
    pub fn close(&mut self) {
        let Some(node) = self.here() else { return };
        if node.kind == Kind::Folder && !self.is_closed(&node) && self.query.is_empty() {
            self.toggle(&node);
            return;
        }
        let above = self.rows[..self.selected]
            .iter()
            .rposition(|&at| self.tree.nodes[at as usize].depth < node.depth);
        if let Some(row) = above {
            self.selected = row;
        }
    }

    /// Opens a closed folder or closes an open one; of a file, returns which.
    pub fn choose(&mut self) -> Option<usize> {
        let node = self.here()?;
        match node.kind {
            Kind::File => Some(node.name_of as usize),
            Kind::Folder => {
                self.toggle(&node);
                None
            }
        }
    }

    /// Closes every folder; one stands on the outermost folder of where one was.
    pub fn close_all(&mut self) {
        let here = self.here().map(|node| node.files.start);
        for node in &self.tree.nodes {
            if node.kind == Kind::Folder {
                let path = self.path(node.name_of)[..node.name.end as usize].to_vec();
                self.closed.folders.insert(path);
            }
        }
        self.lay_out();
        self.stand_on_position(here.unwrap_or(0));
    }

    /// Opens every folder.
    pub fn open_all(&mut self) {
        let here = self.here();
        self.closed.folders.clear();
        self.lay_out();
        self.stand_on(here.as_ref());
    }

    /// Shows the files by folder, or flat; one stays on the file, or on the first one of the folder.
    pub fn turn(&mut self) {
        let here = self
            .here()
            .map(|node| self.tree.order[node.files.start as usize]);
        self.form = match self.form {
            Form::Tree => Form::Flat,
            Form::Flat => Form::Tree,
        };
        self.build();
        if let Some(file) = here {
            self.open_to(file as usize);
            self.stand_on_file(file as usize);
        }
    }

    /// Narrows the list to files whose paths have every word; lower case finds any case.
    pub fn narrow(&mut self, query: String) {
        let here = self
            .here()
            .map(|node| self.tree.order[node.files.start as usize]);
        // More letters fit no file that fewer did not.
        let among = query
            .starts_with(&self.query)
            .then(|| std::mem::take(&mut self.tree.order));
        self.query = query;
        self.build_among(among);
        if self.query.is_empty() {
            if let Some(file) = here {
                self.open_to(file as usize);
                self.stand_on_file(file as usize);
            }
        } else {
            // The first file rather than the folder above it: Enter goes there.
            let is_file = |&at: &u32| self.tree.nodes[at as usize].kind == Kind::File;
            self.selected = self.rows.iter().position(is_file).unwrap_or(0);
        }
    }

    fn here(&self) -> Option<Node> {
        self.node(self.selected)
    }

    fn path(&self, file: u32) -> &[u8] {
        self.change.files[file as usize].path.as_bytes()
    }

    fn folder_path(&self, node: &Node) -> &[u8] {
        &self.path(node.name_of)[..node.name.end as usize]
    }

    fn toggle(&mut self, node: &Node) {
        let path = self.folder_path(node).to_vec();
        if !self.closed.folders.remove(&path) {
            self.closed.folders.insert(path);
        }
        self.lay_out();
    }

    /// Opens the folders around a file.
    fn open_to(&mut self, file: usize) {
        let Some(path) = self.change.files.get(file).map(|file| file.path.as_bytes()) else {
            return;
        };
        let ends = (0..path.len()).filter(|at| path[*at] == b'/');
        let folders: Vec<&[u8]> = ends.map(|end| &path[..=end]).collect();
        let closed = &mut self.closed.folders;
        let opened = folders.iter().filter(|path| closed.remove(**path)).count();
        if opened > 0 {
            self.lay_out();
        }
    }

    fn stand_on_file(&mut self, file: usize) {
        let at = self.tree.order.iter().position(|at| *at as usize == file);
        if let Some(at) = at {
            self.stand_on_position(at as u32);
        }
    }

    /// Stands on the row that holds a file, by its position in the tree.
    fn stand_on_position(&mut self, at: u32) {
        let holds = |row: &&u32| self.tree.nodes[**row as usize].files.start <= at;
        let before = self.rows.iter().take_while(holds).count();
        self.selected = before.saturating_sub(1);
    }

    fn stand_on(&mut self, node: Option<&Node>) {
        let same = |&at: &u32| Some(&self.tree.nodes[at as usize]) == node;
        self.selected = self.rows.iter().position(same).unwrap_or(0);
    }

    fn build(&mut self) {
        self.build_among(None);
    }

    /// Builds the tree of the files that fit, of all files or of some.
    fn build_among(&mut self, some: Option<Vec<u32>>) {
        let files = &self.change.files;
        let words = Words::of(&self.query);
        let mut order = some.unwrap_or_else(|| (0..files.len() as u32).collect());
        order.retain(|at| words.are_in(files[*at as usize].path.as_bytes()));
        let path = |at: u32| files[at as usize].path.as_bytes();
        self.tree = match self.form {
            Form::Tree => Tree::of(order, path),
            Form::Flat => Tree::flat(order, path),
        };
        self.add_up();
        self.lay_out();
    }

    fn add_up(&mut self) {
        let mut sum = Facts::default();
        self.sums.clear();
        self.sums.push(sum);
        for &file in &self.tree.order {
            sum = sum.plus(self.facts[file as usize]);
            self.sums.push(sum);
        }
    }

    fn sum(&self, files: &Range<u32>) -> Facts {
        self.sums[files.end as usize].minus(self.sums[files.start as usize])
    }

    /// Finds which nodes are rows: all but those in closed folders.
    fn lay_out(&mut self) {
        let mut rows = Vec::with_capacity(self.rows.len());
        let mut at = 0;
        while let Some(node) = self.tree.nodes.get(at) {
            rows.push(at as u32);
            let skipped = node.kind == Kind::Folder && self.is_closed(node);
            at = if skipped { node.end as usize } else { at + 1 };
        }
        self.rows = rows;
        self.selected = self.selected.min(self.rows.len().saturating_sub(1));
    }
}

/// Words of a query.
struct Words {
    words: Vec<Vec<u8>>,
    any_case: bool,
}

impl Words {
    fn of(query: &str) -> Self {
        Self {
            words: query
                .split_whitespace()
                .map(|word| word.as_bytes().to_vec())
                .collect(),
            any_case: !query.chars().any(char::is_uppercase),
        }
    }

    fn are_in(&self, path: &[u8]) -> bool {
        let is_word = |part: &[u8], word: &[u8]| {
            // Most places fail on their first letter.
            part[0].eq_ignore_ascii_case(&word[0])
                && (part == word || (self.any_case && part.eq_ignore_ascii_case(word)))
        };
        self.words
            .iter()
            .all(|word| path.windows(word.len()).any(|part| is_word(part, word)))
    }
}
