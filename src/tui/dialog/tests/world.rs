//! The review the tests of dialogs look at.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::date;

use crate::model::{
    Anchor, BlobId, Digest, Disposition, EntryId, Finding, FindingId, Item, ItemId, LineNo,
    Severity, Side, SignoffVerdict, Verdict,
};
use crate::review::{FindingState, ItemState, Stamp, VerdictState};
use crate::tui::dialog::*;

/// What tests look at; `context` lends it to a dialog.
pub(super) struct World {
    pub(super) review: Review,
    pub(super) checklists: Vec<Checklist>,
    pub(super) person: Person,
    pub(super) gate: Gate,
    pub(super) coverage: Coverage,
    pub(super) read_only: Option<String>,
}

impl World {
    pub(super) fn new() -> Self {
        Self {
            review: empty_review(),
            checklists: vec![checklist()],
            person: levi(),
            gate: Gate::default(),
            coverage: Coverage {
                hunks: 47,
                displayed: 30,
                read: 12,
                lines: 3622,
                added: 3210,
                removed: 412,
                lines_read: 310,
                files: BTreeMap::new(),
            },
            read_only: None,
        }
    }

    pub(super) fn context(&self) -> DialogContext<'_> {
        DialogContext {
            review: &self.review,
            checklists: &self.checklists,
            person: &self.person,
            today: date(2026, 11, 21),
            gate: &self.gate,
            coverage: &self.coverage,
            read_only: self.read_only.as_deref(),
        }
    }

    pub(super) fn item(&self) -> &Item {
        &self.checklists[0].items[0]
    }
}

pub(super) fn levi() -> Person {
    Person {
        name: "D. Levi".to_owned(),
        email: "levi@firm.example".to_owned(),
    }
}

pub(super) fn other_person() -> Person {
    Person {
        name: "M. Okafor".to_owned(),
        email: "okafor@firm.example".to_owned(),
    }
}

pub(super) fn empty_review() -> Review {
    Review {
        id: ReviewId::from("r0011223344556677"),
        opened: None,
        revision: None,
        people: BTreeMap::new(),
        items: BTreeMap::new(),
        findings: Vec::new(),
        comments: Vec::new(),
        hints: BTreeMap::new(),
        displayed: BTreeMap::new(),
        read: BTreeMap::<_, BTreeSet<String>>::new(),
        profile: None,
        signoffs: Vec::new(),
        heads: BTreeMap::new(),
        entries: 0,
        unknown: BTreeMap::new(),
    }
}

pub(super) fn checklist() -> Checklist {
    let item = Item {
        mitigations: vec![
            "Load the children in one query with a join or an IN list.".to_owned(),
            "Batch the calls and cap the page.".to_owned(),
        ],
        ..Item::asking(
            "n-plus-one",
            "load",
            "N+1: a query or call per row",
            "How many round trips does the largest page of a customer take?",
        )
    };
    Checklist {
        id: "ai-preproduction".into(),
        version: "1".to_owned(),
        title: "AI".to_owned(),
        description: String::new(),
        stages: Vec::new(),
        categories: Vec::new(),
        items: vec![item],
        source: Arc::from(""),
        digest: Digest([0; 32]),
    }
}

pub(super) fn stamp(by: Person, lamport: u64) -> Stamp {
    Stamp {
        entry: EntryId(Digest([lamport as u8; 32])),
        by,
        at: "2026-11-20T10:00:00Z".parse().expect("a time"),
        lamport,
    }
}

pub(super) fn place(path: &str, start: u32, end: u32) -> Place {
    Place {
        path: path.into(),
        side: Side::New,
        start,
        end,
    }
}

pub(super) fn anchor(path: &str, line: u32) -> Anchor {
    Anchor {
        side: Side::New,
        path: path.into(),
        blob: BlobId::Sha256(Digest([1; 32])),
        start: LineNo(line),
        end: LineNo(line),
        content: Digest([2; 32]),
        before: Digest([3; 32]),
        after: Digest([4; 32]),
        excerpt: vec!["    o.items = db.query(Item).all()".to_owned()],
    }
}

pub(super) fn evidence() -> Vec<Evidence> {
    vec![Evidence {
        place: place("src/orders/service.py", 121, 123),
        excerpt: Some("        o.items = db.query(Item).filter_by(order_id=o.id).all()".to_owned()),
    }]
}

pub(super) fn finding(id: &str, title: &str, by: Person) -> FindingState {
    FindingState {
        finding: Finding {
            id: FindingId::from(id),
            item: ItemId::from("n-plus-one"),
            title: title.to_owned(),
            severity: Severity::Major,
            disposition: Disposition::FixBeforeLaunch,
            note: "One query per order.".to_owned(),
            evidence: vec![anchor("src/orders/service.py", 121)],
            mitigation: "Batch the calls and cap the page.".to_owned(),
            effort: "2 days".to_owned(),
            owner: "Orders team".to_owned(),
            due: None,
        },
        made: stamp(by, 3),
        edited: None,
    }
}

pub(super) fn accepted(item: &str, reason: &str, by: &Person, lamport: u64) -> (ItemId, ItemState) {
    let state = VerdictState {
        verdict: Verdict::Accepted {
            reason: reason.to_owned(),
        },
        stamp: stamp(by.clone(), lamport),
        reference: None,
    };
    let by_person = BTreeMap::from([(by.key(), vec![state])]);
    (ItemId::from(item), ItemState { by_person })
}

pub(super) fn accept(world: &World) -> Dialog {
    Dialog::Reason(ReasonForm::accept(world.item()))
}

pub(super) fn flag(world: &World) -> Dialog {
    Dialog::Finding(FindingForm::new(world.item(), evidence()))
}

pub(super) fn signoff(world: &World) -> Dialog {
    let setup = SignoffSetup {
        keys: Some(vec![KeyChoice {
            id: "/keys/id".to_owned(),
            label: "id_ed25519".to_owned(),
            fingerprint: "SHA256:abc".to_owned(),
        }]),
        role: "Architect".to_owned(),
        organisation: "Firm".to_owned(),
        principal: "levi@firm.example".to_owned(),
        out: "signoff".to_owned(),
        meaning: Meaning::new(|request| {
            let verdict = request.verdict.map_or("…", SignoffVerdict::name);
            format!("I, D. Levi, {}, say: {verdict}.", request.role)
        }),
    };
    Dialog::Signoff(SignoffScreen::new(setup, &world.context()))
}

pub(super) fn resume(id: &str, title: &str, last: &str) -> ResumeRow {
    ResumeRow {
        id: ReviewId::from(id),
        title: title.to_owned(),
        change: "main…agent/orders".to_owned(),
        items: Some((9, 22)),
        last: last.parse::<Timestamp>().ok(),
        problems: Vec::new(),
    }
}
