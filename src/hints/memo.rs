//! What is worked out of a file once, however many rules ask: texts without comments, guards and marks in them, which
//! functions answer requests.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use ahash::RandomState;
use regex::Regex;

use super::condition::Answer;
use super::file::File;
use super::gains::Gains;
use super::own::Own;
use super::tree::Node;

/// A text of a file: a stretch of it, or what was put together of some.
#[derive(Debug, Clone)]
pub enum Text<'a> {
    /// As it stands in the file.
    Whole(&'a str),
    /// Put together, and kept by the file.
    Made(Rc<str>),
}

impl std::ops::Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Whole(text) => text,
            Self::Made(text) => text,
        }
    }
}

/// A text, by its address and length: the file or its memo keeps it where it is.
type TextKey = (usize, usize);

/// The longest expression that is remembered by its text, in bytes.
const LONGEST_RECEIVER: usize = 80;

/// How many functions are followed into each other.
const DEEPEST_ANSWER: u8 = 3;
/// The most answers of filters that are kept of a file; what comes after is worked out anew.
const MOST_TAKEN: usize = 1 << 18;
/// The most functions of a file whose answers are worked out.
const MOST_ANSWERS: usize = 500;

/// What was worked out so far.
#[derive(Debug, Default)]
pub struct Memo<'a> {
    /// Texts put together, by the bytes they were made of.
    texts: RefCell<HashMap<(usize, usize), Rc<str>>>,
    /// Guards that were looked for.
    guards: RefCell<HashMap<TextKey, Guards>>,
    /// Expressions that were looked for, by their address.
    matches: RefCell<HashMap<(usize, TextKey), bool>>,
    /// Whether functions and closures answer requests, by the numbers of their nodes.
    handlers: RefCell<HashMap<usize, bool>>,
    /// Of which classes of receivers nodes are, by the numbers of the nodes.
    receivers: RefCell<HashMap<usize, Guards>>,
    /// The same by what tells: the expression's text, and the addresses of the declared type and the first value.
    classes: RefCell<HashMap<Said<'a>, Guards>>,
    /// Names that are checked, by the number of the scope, each with where its check ends.
    checked: RefCell<HashMap<usize, Checked<'a>>>,
    /// What functions answer with, by their numbers.
    answers: RefCell<HashMap<usize, Answer>>,
    /// How many functions are being worked out, each for the one before.
    answering: Cell<u8>,
    /// The functions of the file and where they are called.
    own: OnceCell<Own<'a>>,
    /// What fits in functions that are called, by the address of what asks and the functions' numbers.
    inner: RefCell<HashMap<(usize, usize), Option<&'a str>>>,
    /// Whether filters take nodes, by the filters' addresses and the nodes' numbers.
    taken: RefCell<HashMap<(usize, usize), bool, RandomState>>,
    /// What values take in.
    gains: OnceCell<Gains<'a>>,
    /// Which functions of a class or file have a mark, by the address of the expression and the class.
    marked: RefCell<HashMap<(usize, usize), Marked>>,
}

/// Names, each with where its check ends.
pub type Checked<'a> = Rc<[(usize, &'a str)]>;

/// An expression's text, and the addresses of its declared type and first value.
type Said<'a> = (&'a str, TextKey, TextKey);

/// Guards or classes by name, and whether they are there.
type Guards = Vec<(String, bool)>;

/// Functions, by the numbers of their nodes, and whether each has a mark.
pub type Marked = Rc<[(usize, bool)]>;

