//! Whether an expression's text comes from a request: followed through the names of a function, and one hop into and out
//! of the functions of its file.

use std::cell::Cell;

use super::handler::{is_filled, is_handler};
use super::macros;
use crate::hints::file::File;
use crate::hints::grammar::{self, field_of};
use crate::hints::kinds::parameters;
use crate::hints::names::{Declared, bare};
use crate::hints::tree::Node;
use crate::syntax::Language;

mod calls;
mod checks;
mod left_out;
#[cfg(test)]
mod tests;

pub use calls::Answer;
pub use checks::is_checked;
pub use left_out::chooses_from_fixed;
use left_out::{is_index, keeps_nothing, only_asks};

/// How many assignments are followed.
const HOPS: u8 = 4;
/// How many expressions are looked at before a value counts as not followed; hostile code branches without end.
const MOST_STEPS: u32 = 2000;
/// The longest choice of which each arm is looked at apart, in bytes.
const LONGEST_CHOICE: usize = 400;
/// The longest expression that is looked at, in bytes.
const LONGEST: usize = 20_000;

/// Which parameters count as a request's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Parameters {
    /// Those of handlers, and those that are handed in by calls in the file.
    Handed,
    /// All: what the function is called with is asked for.
    All,
    /// None: what a class is set up with comes from elsewhere.
    None,
}

/// Where a value is followed.
#[derive(Clone, Copy)]
pub(super) struct Way<'f, 'a> {
    file: &'f File<'a>,
    /// A node in the function.
    home: Node<'a>,
    parameters: Parameters,
    /// How many expressions may still be looked at.
    steps: &'f Cell<u32>,
}

/// Returns where an expression's text comes from, as written, where that is a request and nothing on the way cleaned it.
pub fn source_of<'a>(file: &File<'a>, node: Node<'a>, home: Node<'a>) -> Option<String> {
    let way = Way {
        file,
        home,
        parameters: Parameters::Handed,
        steps: &Cell::new(MOST_STEPS),
    };
    trace(way, node, HOPS)
}

fn trace<'a>(way: Way<'_, 'a>, node: Node<'a>, hops: u8) -> Option<String> {
    let file = way.file;
    let text = file.text_of(node);
    way.steps.set(way.steps.get().checked_sub(1)?);
    if text.len() <= LONGEST_CHOICE
        && let Some(arms) = arms(file, node)
    {
        // Clean is what is clean whichever arm is taken.
        return arms.into_iter().find_map(|arm| trace(way, arm, hops));
    }
    if text.len() > LONGEST || file.words.is_clean(file.language, text) {
        return None;
    }
    if file.words.is_request(file.language, text)
        && without_fixed(file, node).is_none_or(|rest| file.words.is_request(file.language, &rest))
    {
        return Some(short(text));
    }
    if answers_anew(file, node) {
        return None;
    }
    let hops = hops.checked_sub(1)?;
    if let Some(source) = answered(file, node) {
        return Some(source);
    }
    let names = identifiers(file, node).into_iter();
    names
        .map(|name| (file.text_of(name).to_owned(), name))
        .chain(captured(file, node))
        .find_map(|(text, name)| trace_name(way, &text, name, hops))
        .or_else(|| properties(file, node).find_map(|own| trace_property(way, own, hops)))
}

/// Returns the values that an expression may be: of a choice, or of one that stands in where there is none.
fn arms<'a>(file: &File<'a>, node: Node<'a>) -> Option<[Node<'a>; 2]> {
    let kind = node.kind();
    let field = |name| field_of(node, name);
    if matches!(
        kind,
        "ternary_expression" | "conditional_expression" | "conditional"
    ) {
        if file.language == Language::Python {
            let mut parts = node.named_children();
            return Some([parts.next()?, parts.last()?]);
        }
        let first = field("consequence").or_else(|| field("body"))?;
        return Some([first, field("alternative")?]);
    }
    let is_or = matches!(
        kind,
        "binary_expression" | "binary" | "boolean_operator" | "null_coalescing_expression"
    );
    let (left, right) = (field("left").filter(|_| is_or)?, field("right")?);
    let between = file.text().get(left.end_byte()..right.start_byte())?;
    matches!(between.trim(), "??" | "||" | "or" | "?:").then_some([left, right])
}

