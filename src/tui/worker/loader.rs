//! The thread of a code pane: its file, its colours, its functions, its brackets.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, OnceLock};

use crate::diff::Moves;
use crate::git::{Content, OpenedSource};
use crate::model::{ChangeSet, FileDiff, LineNo, RepoPath, Side};
use crate::syntax::{Limits, Parsed, Plain, Span, detect, matching_line, outline, parse, spans};
use crate::tui::app::Happening;
use crate::tui::effect::Effect;
use crate::tui::lens_worker::{Scene, twins};
use crate::tui::message::{BracketMatch, Msg};
use crate::workbench::Ahead;

/// What the thread of a code pane is asked for.
pub(in crate::tui) enum LoaderJob {
    Load(RepoPath),
    Outline(RepoPath),
    Moves(RepoPath),
    Colour {
        path: RepoPath,
        side: Side,
        first: LineNo,
        last: LineNo,
    },
    Bracket {
        path: RepoPath,
        side: Side,
        line: LineNo,
    },
}

impl LoaderJob {
    /// Reads an effect on a code pane; returns any other.
    pub(super) fn of(effect: Effect) -> Result<Self, Box<Effect>> {
        Ok(match effect {
            Effect::Load(path) => Self::Load(path),
            Effect::Outline(path) => Self::Outline(path),
            Effect::Moves(path) => Self::Moves(path),
            Effect::Colour {
                path,
                side,
                first,
                last,
            } => Self::Colour {
                path,
                side,
                first,
                last,
            },
            Effect::Bracket { path, side, line } => Self::Bracket { path, side, line },
            other => return Err(Box::new(other)),
        })
    }
}

/// A parsed side of a file, or why there is none.
type Tree = Arc<Result<Parsed, Plain>>;

/// The reader's file and its colours.
pub(in crate::tui) struct Loader {
    change: Arc<ChangeSet>,
    content: Arc<dyn Content>,
    recent: VecDeque<(RepoPath, Arc<FileDiff>)>,
    parsed: VecDeque<(RepoPath, Side, Tree)>,
    /// What was moved in the change, once every file was looked at.
    moves: Arc<OnceLock<Moves>>,
    /// What is looked at in place of the change, and the change itself.
    lens: Option<(Scene, OpenedSource)>,
    /// The file that was read ahead, until it is asked for.
    pub(super) ahead: Option<Ahead>,
}

impl Loader {
    /// Reads what a lens shows, and holds it against the change under review.
    pub(in crate::tui) fn through(scene: Scene, review: OpenedSource) -> Self {
        let (change, content) = (Arc::clone(&scene.change), Arc::clone(&scene.content));
        Self {
            lens: Some((scene, review)),
            ..Self::new(change, content, Arc::default())
        }
    }

    pub(super) fn new(
        change: Arc<ChangeSet>,
        content: Arc<dyn Content>,
        moves: Arc<OnceLock<Moves>>,
    ) -> Self {
        Self {
            change,
            content,
            recent: VecDeque::new(),
            parsed: VecDeque::new(),
            moves,
            lens: None,
            ahead: None,
        }
    }

    pub(in crate::tui) fn run(mut self, inbox: &Receiver<LoaderJob>, out: &Sender<Happening>) {
        let mut backlog = VecDeque::new();
        loop {
            let job = match backlog.pop_front() {
                Some(job) => job,
                None => match inbox.recv() {
                    Ok(job) => job,
                    Err(_) => return,
                },
            };
            backlog.extend(inbox.try_iter());
            // The file asked for goes before colours of the one that was left.
            let awaited = backlog.iter().any(|job| matches!(job, LoaderJob::Load(_)));
            let msg = match job {
                LoaderJob::Load(path) => self.load(&path),
                LoaderJob::Outline(_) | LoaderJob::Moves(_) | LoaderJob::Colour { .. }
                    if awaited =>
                {
                    continue;
                }
                LoaderJob::Moves(path) => self.moved(path),
                LoaderJob::Outline(path) => self.outline(path),
                LoaderJob::Colour {
                    path,
                    side,
                    first,
                    last,
                } => self.colour(path, side, first, last),
                LoaderJob::Bracket { path, side, line } => Some(self.bracket(path, side, line)),
            };
            let seen = match &msg {
                Some(Msg::Loaded { path, diff }) => self.twins(path, diff),
                _ => None,
            };
            for msg in msg.into_iter().chain(seen) {
                if out.send(Happening::Msg(self.marked(msg))).is_err() {
                    return;
                }
            }
        }
    }

    fn marked(&self, msg: Msg) -> Msg {
        match &self.lens {
            Some((scene, _)) => scene.marked(msg),
            None => msg,
        }
    }

