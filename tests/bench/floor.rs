//! The floor: the least that shows a change in a terminal. ratatui, libgit2, the first hunk, `j` and `k`; no colours of
//! code, no checklist, no journal. Scrolls with the terminal's scroll regions.

use std::error::Error;
use std::io::{self, Write as _};
use std::path::Path;

use crossterm::event::{self, Event, KeyCode, KeyModifiers};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
};
use crossterm::{execute, queue};
use git2::{Patch, Repository};
use ratatui::backend::{Backend as _, CrosstermBackend};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};

/// Shows the change from `base` to `head`.
#[expect(clippy::disallowed_methods, reason = "it draws on standard output")]
pub fn run(repository: &Path) -> Result<(), Box<dyn Error>> {
    let repository = Repository::open(repository)?;
    let tree = |name: &str| repository.revparse_single(name)?.peel_to_tree();
    let diff = repository.diff_tree_to_tree(Some(&tree("base")?), Some(&tree("head")?), None)?;
    let mut lines = Vec::new();
    let patch = Patch::from_diff(&diff, 0)?.ok_or("a text file comes first")?;
    for hunk in 0..patch.num_hunks() {
        for line in 0..patch.num_lines_in_hunk(hunk)? {
            let line = patch.line_in_hunk(hunk, line)?;
            let text: String = String::from_utf8_lossy(line.content())
                .trim_end()
                .chars()
                .take(400)
                .collect();
            lines.push((line.origin(), text));
        }
    }
    crossterm::terminal::enable_raw_mode()?;
    let mut out = io::stdout();
    execute!(out, EnterAlternateScreen)?;
    let mut backend = CrosstermBackend::new(io::stdout());
    let size = backend.size()?;
    let area = Rect::new(0, 0, size.width, size.height);
    let mut shown = Buffer::empty(area);
    let mut top = 0_usize;
    loop {
        let next = frame(area, &lines, top);
        queue!(out, BeginSynchronizedUpdate)?;
        backend.draw(shown.diff(&next).into_iter())?;
        execute!(out, EndSynchronizedUpdate)?;
        shown = next;
        let Event::Key(key) = event::read()? else {
            continue;
        };
        let page = usize::from(area.height);
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let last = lines.len().saturating_sub(1);
        let wanted = match key.code {
            KeyCode::Char('q') => break,
            KeyCode::Char('d') if ctrl => top + page / 2,
            KeyCode::Char('u') if ctrl => top.saturating_sub(page / 2),
            KeyCode::Char('j') => top + 1,
            KeyCode::Char('k') => top.saturating_sub(1),
            KeyCode::Char('G') => last,
            _ => top,
        };
        let wanted = wanted.min(last);
        scroll(&mut backend, &mut shown, top, wanted)?;
        top = wanted;
    }
    execute!(out, LeaveAlternateScreen)?;
    crossterm::terminal::disable_raw_mode()?;
    out.flush()?;
    Ok(())
}

fn frame(area: Rect, lines: &[(char, String)], top: usize) -> Buffer {
    let mut buffer = Buffer::empty(area);
    for (y, (sign, text)) in (0..area.height).zip(lines.iter().skip(top)) {
        let colour = match sign {
            '+' => Color::Green,
            '-' => Color::Red,
            _ => Color::Reset,
        };
        let text = format!("{:>7} {sign}{text}", top + usize::from(y));
        let style = Style::new().fg(colour);
        buffer.set_stringn(0, y, text, usize::from(area.width), style);
    }
    buffer
}

/// Moves what is on the screen already where one line is the difference.
fn scroll(
    backend: &mut CrosstermBackend<io::Stdout>,
    shown: &mut Buffer,
    from: usize,
    to: usize,
) -> io::Result<()> {
    let width = usize::from(shown.area.width);
    let height = shown.area.height;
    let blank = shown.content.len() - width;
    if to == from + 1 {
        shown.content.rotate_left(width);
        shown.content[blank..].iter_mut().for_each(Cell::reset);
        write!(backend, "\x1b[1;{height}r\x1b[1S\x1b[r")
    } else if to + 1 == from {
        shown.content.rotate_right(width);
        shown.content[..width].iter_mut().for_each(Cell::reset);
        write!(backend, "\x1b[1;{height}r\x1b[1T\x1b[r")
    } else {
        Ok(())
    }
}
