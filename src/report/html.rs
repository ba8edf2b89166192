//! [`Report`] → one self-contained HTML file. Owns what the template sees; the page itself lies in `assets/report/`.
//!
//! No script, no font, no image, nothing fetched: a content policy in the page forbids all of it. The template escapes
//! every value; the only text that goes in unescaped is our stylesheet and the running head, spelled in CSS escapes.

use std::fmt::Write as _;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{Environment, UndefinedBehavior, context};

use super::document::{
    About, CategorySection, Decision, EarlierSignature, Evidence, FindingEntry, Gap, HintTally,
    HintWord, HintsSection, ItemEntry, Remark, Report, Scope, Signature, Waiver, Who,
};
use super::plan;
use super::shown::{Block, Piece, Prose, Shown};
use super::words::{self, Label};
use crate::support::number::{count, grouped};

/// How many rows a list of files has before it is cut; the JSON form always holds all.
const FILES_LISTED: usize = 200;

const PAGE: &str = include_str!("../../assets/report/report.html");
const STYLE: &str = include_str!("../../assets/report/report.css");

/// A page that could not be made from its template.
#[derive(Debug, thiserror::Error)]
#[error(
    "the HTML report could not be made from its built-in template ({0:#}); export it as md or json instead"
)]
pub struct HtmlError(#[from] minijinja::Error);

/// Prints a report as HTML.
pub fn html(report: &Report) -> Result<String, HtmlError> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()?;
    env.set_syntax(syntax);
    // The name's ending turns escaping on.
    env.add_template("report.html", PAGE)?;
    Ok(env.get_template("report.html")?.render(page(report))?)
}

impl From<&Shown> for Value {
    fn from(text: &Shown) -> Self {
        Value::from(text.as_str())
    }
}

/// Spells a text as a CSS string: every character but plain letters, digits and blanks as an escape, so that nothing
/// inside can end the string, the rule or the style element.
fn css_string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || c == ' ' {
            out.push(c);
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\{:06x} ", u32::from(c));
        }
    }
    out.push('"');
    out
}

fn list<'a, T: 'a>(all: impl IntoIterator<Item = &'a T>, one: impl Fn(&'a T) -> Value) -> Value {
    all.into_iter().map(one).collect::<Vec<Value>>().into()
}

fn page(report: &Report) -> Value {
    let running: String = report.title.as_str().chars().take(80).collect();
    let verdict = report.verdict();
    let kind = match verdict {
        None => "Draft, not signed",
        Some(_) => "Sign-off report",
    };
    context! {
        style => Value::from_safe_string(STYLE.to_owned()),
        running => Value::from_safe_string(css_string(&format!("{kind}: {running}"))),
        kind => kind,
        title => &report.title,
        review => &report.review,
        repository => report.repository.as_ref(),
        made => words::moment(report.generated_at),
        verdict => context! {
            name => verdict.map_or("draft", |verdict| verdict.name()),
            label => label(words::verdict(verdict)),
            sentence => words::verdict_sentence(verdict),
        },
        signature => report.signature.as_ref().map(signature),
        unsigned => words::UNSIGNED,
        reviewers => list(&report.reviewers, |reviewer| context! {
            who => who(&reviewer.who),
            items => count(reviewer.items, "item"),
            findings => count(reviewer.findings, "finding"),
        }),
        summary => summary(report),
        scope => scope(&report.scope),
        parts => words::parts(&report.findings).into_iter().zip(["now", "later", "accepted"]).map(|((part, all), id)| context! {
            id => id,
            heading => part.heading,
            about => part.about,
            none => part.none,
            findings => list(all, finding),
        }).collect::<Vec<Value>>(),
        checklists => list(&report.checklists, |section| context! {
            title => &section.title,
            source => section.source.as_ref().map(|source| context! {
                id => &source.id,
                version => &source.version,
            }),
            categories => list(&section.categories, category),
        }),
        waivers => list(&report.waivers, waiver),
        no_waivers => words::NO_WAIVERS,
        comments => list(&report.comments, comment),
        hints => report.hints.as_ref().map(hints),
        plan => plan::parts(report).into_iter().filter(|_| !report.findings.is_empty()).map(plan_part).collect::<Vec<Value>>(),
        profile => context! {
            sentence => plan::profile_sentence(&report.profile),
            known => list(&report.profile.known, |(name, value)| context! { name => name, value => value }),
            assumptions => plan::assumptions(&report.profile),
        },
        critical => critical(report),
        production => production(report),
    }
}

fn hints(hints: &HintsSection) -> Value {
    context! {
        sentence => words::hints(hints),
        about => words::HINTS,
        tools => list(&hints.tools, |(tool, count)| context! {
            name => tool,
            count => grouped(*count),
        }),
        heading => words::HINT_PROBLEMS,
        problems => list(&hints.problems, Value::from),
    }
}

