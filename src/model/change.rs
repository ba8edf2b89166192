//! The change set: which files are under review, between which two ends. Owns no text: hunks come per file, on demand.

use std::fmt;

use super::{RepoPath, SourceKind};

/// Which side of a change a line or blob belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Before the change.
    Old,
    /// After the change.
    New,
}

/// A git object id, written in hexadecimal: 40 digits for SHA-1, 64 for SHA-256, fewer where a patch shortens them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(Id);

/// The usual ids take no memory of their own: a change can have hundreds of thousands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Id {
    Sha1([u8; 20]),
    Spelled(Box<str>),
}

impl ObjectId {
    /// Takes an id as it is spelled.
    pub fn new(text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        match sha1_bytes(text) {
            Some(bytes) => Self::sha1(bytes),
            None => Self(Id::Spelled(text.into())),
        }
    }

    /// Takes the bytes of a SHA-1 id.
    pub fn sha1(bytes: [u8; 20]) -> Self {
        Self(Id::Sha1(bytes))
    }

    /// Returns the bytes of a SHA-1 id; `None` for any other.
    pub fn as_sha1(&self) -> Option<&[u8; 20]> {
        match &self.0 {
            Id::Sha1(bytes) => Some(bytes),
            Id::Spelled(_) => None,
        }
    }
}

/// Reads 40 lower-case hexadecimal digits; anything else stays as it is spelled.
fn sha1_bytes(text: &str) -> Option<[u8; 20]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let text: &[u8; 40] = text.as_bytes().try_into().ok()?;
    let mut bytes = [0; 20];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Id::Sha1(bytes) => bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}")),
            Id::Spelled(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ObjectId({self})")
    }
}

/// The hash a repository names its objects by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectFormat {
    /// 40 hexadecimal digits.
    Sha1,
    /// 64 hexadecimal digits.
    Sha256,
}

/// The bytes of one version of one file, by name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlobId {
    /// A blob (or, for a submodule, a commit) in the repository's object database.
    Git(ObjectId),
    /// Content kept by its SHA-256 in the review's own folder, for sources that have no objects.
    Sha256(super::Digest),
}

impl fmt::Display for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Git(id) => write!(f, "git:{id}"),
            Self::Sha256(digest) => write!(f, "sha256:{digest}"),
        }
    }
}

/// What a tree entry is, from git's mode bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// `100644`.
    Regular,
    /// `100755`.
    Executable,
    /// `120000`: the blob holds the target.
    Symlink,
    /// `160000`: the id is a commit of another repository.
    Submodule,
}

impl Mode {
    /// Returns git's octal spelling.
    pub fn octal(self) -> &'static str {
        match self {
            Self::Regular => "100644",
            Self::Executable => "100755",
            Self::Symlink => "120000",
            Self::Submodule => "160000",
        }
    }

    /// Reads git's mode bits; anything unknown counts as a regular file.
    pub fn from_bits(bits: u32) -> Self {
        match bits & 0o170_000 {
            0o120_000 => Self::Symlink,
            0o160_000 => Self::Submodule,
            _ if bits & 0o111 != 0 => Self::Executable,
            _ => Self::Regular,
        }
    }
}

/// One end of the change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// What the reader called it (`main`, `index`, `work tree`, a patch's name); foreign text.
    pub label: String,
    /// The commit, where there is one.
    pub commit: Option<ObjectId>,
    /// The tree, where there is one.
    pub tree: Option<ObjectId>,
}

impl Endpoint {
    /// Returns an end that is no commit.
    pub fn named(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            commit: None,
            tree: None,
        }
    }

    /// Returns the commit id, or the label where there is no commit.
    pub fn id(&self) -> String {
        self.commit
            .as_ref()
            .map_or_else(|| self.label.clone(), ToString::to_string)
    }
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileStatus {
    /// New in this change.
    Added,
    /// Gone after this change.
    Deleted,
    /// Same path, other content (and perhaps another mode).
    Modified,
    /// Other path; content may differ too.
    Renamed,
    /// A new path that started as a copy.
    Copied,
    /// Same content, other mode.
    ModeChanged,
    /// A file became a symlink or a submodule, or the other way round.
    TypeChanged,
}

impl FileStatus {
    /// Returns git's status letter; `M` for a mode-only change.
    pub fn letter(self) -> char {
        match self {
            Self::Added => 'A',
            Self::Deleted => 'D',
            Self::Modified | Self::ModeChanged => 'M',
            Self::Renamed => 'R',
            Self::Copied => 'C',
            Self::TypeChanged => 'T',
        }
    }
}

/// One version of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSide {
    /// What it is.
    pub mode: Mode,
    /// Its bytes, by name.
    pub blob: BlobId,
    /// Its size in bytes where known without reading it.
    pub size: Option<u64>,
}

/// One file of the change. `path` is unique within a change set and names the file in every entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// The path after the change; before it for a deleted file.
    pub path: RepoPath,
    /// The path before, where it differs.
    pub old_path: Option<RepoPath>,
    /// What happened.
    pub status: FileStatus,
    /// The version before; `None` for an added file.
    pub old: Option<FileSide>,
    /// The version after; `None` for a deleted file.
    pub new: Option<FileSide>,
}

impl FileChange {
    /// Returns the version after the change, or the one before where the file is gone.
    pub fn shown(&self) -> Option<&FileSide> {
        self.new.as_ref().or(self.old.as_ref())
    }
}

/// Something that could not be read or was cut short; part of the result, never a silent loss.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file it concerns, if one.
    pub path: Option<RepoPath>,
    /// What, why and what to do next; foreign text inside is already made visible.
    pub message: String,
}

/// The files under review, with both ends identified. Sorted by path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeSet {
    /// Where it came from.
    pub kind: SourceKind,
    /// The change as the reader named it, such as `main…agent/orders`; foreign text.
    pub title: String,
    /// Before.
    pub base: Endpoint,
    /// After.
    pub head: Endpoint,
    /// The repository's hash, where there is a repository.
    pub object_format: Option<ObjectFormat>,
    /// The files, by path.
    pub files: Vec<FileChange>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

impl ChangeSet {
    /// Finds a file by the path entries name it by.
    pub fn file(&self, path: &RepoPath) -> Option<&FileChange> {
        self.files
            .binary_search_by(|file| file.path.cmp(path))
            .ok()
            .map(|index| &self.files[index])
    }
}
