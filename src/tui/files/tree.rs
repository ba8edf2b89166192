//! Paths in order → folders and files in the order of a tree, in one pass, without copying a name.

use std::ops::Range;

/// Deepest folder that is a row of its own; what is deeper keeps its path in one name.
const DEEPEST: u16 = 200;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One or more folders, joined where a folder holds nothing but a folder.
    Folder,
    /// A file.
    File,
}

/// A folder or a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Folders around it.
    pub depth: u16,
    /// The file, or the folder's first one, that has its name in its path.
    pub name_of: u32,
    /// Where the name is in that path, in bytes.
    pub name: Range<u32>,
    /// The files below it, as positions in [`Tree::order`].
    pub files: Range<u32>,
    /// The node after everything below it.
    pub end: u32,
}

/// The nodes, each folder before what is in it.
#[derive(Debug, Default)]
pub struct Tree {
    /// All nodes.
    pub nodes: Vec<Node>,
    /// The files, in order.
    pub order: Vec<u32>,
}

impl Tree {
    /// Builds the tree of some files whose paths ascend.
    pub fn of<'a>(order: Vec<u32>, path: impl Fn(u32) -> &'a [u8]) -> Self {
        let mut tree = Self {
            nodes: Vec::with_capacity(order.len() + order.len() / 8),
            order,
        };
        tree.folder(&(0..tree.order.len() as u32), 0, 0, &path);
        tree
    }

    /// Lists files without their folders.
    pub fn flat<'a>(order: Vec<u32>, path: impl Fn(u32) -> &'a [u8]) -> Self {
        let mut tree = Self {
            nodes: Vec::with_capacity(order.len()),
            order,
        };
        for at in 0..tree.order.len() as u32 {
            tree.file(at, 0, 0, &path);
        }
        tree
    }

    /// Adds what is in a folder whose path has `start` bytes.
    fn folder<'a>(
        &mut self,
        files: &Range<u32>,
        start: usize,
        depth: u16,
        path: &impl Fn(u32) -> &'a [u8],
    ) {
        let mut at = files.start;
        while at < files.end {
            let first = path(self.order[at as usize]);
            let slash = first[start..].iter().position(|byte| *byte == b'/');
            let Some(slash) = slash.filter(|_| depth < DEEPEST) else {
                self.file(at, start, depth, path);
                at += 1;
                continue;
            };
            let own = &first[..=start + slash];
            let rest = &self.order[at as usize..files.end as usize];
            let inside = rest.partition_point(|file| path(*file).starts_with(own)) as u32;
            let last = path(self.order[(at + inside - 1) as usize]);
            // What the first and the last path share all of them share.
            let end = shared_folder(first, last).max(own.len());
            self.add_folder(&(at..at + inside), &(start..end), depth, path);
            at += inside;
        }
    }

    fn add_folder<'a>(
        &mut self,
        files: &Range<u32>,
        name: &Range<usize>,
        depth: u16,
        path: &impl Fn(u32) -> &'a [u8],
    ) {
        let node = self.nodes.len();
        self.nodes.push(Node {
            kind: Kind::Folder,
            depth,
            name_of: self.order[files.start as usize],
            name: name.start as u32..name.end as u32,
            files: files.clone(),
            end: 0,
        });
        self.folder(files, name.end, depth + 1, path);
        self.nodes[node].end = self.nodes.len() as u32;
    }

    fn file<'a>(&mut self, at: u32, start: usize, depth: u16, path: &impl Fn(u32) -> &'a [u8]) {
        let file = self.order[at as usize];
        self.nodes.push(Node {
            kind: Kind::File,
            depth,
            name_of: file,
            name: start as u32..path(file).len() as u32,
            files: at..at + 1,
            end: self.nodes.len() as u32 + 1,
        });
    }
}

/// Returns how many bytes of the folders that two paths share, the last `/` included.
fn shared_folder(one: &[u8], two: &[u8]) -> usize {
    let same = one.iter().zip(two).take_while(|(a, b)| a == b).count();
    one[..same]
        .iter()
        .rposition(|byte| *byte == b'/')
        .map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spelled(paths: &[&str]) -> Vec<String> {
        let path = |at: u32| paths[at as usize].as_bytes();
        let tree = Tree::of((0..paths.len() as u32).collect(), path);
        tree.nodes
            .iter()
            .map(|node| {
                let name = &path(node.name_of)[node.name.start as usize..node.name.end as usize];
                let indent = "  ".repeat(usize::from(node.depth));
                format!("{indent}{}", String::from_utf8_lossy(name))
            })
            .collect()
    }

    #[test]
    fn chains_of_single_folders_are_one_row() {
        let tree = spelled(&[
            "README",
            "src/main/java/com/acme/A.java",
            "src/main/java/com/acme/b/B.java",
            "src/test/T.java",
        ]);
        assert_eq!(
            tree,
            [
                "README",
                "src/",
                "  main/java/com/acme/",
                "    A.java",
                "    b/",
                "      B.java",
                "  test/",
                "    T.java",
            ]
        );
    }

    #[test]
    fn a_file_that_became_a_folder_is_both() {
        assert_eq!(spelled(&["a", "a/b"]), ["a", "a/", "  b"]);
    }

    proptest! {
        #[test]
        fn every_file_stands_once_below_its_folders(mut paths in prop::collection::vec("[ab]{1,2}(/[ab]{1,2}){0,4}", 1..30)) {
            paths.sort();
            paths.dedup();
            let path = |at: u32| paths[at as usize].as_bytes();
            let tree = Tree::of((0..paths.len() as u32).collect(), path);
            let mut around: Vec<&Node> = Vec::new();
            let mut files = Vec::new();
            for (at, node) in tree.nodes.iter().enumerate() {
                around.retain(|folder| folder.end as usize > at);
                prop_assert_eq!(around.len(), usize::from(node.depth));
                let whole: Vec<u8> = around
                    .iter()
                    .chain([&node])
                    .flat_map(|part| &path(part.name_of)[part.name.start as usize..part.name.end as usize])
                    .copied()
                    .collect();
                for file in &tree.order[node.files.start as usize..node.files.end as usize] {
                    prop_assert!(path(*file).starts_with(&whole));
                }
                match node.kind {
                    Kind::Folder => around.push(node),
                    Kind::File => files.push(whole),
                }
            }
            let all: Vec<Vec<u8>> = paths.iter().map(|path| path.as_bytes().to_vec()).collect();
            prop_assert_eq!(files, all);
        }
    }
}
