//! The thread that has hints looked for.

use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Instant;

use super::NEWS;
use crate::tui::app::Happening;
use crate::tui::message::Msg;
use crate::workbench::{HintNews, HintScan};

/// Looks for hints and tells of them. A fault in it is told and costs the hints, never the session.
pub(super) fn look_for_hints(scan: HintScan, out: &Sender<Happening>) {
    let send = |msg| drop(out.send(Happening::Msg(msg)));
    // One core is left to the reader's keys.
    let threads = std::thread::available_parallelism().map_or(1, |cores| cores.get().max(2) - 1);
    let mut waiting: Option<HintNews> = None;
    let mut told = Instant::now();
    let search = std::panic::AssertUnwindSafe(|| {
        scan.run(threads, |news| {
            let mut fresh = waiting.take().map_or_else(Vec::new, |news| news.fresh);
            fresh.extend(news.fresh);
            let news = HintNews { fresh, ..news };
            if told.elapsed() >= NEWS || news.done == 0 {
                told = Instant::now();
                send(Msg::HintNews(news));
            } else {
                waiting = Some(news);
            }
        })
    });
    send(match std::panic::catch_unwind(search) {
        Ok(found) => Msg::HintsFound(Arc::new(found)),
        Err(_) => Msg::HintsFailed(
            "The search for hints ended early by a fault of its own; the review goes on without the rest of them."
                .to_owned(),
        ),
    });
}
