//! Joins the verbs and the screen: the verbs say what is wanted, the screen shows it.

use std::collections::HashMap;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use crate::cli::exit::Exit;
use crate::cli::{self, Wanted, print};
use crate::model::SourceSpec;
use crate::signoff::KeySource;
use crate::tui::dialog::{KeyChoice, ResumeRow, SignRequest, SignoffSetup};
use crate::tui::keymap::Keymap;
use crate::tui::theme::{ColorDepth, Theme};
use crate::tui::{self, Ending, Look, State, Subject};
use crate::workbench::{
    Ahead, Desk, OpenRequest, Setting, SignOrder, Which, candidate_keys, meaning, overviews,
};

/// Runs the program.
pub fn run() -> ExitCode {
    survive_file_size_limits();
    if std::env::args_os()
        .nth(1)
        .is_some_and(|verb| verb == "review")
    {
        // The longest of what comes before the first frame, so it begins first.
        crate::checklist::read_ahead();
    }
    let exit = match cli::run() {
        Wanted::Done(exit) => Ok(exit),
        Wanted::Workbench(desk, setting) => show(*desk, &setting),
        Wanted::Start(setting) => start(setting),
    };
    match exit {
        Ok(exit) => exit.into(),
        Err(error) => {
            print::error(&error, print::Style::Text);
            Exit::of(&error).into()
        }
    }
}

/// With the signal of a file-size limit caught, the write fails like any other and is reported as not saved.
fn survive_file_size_limits() {
    let ignored = Arc::new(std::sync::atomic::AtomicBool::new(false));
    // Where the signal cannot be caught the limit ends the program, as it would have.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, ignored);
}

fn start(mut setting: Setting) -> anyhow::Result<Exit> {
    let rows = overviews(&setting)?
        .into_iter()
        .map(|overview| ResumeRow {
            id: overview.summary.id,
            title: overview.summary.title,
            change: overview
                .summary
                .revision
                .map_or_else(String::new, |revision| revision.title),
            items: overview.progress,
            last: overview.summary.last,
            problems: overview.summary.problems,
        })
        .collect();
    let repository = crate::git::discover(&setting.cwd).map(|path| path.display().to_string());
    let (theme, _) = theme(&setting);
    let today = setting.clock.today();
    match tui::start::choose(rows, repository, &setting.person, today, &theme)? {
        tui::start::Choice::Leave => Ok(Exit::Ok),
        tui::start::Choice::Resume(id) => {
            let desk = Desk::resume(&setting, &Which::Named(id.to_string()))?;
            show(desk, &setting)
        }
        tui::start::Choice::Begin(spec) => {
            setting.cwd = std::env::current_dir()?;
            let desk = Desk::open_at_once(&setting, &request(spec))?;
            show(desk, &setting)
        }
    }
}

fn request(spec: SourceSpec) -> OpenRequest {
    OpenRequest {
        spec,
        checklists: Vec::new(),
        title: None,
        profile: None,
    }
}

fn show(desk: Desk, setting: &Setting) -> anyhow::Result<Exit> {
    let ahead = Ahead::begin(&desk);
    let (keymap, mut complaints) = Keymap::new(&setting.settings.keys);
    let (theme, complaint) = theme(setting);
    complaints.extend(complaint);
    let look = Look {
        theme,
        keymap,
        tab: setting.settings.tab_width.unwrap_or(4),
        mouse: setting.settings.mouse.unwrap_or(true),
    };
    let snapshot = Arc::new(desk.snapshot());
    let id = desk.id().clone();
    let signer = signer(&desk, setting)?;
    let keys: Arc<OnceLock<HashMap<String, KeySource>>> = Arc::default();
    let (found, finds) = (Arc::clone(&keys), setting.clone());
    let subject = Subject {
        id: id.clone(),
        title: snapshot
            .review
            .opened
            .as_ref()
            .map_or_else(String::new, |opened| opened.title.clone()),
        change: Arc::clone(desk.change()),
        checklists: Arc::clone(desk.checklists()),
        person: setting.person.clone(),
        today: setting.clock.today(),
        signer,
    };
    let mut state = State::new(subject, look, snapshot, (80, 24));
    state.drafts = desk.drafts();
    let kept = crate::config::ScreenChoice::load(&setting.folders.data);
    state.view = tui::ViewChoice {
        split: kept.split,
        wrap: kept.wrap,
        list_folded: kept.list_folded,
        files_flat: kept.files_flat,
    };
    // What of the change is missing is said beside how it was opened, before anything is read.
    let notes: Vec<String> = desk.notes().iter().cloned().chain(desk.gaps()).collect();
    state.greet(&notes, &complaints);
    let none = HashMap::new();
    let ending = tui::run(
        desk,
        ahead,
        state,
        Box::new(move |request| order(&request, keys.get().unwrap_or(&none))),
        Box::new(move || find_keys(&finds, &found)),
    )?;
    if setting.store.folder(&id).is_dir() {
        print::note(&format!("Review {id} is saved; `countersign` resumes it."));
    } else {
        print::note(&format!(
            "Review {id} was not saved: {} could not be written.",
            setting.store.data_dir().display()
        ));
    }
    Ok(match ending {
        Ending::Left => Exit::Ok,
        Ending::Terminated => Exit::Terminated,
    })
}

