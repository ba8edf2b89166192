//! `accept`, `flag`, `na`, `waive`, `retract`.

use anyhow::{Context as _, bail};
use jiff::civil::Date;

use super::{Call, done, place};
use crate::cli::args::{AcceptArgs, FlagArgs, ItemArgs, NaArgs, WaiveArgs};
use crate::cli::exit::Exit;
use crate::cli::wire;
use crate::model::{Disposition, Horizon, ItemId, Severity, VerdictKind};
use crate::review::Proposal;
use crate::workbench::{Act, Desk, FindingDraft};

/// Accepts an item.
pub fn accept(call: &Call, args: &AcceptArgs) -> anyhow::Result<Exit> {
    let item = ItemId::from(args.item.as_str());
    let reason = args.reason.clone();
    let act = match args.reference.clone() {
        None => Act::Accept {
            item: item.clone(),
            reason,
        },
        Some(reference) => Act::AcceptOn {
            item: item.clone(),
            reason,
            reference,
        },
    };
    verdict(call, &item, &act, format!("Accepted {item}."))
}

/// Says that an item cannot occur here.
pub fn na(call: &Call, args: &NaArgs) -> anyhow::Result<Exit> {
    let item = ItemId::from(args.item.as_str());
    let mut desk = call.desk()?;
    let proposed = match desk.proposals().remove(&item) {
        Some(Proposal::NotApplicable(reason)) => Some(reason),
        Some(Proposal::Waits(_)) | None => None,
    };
    let reason = args.reason.clone().or(proposed).with_context(|| {
        format!(
            "nothing is proposed for {item}; say with --reason why it cannot occur in this change"
        )
    })?;
    let act = Act::NotApplicable {
        item: item.clone(),
        reason,
    };
    verdict_on(
        call,
        &mut desk,
        &item,
        &act,
        format!("{item} is not applicable."),
    )
}

/// Carries an item's risk.
pub fn waive(call: &Call, args: &WaiveArgs) -> anyhow::Result<Exit> {
    let item = ItemId::from(args.item.as_str());
    let until = parse_date("--until", &args.until)?;
    let act = Act::Waive {
        item: item.clone(),
        by: args.by.clone(),
        reason: args.reason.clone(),
        until,
    };
    verdict(
        call,
        &item,
        &act,
        format!("Waived {item} until {until}, carried by {}.", args.by),
    )
}

/// Takes a verdict back.
pub fn retract(call: &Call, args: &ItemArgs) -> anyhow::Result<Exit> {
    let item = ItemId::from(args.item.as_str());
    let act = Act::Retract { item: item.clone() };
    verdict(
        call,
        &item,
        &act,
        format!("Took your verdict on {item} back."),
    )
}

/// Flags an item.
pub fn flag(call: &Call, args: &FlagArgs) -> anyhow::Result<Exit> {
    let mut desk = call.desk()?;
    let item = ItemId::from(args.item.as_str());
    let finding = draft(args, &desk)?;
    let flagged = desk
        .review()
        .verdict_of(&item, desk.person())
        .is_some_and(|state| state.verdict.kind() == VerdictKind::Flagged);
    if flagged && !args.another {
        bail!(
            "{item} is flagged already, by you; --another adds one more finding to it, `countersign retract {item}` takes it back"
        );
    }
    let before: Vec<_> = ids(&desk);
    desk.act(&Act::Flag {
        item: item.clone(),
        finding,
    })?;
    let made = desk
        .review()
        .findings
        .iter()
        .find(|state| !before.contains(&state.finding.id))
        .map(wire::finding);
    let text = made.as_ref().map_or_else(
        || format!("Flagged {item}."),
        |finding| {
            format!(
                "Flagged {item}: finding {}, {}.",
                finding.id, finding.severity
            )
        },
    );
    call.say(&wire::Done {
        item: Some(item.to_string()),
        verdict: Some(desk.review().outcome(&item).name()),
        finding: made,
        ..done(&desk, text)
    });
    Ok(Exit::Ok)
}

fn ids(desk: &Desk) -> Vec<crate::model::FindingId> {
    desk.review()
        .findings
        .iter()
        .map(|state| state.finding.id.clone())
        .collect()
}

fn verdict(call: &Call, item: &ItemId, act: &Act, text: String) -> anyhow::Result<Exit> {
    verdict_on(call, &mut call.desk()?, item, act, text)
}

fn verdict_on(
    call: &Call,
    desk: &mut Desk,
    item: &ItemId,
    act: &Act,
    text: String,
) -> anyhow::Result<Exit> {
    desk.act(act)?;
    call.say(&wire::Done {
        item: Some(item.to_string()),
        verdict: Some(desk.review().outcome(item).name()),
        ..done(desk, text)
    });
    Ok(Exit::Ok)
}

fn draft(args: &FlagArgs, desk: &Desk) -> anyhow::Result<FindingDraft> {
    let severity = args
        .severity
        .as_deref()
        .map(|name| {
            Severity::from_name(name).with_context(|| {
                format!("{name:?} is no severity; they are blocker, major, minor and note")
            })
        })
        .transpose()?;
    Ok(FindingDraft {
        title: args.title.clone(),
        severity,
        disposition: disposition(args, desk)?,
        note: args.note.clone().unwrap_or_default(),
        places: args
            .at
            .iter()
            .map(|text| place::find(text, desk.change()))
            .collect::<Result<_, _>>()?,
        mitigation: args.mitigation.clone(),
        effort: args.effort.clone().unwrap_or_default(),
        owner: args.owner.clone().unwrap_or_default(),
        hint: None,
        due: args
            .due
            .as_deref()
            .map(|text| parse_date("--due", text))
            .transpose()?,
    })
}

fn disposition(args: &FlagArgs, desk: &Desk) -> anyhow::Result<Option<Disposition>> {
    let until = args.until.as_deref().map(|text| {
        Horizon::parse(text).context("--until is blank; give a date (2027-03-31) or a milestone")
    });
    let until = until.transpose()?;
    let Some(name) = args.disposition.as_deref() else {
        if until.is_some() {
            bail!("--until goes with --disposition can-wait or accepted-risk");
        }
        return Ok(None);
    };
    let plain = name.trim().to_lowercase().replace([' ', '_'], "-");
    Ok(Some(match plain.as_str() {
        "fix-before-launch" | "fix" => {
            if until.is_some() {
                bail!("fix-before-launch has no --until: launch is when");
            }
            Disposition::FixBeforeLaunch
        }
        "can-wait" => Disposition::CanWait {
            until: until.context(
                "can-wait needs --until: a date (2027-03-31) or a milestone (\"10,000 users\")",
            )?,
        },
        "accepted-risk" | "accepted" => Disposition::AcceptedRisk {
            by: args
                .accepted_by
                .clone()
                .or_else(|| args.owner.clone())
                .unwrap_or_else(|| desk.person().name.clone()),
            until,
        },
        _ => bail!(
            "{name:?} is no disposition; they are fix-before-launch, can-wait and accepted-risk"
        ),
    }))
}

/// Reads a date as `2027-03-31`.
pub fn parse_date(what: &str, text: &str) -> anyhow::Result<Date> {
    text.trim()
        .parse()
        .ok()
        .with_context(|| format!("{what} {text:?} is no date; write it like 2027-03-31"))
}
