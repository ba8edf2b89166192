//! A handler without the mark of authorisation that its siblings have (missing-authorization).

use std::sync::LazyLock;

use crate::hints::tree::Node;
use regex::Regex;

use super::{Flow, Sight, flow};
use crate::hints::condition::{Scope, text_around};
use crate::hints::file::File;
use crate::hints::kinds;
use crate::hints::words::family;

static AUTH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)login_required|permission_required|permission_classes|\brequires?_?(auth|login|user|admin|role|permission|scope|session|signin)\w*|",
        r"\b(is|ensure|check|verify|with|must_?be)_?(auth|logged|signed|token|jwt|user|session|admin|permission|role)\w*|",
        r"\bauth(enticate|enticated|enticator|orize|orized|orise|guard|middleware|_required|required|_?check|jwt|token|user)?\b|",
        r"permission|polic(y|ies)\b|\bguards?\b|\bcan\(|\bacl\b|",
        r"jwt_?required|token_required|\bprotect(ed)?\b|preauthorize|rolesallowed|\bsecured\b|useguards|userequired|",
        r"depends\(\s*\w*(current|auth|require|verify|user|admin|permission|workspace|organi[sz]ation|tenant|team|project|member|account|owner)\w*|security\(|isauthenticated|admin_only|\broles?\(|\bcurrent_?user\b|before_action :auth",
    ))
    .expect("the pattern is a regular expression")
});

static PUBLIC: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)log_?in|log_?out|register|sign_?(up|in|out)|health|ping\b|ready|alive|liveness|\bstatus\b|metrics|webhook|callback|public|csrf|forgot|reset|verify|confirm|docs|openapi|swagger|favicon|\bindex\b|\bhome\b|\broot\b|oauth|sso|token|refresh|robots|version|well-known|allowanonymous|permitall|anonymous|static|assets|landing|captcha|not_?found|error",
    )
    .expect("the pattern is a regular expression")
});

/// Looks at the handlers of a file side by side.
pub fn run<'a>(code: &Flow<'_, 'a>) -> Vec<Sight<'a>> {
    let file = code.file;
    let mut found = by_marks(file);
    found.extend(by_routes(file));
    found
}

/// One handler or route.
struct One<'a> {
    node: Node<'a>,
    name: String,
    is_guarded: bool,
}

impl One<'_> {
    /// Tells whether it answers requests that change something, by the method that it is for.
    fn changes(&self) -> bool {
        static CHANGES: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?i)\b(post|put|patch|delete)(mapping)?\b|http(post|put|patch|delete)\b")
                .expect("the pattern is a regular expression")
        });
        CHANGES.is_match(&self.name)
    }
}

/// Functions whose decorators make them handlers.
fn by_marks<'a>(file: &File<'a>) -> Vec<Sight<'a>> {
    let Some(handler) = file.words.handler(file.language) else {
        return Vec::new();
    };
    if handler.marks.is_empty() {
        return Vec::new();
    }
    let mut all = Vec::new();
    for function in flow::functions(file) {
        let signature = text_around(file, function, Scope::Signature);
        // What ties paths to handlers answers nothing itself.
        if !handler.marks.is_match(&signature) || signature.contains("-> Router") {
            continue;
        }
        if let Some(class) = file.class(function) {
            let class = kinds::decorated(class);
            let head = file
                .text()
                .get(kinds::decorators_start(class)..class.end_byte())
                .unwrap_or_default();
            let head = head.split('{').next().unwrap_or(head);
            if head.len() < 3000 && AUTH.is_match(head) {
                return Vec::new();
            }
        }
        all.push(One {
            node: function,
            name: signature
                .trim()
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned()
                + " "
                + file.function_name(function),
            is_guarded: AUTH.is_match(&text_around(file, function, Scope::Function)),
        });
    }
    odd_ones(file, all)
}

/// Calls that tie a path to what answers it: `router.get('/x', auth, handler)`.
fn by_routes<'a>(file: &File<'a>) -> Vec<Sight<'a>> {
    if !matches!(family(file.language), "javascript" | "go" | "php" | "rust") {
        return Vec::new();
    }
    let mut all = Vec::new();
    for node in file.nodes() {
        if let Some(call) = file.call(node) {
            let callee = file.callee(&call);
            let arguments = call
                .arguments
                .map(|node| file.text_of(node))
                .unwrap_or_default();
            let name = call.name.map(|name| file.text_of(name)).unwrap_or_default();
            let is_use = matches!(
                name,
                "use" | "Use" | "Group" | "group" | "layer" | "wrap" | "middleware" | "addHook"
            );
            if is_use && AUTH.is_match(arguments) && name != "middleware" {
                return Vec::new();
            }
            let is_route = matches!(
                name,
                "get"
                    | "post"
                    | "put"
                    | "patch"
                    | "delete"
                    | "GET"
                    | "POST"
                    | "PUT"
                    | "PATCH"
                    | "DELETE"
                    | "HandleFunc"
                    | "Handle"
                    | "route"
                    | "Get"
                    | "Post"
                    | "Put"
                    | "Delete"
                    | "Patch"
            );
            let path = arguments.trim_start_matches('(').trim_start();
            let has_path = path.starts_with(['"', '\'', '`']) && path[1..].starts_with('/')
                || path.starts_with(['"', '\'']) && callee.contains("Route::");
            if is_route && has_path {
                let whole = node
                    .around()
                    .take(2)
                    .fold(file.text_of(node), |text, outer| {
                        if file.call(outer).is_some() {
                            file.text_of(outer)
                        } else {
                            text
                        }
                    });
                let statement = whole.lines().next().unwrap_or_default();
                // What stands in the handler's own body counts too.
                let is_guarded = AUTH.is_match(whole);
                all.push(One {
                    node,
                    name: statement.to_owned(),
                    is_guarded,
                });
            }
        }
    }
    odd_ones(file, all)
}

/// Absence is odd only where most siblings have the mark.
fn odd_ones<'a>(file: &File<'a>, all: Vec<One<'a>>) -> Vec<Sight<'a>> {
    let guarded = || all.iter().filter(|one| one.is_guarded);
    // What all may read, and some may change, is the rule in many places.
    let only_writes = guarded().count() > 1 && guarded().all(One::changes);
    let having = guarded().count();
    let lacking = all.len() - having;
    if having < 2 || lacking == 0 || lacking * 2 > having + 1 {
        return Vec::new();
    }
    all.into_iter()
        .filter(|one| !one.is_guarded && !PUBLIC.is_match(&one.name))
        .filter(|one| !only_writes || one.changes())
        .map(|one| {
            let name = file.function_name(one.node);
            let shown = if name.is_empty() {
                one.name.trim().to_owned()
            } else {
                name.to_owned()
            };
            Sight {
                node: one.node,
                since: None,
                focus: None,
                values: vec![("handler", shown), ("having", having.to_string())],
            }
        })
        .collect()
}