fn tally(hints: &HintTally) -> Value {
    context! {
        sentence => words::tally(hints),
        dismissed => list(&hints.dismissed, hint_word),
        confirmed => list(&hints.confirmed, hint_word),
    }
}

fn hint_word(word: &HintWord) -> Value {
    context! {
        place => &word.place,
        rule => &word.rule,
        by => who(&word.by),
        at => words::moment(word.at),
        reason => prose(&word.reason),
        finding => word.finding,
    }
}

fn plan_part(part: plan::Part<'_>) -> Value {
    context! {
        heading => part.heading,
        total => part.total,
        lines => list(&part.lines, |line| context! {
            number => line.finding.number,
            title => &line.finding.title,
            severity => line.finding.severity.name(),
            label => label(words::severity(line.finding.severity)),
            effort => &line.effort,
            owner => &line.owner,
            due => &line.due,
            standing => line.standing.as_ref(),
            lapsed => line.finding.standing.as_ref().is_some_and(|note| note.lapsed),
        }),
    }
}

fn critical(report: &Report) -> Value {
    let rows = plan::critical_rows(&report.critical);
    context! {
        sentence => plan::critical_sentence(&report.critical),
        rows => list(rows.iter().take(FILES_LISTED), |row| context! {
            path => &row.path,
            place => row.place.as_str(),
            surfaces => &row.surfaces,
            signs => &row.signs,
            readers => &row.readers,
        }),
        more => words::more(rows.len(), FILES_LISTED),
    }
}

fn label(label: Label) -> Value {
    context! { shape => label.shape, words => label.words }
}

fn who(who: &Who) -> Value {
    context! { name => &who.name, email => &who.email }
}

fn prose(prose: &Prose) -> Value {
    list(prose.blocks(), |block| match block {
        Block::Paragraph(lines) => context! {
            kind => "paragraph",
            lines => list(lines, pieces),
        },
        Block::List(points) => context! {
            kind => "list",
            points => list(points, |lines| list(lines, pieces)),
        },
    })
}

fn pieces(line: &Shown) -> Value {
    list(&line.pieces(), |piece| match piece {
        Piece::Text(text) => context! { text => *text, code => false },
        Piece::Code(code) => context! { text => *code, code => true },
    })
}

fn signature(signature: &Signature) -> Value {
    context! {
        name => &signature.printed_name,
        role => &signature.role,
        organisation => &signature.organisation,
        principal => &signature.principal,
        fingerprint => &signature.fingerprint,
        at => words::moment(signature.signed_at),
        not_after => signature.not_after.map(words::day),
        meaning => prose(&signature.meaning),
        statement => prose(&signature.statement),
    }
}

fn summary(report: &Report) -> Value {
    context! {
        decided => words::decided(report),
        findings => words::findings(report),
        any => !report.findings.is_empty(),
        conditions_heading => words::conditions_heading(report.verdict()),
        conditions => list(&words::conditions(report), |condition| context! {
            lead => &condition.lead,
            number => condition.number,
            title => condition.title,
            owner => condition.owner,
        }),
        tally => list(&report.summary.tally, |row| context! {
            severity => row.severity.name(),
            label => label(words::severity(row.severity)),
            now => row.now,
            later => row.later,
            accepted => row.accepted,
        }),
        outcomes => list(&report.summary.outcomes, |(outcome, items)| context! {
            name => outcome.name(),
            label => label(words::outcome(*outcome)),
            items => grouped(*items),
        }),
    }
}

fn scope(scope: &Scope) -> Value {
    let ends = [("Base", &scope.base), ("Head", &scope.head)];
    context! {
        source => words::source(scope.kind),
        change => &scope.change,
        size => words::size(scope),
        ends => ends.iter().map(|(name, end)| context! {
            name => *name,
            label => &end.label,
            commit => end.commit.as_ref(),
            tree => end.tree.as_ref(),
        }).collect::<Vec<Value>>(),
        read => words::read(scope),
        not_read => words::not_read(scope),
        all_read => scope.is_all_read(),
        percent => scope.percent,
        reading => words::READING,
        coverage => words::coverage(scope).into_iter().map(Vec::from).collect::<Vec<_>>(),
        unread => list(scope.unread.iter().take(FILES_LISTED), |file| context! {
            path => &file.path,
            hunks => words::unread_hunks(file),
            lines => grouped(file.lines),
        }),
        unread_more => words::more(scope.unread.len(), FILES_LISTED),
        unopened => list(scope.unopened.iter().take(FILES_LISTED), Value::from),
        unopened_more => words::more(scope.unopened.len(), FILES_LISTED),
        gaps => vec![
            gaps(words::UNSHOWN, &scope.unshown),
            gaps(words::PROBLEMS, &scope.problems),
        ],
    }
}

