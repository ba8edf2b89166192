//! What happens in a function, in the order of its text: calls, what they are made on, and how places relate.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::hints::tree::Node;

use super::verbs::{by_name, by_sql, is_whole, takes_sql};
use crate::hints::condition::receiver_class;
use crate::hints::file::File;
use crate::hints::grammar::field_of;
use crate::hints::kinds::Call;
use crate::hints::words::split;
use crate::syntax::Language;

/// One file for rules in code, with what they share: the calls of each function, and what each does to a database.
pub struct Flow<'f, 'a> {
    /// The file.
    pub file: &'f File<'a>,
    calls: RefCell<HashMap<usize, Rc<[Call<'a>]>>>,
    accesses: RefCell<HashMap<usize, Option<Access>>>,
    names: RefCell<HashMap<&'a str, Named>>,
}

/// What the name of a method says.
#[derive(Debug, Clone, Copy)]
struct Named {
    access: Option<Access>,
    takes_sql: bool,
}

impl<'f, 'a> Flow<'f, 'a> {
    /// Begins with nothing known.
    pub fn new(file: &'f File<'a>) -> Self {
        Self {
            file,
            calls: RefCell::default(),
            accesses: RefCell::default(),
            names: RefCell::default(),
        }
    }

    /// Returns the calls of a function, in the order in which they end; see [`calls`].
    pub fn calls(&self, function: Node<'a>) -> Rc<[Call<'a>]> {
        if let Some(known) = self.calls.borrow().get(&function.id()) {
            return Rc::clone(known);
        }
        let found: Rc<[Call<'a>]> = calls(self.file, function).into();
        self.calls
            .borrow_mut()
            .insert(function.id(), Rc::clone(&found));
        found
    }

    /// Returns what a call does to a database, if it is made on one.
    pub fn access(&self, call: &Call<'a>) -> Option<Access> {
        let id = call.node.id();
        if let Some(&known) = self.accesses.borrow().get(&id) {
            return known;
        }
        let found = access(self, call);
        self.accesses.borrow_mut().insert(id, found);
        found
    }

    /// Tells whether a call writes to a database or commits. Most calls cannot, by their names: what those are made on is not
    /// looked at.
    pub fn writes(&self, call: &Call<'a>) -> bool {
        let Some(name) = call.name.map(|name| self.file.text_of(name)) else {
            return false;
        };
        let named = self.named(name);
        let can = matches!(named.access, Some(Access::Write | Access::Commit))
            || named.takes_sql
            || self.file.words.is_learned("commits", name);
        can && matches!(self.access(call), Some(Access::Write | Access::Commit))
    }

    /// Tells whether a method of a name is one that statements are handed to.
    pub fn takes_sql(&self, name: &'a str) -> bool {
        self.named(name).takes_sql
    }

    fn named(&self, name: &'a str) -> Named {
        let language = self.file.language;
        let mut names = self.names.borrow_mut();
        *names.entry(name).or_insert_with(|| Named {
            access: by_name(language, name),
            takes_sql: takes_sql(name),
        })
    }

    /// Tells whether any call of a function reads from or writes to a database, or whatever else is asked.
    pub fn has(&self, function: Node<'a>, is_meant: impl Fn(&Call<'a>) -> bool) -> bool {
        self.calls(function).iter().any(is_meant)
    }
}

/// Returns the functions of a file.
pub fn functions<'a>(file: &File<'a>) -> Vec<Node<'a>> {
    let all = file.functions().iter();
    all.map(|&at| file.node(at as usize)).collect()
}

/// Tells whether a function fills an empty database once, by its name or its class's: it is run again where it stopped, and
/// by nobody else.
pub fn fills_once<'a>(file: &File<'a>, function: Node<'a>) -> bool {
    let is_seed = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.contains("seed") || name.ends_with("initializer") || name.ends_with("initialiser")
    };
    let class = file.class(function);
    let class = class.and_then(|class| field_of(class, "name"));
    is_seed(file.function_name(function)) || class.is_some_and(|name| is_seed(file.text_of(name)))
}

/// Visits the nodes of a function in order, without the functions in it.
pub fn visit<'a>(file: &File<'a>, function: Node<'a>, mut on_node: impl FnMut(Node<'a>)) {
    let start = function.id();
    let functions = file.functions();
    let mut next = functions.partition_point(|&at| at as usize <= start);
    let mut at = start;
    while at < function.after() {
        if functions
            .get(next)
            .is_some_and(|&inner| inner as usize == at)
        {
            at = file.node(at).after();
            next = functions.partition_point(|&inner| (inner as usize) < at);
            continue;
        }
        let node = file.node(at);
        if node.is_named() {
            on_node(node);
        }
        at += 1;
    }
}

