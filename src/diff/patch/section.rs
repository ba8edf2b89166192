//! One file's stretch of a patch: its header lines and hunks, in git's or the plain form.

use super::header::{self, Name};
use super::hunk::{RawHunk, read_hunk};
use super::{Cursor, shown};
use crate::model::{Mode, RepoPath};

/// What the header lines say happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Happened {
    #[default]
    Modified,
    Added,
    Deleted,
    Renamed,
    Copied,
}

/// Bytes that are not text; sizes where the patch states them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Binary {
    pub(super) old_size: Option<u64>,
    pub(super) new_size: Option<u64>,
}

/// One file's stretch of a patch.
#[derive(Debug, Default)]
pub(super) struct Section<'a> {
    /// The line of the patch it starts on.
    pub(super) line: usize,
    /// Whether it is in git's form.
    pub(super) git: bool,
    /// The path after the change, or before it for a deleted file.
    pub(super) path: Option<RepoPath>,
    /// The path before a rename or copy.
    pub(super) old_path: Option<RepoPath>,
    pub(super) happened: Happened,
    pub(super) old_mode: Option<Mode>,
    pub(super) new_mode: Option<Mode>,
    pub(super) old_id: Option<String>,
    pub(super) new_id: Option<String>,
    pub(super) hunks: Vec<RawHunk<'a>>,
    pub(super) binary: Option<Binary>,
    /// Whether `---` and `+++` lines stand above its hunks.
    pub(super) has_side_names: bool,
    /// The bytes of the stretch, which name versions that nothing else names.
    pub(super) raw: &'a [u8],
}

/// Reads a section that starts with `diff --git`.
pub(super) fn read_git<'a>(cursor: &mut Cursor<'a>) -> Option<Section<'a>> {
    let start = cursor.at;
    let first = cursor.peek()?;
    let mut section = Section {
        line: cursor.line,
        git: true,
        path: header::git_name(first.strip_prefix(b"diff --git ").unwrap_or(first)),
        ..Section::default()
    };
    cursor.advance();
    while let Some(line) = cursor.peek() {
        if !section.take_header(line) {
            break;
        }
        cursor.advance();
    }
    section.take_side_names(cursor);
    if section.path.is_none() {
        let message = format!(
            "cannot tell which file “{}” is about; it was left out",
            shown(first)
        );
        cursor.report_at(section.line, None, &message);
        return None;
    }
    section.take_body(cursor);
    section.report_missing_lines(cursor);
    section.raw = &cursor.bytes[start..cursor.at];
    Some(section)
}

impl<'a> Section<'a> {
    /// Takes one of git's extended header lines; tells whether it was one.
    fn take_header(&mut self, line: &[u8]) -> bool {
        if let Some(mode) = line.strip_prefix(b"old mode ") {
            self.old_mode = parse_mode(mode);
        } else if let Some(mode) = line.strip_prefix(b"new mode ") {
            self.new_mode = parse_mode(mode);
        } else if let Some(mode) = line.strip_prefix(b"deleted file mode ") {
            self.happened = Happened::Deleted;
            self.old_mode = parse_mode(mode);
        } else if let Some(mode) = line.strip_prefix(b"new file mode ") {
            self.happened = Happened::Added;
            self.new_mode = parse_mode(mode);
        } else if let Some(name) = line.strip_prefix(b"rename from ") {
            self.take_source(Happened::Renamed, name);
        } else if let Some(name) = line.strip_prefix(b"copy from ") {
            self.take_source(Happened::Copied, name);
        } else if let Some(name) = line
            .strip_prefix(b"rename to ")
            .or_else(|| line.strip_prefix(b"copy to "))
        {
            self.path = header::usable(header::unquoted(name).as_bytes());
        } else if let Some(ids) = line.strip_prefix(b"index ") {
            self.take_index(ids);
        } else {
            return line.starts_with(b"similarity index ")
                || line.starts_with(b"dissimilarity index ");
        }
        true
    }

    fn take_source(&mut self, happened: Happened, name: &[u8]) {
        self.happened = happened;
        self.old_path = header::usable(header::unquoted(name).as_bytes());
    }

    /// Takes `abc..def` or `abc..def 100644`.
    fn take_index(&mut self, ids: &[u8]) {
        let text = String::from_utf8_lossy(ids);
        let mut words = text.split(' ');
        let Some((old, new)) = words.next().and_then(|ids| ids.split_once("..")) else {
            return;
        };
        self.old_id = usable_id(old);
        self.new_id = usable_id(new);
        if let Some(mode) = words.next().and_then(|mode| parse_mode(mode.as_bytes())) {
            self.old_mode = Some(mode);
            self.new_mode = Some(mode);
        }
    }