/// Returns the properties of the own object that an expression reads: `$this->name`, `self.name`, `@name`.
fn properties<'a>(file: &File<'a>, node: Node<'a>) -> impl Iterator<Item = Node<'a>> {
    node.within().filter(move |inner| {
        let text = file.text_of(*inner);
        text.len() <= 64 && inner.is_named() && bare(text) != text.trim_start_matches('$')
    })
}

/// Traces what a property is given in the methods of its class.
fn trace_property<'a>(way: Way<'_, 'a>, property: Node<'a>, hops: u8) -> Option<String> {
    let file = way.file;
    let class = file.class(property)?.byte_range();
    let given = file.names().of(file.text_of(property)).iter();
    let given = given.filter(|known| class.contains(&known.at) && !known.is_parameter);
    given.take(4).find_map(|known| {
        let range = known.value_range.as_ref()?;
        let value = file
            .top()
            .named_descendant_for_byte_range(range.start, range.end)?;
        let is_elsewhere = file.function(value)?.id() != file.function(property)?.id();
        let way = Way {
            home: value,
            parameters: Parameters::None,
            ..way
        };
        is_elsewhere.then(|| trace(way, value, hops))?
    })
}

/// Returns what a function of this file that is called in an expression reads from a request.
fn answered<'a>(file: &File<'a>, node: Node<'a>) -> Option<String> {
    let mut calls = node.within().filter_map(|inner| file.call(inner)).take(16);
    calls.find_map(|call| calls::answer(file, &call)?.request)
}

/// Returns the names that texts in Rust's macros capture, each with its macro.
fn captured<'a>(file: &File<'a>, node: Node<'a>) -> Vec<(String, Node<'a>)> {
    if file.language != Language::Rust {
        return Vec::new();
    }
    let invocations = node
        .within()
        .filter(|inner| inner.kind() == "macro_invocation");
    invocations
        .flat_map(|inner| {
            let values = macros::put_in(file.text_of(inner)).unwrap_or_default();
            values.into_iter().map(move |value| (value.root, inner))
        })
        .collect()
}

/// Tells whether an expression waits for something else's answer (`await self.service.export(columns)`): what was passed in
/// asks for it, and is not what comes back.
fn answers_anew<'a>(file: &File<'a>, node: Node<'a>) -> bool {
    if !matches!(node.kind(), "await" | "await_expression") {
        return false;
    }
    let call = node.named_child(0).and_then(|inner| file.call(inner));
    let on = call.and_then(|call| call.receiver);
    on.is_some_and(|on| {
        let text = file.text_of(on);
        text.starts_with("self.") || text.starts_with("this.")
    })
}

/// Traces a name that is used at a node.
fn trace_name<'a>(way: Way<'_, 'a>, text: &str, name: Node<'a>, hops: u8) -> Option<String> {
    let Way { file, home, .. } = way;
    let scope = file.scope(home).byte_range();
    let use_at = name.start_byte();
    let declared = file.names().of(text);
    // What a name is given anew is worked out of what it was before.
    let is_before = |known: &&Declared<'_>| {
        let value = known.value_range.as_ref();
        known.at <= use_at
            && scope.contains(&known.at)
            && !value.is_some_and(|range| range.contains(&use_at))
    };
    let local = || declared.iter().rev().filter(is_before);
    let since = local()
        .find(|known| !known.adds)
        .map_or(scope.start, |known| known.at);
    if is_checked(file, text, home, since, use_at) {
        return None;
    }
    let mut is_parameter = false;
    let mut is_bound = false;
    let list = file.function(home).and_then(parameters);
    let of_function = |at: usize| list.is_none_or(|list| list.byte_range().contains(&at));
    for known in local() {
        if known.is_parameter {
            // Parameters of a callback inside the handler are the callee's words, not the caller's.
            if !of_function(known.at) {
                return None;
            }
            let harmless = |text: &str| is_harmless_type(text) || is_handed_by_framework(text);
            is_parameter = !known.type_text.is_some_and(harmless) && !is_injected(known);
            break;
        }
        let Some(range) = &known.value_range else {
            continue;
        };
        let value = file
            .top()
            .named_descendant_for_byte_range(range.start, range.end)?;
        if value.id() == name.id() {
            continue;
        }
        if let Some(source) = trace(way, value, hops) {
            return Some(source);
        }
        if !known.adds && !is_default(file, text, value, name) {
            is_bound = true;
            break;
        }
    }
    let mut gains = file.gains().of(text).iter();
    let gained = gains
        .by_ref()
        .filter(|gain| (since..use_at).contains(&gain.at) && scope.contains(&gain.at))
        .find_map(|gain| trace(way, file.node(gain.node), hops));
    if gained.is_some() || is_bound {
        return gained;
    }
    if let Some(source) = filled_from_request(file, text, home) {
        return Some(source);
    }
    (is_parameter || is_untyped_parameter(file, text, home)).then_some(())?;
    match way.parameters {
        Parameters::All => return Some(text.to_owned()),
        Parameters::None => return None,
        Parameters::Handed => {}
    }
    if is_handler(file, home) {
        let is_value = text == "next" && file.language == Language::Python;
        return ((is_value || !is_plumbing(text)) && is_filled(file, home, text))
            .then(|| text.to_owned());
    }
    calls::handed_in(way, text, hops)
}