/// Returns the calls of a function, in the order in which they end: arguments before what they are passed to.
pub fn calls<'a>(file: &File<'a>, function: Node<'a>) -> Vec<Call<'a>> {
    let mut found = Vec::new();
    visit(file, function, |node| found.extend(file.call(node)));
    found.sort_by_key(|call| call.node.end_byte());
    found
}

/// What a call does to a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Reads.
    Read,
    /// Writes, at once or with the next commit.
    Write,
    /// Makes writes last.
    Commit,
}

/// Returns what a call does to a database, if it is made on one.
fn access<'a>(code: &Flow<'_, 'a>, call: &Call<'a>) -> Option<Access> {
    let file = code.file;
    let name = file.text_of(call.name?);
    if matches!(
        call.node.kind(),
        "new_expression" | "object_creation_expression"
    ) {
        return None;
    }
    if file.words.is_learned("commits", name) {
        return Some(Access::Commit);
    }
    let on = call.receiver.or(call.name)?;
    let named = code.named(name);
    let arguments = call
        .arguments
        .map(|arguments| file.text_of(arguments))
        .unwrap_or_default();
    if named.takes_sql
        && let Some(access) = by_sql(arguments)
    {
        return Some(access);
    }
    let access = named.access?;
    if file.language == Language::Php && access == Access::Write && !is_whole(name) {
        let on = file.text_of(on).to_ascii_lowercase();
        let keeps = ["repository", "repo", "dao", "mapper", "gateway"];
        keeps.iter().any(|end| on.ends_with(end)).then_some(())?;
    }
    if makes_object(file, call, name, arguments) {
        return None;
    }
    if leads_to_call(file, call) {
        return None;
    }
    let text = file.text_of(on);
    if text.starts_with('$') && file.language == Language::Ruby {
        // A global of the runtime.
        return None;
    }
    if is_in_memory(file, text, on.start_byte()) || is_other_add(file, name, text) {
        return None;
    }
    if text.ends_with("Parameters") || is_store_of_files(text) || makes_value(file, name) {
        // Values for a statement that is yet to run; documents and files; a class that is called.
        return None;
    }
    let is_database = receiver_class(file, on, "database")
        || is_loaded(file, on)
        || is_model_method(file, name, on);
    is_database.then_some(access)
}

/// `names.remove(old)` where `names` is declared as a list: a collection of the language, and no table.
fn is_in_memory(file: &File<'_>, on: &str, at: usize) -> bool {
    const COLLECTIONS: &[&str] = &[
        "List",
        "Set",
        "Map",
        "Collection",
        "Iterator",
        "Queue",
        "Deque",
        "Dictionary",
        "ArrayList",
        "LinkedList",
        "HashMap",
        "HashSet",
        "TreeMap",
        "TreeSet",
        "LinkedHashMap",
        "LinkedHashSet",
        "MutableList",
        "MutableMap",
        "MutableSet",
        "ListIterator",
        "Model",
        "ModelMap",
    ];
    let Some(declared) = file.names().type_of(on, at) else {
        return false;
    };
    let whole = declared.split(['<', '?', ' ']).next().unwrap_or(declared);
    let own = whole.rsplit('.').next().unwrap_or(whole);
    COLLECTIONS.contains(&own)
}

/// `BlobStore.delete(key)`, `writer.save(path)`: a store of files or a document, and no rows.
fn is_store_of_files(on: &str) -> bool {
    const FILES: [&str; 17] = [
        "blob",
        "storage",
        "bucket",
        "s3",
        "minio",
        "disk",
        "writer",
        "workbook",
        "wb",
        "sheet",
        "image",
        "img",
        "fig",
        "figure",
        "canvas",
        "filesystem",
        "uploader",
    ];
    let last = on.rsplit(['.', '>', ':']).next().unwrap_or(on);
    split(last.trim_start_matches(['$', '@', '_']))
        .iter()
        .any(|word| FILES.contains(&word.as_str()))
}

/// `database.updateDao().load(id)`: what is asked for without a word is what is called on, and no write.
fn leads_to_call<'a>(file: &File<'a>, call: &Call<'a>) -> bool {
    let is_bare = call.arguments.is_none_or(|arguments| {
        file.text_of(arguments)
            .trim_matches(['(', ')', ' '])
            .is_empty()
    });
    let outer = || call.node.around().take(2).find_map(|node| file.call(node));
    matches!(file.language, Language::Kotlin | Language::Java)
        && is_bare
        && outer().is_some_and(|outer| outer.receiver == Some(call.node))
}