    /// Takes the `---` and `+++` lines where they stand; they name the file where the `diff` line could not.
    fn take_side_names(&mut self, cursor: &mut Cursor<'a>) {
        let Some((old, new)) = side_names(cursor) else {
            return;
        };
        cursor.advance();
        cursor.advance();
        if old == Name::Absent && self.happened == Happened::Modified {
            self.happened = Happened::Added;
        }
        if new == Name::Absent && self.happened == Happened::Modified {
            self.happened = Happened::Deleted;
        }
        self.has_side_names = true;
        let sides = header::plain_name(path_of(&old), path_of(&new));
        match (&self.path, sides) {
            (None, sides) => self.path = sides,
            (Some(path), Some(sides)) if !self.agrees(path, &old, &new) => {
                let message = format!(
                    "the header names {path}, but the --- and +++ lines name {sides}, and programs differ in which they \
                     follow; make the patch again"
                );
                cursor.report_at(self.line, Some(path), &message);
            }
            (Some(_), _) => {}
        }
    }

    /// Tells whether the `---` and `+++` lines name the files of the header, under whatever prefix.
    fn agrees(&self, path: &RepoPath, old: &Name, new: &Name) -> bool {
        let names = |side: &Name, path: &RepoPath| {
            path_of(side).is_none_or(|side| {
                let (side, path) = (side.as_bytes(), path.as_bytes());
                side.strip_suffix(path)
                    .is_some_and(|prefix| prefix.is_empty() || prefix.ends_with(b"/"))
            })
        };
        names(new, path) && names(old, self.old_path.as_ref().unwrap_or(path))
    }

    /// Reports a file that changed according to its header, but of which no line is there.
    fn report_missing_lines(&self, cursor: &mut Cursor<'a>) {
        const EMPTY: [&str; 2] = [
            "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
            "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
        ];
        let is_content = |id: &Option<String>| {
            id.as_ref()
                .is_some_and(|id| !EMPTY.iter().any(|empty| empty.starts_with(id.as_str())))
        };
        let differs =
            self.old_id != self.new_id && (is_content(&self.old_id) || is_content(&self.new_id));
        if (differs || self.has_side_names) && self.hunks.is_empty() && self.binary.is_none() {
            let message = "the header says that the content changed, but the patch holds no line of it: it is cut off, or \
                           was made to leave them out; make it again";
            cursor.report_at(self.line, self.path.as_ref(), message);
        }
    }

    fn take_body(&mut self, cursor: &mut Cursor<'a>) {
        while let Some(line) = cursor.peek() {
            if line.starts_with(b"@@") {
                let hunk = read_hunk(cursor, self.path.as_ref());
                self.hunks.extend(hunk);
            } else if line.starts_with(b"Binary files ") && line.ends_with(b" differ") {
                self.binary = Some(Binary::default());
                cursor.advance();
            } else if line == b"GIT binary patch" {
                self.binary = Some(read_binary(cursor));
            } else {
                return;
            }
        }
    }
}

/// Reads the sizes of git's binary patch: the first block gives the new version, the second the old one.
fn read_binary(cursor: &mut Cursor<'_>) -> Binary {
    cursor.advance();
    let mut sizes = Vec::new();
    while let Some(line) = cursor.peek() {
        let literal = line.strip_prefix(b"literal ");
        if let Some(size) = literal {
            sizes.push(std::str::from_utf8(size).ok().and_then(|t| t.parse().ok()));
        } else if line.starts_with(b"delta ") {
            sizes.push(None);
        } else if !line.is_empty() && !is_base85_row(line) {
            break;
        }
        cursor.advance();
    }
    let size = |index: usize| sizes.get(index).copied().flatten();
    Binary {
        old_size: size(1),
        new_size: size(0),
    }
}

/// A row of git's base 85: one letter for the length, then groups of five.
fn is_base85_row(line: &[u8]) -> bool {
    line.first().is_some_and(u8::is_ascii_alphabetic)
        && line.len() > 5
        && (line.len() - 1).is_multiple_of(5)
        && !line.contains(&b' ')
}

fn parse_mode(text: &[u8]) -> Option<Mode> {
    let text = std::str::from_utf8(text).ok()?;
    u32::from_str_radix(text.trim(), 8)
        .ok()
        .map(Mode::from_bits)
}

fn usable_id(text: &str) -> Option<String> {
    let hexadecimal = text
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let named = text.bytes().any(|byte| byte != b'0');
    ((4..=64).contains(&text.len()) && hexadecimal && named).then(|| text.to_owned())
}

fn side_names(cursor: &Cursor<'_>) -> Option<(Name, Name)> {
    let old = cursor.peek()?.strip_prefix(b"--- ")?;
    let new = cursor.peek_ahead(1)?.strip_prefix(b"+++ ")?;
    Some((header::side_name(old), header::side_name(new)))
}

fn path_of(name: &Name) -> Option<&RepoPath> {
    match name {
        Name::Absent => None,
        Name::Path { path, .. } => Some(path),
    }
}

/// Tells whether a plain file header stands here: `---`, `+++` and a hunk.
pub(super) fn is_plain_start(cursor: &Cursor<'_>) -> bool {
    side_names(cursor).is_some()
        && cursor
            .peek_ahead(2)
            .is_some_and(|line| line.starts_with(b"@@"))
}

