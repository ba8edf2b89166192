//! What ratatui draws frames for: it keeps the cursor, and leaves the cells to [`super::Output`].

use std::cell::Cell;
use std::io;
use std::rc::Rc;

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer;
use ratatui::layout::{Position, Size};

/// A screen of some size that shows nothing.
pub struct Canvas {
    size: fn() -> io::Result<Size>,
    cursor: Rc<Cursor>,
}

/// Where the last frame has its cursor.
pub type Cursor = Cell<Option<Position>>;

impl Canvas {
    /// Builds a canvas of the size that `size` tells.
    pub fn new(size: fn() -> io::Result<Size>) -> Self {
        Self {
            size,
            cursor: Rc::default(),
        }
    }

    /// Returns where it keeps the cursor, to be read while a frame is looked at.
    pub fn cursor(&self) -> Rc<Cursor> {
        Rc::clone(&self.cursor)
    }
}

impl Backend for Canvas {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, _: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a buffer::Cell)>,
    {
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.cursor.set(None);
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.cursor.set(Some(Position::ORIGIN));
        Ok(())
    }

    /// Returns where the cursor was put: the terminal is never asked, because an answer that comes late or never must not
    /// end the program.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor.get().unwrap_or(Position::ORIGIN))
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.cursor.set(Some(position.into()));
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn clear_region(&mut self, _: ClearType) -> io::Result<()> {
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        (self.size)()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: self.size()?,
            pixels: Size::ZERO,
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