/// `Update(id = "1")` of Kotlin makes an object: methods begin with a small letter there.
fn makes_value(file: &File<'_>, name: &str) -> bool {
    let has_small_methods = matches!(
        file.language,
        Language::Java | Language::Kotlin | Language::Python | Language::Ruby | Language::Rust
    );
    has_small_methods && name.starts_with(|c: char| c.is_ascii_uppercase())
}

/// `flow.add(task)` of Python: only what gathers records is a database that is added to.
fn is_other_add(file: &File<'_>, name: &str, on: &str) -> bool {
    let last = on.rsplit('.').next().unwrap_or(on).to_ascii_lowercase();
    let gathers = ["session", "db", "sess", "uow", "conn", "tx", "s"];
    let is_session = gathers.contains(&last.as_str()) || last.ends_with("session");
    file.language == Language::Python && name == "add" && !is_session
}

/// `repository.create()`, and TypeORM's `const order = orders.create(data)` that nothing waits for, make an object in memory.
fn makes_object(file: &File<'_>, call: &Call<'_>, name: &str, arguments: &str) -> bool {
    match name {
        "store_result" | "storeResult" => true,
        "create" | "build" => {
            let is_empty = arguments.trim_matches(['(', ')', ' ']).is_empty();
            let parent = call.node.parent().map(Node::kind);
            let is_bound = matches!(
                parent,
                Some("variable_declarator" | "assignment_expression")
            );
            is_empty && file.language == Language::Php || is_bound && is_script(file.language)
        }
        _ => false,
    }
}

fn is_script(language: Language) -> bool {
    matches!(
        language,
        Language::JavaScript | Language::Jsx | Language::TypeScript | Language::Tsx
    )
}

/// `order.save()` where `order` is a record: named so by how it was made.
fn is_loaded<'a>(file: &File<'a>, on: Node<'a>) -> bool {
    let text = file.text_of(on);
    if text.len() > 64 {
        return false;
    }
    let Some(known) = file.names().before(text, on.start_byte()) else {
        return false;
    };
    let value = known.value.unwrap_or_default();
    let reads = [
        ".objects.",
        ".find",
        ".query",
        ".where(",
        ".first",
        "get_object_or_404",
        "::find",
        "::where",
        ".findOne",
        ".findBy",
        ".create(",
        ".build(",
        ".new(",
    ];
    reads.iter().any(|read| value.contains(read))
}

/// Methods that only records have.
fn is_model_method(file: &File<'_>, name: &str, on: Node<'_>) -> bool {
    let text = file.text_of(on);
    let is_plain = text
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '_' | '@' | '$' | '.'));
    match file.language {
        Language::Ruby => {
            matches!(
                name,
                "save"
                    | "save!"
                    | "update!"
                    | "update_columns"
                    | "update_attribute"
                    | "update_column"
                    | "destroy"
                    | "destroy!"
                    | "touch"
                    | "increment!"
                    | "decrement!"
                    | "update_attributes"
            ) && is_plain
        }
        Language::Python => {
            matches!(name, "save")
                && is_plain
                && !text.contains("form")
                && !text.contains("img")
                && !text.contains("image")
        }
        Language::JavaScript | Language::Jsx | Language::TypeScript | Language::Tsx => {
            let is_class = text.starts_with(|c: char| c.is_ascii_uppercase())
                && text.chars().all(char::is_alphanumeric)
                && !BUILT_IN.contains(&text);
            let of_class = is_class
                && matches!(
                    name,
                    "create"
                        | "findOne"
                        | "findAll"
                        | "findByPk"
                        | "findById"
                        | "findOneAndUpdate"
                        | "findByIdAndUpdate"
                        | "updateOne"
                        | "updateMany"
                        | "deleteOne"
                        | "deleteMany"
                        | "insertMany"
                        | "bulkCreate"
                        | "destroy"
                        | "update"
                        | "countDocuments"
                        | "exists"
                        | "upsert"
                        | "count"
                        | "findOrCreate"
                );
            of_class || name == "save" && is_plain
        }
        Language::Php => {
            matches!(name, "save" | "saveOrFail" | "push") && text.starts_with('$') && is_plain
        }
        _ => false,
    }
}

