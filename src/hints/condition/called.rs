//! One hop into the functions of the file: what a function that is called does itself.

use serde::Deserialize;

use super::receiver::receiver_class;
use super::{Names, Pattern, Scope, Seen, text_around};
use crate::hints::file::File;
use crate::hints::kinds::Call;
use crate::hints::own::called;
use crate::hints::tree::Node;

/// What the function that is called must be like.
#[derive(Debug, Clone, Deserialize)]
pub struct HelperArgument {
    /// It calls something that is spelled so.
    pub calls: Option<Pattern>,
    /// It calls something on such a receiver.
    pub asks: Option<Names>,
    /// Its text holds this.
    pub has: Option<Pattern>,
    /// Its text does not hold this.
    pub lacks: Option<Pattern>,
}

/// Tells whether a match calls such a function of its own file, and binds `{inner}` to what that calls.
pub fn holds(seen: &Seen<'_, '_>, wanted: &HelperArgument) -> bool {
    let file = seen.file;
    let in_it = || {
        seen.node
            .named_children()
            .find_map(|child| file.call(child))
    };
    let Some(helper) = file
        .call(seen.node)
        .or_else(in_it)
        .and_then(|call| called(file, &call))
    else {
        return false;
    };
    // A function that calls itself is no helper.
    if helper.holds(seen.node) || !fits_text(file, helper, wanted) {
        return false;
    }
    if wanted.calls.is_none() && wanted.asks.is_none() {
        return true;
    }
    let key = std::ptr::from_ref(wanted) as usize;
    let inner = file.inner(key, helper, || inner_call(file, helper, wanted));
    if let Some(inner) = inner {
        seen.bind("inner", inner);
    }
    inner.is_some()
}

fn fits_text<'a>(file: &File<'a>, helper: Node<'a>, wanted: &HelperArgument) -> bool {
    let matches = |pattern: &Pattern| {
        let text = text_around(file, helper, Scope::Function);
        file.is_match(pattern.regex(), &text)
    };
    let has = wanted.has.as_ref().is_none_or(matches);
    has && !wanted.lacks.as_ref().is_some_and(matches)
}

/// Returns what is called in a function that fits, as it is spelled.
fn inner_call<'a>(file: &File<'a>, helper: Node<'a>, wanted: &HelperArgument) -> Option<&'a str> {
    helper.within().find_map(|node| {
        let call = file.call(node)?;
        let callee = file.callee(&call);
        let is_spelled = wanted.calls.as_ref();
        let is_spelled = is_spelled.is_none_or(|calls| calls.regex().is_match(callee));
        (is_spelled && is_asked(file, &call, wanted.asks.as_ref())).then_some(callee)
    })
}

fn is_asked<'a>(file: &File<'a>, call: &Call<'a>, classes: Option<&Names>) -> bool {
    let Some(classes) = classes else { return true };
    let Some(on) = call.receiver else {
        return false;
    };
    let mut classes = classes.each().iter();
    classes.any(|class| receiver_class(file, on, class))
}
