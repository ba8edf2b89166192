//! What Rust's `format!` and its kin put into a text. The grammar leaves what is in a macro as it stands, and a name that the
//! text itself captures (`format!("… {name}")`) is no more than letters of a string to it; so syn reads these.

use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, Ident, Lit, Token};

/// A value that is put in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The expression, shortened: what calls are passed is left out.
    pub text: String,
    /// The name it begins with.
    pub root: String,
}

/// `name = value` or `value`.
struct Argument {
    name: Option<Ident>,
    value: Expr,
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let is_named = input.peek(Ident) && input.peek2(Token![=]) && !input.peek2(Token![==]);
        let name = if is_named {
            let name = input.parse()?;
            input.parse::<Token![=]>()?;
            Some(name)
        } else {
            None
        };
        Ok(Self {
            name,
            value: input.parse()?,
        })
    }
}

/// Returns the values that a macro with a format puts into its text, arguments and captured names; `None` for what is no
/// such macro.
pub fn put_in(invocation: &str) -> Option<Vec<Value>> {
    if !is_shallow(invocation) {
        return None;
    }
    let call: syn::Macro = syn::parse_str(invocation).ok()?;
    let arguments = call
        .parse_body_with(Punctuated::<Argument, Token![,]>::parse_terminated)
        .ok()?;
    let at = arguments
        .iter()
        .position(|argument| text_of(argument).is_some())?;
    let format = arguments.iter().nth(at).and_then(text_of)?;
    let rest = || arguments.iter().skip(at + 1);
    let mut values: Vec<Value> = rest()
        .filter_map(|argument| value(&argument.value))
        .collect();
    for name in captured(&format) {
        let is_given =
            rest().any(|argument| argument.name.as_ref().is_some_and(|own| *own == name));
        if !is_given {
            values.push(Value {
                text: name.clone(),
                root: name,
            });
        }
    }
    Some(values)
}

/// Tells whether what stands beside a macro's format is little. The parser calls itself for each bracket, sign and word, and
/// the text under review may hold any number of them.
fn is_shallow(invocation: &str) -> bool {
    const LONGEST: usize = 400;
    const MOST_BRACKETS: usize = 16;
    const MOST_SIGNS: usize = 32;
    let format = format_of(invocation);
    let beside = [&invocation[..format.start], &invocation[format.end..]];
    let bytes = || beside.iter().flat_map(|text| text.bytes());
    let is_bracket = |byte: &u8| b"([{".contains(byte);
    let is_sign = |byte: &u8| byte.is_ascii_punctuation() && !b"_.,:()[]{}\"".contains(byte);
    bytes().count() <= LONGEST
        && bytes().filter(is_bracket).count() <= MOST_BRACKETS
        && bytes().filter(is_sign).count() <= MOST_SIGNS
}

/// Returns where the first string stands, raw or not; an empty range where none does.
fn format_of(invocation: &str) -> std::ops::Range<usize> {
    let Some(start) = invocation.find('"') else {
        return 0..0;
    };
    let before = invocation[..start].trim_end_matches('#');
    let hashes = start - before.len();
    let inside = &invocation[start + 1..];
    let len = if before.ends_with('r') {
        let close = format!("\"{}", "#".repeat(hashes));
        inside.find(&close).map(|at| at + close.len())
    } else {
        let mut is_escaped = false;
        let end = inside.bytes().position(|byte| {
            let closes = byte == b'"' && !is_escaped;
            is_escaped = byte == b'\\' && !is_escaped;
            closes
        });
        end.map(|at| at + 1)
    };
    len.map_or(0..0, |len| start..start + 1 + len)
}

fn text_of(argument: &Argument) -> Option<String> {
    match &argument.value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// Returns the names between the braces of a format: `{name}`, `{name:>8}`, `{0}` is none.
fn captured(format: &str) -> Vec<String> {
    let plain = format.replace("{{", "").replace("}}", "");
    let inside = plain
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next());
    inside
        .map(|inside| inside.split(':').next().unwrap_or(inside).trim())
        .filter(|name| syn::parse_str::<Ident>(name).is_ok())
        .map(str::to_owned)
        .collect()
}

/// Returns an expression's name and what is asked of it; `None` where it holds none, as numbers do.
fn value(expression: &Expr) -> Option<Value> {
    let with = |inner: &Expr, end: String| {
        value(inner).map(|inner| Value {
            text: format!("{}{end}", inner.text),
            root: inner.root,
        })
    };
    match expression {
        Expr::Path(path) => {
            let names = path
                .path
                .segments
                .iter()
                .map(|segment| segment.ident.to_string());
            let text = names.collect::<Vec<_>>().join("::");
            Some(Value {
                root: text.clone(),
                text,
            })
        }
        Expr::Field(field) => {
            let member = match &field.member {
                syn::Member::Named(name) => name.to_string(),
                syn::Member::Unnamed(at) => at.index.to_string(),
            };
            with(&field.base, format!(".{member}"))
        }
        Expr::MethodCall(call) => with(&call.receiver, format!(".{}()", call.method)),
        Expr::Call(call) => {
            let inner = call.args.iter().find_map(value)?;
            let callee = value(&call.func)
                .map(|callee| callee.text)
                .unwrap_or_default();
            Some(Value {
                text: format!("{callee}({})", inner.text),
                root: inner.root,
            })
        }
        Expr::Reference(reference) => value(&reference.expr),
        Expr::Paren(paren) => value(&paren.expr),
        Expr::Await(awaited) => value(&awaited.base),
        Expr::Try(tried) => value(&tried.expr),
        Expr::Unary(unary) => value(&unary.expr),
        Expr::Index(index) => value(&index.expr),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(invocation: &str) -> Vec<String> {
        let values = put_in(invocation).unwrap();
        values.into_iter().map(|value| value.text).collect()
    }

    #[test]
    fn arguments_and_captured_names_are_put_in() {
        assert_eq!(
            texts("format!(\"a {name} {{no}} {x:>8?} {}\", y.trim(), x = &self.z)"),
            ["y.trim()", "self.z", "name"]
        );
        assert_eq!(texts("write!(out, r#\"WHERE id = '{id}'\"#)"), ["id"]);
        assert_eq!(
            texts("format!(\"{0} {}\", escape(&name), 12)"),
            ["escape(name)"]
        );
        assert_eq!(put_in("format!(\"{}\", a.b.c()?)").unwrap()[0].root, "a");
    }

    #[test]
    fn what_would_nest_without_end_is_not_read() {
        for (open, close) in [
            ("(", ")"),
            ("!", ""),
            ("&", ""),
            ("[", "]"),
            ("|a|", ""),
            ("return ", ""),
        ] {
            let deep = format!("{}x{}", open.repeat(100_000), close.repeat(100_000));
            assert_eq!(
                put_in(&format!("format!(\"{{}}\", {deep})")),
                None,
                "{open}"
            );
            assert_eq!(
                put_in(&format!("format!(\"{{}}\", {deep}, \"\")")),
                None,
                "{open}"
            );
        }
    }

    #[test]
    fn what_has_no_format_puts_nothing_in() {
        assert_eq!(put_in("vec![a, b]"), None);
        assert_eq!(put_in("format!(text)"), None);
        assert_eq!(put_in("format!("), None);
        assert_eq!(put_in("select! { x = f() => {} }"), None);
    }
}