impl<'a> File<'a> {
    /// Returns a text made of some bytes of the file, made once.
    pub fn made(&self, range: Range<usize>, make: impl FnOnce() -> String) -> Text<'a> {
        let key = (range.start, range.end);
        if let Some(known) = self.memo.texts.borrow().get(&key) {
            return Text::Made(Rc::clone(known));
        }
        let text: Rc<str> = make().into();
        self.memo.texts.borrow_mut().insert(key, Rc::clone(&text));
        Text::Made(text)
    }

    /// Tells whether a text of this file holds a guard of a kind; looked for once in each text.
    pub fn has_guard(&self, guard: &str, text: &Text<'a>) -> bool {
        let key = text_key(text);
        let known = self.memo.guards.borrow().get(&key).and_then(|known| {
            let mut known = known.iter();
            known.find(|(name, _)| name == guard).map(|(_, has)| *has)
        });
        known.unwrap_or_else(|| {
            let has = self.words.has_guard(guard, self.language, text);
            let mut guards = self.memo.guards.borrow_mut();
            guards.entry(key).or_default().push((guard.to_owned(), has));
            has
        })
    }

    /// Tells whether an expression of a rule matches a text of this file; looked for once in each text.
    pub fn is_match(&self, expression: &Regex, text: &Text<'a>) -> bool {
        let key = (address(expression), text_key(text));
        let known = self.memo.matches.borrow().get(&key).copied();
        known.unwrap_or_else(|| {
            let is_match = expression.is_match(text);
            self.memo.matches.borrow_mut().insert(key, is_match);
            is_match
        })
    }

    /// Tells whether what stands in a function or closure answers requests, worked out once.
    pub fn answers(&self, home: Node<'a>, work_out: impl FnOnce() -> bool) -> bool {
        let known = self.memo.handlers.borrow().get(&home.id()).copied();
        known.unwrap_or_else(|| {
            let answers = work_out();
            self.memo.handlers.borrow_mut().insert(home.id(), answers);
            answers
        })
    }

    /// Tells whether a node is of a class of receivers, worked out once.
    pub fn is_receiver(
        &self,
        node: Node<'a>,
        class: &str,
        work_out: impl FnOnce() -> bool,
    ) -> bool {
        let receivers = self.memo.receivers.borrow();
        let mut known = receivers.get(&node.id()).into_iter().flatten();
        if let Some((_, is)) = known.find(|(name, _)| name == class) {
            return *is;
        }
        drop(receivers);
        let is = work_out();
        let mut receivers = self.memo.receivers.borrow_mut();
        receivers
            .entry(node.id())
            .or_default()
            .push((class.to_owned(), is));
        is
    }

    /// Tells whether what an expression's text, declared type and first value say is a class of receivers, worked out
    /// once for all places that say the same.
    pub fn is_class(
        &self,
        (text, declared, value): (&'a str, &str, &str),
        class: &str,
        work_out: impl FnOnce() -> bool,
    ) -> bool {
        if text.len() > LONGEST_RECEIVER {
            return work_out();
        }
        let key = (text, text_key(declared), text_key(value));
        if let Some(known) = self.memo.classes.borrow().get(&key)
            && let Some((_, is)) = known.iter().find(|(name, _)| name == class)
        {
            return *is;
        }
        let is = work_out();
        let mut classes = self.memo.classes.borrow_mut();
        let known = classes.entry(key).or_default();
        known.push((class.to_owned(), is));
        is
    }

    /// Returns the names that are checked in a scope, each with where its check ends; worked out once.
    pub fn checked(
        &self,
        scope: Node<'a>,
        work_out: impl FnOnce() -> Vec<(usize, &'a str)>,
    ) -> Checked<'a> {
        if let Some(known) = self.memo.checked.borrow().get(&scope.id()) {
            return Rc::clone(known);
        }
        let all: Checked<'a> = work_out().into();
        let mut checked = self.memo.checked.borrow_mut();
        checked.insert(scope.id(), Rc::clone(&all));
        all
    }

    /// Returns what a function answers with, worked out once.
    pub fn answer(&self, function: Node<'a>, work_out: impl FnOnce() -> Answer) -> Answer {
        if let Some(known) = self.memo.answers.borrow().get(&function.id()) {
            return known.clone();
        }
        // Whoever asks on the way, as a function that calls itself does, is told what is safe to think.
        let unknown = Answer {
            takes_parameters: true,
            request: None,
        };
        let mut answers = self.memo.answers.borrow_mut();
        let depth = self.memo.answering.get();
        if depth >= DEEPEST_ANSWER || answers.len() >= MOST_ANSWERS {
            return unknown;
        }
        answers.insert(function.id(), unknown);
        drop(answers);
        self.memo.answering.set(depth + 1);
        let answer = work_out();
        self.memo.answering.set(depth);
        let mut answers = self.memo.answers.borrow_mut();
        answers.insert(function.id(), answer.clone());
        answer
    }

    /// Returns the functions of the file and where they are called.
    pub fn own(&self) -> &Own<'a> {
        self.memo.own.get_or_init(|| Own::collect(self))
    }

    /// Tells whether a filter takes a node, worked out once.
    pub fn is_taken(&self, asks: usize, node: Node<'a>, work_out: impl FnOnce() -> bool) -> bool {
        let key = (asks, node.id());
        if let Some(known) = self.memo.taken.borrow().get(&key) {
            return *known;
        }
        let is_taken = work_out();
        let mut taken = self.memo.taken.borrow_mut();
        if taken.len() < MOST_TAKEN {
            taken.insert(key, is_taken);
        }
        is_taken
    }

    /// Returns what fits in a function that is called, worked out once for each that asks.
    pub fn inner(
        &self,
        asks: usize,
        function: Node<'a>,
        work_out: impl FnOnce() -> Option<&'a str>,
    ) -> Option<&'a str> {
        let key = (asks, function.id());
        if let Some(known) = self.memo.inner.borrow().get(&key) {
            return *known;
        }
        let inner = work_out();
        self.memo.inner.borrow_mut().insert(key, inner);
        inner
    }

    /// Returns what values take in.
    pub fn gains(&self) -> &Gains<'a> {
        self.memo.gains.get_or_init(|| Gains::collect(self))
    }

    /// Returns which functions of a class or file have a mark, worked out once.
    pub fn marked(
        &self,
        mark: &Regex,
        home: Node<'a>,
        work_out: impl FnOnce() -> Vec<(usize, bool)>,
    ) -> Marked {
        let key = (address(mark), home.id());
        if let Some(known) = self.memo.marked.borrow().get(&key) {
            return Rc::clone(known);
        }
        let all: Marked = work_out().into();
        self.memo.marked.borrow_mut().insert(key, Rc::clone(&all));
        all
    }
}

fn text_key(text: &str) -> TextKey {
    (text.as_ptr() as usize, text.len())
}

/// An expression's address: those of rules outlive the file they look at.
fn address(expression: &Regex) -> usize {
    std::ptr::from_ref(expression) as usize
}
