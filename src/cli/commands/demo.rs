//! `demo`.

use super::{Call, review};
use crate::cli::args::DemoArgs;
use crate::cli::exit::Exit;
use crate::cli::{Wanted, print};
use crate::model::SourceSpec;
use crate::workbench::{Desk, OpenRequest, demo};

/// Builds the demo repository and opens its change.
pub fn run(call: &Call, args: &DemoArgs) -> anyhow::Result<Wanted> {
    let mut setting = call.setting()?;
    let folder = args
        .dir
        .clone()
        .unwrap_or_else(|| setting.folders.data.join("demo").join("shop-orders"));
    let demo = demo::build(&std::path::absolute(&folder)?)?;
    setting.cwd.clone_from(&demo.repository);
    let request = OpenRequest {
        spec: SourceSpec::Revisions(Some(demo.range.clone())),
        checklists: Vec::new(),
        title: None,
        profile: Some(demo::PROFILE.to_owned()),
    };
    let desk = Desk::open(&setting, &request)?;
    if !args.headless {
        return review::open(call, setting, desk, false);
    }
    let repository = demo.repository.display().to_string();
    if call.json {
        print::json(&serde_json::json!({
            "repository": repository,
            "range": demo.range,
            "review": desk.id().to_string(),
        }));
    } else {
        print::line(&format!("repository {repository}"));
        print::line(&format!("range      {}", demo.range));
        print::line(&format!("review     {}", desk.id()));
    }
    Ok(Wanted::Done(Exit::Ok))
}
