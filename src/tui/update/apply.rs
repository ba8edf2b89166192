//! Messages → what they do. One flat table; each arm calls a named function.

use std::sync::Arc;

use super::{
    decide, define, files, find, hints, jump, leave, lens, overlay, pointer, record_shown, results,
    task,
};
use crate::tui::effect::Effect;
use crate::tui::message::Msg;
use crate::tui::state::State;
use crate::workbench::{HintNews, HintsFound, Snapshot};

/// Applies a message that is for what is shown.
pub fn apply(state: &mut State, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Through(_, msg) => return apply(state, *msg),
        // The reader and the terminal.
        Msg::Key(key) => {
            state.awaits_signing = false;
            return overlay::on_key(state, key);
        }
        Msg::Paste(text) => return overlay::on_paste(state, &text),
        Msg::Mouse(event) => return pointer::on_mouse(state, event),
        Msg::Edited(text) => return overlay::on_edited(state, text),
        Msg::Resize(width, height) => return on_resize(state, width, height),
        Msg::Wake => return record_shown(state),
        Msg::Terminate => return leave(state),
        Msg::Suspend => return vec![Effect::Suspend],
        // The file in the code pane.
        Msg::Loaded { path, diff } => return results::on_loaded(state, path, diff),
        Msg::Coloured {
            path,
            side,
            first,
            lines,
            plain,
        } => return results::on_coloured(state, &path, side, first, lines, plain),
        Msg::Outlined { path, outline } => results::on_outlined(state, &path, outline),
        Msg::Moved { path, lines } => results::on_moved(state, &path, lines),
        Msg::MovesKnown => return results::ask_moves(state),
        Msg::Bracket {
            path,
            side,
            line,
            found,
        } => jump::on_bracket(state, &path, (side, line), found),
        Msg::Twins { path, twins } => return lens::on_twins(state, path, twins),
        // The review.
        Msg::Snapshot(snapshot) => on_snapshot(state, snapshot),
        Msg::KeysFound(keys) => {
            state.subject.signer.keys = Some(keys);
            decide::sign_if_awaited(state);
        }
        Msg::Saved => return results::on_saved(state),
        Msg::Refused(reason) => return results::on_refused(state, reason),
        Msg::NotSaved { acts, reason } => return results::on_not_saved(state, acts, reason),
        Msg::Signed(outcome) => return results::on_signed(state, outcome),
        Msg::HintNews(news) => on_hint_news(state, news),
        Msg::HintsFound(found) => on_hints_found(state, &found),
        Msg::HintsFailed(reason) => hints::on_failed(state, reason),
        Msg::Notice(notice) => state.notice = Some(notice),
        // Answers to what the reader asked for.
        Msg::Found {
            task,
            path,
            pattern,
            direction,
        } => find::on_found(state, task, path.as_ref(), (&pattern, direction)),
        Msg::Hits { pattern, hits } => find::on_hits(state, &pattern, hits),
        Msg::Symbols(news) => return find::on_symbols(state, news),
        Msg::Defined { task, definitions } => return define::on_defined(state, task, definitions),
        Msg::Blamed { task, origin } => results::on_blamed(state, task, origin),
        Msg::Commits { task, commits } => lens::on_commits(state, task, commits),
        Msg::LensOpened { task, lens, opened } => lens::on_opened(state, task, lens, opened),
        Msg::Progress { task, done, total } => return task::on_progress(state, task, done, total),
    }
    Vec::new()
}

fn on_resize(state: &mut State, width: u16, height: u16) -> Vec<Effect> {
    state.size = (width, height);
    vec![Effect::Redraw]
}

fn on_snapshot(state: &mut State, snapshot: Arc<Snapshot>) {
    state.subject.checklists = Arc::clone(&snapshot.checklists);
    state.snapshot = snapshot;
    state.shown.sent.clear();
    hints::judge(state);
    files::recount(state);
    decide::sign_if_awaited(state);
}

fn on_hint_news(state: &mut State, news: HintNews) {
    hints::on_news(state, news);
    files::recount(state);
}

fn on_hints_found(state: &mut State, found: &Arc<HintsFound>) {
    hints::on_found(state, found);
    files::recount(state);
}
