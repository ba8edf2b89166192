//! The one action table: it feeds keys, the `?` screen, the command palette and the README.

/// Where an action stands in help and in the README.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Getting about.
    Move,
    /// Deciding.
    Decide,
    /// Reading and pointing.
    Read,
    /// Finding things.
    Find,
    /// The review as a whole.
    Review,
}

impl Section {
    /// All of them, in the order of the help screen.
    pub const ALL: [Self; 5] = [
        Self::Move,
        Self::Decide,
        Self::Read,
        Self::Find,
        Self::Review,
    ];

    /// Returns its title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Move => "Moving",
            Self::Decide => "Deciding",
            Self::Read => "Reading",
            Self::Find => "Finding",
            Self::Review => "The review",
        }
    }
}

macro_rules! actions {
    ($($variant:ident, $name:literal, $section:ident, $help:literal, [$($key:literal),*];)*) => {
        /// Something a key can do. The name is what `config.toml` binds and the palette lists.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $(#[doc = $help] $variant,)*
        }

        impl Action {
            /// Every action, in the order of the help screen.
            pub const ALL: &'static [Action] = &[$(Action::$variant,)*];

            /// Returns its stable name.
            pub fn name(self) -> &'static str {
                match self { $(Action::$variant => $name,)* }
            }

            /// Returns what it does, as a short phrase.
            pub fn help(self) -> &'static str {
                match self { $(Action::$variant => $help,)* }
            }

            /// Returns where it stands in help.
            pub fn section(self) -> Section {
                match self { $(Action::$variant => Section::$section,)* }
            }

            /// Returns the key sequences it has unless the reader binds others.
            pub fn default_keys(self) -> &'static [&'static str] {
                match self { $(Action::$variant => &[$($key),*],)* }
            }
        }
    };
}

