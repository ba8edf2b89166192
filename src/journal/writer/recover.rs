//! What is done after the disk has failed in a way that leaves the log uncertain.

use std::io;
use std::path::Path;

use super::{Journal, Pen, log_name};
use crate::journal::contents::read_from;
use crate::journal::lane::Lane;
use crate::support::files::AppendFile;

impl Journal {
    /// After a failed sync or cut nobody knows what the disk holds. The handle is dropped, never synced again; the log
    /// is read anew and compared with what was acknowledged, and only a log that agrees is written to again.
    pub(super) fn recover(&mut self, attempted: &[u8]) {
        let Some(Pen {
            _lock: lock,
            file: Some(file),
        }) = self.pen.take()
        else {
            return;
        };
        let durable = file.durable();
        drop(file);
        let path = self.folder.join(log_name(&self.writer));
        let reopened = self
            .compare(&path, durable, attempted)
            .and_then(|()| AppendFile::open(&*self.disk, &path, durable))
            .and_then(|mut file| file.cut_tail().map(|()| file));
        match reopened {
            Ok(file) => {
                self.pen = Some(Pen {
                    _lock: lock,
                    file: Some(file),
                });
                self.events.push(format!(
                    "{}: the disk failed to take a record after byte {durable}. The log was read again: everything \
                     shown as saved is in it.",
                    log_name(&self.writer)
                ));
            }
            Err(error) => {
                let reason = format!(
                    "{} is not certain after the disk failed: {error}. Check the disk, then open the review again.",
                    path.display()
                );
                self.events.push(reason.clone());
                self.become_read_only(reason);
            }
        }
    }

    /// Compares a log with what was acknowledged: exactly that, followed at the most by a part of the failed record.
    fn compare(&self, path: &Path, durable: u64, attempted: &[u8]) -> io::Result<()> {
        let bytes = read_from(path, 0)?;
        let own = self.contents.lanes.get(&self.writer);
        let head = own.and_then(|lane| lane.head);
        let (known, rest) = bytes
            .split_at_checked(durable as usize)
            .ok_or_else(|| io::Error::other("it is shorter than what was saved"))?;
        let mut lane = Lane::new("", Some(self.id.clone()), Some(self.writer.clone()));
        lane.read(known, &mut Vec::new());
        if lane.head != head || lane.offset != durable {
            return Err(io::Error::other("it does not hold what was saved"));
        }
        if attempted.starts_with(rest) {
            Ok(())
        } else {
            Err(io::Error::other("it holds more than what was written here"))
        }
    }
}
