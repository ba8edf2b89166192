//! The thread that owns the journal: every act is on disk before the screen hears of it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use super::NEWS;
use crate::config::ScreenChoice;
use crate::model::DisplayedSpan;
use crate::tui::app::Happening;
use crate::tui::counter::FileFacts;
use crate::tui::message::{Msg, Notice};
use crate::tui::state::ViewChoice;
use crate::workbench::{Act, ActFailure, Desk, SignOrder};

/// How often a reader without the lock looks for news.
const FOLLOW: Duration = Duration::from_millis(500);

/// What it is asked for.
pub(super) enum DeskJob {
    Act(Vec<Act>),
    Show(Vec<DisplayedSpan>),
    SaveDraft { name: String, text: String },
    DropDraft(String),
    Remember(ViewChoice),
    Facts(FileFacts),
    Sign(Box<SignOrder>, Sender<Result<String, String>>),
    Stop(Sender<()>),
}

/// Answers until nobody asks any more.
pub(super) fn run_desk(mut desk: Desk, inbox: &Receiver<DeskJob>, out: &Sender<Happening>) {
    let send = |msg| out.send(Happening::Msg(msg)).is_ok();
    let mut backlog: VecDeque<DeskJob> = VecDeque::new();
    let mut told = Instant::now();
    loop {
        let job = match backlog.pop_front() {
            Some(job) => job,
            None if desk.is_read_only() => match inbox.recv_timeout(FOLLOW) {
                Ok(job) => job,
                Err(RecvTimeoutError::Timeout) => {
                    if desk.follow() && !send(Msg::Snapshot(Arc::new(desk.snapshot()))) {
                        return;
                    }
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => return,
            },
            None => match inbox.recv() {
                Ok(job) => job,
                Err(_) => return,
            },
        };
        backlog.extend(inbox.try_iter());
        let alive = match job {
            DeskJob::Act(acts) => carry_out(&mut desk, acts, out),
            DeskJob::Show(spans) => show(&mut desk, spans, out),
            DeskJob::SaveDraft { name, text } => {
                // Only the newest text of a draft is worth the disk.
                let newer = backlog.iter().any(
                    |job| matches!(job, DeskJob::SaveDraft { name: other, .. } if *other == name),
                );
                newer
                    || match desk.save_draft(&name, &text) {
                        Ok(()) => true,
                        Err(reason) => send(Msg::Notice(Notice::bad(format!(
                            "What you are writing is not kept on disk: {reason}"
                        )))),
                    }
            }
            DeskJob::DropDraft(name) => {
                desk.drop_draft(&name);
                true
            }
            DeskJob::Remember(choice) => {
                let kept = ScreenChoice {
                    split: choice.split,
                    wrap: choice.wrap,
                    list_folded: choice.list_folded,
                    files_flat: choice.files_flat,
                };
                match desk.remember(kept) {
                    Ok(()) => true,
                    Err(reason) => send(Msg::Notice(Notice::warn(format!(
                        "How you want the code shown is not kept for next time: {reason}"
                    )))),
                }
            }
            DeskJob::Facts(facts) => {
                desk.add_facts(facts);
                let more = backlog.iter().any(|job| matches!(job, DeskJob::Facts(_)));
                if more || (!desk.is_counted() && told.elapsed() < NEWS) {
                    continue;
                }
                told = Instant::now();
                send(Msg::Snapshot(Arc::new(desk.snapshot())))
            }
            DeskJob::Sign(order, answer) => {
                let outcome = desk
                    .sign_interactively(&order)
                    .map_err(|error| format!("{error:#}"));
                let _ = answer.send(outcome);
                send(Msg::Snapshot(Arc::new(desk.snapshot())))
            }
            DeskJob::Stop(answer) => {
                let _ = answer.send(());
                return;
            }
        };
        if !alive {
            return;
        }
    }
}

/// Carries acts out in order. What was refused is said; what could not be written comes back with all that follow it.
fn carry_out(desk: &mut Desk, acts: Vec<Act>, out: &Sender<Happening>) -> bool {
    let send = |msg| out.send(Happening::Msg(msg)).is_ok();
    if let Err(error) = desk.keep() {
        let reason = ActFailure::not_begun(error).into_reason();
        return send(Msg::NotSaved { acts, reason });
    }
    let mut rest = acts.into_iter();
    let mut refused = None;
    while let Some(act) = rest.next() {
        match desk.act(&act) {
            Ok(()) => {}
            // What follows stands on its own: acts that were kept in memory come before the one just asked for.
            Err(ActFailure::Refused(reason)) => refused = Some(reason),
            Err(ActFailure::NotSaved(reason)) => {
                let acts = std::iter::once(act).chain(rest).collect();
                return send(Msg::Snapshot(Arc::new(desk.snapshot())))
                    && send(Msg::NotSaved { acts, reason });
            }
        }
    }
    send(Msg::Snapshot(Arc::new(desk.snapshot()))) && send(refused.map_or(Msg::Saved, Msg::Refused))
}

/// Records what was displayed. Where the disk does not take it, the rows count as not displayed; nothing is claimed.
fn show(desk: &mut Desk, spans: Vec<DisplayedSpan>, out: &Sender<Happening>) -> bool {
    let send = |msg| out.send(Happening::Msg(msg)).is_ok();
    match desk.act(&Act::Displayed(spans)) {
        Ok(()) => send(Msg::Snapshot(Arc::new(desk.snapshot()))),
        Err(ActFailure::Refused(reason) | ActFailure::NotSaved(reason)) => send(Msg::Notice(
            Notice::bad(format!("What was displayed is not recorded: {reason}")),
        )),
    }
}
