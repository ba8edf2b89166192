//! A realistic review for tests: two reviewers, 22 items, six findings, unread files, hostile text.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, date};

use super::{Binding, ReportInput, SeenHints, SignoffBlock, Tool};
use crate::model::{
    Anchor, BlobId, Category, ChangeSet, Checklist, Comment, CommentTarget, DiffBody, Digest,
    Disposition, Endpoint, EntryId, FileChange, FileSide, FileStatus, Finding, Hint, Horizon, Item,
    LineNo, Mode, ObjectFormat, ObjectId, Opened, Person, Problem, Profile, RepoPath, ReviewId,
    Revision, Severity, Side, SignedRef, SignoffVerdict, SourceKind, Verdict, Visibility, WriterId,
};
use crate::review::{
    CommentState, Coverage, CriticalHunk, FileCoverage, FindingState, ItemState, Review,
    SignoffState, Stamp, VerdictState,
};
use crate::support::digest::sha256;

/// Text that tries everything at once.
pub(super) const HOSTILE: &str = "<script>alert(1)</script> </style> [x](javascript:alert(1)) ![i](http://evil.example/p.png) `a` ```b``` | # h \u{202e}txet\u{200b} \u{1b}[31m &lt; {{ title }} \" ' </pre>";

/// A secret that must appear nowhere.
pub(super) const INTERNAL: &str = "INTERNAL-ONLY: the client's last vendor wrote this";

/// Owns what a [`ReportInput`] borrows.
pub(super) struct Sample {
    pub review: Review,
    pub change: ChangeSet,
    pub bodies: BTreeMap<RepoPath, DiffBody>,
    pub checklists: Vec<Checklist>,
    pub coverage: Coverage,
    pub profile: Profile,
    pub critical: Vec<CriticalHunk>,
    pub signoff: Option<SignoffBlock>,
    pub binding: Binding,
    pub hints: Option<(Vec<Hint>, Vec<String>)>,
}

impl Sample {
    /// The review as it is handed over.
    pub fn new() -> Self {
        let change = change();
        Self {
            review: review(&change),
            bodies: bodies(),
            checklists: vec![checklist()],
            coverage: coverage(),
            signoff: Some(signoff()),
            binding: binding(),
            hints: None,
            profile: Profile::default(),
            critical: Vec::new(),
            change,
        }
    }

    pub fn input(&self) -> ReportInput<'_> {
        ReportInput {
            review: &self.review,
            profile: &self.profile,
            critical: &self.critical,
            change: &self.change,
            bodies: &self.bodies,
            checklists: &self.checklists,
            coverage: &self.coverage,
            hints: self
                .hints
                .as_ref()
                .map(|(hints, problems)| SeenHints { hints, problems }),
            signoff: self.signoff.as_ref(),
            binding: &self.binding,
            tool: Tool {
                name: "countersign",
                version: "0.1.0",
            },
            generated_at: time("2026-11-20T16:40:00Z"),
        }
    }
}

pub(super) fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn dana() -> Person {
    Person {
        name: "Dana Levi".to_owned(),
        email: "dana@levi-architects.example".to_owned(),
    }
}

fn omar() -> Person {
    Person {
        name: "Omar <b>Haddad</b>".to_owned(),
        email: "omar@levi-architects.example".to_owned(),
    }
}

fn stamp(by: &Person, lamport: u64) -> Stamp {
    Stamp {
        entry: EntryId(sha256(&lamport.to_be_bytes())),
        by: by.clone(),
        at: time("2026-11-20T09:00:00Z") + jiff::Span::new().minutes(lamport.cast_signed() * 7),
        lamport,
    }
}

fn end(label: &str, seed: &str) -> Endpoint {
    let hex = sha256(seed.as_bytes()).to_string();
    Endpoint {
        label: label.to_owned(),
        commit: Some(ObjectId::new(&hex[..40])),
        tree: Some(ObjectId::new(&hex[24..])),
    }
}

const FILES: [(&str, u32, u32, u64, u64); 8] = [
    // path, hunks, read, added, removed
    ("assets/logo.png", 1, 0, 0, 0),
    ("src/orders/repository.py", 6, 6, 212, 18),
    ("src/orders/service.py", 9, 9, 402, 61),
    ("src/payments/gateway.ts", 7, 7, 318, 12),
    ("src/payments/refunds.ts", 5, 3, 240, 0),
    ("migrations/0042_drop_legacy.sql", 2, 2, 38, 0),
    ("tests/test_orders.py", 11, 0, 690, 4),
    ("web/generated/api-client.ts", 14, 4, 1310, 317),
];