/// `if (!$page) { $page = 1; }`: a value for where there is none.
fn is_default<'a>(file: &File<'a>, name: &str, value: Node<'a>, used: Node<'a>) -> bool {
    let apart = value.around().take_while(|node| !node.holds(used));
    let mut choices = apart.filter(|node| node.kind().starts_with("if"));
    let condition = choices
        .next()
        .and_then(|choice| field_of(choice, "condition").or_else(|| choice.named_child(0)));
    let Some(condition) = condition.map(|node| file.text_of(node)) else {
        return false;
    };
    let bare = condition.trim_matches(['(', ')', ' ']);
    let is_empty = [
        "null",
        "None",
        "nil",
        "undefined",
        "empty",
        "isset",
        "blank?",
        "== ''",
        "== \"\"",
        "len(",
    ]
    .iter()
    .any(|word| condition.contains(word));
    condition.contains(name) && (is_empty || bare.starts_with('!') || bare.starts_with("not "))
}

/// Go fills a value through its address: `json.NewDecoder(r.Body).Decode(&req)`, `c.ShouldBindJSON(&req)`.
fn filled_from_request<'a>(file: &File<'a>, name: &str, home: Node<'a>) -> Option<String> {
    if file.language != Language::Go {
        return None;
    }
    let text = file.text_of(file.scope(home));
    let at = text.find(&format!("&{name})"))?;
    let before = text[..at].rsplit('\n').next().unwrap_or_default();
    let fills = ["Decode(", "Bind", "BodyParser(", "Unmarshal("]
        .iter()
        .any(|word| before.contains(word));
    let from_request = before.contains("Bind")
        || before.contains("BodyParser(")
        || file.words.is_request(file.language, text);
    (fills && from_request).then(|| name.to_owned())
}

/// Parameters without a type are no declarations with a type or a value, so they are read off the parameter list.
pub fn is_untyped_parameter<'a>(file: &File<'a>, name: &str, home: Node<'a>) -> bool {
    let Some(function) = file.function(home) else {
        return false;
    };
    let Some(list) = parameters(function) else {
        return false;
    };
    if file.text_of(list) == name {
        return true;
    }

    list.named_children()
        .any(|parameter| file.is(parameter, grammar::IDENTIFIER) && file.text_of(parameter) == name)
}

/// Names of parameters through which a framework passes itself.
fn is_plumbing(name: &str) -> bool {
    matches!(
        name.trim_start_matches(['$', '_']),
        "self"
            | "this"
            | "cls"
            | "request"
            | "req"
            | "res"
            | "response"
            | "ctx"
            | "context"
            | "db"
            | "session"
            | "next"
            | "c"
            | "w"
            | "r"
            | "user"
            | "current_user"
            | "currentUser"
            | "service"
            | "repo"
            | "client"
            | "logger"
            | "log"
            | "background_tasks"
            | "settings"
            | "config"
            | "conn"
            | "tx"
            | "pool"
            | "state"
            | "em"
            | "cancellationToken"
            | "args"
            | "kwargs"
    ) || name.ends_with("Service")
        || name.ends_with("Repository")
        || name.ends_with("_service")
        || name.ends_with("_repo")
}