actions! {
    Down, "down", Move, "one line down; takes a count, as in 12j", ["j", "down"];
    Up, "up", Move, "one line up", ["k", "up"];
    Left, "left", Move, "scroll the code left", ["h", "left"];
    Right, "right", Move, "scroll the code right", ["l", "right"];
    LineStart, "line-start", Move, "scroll the code back to column 1", ["0"];
    HalfDown, "half-down", Move, "half a screen down", ["ctrl-d"];
    HalfUp, "half-up", Move, "half a screen up", ["ctrl-u"];
    PageDown, "page-down", Move, "a screen down", ["ctrl-f", "pagedown", "space"];
    PageUp, "page-up", Move, "a screen up", ["ctrl-b", "pageup"];
    Top, "top", Move, "to the top, or to line COUNT of the file", ["gg", "home"];
    Bottom, "bottom", Move, "to the bottom, or to line COUNT of the file", ["G", "end"];
    Centre, "centre", Move, "put the cursor's line in the middle", ["zz"];
    NextHunk, "next-hunk", Move, "next hunk, on into the next file", ["]h", "}"];
    PreviousHunk, "previous-hunk", Move, "previous hunk", ["[h", "{"];
    NextFile, "next-file", Move, "next file", ["]f"];
    PreviousFile, "previous-file", Move, "previous file", ["[f"];
    NextUnread, "next-unread", Move, "next hunk that is not marked as read", ["]u"];
    PreviousUnread, "previous-unread", Move, "previous hunk that is not marked as read", ["[u"];
    NextHint, "next-hint", Move, "next hint of the item, on into the next files; the next match while a search is on", ["n"];
    PreviousHint, "previous-hint", Move, "previous hint, or match", ["N"];
    NextCritical, "next-critical", Move, "next hunk of a critical surface that nobody has read", ["]s"];
    NextItem, "next-item", Move, "next item of the checklist", ["J", "]i"];
    PreviousItem, "previous-item", Move, "previous item", ["K", "[i"];
    NextUndecided, "next-undecided", Move, "next item without a decision", ["."];
    Back, "back", Move, "back to where the last jump came from, out of one commit or another file too", ["ctrl-o"];
    SetMark, "set-mark", Move, "mark the line with the letter typed next", ["gm"];
    GoToMark, "go-to-mark", Move, "to the mark with the letter typed next", ["'"];
    Bracket, "bracket", Move, "to the line with the matching bracket", ["%"];
    Definition, "definition", Move, "to where a name on this line is defined: in the change, or in a file beside it", ["gd"];
    FocusNext, "focus-next", Move, "next pane: code, checklist, item", ["tab"];
    FocusPrevious, "focus-previous", Move, "previous pane", ["backtab"];
    Enter, "enter", Move, "from the checklist to the code; in the code, open what is folded", ["enter"];

    Accept, "accept", Decide, "accept the item, with a reason", ["a"];
    Flag, "flag", Decide, "flag the item: a finding with the selected lines, or the hint's, as evidence", ["f"];
    NotApplicable, "not-applicable", Decide, "say that the item cannot occur here, with a reason", ["x"];
    Waive, "waive", Decide, "waive the item: a person, a reason, a date", ["w"];
    TakeBack, "take-back", Decide, "take your verdict on the item back", ["u"];
    Dismiss, "dismiss-hint", Decide, "dismiss the hint under the cursor, with a reason; again takes that back", ["d"];
    Restore, "restore-hint", Decide, "take your dismissal of the hint back", ["D"];
    AddEvidence, "add-evidence", Decide, "add the selected lines to your latest finding on the item", ["e"];

    Select, "select", Read, "start or end a selection of lines", ["v", "V"];
    MarkHunk, "mark-hunk", Read, "mark the hunk as read and go on to the next unread; again on a read one unmarks it", ["m"];
    MarkFile, "mark-file", Read, "mark the whole file as read, or unmark it; in one commit, its hunks that are hunks of the whole change", ["M"];
    Comment, "comment", Read, "comment on the lines; on the item, when its pane has the keys", ["c"];
    CommentFile, "comment-file", Read, "comment on the file", ["gf"];
    CommentReview, "comment-review", Read, "comment on the review", ["gr"];
    Split, "split", Read, "before and after side by side, or in one column; remembered", ["t"];
    Wrap, "wrap", Read, "wrap long lines, or scroll them sideways; remembered", ["zw"];
    FoldBlanks, "fold-blanks", Read, "fold hunks that change nothing but blanks, or show them", ["zs"];
    FoldList, "fold-list", Read, "the checklist as one line, or beside the code; remembered", ["zl"];
    Context, "context", Read, "more context: 3 lines, 13, the whole file", ["zc"];
    FoldedHints, "folded-hints", Read, "show or hide the hints beyond the budget", ["zh"];
    ShowRule, "show-rule", Read, "the page of the rule behind the hint under the cursor", ["gw"];
    HintProblems, "hint-problems", Read, "what was not read for hints, and rules that were stopped", ["gP"];
    ExpandUp, "expand-up", Read, "10 more lines above the hunk, or COUNT", ["zk"];
    ExpandDown, "expand-down", Read, "10 more lines below the hunk, or COUNT", ["zj"];
    ExpandFunction, "expand-function", Read, "the whole function or type around the line", ["zf"];
    ExpandFile, "expand-file", Read, "the whole file, or its hunks again", ["za"];
    Copy, "copy", Read, "send path:line and the selected lines to the terminal's clipboard", ["y"];
    CopyPlace, "copy-place", Read, "send path:line, without the lines", ["gy"];
    CopyHunk, "copy-hunk", Read, "send the hunk as a patch", ["gh"];
    Blame, "blame", Read, "who wrote the line, when, in which commit, and whether it names an AI assistant", ["gb"];
    Editor, "editor", Read, "open the file at this line in $EDITOR", ["o"];

    Search, "search", Find, "search the change by regular expression; lower case finds any case", ["/"];
    Matches, "matches", Find, "list of all matches in the change", ["g/"];
    NextMatch, "next-match", Find, "next match, on into the next files", ["]/"];
    PreviousMatch, "previous-match", Find, "previous match", ["[/"];
    Finder, "finder", Find, "find a file, item, finding, action, or a function or type of the whole change, by a few letters", ["ctrl-p"];
    Files, "files", Find, "the files, by folder or flat (`t`, remembered): what happened, hints, flags, what is read", ["gl"];
    Tree, "tree", Find, "the files by folder", ["gt"];
    Commits, "commits", Find, "the commits of the change, with AI assistants they name; Enter shows what one of them changed", ["gk"];
    WholeChange, "whole-change", Find, "from one commit or another file back to the whole change", ["gK"];
    Palette, "palette", Find, "every action by name", [":"];
    Findings, "findings", Find, "list of findings: jump, edit, delete", ["L"];
    Comments, "comments", Find, "list of comments: jump, edit, delete", ["gc"];

    Profile, "profile", Review, "the production profile the code is judged against", ["gp"];
    Sign, "sign", Review, "what is missing, and the sign-off", ["S"];
    Count, "count", Review, "stop counting lines and looking for hints, or go on", ["gC"];
    Retry, "retry-save", Review, "try again to save what is not saved", ["R"];
    Help, "help", Review, "this screen", ["?"];
    Cancel, "cancel", Review, "end the selection, what is waited for, the search, the look at one commit, the counting of lines, the search for hints", ["esc"];
    Redraw, "redraw", Review, "draw the screen anew", ["ctrl-l"];
    Suspend, "suspend", Review, "to the shell; fg comes back", ["ctrl-z"];
    Quit, "quit", Review, "leave; everything is already saved", ["q", "ctrl-c"];
}

impl Action {
    /// Finds an action by name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|action| action.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_action_has_a_name_of_its_own_and_a_key() {
        let names: BTreeSet<_> = Action::ALL.iter().map(|action| action.name()).collect();
        assert_eq!(names.len(), Action::ALL.len());
        for action in Action::ALL {
            assert!(!action.default_keys().is_empty(), "{}", action.name());
            assert_eq!(Action::from_name(action.name()), Some(*action));
        }
    }
}