fn change() -> ChangeSet {
    let mut files: Vec<FileChange> = FILES
        .iter()
        .map(|(path, ..)| RepoPath::from(*path))
        .chain([
            RepoPath::new(&b"docs/\xe2\x80\xaegnp.<img src=x onerror=alert(1)>|`.md"[..]),
            RepoPath::from("vendor/blob.bin"),
        ])
        .map(|path| FileChange {
            new: Some(FileSide {
                mode: Mode::Regular,
                blob: BlobId::Sha256(sha256(path.as_bytes())),
                size: None,
            }),
            path,
            old_path: None,
            status: FileStatus::Added,
            old: None,
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    ChangeSet {
        kind: SourceKind::Range,
        title: "main…agent/orders".to_owned(),
        base: end("main", "base"),
        head: end("agent/orders", "head"),
        object_format: Some(ObjectFormat::Sha1),
        files,
        problems: vec![Problem {
            path: Some(RepoPath::from("web/generated/api-client.ts")),
            message: "line 1204 has 5,242,880 bytes; it is cut for display at 4,096".to_owned(),
        }],
    }
}

fn bodies() -> BTreeMap<RepoPath, DiffBody> {
    let binary = DiffBody::Binary {
        old_size: None,
        new_size: Some(48_211),
    };
    [
        ("assets/logo.png", binary),
        ("src/orders/service.py", DiffBody::Text),
    ]
    .into_iter()
    .map(|(path, body)| (RepoPath::from(path), body))
    .collect()
}

fn coverage() -> Coverage {
    let mut total = Coverage::default();
    for (path, hunks, read, added, removed) in FILES {
        let share = |n: u64| n * u64::from(read) / u64::from(hunks);
        let file = FileCoverage {
            hunks,
            displayed: (read + 1).min(hunks),
            read,
            added,
            removed,
            lines_read: share(added + removed),
            unread: (read + 1..=hunks).collect(),
        };
        total.hunks += u64::from(hunks);
        total.displayed += u64::from(file.displayed);
        total.read += u64::from(read);
        total.added += added;
        total.removed += removed;
        total.lines += added + removed;
        total.lines_read += file.lines_read;
        total.files.insert(RepoPath::from(path), Arc::new(file));
    }
    total
}

const ITEMS: [(&str, &str, &str); 22] = [
    (
        "lost-update",
        "concurrency",
        "Read-modify-write without version or lock",
    ),
    (
        "check-then-act",
        "concurrency",
        "Check, then act on a stale answer",
    ),
    (
        "shared-state",
        "concurrency",
        "Unsynchronised shared state, or blocking inside async",
    ),
    (
        "missing-transaction",
        "data-integrity",
        "Several writes, no transaction or outbox",
    ),
    (
        "missing-constraint",
        "data-integrity",
        "Rules only the application enforces",
    ),
    (
        "lossy-values",
        "data-integrity",
        "Money in binary floating point, instants without a zone",
    ),
    (
        "destructive-migration",
        "data-integrity",
        "Cascades and migrations that cannot be undone",
    ),
    ("n-plus-one", "load", "A query or call per row"),
    (
        "unbounded-read",
        "load",
        "No limit, no page, everything in memory",
    ),
    (
        "slow-request-path",
        "load",
        "Heavy or index-less work while the caller waits",
    ),
    (
        "untrusted-input",
        "security",
        "Input reaches a query, command, path or template",
    ),
    (
        "missing-authorization",
        "security",
        "Authenticated, not authorised",
    ),
    (
        "secret-exposure",
        "security",
        "Secrets in code, personal data in logs and errors",
    ),
    (
        "weak-session-crypto",
        "security",
        "Sessions, tokens, passwords and randomness done weakly",
    ),
    (
        "paid-call-fanout",
        "cost",
        "A metered call in a loop or per request",
    ),
    (
        "unbounded-growth",
        "cost",
        "Caches, queues, tables and logs with no budget",
    ),
    (
        "missing-timeout",
        "recovery",
        "A dependency call that can wait for ever",
    ),
    (
        "unsafe-retry",
        "recovery",
        "Retry without idempotency, backoff or limit",
    ),
    (
        "swallowed-error",
        "recovery",
        "Errors hidden, or failure treated as success",
    ),
    (
        "blind-operation",
        "operability",
        "No structured logs, metrics, traces or health",
    ),
    (
        "unrepeatable-delivery",
        "operability",
        "Unpinned, hard-coded, hand-run, no way back",
    ),
    (
        "hollow-tests",
        "operability",
        "Tests that cannot fail; dead or duplicated code",
    ),
];

fn checklist() -> Checklist {
    let category = |(id, title): (&str, &str)| Category {
        id: id.to_owned(),
        title: title.to_owned(),
    };
    let source = "the exact file";
    Checklist {
        id: "ai-preproduction".into(),
        version: "1".to_owned(),
        title: "AI-generated code before production".to_owned(),
        description: String::new(),
        stages: Vec::new(),
        categories: [
            ("concurrency", "Concurrency"),
            ("data-integrity", "Data integrity"),
            ("load", "Behaviour under load"),
            ("security", "Security"),
            ("cost", "Cost at scale"),
            ("recovery", "Recovery"),
            ("operability", "Operability"),
        ]
        .map(category)
        .to_vec(),
        items: ITEMS
            .iter()
            .map(|(id, category, title)| {
                let ask = format!("What happens with {id} in production?");
                Item::asking(id, category, title, &ask)
            })
            .collect(),
        source: Arc::from(source),
        digest: sha256(source.as_bytes()),
    }
}

fn anchor(path: &str, start: u32, end: u32, lines: &[&str]) -> Anchor {
    Anchor {
        side: Side::New,
        path: RepoPath::from(path),
        blob: BlobId::Sha256(sha256(path.as_bytes())),
        start: LineNo(start),
        end: LineNo(end),
        content: sha256(lines.join("\n").as_bytes()),
        before: sha256(b"before"),
        after: sha256(b"after"),
        excerpt: lines.iter().map(|line| (*line).to_owned()).collect(),
    }
}

fn finding(id: &str, item: &str, title: &str, severity: Severity, what: Disposition) -> Finding {
    Finding {
        id: id.into(),
        item: item.into(),
        title: title.to_owned(),
        severity,
        disposition: what,
        note: String::new(),
        evidence: Vec::new(),
        mitigation: String::new(),
        effort: String::new(),
        owner: String::new(),
        due: None,
    }
}

fn until(text: &str) -> Horizon {
    Horizon::parse(text).expect("a horizon")
}

fn findings() -> Vec<FindingState> {
    let minified = format!("export const routes=[{}];", "'/orders',".repeat(600));
    let all = vec![
        Finding {
            note: "Every order loads its own line items: a customer with 800 orders costs 801 round trips, each about 4 ms over the network.\n\nAt the stated peak of 120 requests per second this exhausts the pool of 20 connections.".to_owned(),
            evidence: vec![
                anchor("src/orders/service.py", 118, 122, &[
                    "def list_orders(db, user):",
                    "    orders = db.query(Order).filter_by(user_id=user.id).all()",
                    "    for o in orders:",
                    "\t\to.items = db.query(Item).filter_by(order_id=o.id).all()",
                    "    return orders",
                ]),
                anchor("src/orders/repository.py", 40, 41, &[
                    "for row in rows:",
                    "    row.customer = self.customers.get(row.customer_id)",
                ]),
            ],
            mitigation: "- Load items with one query: `selectinload(Order.items)`.\n- Page the list: at most 100 orders.\n- Assert the number of queries in a test.".to_owned(),
            effort: "1 day".to_owned(),
            owner: "Orders team".to_owned(),
            ..finding("f1a2b3c4", "n-plus-one", "N+1 queries in list_orders", Severity::Major, Disposition::FixBeforeLaunch)
        },
        Finding {
            note: "The charge succeeds at the provider before the order is written. If the process dies between the two, the customer has paid for an order that does not exist, and nobody is told.".to_owned(),
            evidence: vec![anchor("src/payments/gateway.ts", 61, 68, &[
                "export async function pay(order: Order) {",
                "  const charge = await provider.charge(order.total, order.card);",
                "  await db.insert('payments', { id: charge.id, order: order.id });",
                "  await db.update('orders', order.id, { state: 'paid' });",
                "  await mail.send(order.email, 'Thank you');",
                "  return charge;",
                "}",
                "",
            ])],
            mitigation: "Write an intent row in the same transaction as the order, charge with its id as the idempotency key, and settle from an outbox.".to_owned(),
            effort: "3 days".to_owned(),
            owner: "Payments team".to_owned(),
            ..finding("f0badcafe", "missing-transaction", "A charge can outlive its order", Severity::Blocker, Disposition::FixBeforeLaunch)
        },
        Finding {
            note: "The refund is retried three times without an idempotency key.".to_owned(),
            evidence: vec![anchor("src/payments/refunds.ts", 12, 60, &[
                "for (let attempt = 0; attempt < 3; attempt++) {",
                "  try { return await provider.refund(id, amount); }",
                "  catch (e) { console.log('retry', e); }",
                "}",
            ])],
            mitigation: "Send a key per refund, back off, stop on errors that will not pass.".to_owned(),
            effort: "half a day".to_owned(),
            owner: "Payments team".to_owned(),
            ..finding("f55aa55aa", "unsafe-retry", "Refunds can be paid twice", Severity::Blocker, Disposition::FixBeforeLaunch)
        },
        Finding {
            note: "Logs grow by 4 GB a day at peak.".to_owned(),
            evidence: vec![anchor("web/generated/api-client.ts", 1204, 1204, &[&minified])],
            mitigation: "Rotate by size and age.".to_owned(),
            effort: "2h".to_owned(),
            ..finding("f00000004", "unbounded-growth", "Request log without rotation", Severity::Minor, Disposition::CanWait { until: until("10,000 users") })
        },
        Finding {
            note: HOSTILE.to_owned(),
            evidence: vec![anchor("src/orders/service.py", 7, 9, &["```", HOSTILE, "</code></pre><h1>x</h1>"])],
            mitigation: format!("- {HOSTILE}\n# not a heading"),
            effort: "unknown".to_owned(),
            owner: "<b>Ops</b>".to_owned(),
            ..finding("f00000005", "untrusted-input", HOSTILE, Severity::Major, Disposition::CanWait { until: until("2027-03-31") })
        },
        Finding {
            note: "The dashboard shows totals that are up to a minute old.".to_owned(),
            evidence: vec![anchor("src/orders/service.py", 301, 301, &["CACHE_TTL = 60"])],
            mitigation: "None needed while nobody acts on the number.".to_owned(),
            ..finding("f00000006", "shared-state", "Stale totals on the dashboard", Severity::Note, Disposition::AcceptedRisk { by: "Ruth Cohen, Head of Product".to_owned(), until: Some(until("2027-06-30")) })
        },
    ];
    all.into_iter()
        .zip(30..)
        .map(|(finding, lamport)| FindingState {
            made: stamp(&if lamport % 2 == 0 { dana() } else { omar() }, lamport),
            edited: (lamport == 31).then(|| stamp(&dana(), 44)),
            finding,
        })
        .collect()
}

fn verdicts(id: &str, index: u64) -> Vec<(Person, Verdict)> {
    let accepted = |reason: &str| Verdict::Accepted {
        reason: reason.to_owned(),
    };
    match id {
        "n-plus-one" | "missing-transaction" | "unsafe-retry" | "unbounded-growth" | "untrusted-input" => {
            vec![(dana(), Verdict::Flagged)]
        }
        "shared-state" => vec![
            (omar(), Verdict::Flagged),
            (dana(), accepted("One process per container; the cache is only a convenience.")),
        ],
        "destructive-migration" => vec![(
            dana(),
            Verdict::Waived {
                by: "Ruth Cohen, Head of Product".to_owned(),
                reason: "The legacy tables were exported on 12 November; a restore was tried.\nThe dump is kept until the waiver ends.".to_owned(),
                until: date(2026, 12, 31),
            },
        )],
        "paid-call-fanout" => vec![(
            omar(),
            Verdict::NotApplicable {
                reason: "The change makes no metered call.".to_owned(),
            },
        )],
        _ if u64::is_multiple_of(index, 3) => vec![
            (dana(), accepted("Read every write path; each runs under a row lock or a unique constraint.")),
            (omar(), accepted("Agreed after a second reading.")),
        ],
        _ => vec![(dana(), accepted("Checked by reading the code paths named in the question; the pattern does not occur, and the tests would show it."))],
    }
}

fn items() -> BTreeMap<crate::model::ItemId, ItemState> {
    let mut items = BTreeMap::new();
    for ((id, ..), index) in ITEMS.iter().zip(0..) {
        let mut state = ItemState::default();
        for (person, verdict) in verdicts(id, index) {
            let stamp = stamp(&person, index + 1);
            state
                .by_person
                .entry(person.key())
                .or_default()
                .push(VerdictState {
                    verdict,
                    stamp,
                    reference: None,
                });
        }
        items.insert((*id).into(), state);
    }
    items
}

fn comments() -> Vec<CommentState> {
    let all = [
        (
            CommentTarget::Review,
            Visibility::Client,
            "Thank you for the quick answers.\n\nTwo things to keep:\n- the naming of the modules\n- the tests of the state machine",
        ),
        (CommentTarget::Review, Visibility::Internal, INTERNAL),
        (
            CommentTarget::Item("lossy-values".into()),
            Visibility::Client,
            "Amounts are integers of cents throughout. Well done.",
        ),
        (
            CommentTarget::File(RepoPath::from("src/orders/service.py")),
            Visibility::Internal,
            INTERNAL,
        ),
        (
            CommentTarget::File(RepoPath::from("tests/test_orders.py")),
            Visibility::Client,
            HOSTILE,
        ),
        (
            CommentTarget::Lines(anchor(
                "src/orders/repository.py",
                88,
                88,
                // In two parts, for here it is a client's note and not one of ours.
                &[concat!("    retries = 3  # TO", "DO")],
            )),
            Visibility::Client,
            "Why three?",
        ),
    ];
    all.into_iter()
        .zip(50..)
        .map(|((target, visibility, text), lamport)| CommentState {
            comment: Comment {
                id: crate::model::CommentId(format!("c{lamport:08}")),
                target,
                visibility,
                text: text.to_owned(),
            },
            made: stamp(&dana(), lamport),
            edited: None,
        })
        .collect()
}

fn review(change: &ChangeSet) -> Review {
    Review {
        id: ReviewId("r0123456789abcdef".to_owned()),
        opened: Some(Opened {
            title: "Orders and payments, first release".to_owned(),
            repository: Some("/home/dana/clients/secret-folder/shop-api".to_owned()),
            checklists: Vec::new(),
            nonce: "n".to_owned(),
        }),
        revision: Some(Revision {
            kind: change.kind,
            title: change.title.clone(),
            base: change.base.clone(),
            head: change.head.clone(),
            change: sha256(b"change"),
            parameters: "context=3 renames=50".to_owned(),
        }),
        people: [
            ("aaaaaaaaaaaaaaaa", dana()),
            ("bbbbbbbbbbbbbbbb", omar()),
            ("cccccccccccccccc", dana()),
        ]
        .into_iter()
        .map(|(id, person)| (WriterId::from(id), person))
        .collect(),
        items: items(),
        findings: findings(),
        comments: comments(),
        hints: BTreeMap::new(),
        displayed: BTreeMap::new(),
        read: BTreeMap::<_, BTreeSet<String>>::new(),
        profile: None,
        signoffs: vec![SignoffState {
            signed: SignedRef {
                record: sha256(b"record"),
                verdict: SignoffVerdict::Rejected,
                principal: "dana@levi-architects.example".to_owned(),
                fingerprint: "SHA256:Yy0Zk3qL8pV1cX5bN7mQ9wE2rT4uI6oP0aS3dF5gH7j".to_owned(),
            },
            stamp: stamp(&dana(), 5),
            withdrawn: Some("Signed before the fixes of 19 November arrived".to_owned()),
        }],
        heads: BTreeMap::new(),
        entries: 214,
        unknown: BTreeMap::new(),
    }
}

fn signoff() -> SignoffBlock {
    SignoffBlock {
        verdict: SignoffVerdict::ApprovedWithConditions,
        printed_name: "Dana Levi".to_owned(),
        role: "Principal architect".to_owned(),
        organisation: "Levi Architects Ltd".to_owned(),
        principal: "dana@levi-architects.example".to_owned(),
        fingerprint: "SHA256:Yy0Zk3qL8pV1cX5bN7mQ9wE2rT4uI6oP0aS3dF5gH7j".to_owned(),
        signed_at: time("2026-11-20T16:40:00Z"),
        statement: "I read payment, refund and order code line by line. The generated API client I read in part.".to_owned(),
        not_after: Some(Date::constant(2027, 5, 31)),
        meaning: "I have reviewed this change within the scope stated, and I take responsibility for the verdicts recorded under my name.".to_owned(),
    }
}

fn binding() -> Binding {
    let named = |names: &[&str]| -> BTreeMap<String, Digest> {
        names
            .iter()
            .map(|name| ((*name).to_owned(), sha256(name.as_bytes())))
            .collect()
    };
    Binding {
        manifests: named(&["base", "head"]),
        journals: named(&["aaaaaaaaaaaaaaaa.log", "bbbbbbbbbbbbbbbb.log"]),
    }
}