fn gaps(heading: &str, gaps: &[Gap]) -> Value {
    context! {
        heading => heading,
        gaps => list(gaps.iter().take(FILES_LISTED), |gap| context! {
            path => gap.path.as_ref(),
            why => &gap.why,
        }),
        more => words::more(gaps.len(), FILES_LISTED),
    }
}

fn finding(finding: &FindingEntry) -> Value {
    context! {
        number => finding.number,
        id => &finding.id,
        title => &finding.title,
        severity => finding.severity.name(),
        label => label(words::severity(finding.severity)),
        item => &finding.item.title,
        item_id => &finding.item.id,
        category => &finding.item.category,
        particulars => list(&words::particulars(finding), |(name, value)| context! {
            name => *name,
            value => value,
        }),
        note => prose(&finding.note),
        evidence => list(&finding.evidence, evidence),
        mitigation => prose(&finding.mitigation),
        by => who(&finding.by),
        at => words::moment(finding.at),
        edited => finding.edited.as_ref().map(|(person, at)| context! {
            by => who(person),
            at => words::moment(*at),
        }),
    }
}

fn evidence(place: &Evidence) -> Value {
    context! {
        place => &place.place,
        lines => list(&place.lines, |line| context! {
            number => line.number,
            text => &line.text,
            cut => words::cut(line.cut),
        }),
        omitted => words::omitted(place),
    }
}

fn category(category: &CategorySection) -> Value {
    context! { title => &category.title, items => list(&category.items, item) }
}

fn item(item: &ItemEntry) -> Value {
    context! {
        id => &item.id,
        title => &item.title,
        ask => &item.ask,
        answered_with => item.answered_with.as_ref(),
        figures => list(&item.figures, Value::from),
        outcome => item.outcome.name(),
        label => label(words::outcome(item.outcome)),
        decisions => list(&item.decisions, decision),
        findings => list(&item.findings, |(number, title)| context! {
            number => *number,
            title => title,
        }),
        hints => item.hints.as_ref().map(tally),
        // One person's one decision is the outcome; saying it twice helps nobody.
        several => item.decisions.len() > 1,
    }
}

fn decision(decision: &Decision) -> Value {
    context! {
        label => label(words::decision(decision.verdict)),
        by => who(&decision.by),
        at => words::moment(decision.at),
        reason => prose(&decision.reason),
        reference => decision.reference.as_ref(),
        carried_by => decision.waived.as_ref().map(|(by, _)| by),
        until => decision.waived.as_ref().map(|(_, until)| words::day(*until)),
    }
}

fn waiver(waiver: &Waiver) -> Value {
    context! {
        item => &waiver.item.title,
        item_id => &waiver.item.id,
        carried_by => &waiver.carried_by,
        until => words::day(waiver.until),
        lapsed => waiver.lapsed,
        reason => prose(&waiver.reason),
        by => who(&waiver.by),
        at => words::moment(waiver.at),
    }
}

fn comment(remark: &Remark) -> Value {
    let (item, path, place) = match &remark.about {
        About::Review => (None, None, None),
        About::Item(item) => (Some(&item.title), None, None),
        About::File(path) => (None, Some(path), None),
        About::Lines(place) => (None, None, Some(evidence(place))),
    };
    context! {
        item => item,
        path => path,
        evidence => place,
        text => prose(&remark.text),
        by => who(&remark.by),
        at => words::moment(remark.at),
    }
}

fn production(report: &Report) -> Value {
    let made = &report.production;
    context! {
        tool => &made.tool,
        version => &made.version,
        entries => count(made.entries, "recorded act"),
        unknown => words::unknown(made.unknown),
        parameters => &made.parameters,
        assurances => words::assurances(report),
        digests => list(&words::digests(report), |(what, name, digest)| context! {
            what => *what,
            name => name,
            digest => digest.to_string(),
        }),
        earlier => list(&made.earlier, earlier),
    }
}

fn earlier(earlier: &EarlierSignature) -> Value {
    context! {
        verdict => words::verdict(Some(earlier.verdict)).words,
        principal => &earlier.principal,
        fingerprint => &earlier.fingerprint,
        at => words::moment(earlier.at),
        record => earlier.record.to_string(),
        withdrawn => earlier.withdrawn.as_ref(),
    }
}

#[cfg(test)]
mod tests {
    use super::css_string;

    #[test]
    fn a_running_head_cannot_leave_its_string() {
        let css = css_string("a\"; } </style> \\ \u{e9}");
        assert!(
            css[1..css.len() - 1]
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == ' ' || c == '\\')
        );
        assert!(css.starts_with("\"a\\000022 "));
    }
}
