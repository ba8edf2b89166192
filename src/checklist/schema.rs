//! The keys of a checklist file as data: which exist, of what type, how long, and what they mean.

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// One text of at most so many characters.
    Text { longest: usize },
    /// A list of texts.
    Texts {
        longest: usize,
        least: usize,
        most: usize,
    },
    /// One text, or a list of texts.
    OneOrTexts { longest: usize, most: usize },
    /// A whole number.
    Number,
    /// A list of whole numbers.
    Numbers,
    /// Repeated tables (`[[…]]`).
    Tables,
}

/// Whether a key may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    Required,
    Optional,
}

/// One key.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) need: Need,
    pub(super) shape: Shape,
    pub(super) meaning: &'static str,
}

/// The keys of one kind of table.
#[derive(Debug)]
pub(super) struct Schema {
    /// What the table is called in messages.
    pub(super) noun: &'static str,
    pub(super) keys: &'static [Key],
}

impl Schema {
    /// Returns a key by name.
    pub(super) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// Returns the names of all keys.
    pub(super) fn names(&self) -> Vec<&'static str> {
        self.keys.iter().map(|key| key.name).collect()
    }
}

const fn required(name: &'static str, shape: Shape, meaning: &'static str) -> Key {
    Key {
        name,
        need: Need::Required,
        shape,
        meaning,
    }
}

const fn optional(name: &'static str, shape: Shape, meaning: &'static str) -> Key {
    Key {
        name,
        need: Need::Optional,
        shape,
        meaning,
    }
}

const fn text(longest: usize) -> Shape {
    Shape::Text { longest }
}

const fn texts(longest: usize, least: usize, most: usize) -> Shape {
    Shape::Texts {
        longest,
        least,
        most,
    }
}

/// The file itself. Lengths fit an 80-column screen and one page of a report per item.
pub(super) const FILE: Schema = Schema {
    noun: "the file",
    keys: &[
        required("format", Shape::Number, "the version of this form: 1"),
        required(
            "id",
            text(40),
            "the name on the command line: lower-case letters, digits, single hyphens",
        ),
        required("version", text(20), "three numbers such as 1.0.0"),
        required("title", text(80), "the name for a reader"),
        required("description", text(400), "what the list is for"),
        required(
            "category",
            Shape::Tables,
            "the groups of items, each a [[category]] with `id` and `title`",
        ),
        optional(
            "stages",
            Shape::Tables,
            "the stages of the work in order, each a [[stages]] with `id` and `title`",
        ),
        required("item", Shape::Tables, "the questions, each an [[item]]"),
    ],
};

/// A `[[category]]`.
pub(super) const CATEGORY: Schema = Schema {
    noun: "category",
    keys: &[
        required("id", text(40), "lower-case letters, digits, single hyphens"),
        required("title", text(60), "the name for a reader"),
    ],
};

/// A `[[stages]]`.
pub(super) const STAGE: Schema = Schema {
    noun: "stage",
    keys: &[
        required("id", text(40), "lower-case letters, digits, single hyphens"),
        required("title", text(60), "the name for a reader"),
    ],
};

/// An `[[item]]`.
pub(super) const ITEM: Schema = Schema {
    noun: "item",
    keys: &[
        required(
            "id",
            text(40),
            "lower-case letters, digits, single hyphens; never changed afterwards",
        ),
        required("category", text(40), "the id of a [[category]]"),
        required("title", text(80), "the failure mode in a few words"),
        required("ask", text(160), "the question the reviewer answers"),
        optional(
            "generated",
            text(600),
            "what the generator writes, and why it looks right",
        ),
        optional("failure", text(900), "what production does to it"),
        optional(
            "signals",
            texts(200, 1, 6),
            "up to 6 things to look for by eye",
        ),
        optional(
            "mitigations",
            texts(400, 1, 5),
            "up to 5 patterns that prevent it, each fit for a report as it stands",
        ),
        optional(
            "good",
            text(600),
            "what a good answer looks like, in one or two sentences",
        ),
        required("severity", text(20), "blocker, major, minor or note"),
        optional(
            "cwe",
            Shape::Numbers,
            "numbers of the Common Weakness Enumeration",
        ),
        optional(
            "languages",
            texts(40, 0, 40),
            "lower-case names of languages; left out means any",
        ),
        optional(
            "paths",
            texts(200, 0, 40),
            "glob patterns of paths; left out means any",
        ),
        optional("rules", texts(80, 0, 80), "ids of hint rules"),
        optional("sources", texts(160, 0, 20), "what the item answers"),
        optional("stage", text(40), "the id of a [[stages]]"),
        optional(
            "depends_on",
            texts(81, 0, 20),
            "items that are asked before it, as `item` or `list/item`",
        ),
        optional(
            "same_as",
            texts(81, 0, 10),
            "the same question in another list, as `list/item`; a review with both asks it once",
        ),
        optional(
            "answered_by",
            Shape::OneOrTexts {
                longest: 20,
                most: 3,
            },
            "where the answer is: code, configuration or client, or a list of them",
        ),
        optional(
            "evidence",
            text(20),
            "what a verdict rests on: lines of the change, or reference (a document, a link, a named person, a date)",
        ),
        optional(
            "figures",
            texts(40, 0, 6),
            "names of calculations with the numbers of the production profile",
        ),
    ],
};