    /// Tells which hunks of a file seen through a lens are hunks of the change under review.
    fn twins(&self, path: &RepoPath, seen: &FileDiff) -> Option<Msg> {
        let (_, review) = self.lens.as_ref()?;
        let whole = review.content.diff(review.change.file(path)?);
        Some(Msg::Twins {
            path: path.clone(),
            twins: twins(seen, &whole),
        })
    }

    fn diff(&mut self, path: &RepoPath) -> Option<Arc<FileDiff>> {
        const KEPT: usize = 4;
        if let Some((_, diff)) = self.recent.iter().find(|(known, _)| known == path) {
            return Some(Arc::clone(diff));
        }
        let ahead = self.ahead.take().filter(|ahead| ahead.path() == path);
        let diff = match ahead.and_then(|ahead| ahead.wait(None)) {
            Some(diff) => diff,
            None => Arc::new(self.content.diff(self.change.file(path)?)),
        };
        self.recent.push_back((path.clone(), Arc::clone(&diff)));
        if self.recent.len() > KEPT {
            self.recent.pop_front();
        }
        Some(diff)
    }

    fn load(&mut self, path: &RepoPath) -> Option<Msg> {
        let diff = self.diff(path)?;
        Some(Msg::Loaded {
            path: path.clone(),
            diff,
        })
    }

    fn colour(&mut self, path: RepoPath, side: Side, first: LineNo, last: LineNo) -> Option<Msg> {
        let (diff, parsed) = self.tree(&path, side)?;
        let text = match side {
            Side::Old => &diff.old,
            Side::New => &diff.new,
        };
        let (lines, plain): (Vec<Vec<Span>>, _) = match parsed.as_ref() {
            Ok(parsed) => (spans(parsed, text, first..LineNo(last.0 + 1)), None),
            Err(reason) => (Vec::new(), Some(reason.to_string())),
        };
        Some(Msg::Coloured {
            path,
            side,
            first,
            lines,
            plain,
        })
    }

    fn outline(&mut self, path: RepoPath) -> Option<Msg> {
        let (diff, parsed) = self.tree(&path, Side::New)?;
        let parsed = parsed.as_ref().as_ref().ok()?;
        let outline = Arc::new(outline(parsed, &diff.new));
        Some(Msg::Outlined { path, outline })
    }

    fn bracket(&mut self, path: RepoPath, side: Side, line: LineNo) -> Msg {
        let tree = self.tree(&path, side);
        let found = match tree.as_ref().map(|(diff, tree)| (diff, tree.as_ref())) {
            Some((diff, Ok(parsed))) => {
                let text = match side {
                    Side::Old => &diff.old,
                    Side::New => &diff.new,
                };
                matching_line(parsed, text, line).map_or(BracketMatch::Nowhere, BracketMatch::Line)
            }
            Some((_, Err(_))) | None => BracketMatch::NotParsed,
        };
        Msg::Bracket {
            path,
            side,
            line,
            found,
        }
    }

    fn moved(&mut self, path: RepoPath) -> Option<Msg> {
        let diff = self.diff(&path)?;
        let lines = Arc::new(self.moves.get()?.of(&diff));
        (!lines.is_empty()).then_some(Msg::Moved { path, lines })
    }

    /// Returns a file with one of its sides parsed; nothing for text in no language known.
    fn tree(&mut self, path: &RepoPath, side: Side) -> Option<(Arc<FileDiff>, Tree)> {
        let diff = self.diff(path)?;
        let text = match side {
            Side::Old => &diff.old,
            Side::New => &diff.new,
        };
        let file = self.change.file(path)?;
        let named = match side {
            Side::Old => file.old_path.as_ref().unwrap_or(path),
            Side::New => path,
        };
        let first_line = text.line(LineNo(1)).unwrap_or_default();
        let language = detect(named, first_line)?;
        let parsed = self.parsed(path, side, || parse(language, text, Limits::default()));
        Some((diff, parsed))
    }

    /// Parses a side of a file once; the few last ones are kept.
    fn parsed(
        &mut self,
        path: &RepoPath,
        side: Side,
        parse: impl FnOnce() -> Result<Parsed, Plain>,
    ) -> Tree {
        const KEPT: usize = 4;
        let known = self
            .parsed
            .iter()
            .find(|(known, known_side, _)| known == path && *known_side == side);
        if let Some((_, _, parsed)) = known {
            return Arc::clone(parsed);
        }
        let parsed = Arc::new(parse());
        self.parsed
            .push_back((path.clone(), side, Arc::clone(&parsed)));
        if self.parsed.len() > KEPT {
            self.parsed.pop_front();
        }
        parsed
    }
}