/// `State<App>`, `web::Data<Pool>`: what the program itself gave to the framework to hand on.
fn is_handed_by_framework(text: &str) -> bool {
    let whole = text.trim_start_matches([':', '&', ' ']);
    let whole = whole.split('<').next().unwrap_or(whole);
    let own = whole.rsplit("::").next().unwrap_or(whole);
    matches!(own, "State" | "Data" | "Extension" | "ThinData") && text.contains('<')
}

/// `workspace: Workspace = Depends(get_workspace)`: what the program itself looks up, unless it is a form or the like.
fn is_injected(known: &Declared<'_>) -> bool {
    const FORMS: [&str; 8] = [
        "Form", "Params", "Query", "Request", "Schema", "Filter", "Filters", "Body",
    ];
    let value = known.value.unwrap_or_default();
    let is_asked = ["Depends(", "Security("]
        .iter()
        .any(|call| value.strip_prefix(call).is_some_and(|rest| rest.len() > 1));
    let declared = known.type_text.unwrap_or_default().trim();
    is_asked && !FORMS.iter().any(|form| declared.ends_with(form))
}

/// Types whose values cannot carry text.
pub fn is_harmless_type(text: &str) -> bool {
    let text = text.trim().trim_start_matches(':').trim();
    let lower = text.to_lowercase();
    [
        "int",
        "long",
        "float",
        "double",
        "bool",
        "uuid",
        "decimal",
        "number",
        "guid",
        "datetime",
        "date",
        "localdate",
        "localdatetime",
        "localtime",
        "instant",
        "zoneddatetime",
        "offsetdatetime",
        "duration",
        "yearmonth",
        "timeonly",
        "dateonly",
        "timespan",
        "i32",
        "i64",
        "u32",
        "u64",
        "usize",
        "size_t",
        "short",
        "byte",
    ]
    .iter()
    .any(|kind| {
        lower == *kind
            || lower.starts_with(&format!("{kind} "))
            || lower.starts_with(&format!("{kind}?"))
            || lower == format!("uuid.{kind}")
            || lower.starts_with(&format!("optional[{kind}"))
            || lower == format!("{kind}eger")
    })
}

/// Returns a node's text without what only chooses from something fixed; `None` where nothing does.
fn without_fixed<'a>(file: &File<'a>, node: Node<'a>) -> Option<String> {
    let mut choices = node
        .within()
        .filter(|inner| keeps_nothing(file, *inner) || *inner != node && is_index(file, *inner))
        .map(|inner| {
            // Of a call that stays, its brackets do.
            let edge = usize::from(only_asks(file, inner));
            inner.start_byte() + edge..inner.end_byte().saturating_sub(edge)
        })
        .peekable();
    choices.peek()?;
    let mut rest = String::new();
    let mut from = node.start_byte();
    for choice in choices {
        rest.push_str(file.text().get(from..choice.start).unwrap_or_default());
        from = from.max(choice.end);
    }
    rest.push_str(file.text().get(from..node.end_byte()).unwrap_or_default());
    Some(rest)
}

fn identifiers<'a>(file: &File<'a>, node: Node<'a>) -> Vec<Node<'a>> {
    let mut found = Vec::new();
    let mut at = node.id();
    while at < node.after() && found.len() < 32 {
        let inner = file.node(at);
        let is_passed = inner != node && is_index(file, inner);
        let is_name = file.is(inner, grammar::IDENTIFIER);
        // Names of methods, fields and arguments are no values.
        let is_value = || {
            !["name", "method", "attribute", "function", "field"]
                .iter()
                .any(|&field| inner.has_field(field))
        };
        if is_name && !is_passed && (inner == node || is_value()) {
            found.push(inner);
        }
        let is_done = is_passed || is_name || file.is(inner, grammar::CLOSURE);
        at = if is_done || keeps_nothing(file, inner) {
            inner.after()
        } else {
            at + 1
        };
    }
    found
}

fn short(text: &str) -> String {
    text.lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(60)
        .collect()
}