/// Reads a section that starts with `---` and `+++`.
pub(super) fn read_plain<'a>(cursor: &mut Cursor<'a>) -> Option<Section<'a>> {
    let start = cursor.at;
    let line = cursor.line;
    let (old, new) = side_names(cursor)?;
    cursor.advance();
    cursor.advance();
    let mut section = Section {
        line,
        path: header::plain_name(path_of(&old), path_of(&new)),
        ..Section::default()
    };
    section.take_body(cursor);
    section.raw = &cursor.bytes[start..cursor.at];
    let absent = |name: &Name, range: fn(&RawHunk<'_>) -> (u32, u32)| match name {
        Name::Absent => true,
        Name::Path { epoch, .. } => {
            *epoch && section.hunks.iter().all(|hunk| range(hunk) == (0, 0))
        }
    };
    section.happened = match (
        absent(&old, |hunk| hunk.old_range),
        absent(&new, |hunk| hunk.new_range),
    ) {
        (true, false) => Happened::Added,
        (false, true) => Happened::Deleted,
        (true, true) | (false, false) => Happened::Modified,
    };
    if section.path.is_none() {
        let message = "the file header names no file on either side; it was left out";
        cursor.report_at(line, None, message);
        return None;
    }
    Some(section)
}

/// Reads `Binary files OLD and NEW differ` as `diff -r` prints it.
pub(super) fn read_plain_binary<'a>(cursor: &mut Cursor<'a>) -> Option<Section<'a>> {
    let line = cursor.peek()?;
    let names = line
        .strip_prefix(b"Binary files ")?
        .strip_suffix(b" differ")?;
    let at = memchr::memmem::find(names, b" and ")?;
    let side = |name: &[u8]| (name != b"/dev/null").then(|| header::unquoted(name));
    let (old, new) = (side(&names[..at]), side(&names[at + 5..]));
    let section = Section {
        line: cursor.line,
        path: Some(header::plain_name(old.as_ref(), new.as_ref())?),
        binary: Some(Binary::default()),
        raw: line,
        ..Section::default()
    };
    cursor.advance();
    Some(section)
}

/// Reports a combined diff and passes over it.
pub(super) fn skip_combined(cursor: &mut Cursor<'_>) {
    let Some(line) = cursor.peek() else { return };
    let name = line
        .strip_prefix(b"diff --cc ")
        .or_else(|| line.strip_prefix(b"diff --combined "))
        .unwrap_or_default();
    let path = header::usable(header::unquoted(name).as_bytes());
    let shown_path = path.as_ref().map_or_else(|| shown(name), RepoPath::quoted);
    let message = format!(
        "{shown_path} is a combined diff of a merge, which does not say what changed against one side; make the patch \
         with `git diff A B` or `git show --first-parent`"
    );
    cursor.report(path.as_ref(), &message);
    cursor.advance();
    while let Some(line) = cursor.peek() {
        if line.starts_with(b"diff ") || line.starts_with(b"From ") {
            return;
        }
        cursor.advance();
    }
}

/// Reports what `diff -r` without `-N` says of a file that is on one side only.
pub(super) fn report_only_in(cursor: &mut Cursor<'_>) {
    let Some(line) = cursor.peek() else { return };
    if memchr::memmem::find(line, b": ").is_some() {
        let message = format!(
            "“{}”: the patch does not hold that file's lines; make it with `diff -ruN`",
            shown(line)
        );
        cursor.report(None, &message);
    }
    cursor.advance();
}

/// Returns what to say of a line that tells of a change in a form that holds none of its lines.
pub(super) fn unread_change(line: &[u8]) -> Option<&'static str> {
    if let Some(text) = uncoloured(line)
        && ["diff ", "--- ", "+++ ", "@@ ", "new file ", "rename "]
            .iter()
            .any(|start| text.starts_with(start.as_bytes()))
    {
        return Some(
            "the patch is coloured for a terminal, and what is coloured cannot be read; make it with --no-color",
        );
    }
    if line.starts_with(b"* Unmerged path ") {
        return Some(
            "the file has a merge conflict, and the patch holds no line of it; resolve it",
        );
    }
    let submodule = line.strip_prefix(b"Submodule ")?;
    let text = String::from_utf8_lossy(submodule);
    let ids = text.rsplit(' ').take(3).find_map(|word| {
        let (old, new) = word.split_once("..")?;
        let new = new.trim_start_matches('.').trim_end_matches(':');
        let is_id = |id: &str| id.len() >= 7 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        (is_id(old) && is_id(new)).then_some(())
    });
    ids.map(|()| {
        "a submodule changed, and the patch does not name its commits in full; make it with --submodule=short"
    })
}

/// Returns a line without the colours at its start; `None` where there are none.
fn uncoloured(line: &[u8]) -> Option<&[u8]> {
    let mut rest = line;
    while let Some(code) = rest.strip_prefix(b"\x1b[") {
        let end = code
            .iter()
            .position(|byte| !matches!(byte, b'0'..=b'9' | b';'))?;
        rest = (code[end] == b'm').then(|| &code[end + 1..])?;
    }
    (rest.len() < line.len()).then_some(rest)
}