/// Opens the theme in the colours this terminal has; a theme that cannot be used gives way to the default.
fn theme(setting: &Setting) -> (Theme, Option<String>) {
    let depth = ColorDepth::detect(|name| std::env::var(name).ok());
    let name = setting.settings.theme.as_deref().unwrap_or("dark");
    let (theme, complaint) = match Theme::load(name, &[setting.folders.themes()]) {
        Ok(theme) => (theme, None),
        Err(error) => (Theme::default(), Some(error.to_string())),
    };
    (theme.resolve(depth), complaint)
}

/// What the sign-off screen starts with; the keys are looked for later.
fn signer(desk: &Desk, setting: &Setting) -> anyhow::Result<SignoffSetup> {
    let configured = &setting.settings.signer;
    let sentence = meaning(desk)?;
    Ok(SignoffSetup {
        keys: None,
        role: configured.role.clone().unwrap_or_default(),
        organisation: configured.organisation.clone().unwrap_or_default(),
        principal: configured
            .principal
            .clone()
            .unwrap_or_else(|| setting.person.email.clone()),
        out: bundle_folder(desk, setting),
        meaning: crate::tui::dialog::Meaning::new(move |request| {
            sentence(&order(request, &HashMap::new()))
        }),
    })
}

/// Finds the keys that could sign, and keeps where each is behind its name.
fn find_keys(setting: &Setting, sources: &OnceLock<HashMap<String, KeySource>>) -> Vec<KeyChoice> {
    let found = candidate_keys(setting);
    let kept = found
        .iter()
        .map(|choice| (choice.info.fingerprint.clone(), choice.source.clone()));
    // They are looked for once.
    let _ = sources.set(kept.collect());
    found
        .into_iter()
        .map(|choice| KeyChoice {
            id: choice.info.fingerprint.clone(),
            label: choice.label,
            fingerprint: choice.info.fingerprint,
        })
        .collect()
}

/// A folder beside the repository, never inside it.
fn bundle_folder(desk: &Desk, setting: &Setting) -> String {
    let beside = desk
        .work_folder()
        .and_then(|folder| folder.parent().map(std::path::Path::to_path_buf))
        .unwrap_or_else(|| setting.cwd.clone());
    beside
        .join(format!("signoff-{}", desk.id()))
        .display()
        .to_string()
}

fn order(request: &SignRequest, keys: &HashMap<String, KeySource>) -> SignOrder {
    SignOrder {
        verdict: request
            .verdict
            .unwrap_or(crate::model::SignoffVerdict::Rejected),
        name: request.printed_name.clone(),
        role: request.role.clone(),
        organisation: request.organisation.clone(),
        principal: request.principal.clone(),
        statement: request.statement.clone(),
        not_after: request.not_after,
        key: keys
            .get(&request.key)
            .cloned()
            .unwrap_or_else(|| KeySource::File(expand_home(&request.key))),
        out: expand_home(&request.out),
    }
}

/// People type `~/.ssh/key` into forms as they do into shells.
fn expand_home(path: &str) -> std::path::PathBuf {
    let home = directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_path_buf());
    match (path.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => path.into(),
    }
}