/// Classes of the language itself that have methods of these names.
const BUILT_IN: &[&str] = &[
    "Object", "Promise", "Array", "Reflect", "JSON", "Math", "Number", "String", "Symbol", "Date",
    "Map", "Set", "Buffer", "React", "Intl", "Proxy", "Error", "URL", "Axios",
];

/// Tells whether two places cannot both run in one call: other branches, or the first one's block ends the function.
pub fn exclude_each_other<'a>(file: &File<'a>, first: Node<'a>, second: Node<'a>) -> bool {
    let Some(meet) = first.around().find(|node| node.holds(second)) else {
        return false;
    };
    let is_choice = |kind: &str| {
        kind.contains("if_")
            || kind == "if"
            || kind == "unless"
            || kind.contains("switch")
            || kind.contains("case")
            || kind == "match_expression"
            || kind.contains("match_block")
            || kind.contains("conditional")
            || kind == "when"
            || kind.contains("when_")
            || kind.contains("select_")
            || kind.contains("switch_body")
            || kind == "if_expression"
            || kind.contains("try")
    };
    if is_choice(meet.kind()) {
        let condition = field_of(meet, "condition").or_else(|| field_of(meet, "value"));
        let in_condition =
            condition.is_some_and(|node| node.byte_range().contains(&first.start_byte()));
        if !in_condition {
            return true;
        }
    }
    // Blocks of the first that do not hold the second and end in a return.
    first
        .around()
        .take_while(|node| *node != meet)
        .any(|node| ends_function(file, node, first))
}

/// Tells whether a block, after a place in it, always leaves the function.
fn ends_function(file: &File<'_>, block: Node<'_>, after: Node<'_>) -> bool {
    block
        .named_children()
        .any(|child| child.end_byte() >= after.end_byte() && leaves(file, child))
}

/// Tells whether a statement leaves the function.
pub fn leaves(file: &File<'_>, statement: Node<'_>) -> bool {
    let kind = statement.kind();
    if matches!(
        kind,
        "return_statement"
            | "raise_statement"
            | "throw_statement"
            | "return"
            | "return_expression"
            | "throw_expression"
            | "continue_statement"
            | "break_statement"
            | "jump_expression"
    ) {
        return true;
    }
    if matches!(kind, "expression_statement" | "expression_list")
        && statement.named_child_count() == 1
    {
        return statement
            .named_child(0)
            .is_some_and(|inner| leaves(file, inner));
    }
    let text = file.text_of(statement);
    matches!(
        kind,
        "call" | "call_expression" | "identifier" | "function_call_expression"
    ) && [
        "raise ",
        "raise(",
        "abort(",
        "panic(",
        "exit(",
        "render ",
        "redirect_to",
        "head ",
        "process.exit",
        "os.Exit",
        "log.Fatal",
    ]
    .iter()
    .any(|word| text.starts_with(word))
}

/// Returns what a database call is about: the model, table or repository it names, as written.
pub fn target<'a>(file: &File<'a>, call: &Call<'a>) -> String {
    let arguments = call
        .arguments
        .map(|arguments| file.text_of(arguments))
        .unwrap_or_default();
    let upper = arguments.to_ascii_uppercase();
    for verb in ["INTO ", "UPDATE ", "FROM ", "JOIN "] {
        if let Some(at) = upper.find(verb) {
            let rest = &arguments[at + verb.len()..];
            let table: String = rest
                .chars()
                .skip_while(|c| matches!(c, '"' | '`' | '[' | ' '))
                .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
                .collect();
            if !table.is_empty() {
                return table;
            }
        }
    }
    let on = call
        .receiver
        .map(|receiver| file.text_of(receiver))
        .unwrap_or_default();
    let generic = matches!(
        on.trim_start_matches("this.").trim_start_matches("self."),
        "db" | "session"
            | "em"
            | "tx"
            | "conn"
            | "entityManager"
            | "manager"
            | "context"
            | "_context"
            | "dbContext"
            | "db.session"
    );
    if generic {
        // `db.Create(&order)`, `session.add(Order(…))`: the argument tells.
        let first: String = arguments
            .trim_start_matches(['(', '&', '*', '{', ' ', '\n'])
            .chars()
            .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
            .collect();
        return format!("{on}:{first}");
    }
    // The first two names of a chain: `prisma.order`, `Order.objects`, `orderRepository`.
    on.split(['(', '[', '{', '\n'])
        .next()
        .unwrap_or_default()
        .split('.')
        .take(3)
        .collect::<Vec<_>>()
        .join(".")
}
