//! A disk that fails: full, short of breath, unable to sync.

use std::fs::File;
use std::io;
use std::sync::Mutex;

use super::*;
use crate::journal::{AppendError, verify_log};
use crate::support::files::{Disk, LogFile, open_private};

/// What the disk is to do wrong.
#[derive(Default)]
struct Faults {
    /// No file grows beyond this many bytes.
    room: Option<u64>,
    failing_syncs: u32,
    failing_cuts: u32,
    /// A failed sync loses this many of the last bytes written.
    lost: u64,
    /// How often a file was opened.
    opened: u32,
}

#[derive(Clone, Default)]
struct FailingDisk(Arc<Mutex<Faults>>);

struct FailingFile {
    file: File,
    faults: Arc<Mutex<Faults>>,
}

impl FailingDisk {
    fn set(&self, change: impl FnOnce(&mut Faults)) {
        change(&mut self.0.lock().unwrap());
    }
}

impl Disk for FailingDisk {
    fn open_log(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        self.set(|faults| faults.opened += 1);
        Ok(Box::new(FailingFile {
            file: open_private(path)?,
            faults: Arc::clone(&self.0),
        }))
    }
}

impl LogFile for FailingFile {
    fn length(&self) -> io::Result<u64> {
        LogFile::length(&self.file)
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<usize> {
        let room = self.faults.lock().unwrap().room.unwrap_or(u64::MAX);
        let fits = room.saturating_sub(offset).min(bytes.len() as u64) as usize;
        if fits == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        LogFile::write_at(&mut self.file, offset, &bytes[..fits])
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut faults = self.faults.lock().unwrap();
        if faults.failing_syncs > 0 {
            faults.failing_syncs -= 1;
            let length = self.file.metadata()?.len();
            self.file.set_len(length - faults.lost)?;
            return Err(io::Error::other("input/output error"));
        }
        LogFile::sync(&mut self.file)
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        let mut faults = self.faults.lock().unwrap();
        if faults.failing_cuts > 0 {
            faults.failing_cuts -= 1;
            return Err(io::Error::other("input/output error"));
        }
        LogFile::cut(&mut self.file, length)
    }
}

/// Returns a journal on a failing disk that holds one acknowledged remark.
fn failing(data: &TempDir) -> (FailingDisk, Store, Journal) {
    let disk = FailingDisk::default();
    let store = Store::with_disk(data.path(), Arc::new(disk.clone()));
    let mut journal = create(&store);
    journal.append(remark("before")).unwrap();
    (disk, store, journal)
}

/// Asserts that exactly the acknowledged entries are stored, and that the log can be opened and written again.
fn assert_only_acknowledged(store: &Store, journal: Journal) {
    let acknowledged = ids(&journal);
    let (id, log) = (journal.id().clone(), log_of(&journal));
    drop(journal);
    let check = verify_log(&std::fs::read(log).unwrap());
    assert_eq!(check.problems, [""; 0]);
    let mut again = open(store, &id);
    assert_eq!(ids(&again), acknowledged);
    again.append(remark("again")).unwrap();
}

#[test]
fn a_full_disk_saves_nothing_in_part_and_says_so() {
    let data = scratch();
    let (disk, store, mut journal) = failing(&data);
    let full = std::fs::metadata(log_of(&journal)).unwrap().len();
    for room in [full, full + 1, full + 300] {
        disk.set(|faults| faults.room = Some(room));
        let error = journal.append(remark("lost")).unwrap_err();
        assert!(matches!(error, AppendError::NotSaved { .. }));
        assert!(error.to_string().starts_with("not saved: "), "{error}");
        assert_eq!(std::fs::metadata(log_of(&journal)).unwrap().len(), full);
        assert!(is_writer(&journal));
    }
    disk.set(|faults| faults.room = None);
    journal.append(remark("room again")).unwrap();
    assert_eq!(journal.entries().len(), 5);
    assert_only_acknowledged(&store, journal);
}

#[test]
fn a_failed_sync_is_never_retried_the_log_is_read_again_and_goes_on() {
    for lost in [0, 10] {
        let data = scratch();
        let (disk, store, mut journal) = failing(&data);
        let before = ids(&journal);
        disk.set(|faults| {
            faults.failing_syncs = 1;
            faults.lost = lost;
        });
        let opened = disk.0.lock().unwrap().opened;
        let error = journal.append(remark("uncertain")).unwrap_err();
        assert!(error.to_string().contains("input/output error"), "{error}");
        assert_eq!(disk.0.lock().unwrap().opened, opened + 1, "a new handle");
        assert_eq!(ids(&journal), before);
        assert!(is_writer(&journal));
        assert!(journal.problems()[0].contains("read again"));
        journal.append(remark("after")).unwrap();
        assert_only_acknowledged(&store, journal);
    }
}

#[test]
fn a_log_that_lost_acknowledged_bytes_is_not_written_to_again() {
    let data = scratch();
    let (disk, _, mut journal) = failing(&data);
    disk.set(|faults| {
        faults.failing_syncs = 1;
        faults.lost = 2000;
    });
    journal.append(remark("uncertain")).unwrap_err();
    assert!(read_only(&journal).contains("shorter than what was saved"));
    assert!(matches!(
        journal.append(remark("no")),
        Err(AppendError::ReadOnly { .. })
    ));
}

#[test]
fn a_part_that_cannot_be_cut_off_is_cut_off_through_a_new_handle_or_ends_the_writing() {
    for (cuts, goes_on) in [(1, true), (2, false)] {
        let data = scratch();
        let (disk, store, mut journal) = failing(&data);
        let full = std::fs::metadata(log_of(&journal)).unwrap().len();
        disk.set(|faults| {
            faults.room = Some(full + 20);
            faults.failing_cuts = cuts;
        });
        journal.append(remark("lost")).unwrap_err();
        disk.set(|faults| faults.room = None);
        assert_eq!(is_writer(&journal), goes_on);
        if goes_on {
            journal.append(remark("after")).unwrap();
            assert_only_acknowledged(&store, journal);
        } else {
            let acknowledged = ids(&journal);
            let id = journal.id().clone();
            drop(journal);
            let again = open(&store, &id);
            assert_eq!(ids(&again), acknowledged);
            assert!(again.problems()[0].contains("set aside"));
        }
    }
}

#[test]
fn a_review_that_cannot_be_begun_leaves_nothing_behind() {
    let data = scratch();
    let disk = FailingDisk::default();
    let store = Store::with_disk(data.path(), Arc::new(disk.clone()));
    for room in [0, 10, 700, 1200] {
        disk.set(|faults| faults.room = Some(room));
        let result = Journal::create(&store, opened(), revision(), &dana(), clock());
        assert!(result.is_err(), "with {room} bytes");
        assert_eq!(store.reviews().unwrap(), []);
        assert_eq!(
            std::fs::read_dir(data.path().join("reviews"))
                .unwrap()
                .count(),
            0
        );
    }
}

#[test]
fn a_log_that_was_deleted_or_changed_under_the_writer_takes_no_act() {
    let data = scratch();
    let (_, _, mut journal) = failing(&data);
    std::fs::remove_file(log_of(&journal)).unwrap();
    journal.append(remark("lost")).unwrap_err();
    assert!(!read_only(&journal).is_empty());
    assert!(!log_of(&journal).exists(), "no empty log in its place");

    let data = scratch();
    let (_, _, mut journal) = failing(&data);
    let mut bytes = std::fs::read(log_of(&journal)).unwrap();
    bytes.extend_from_slice(b"somebody else's");
    std::fs::write(log_of(&journal), &bytes).unwrap();
    journal.append(remark("lost")).unwrap_err();
    assert!(read_only(&journal).contains("more than what was written here"));
    assert_eq!(std::fs::read(log_of(&journal)).unwrap(), bytes);
}
