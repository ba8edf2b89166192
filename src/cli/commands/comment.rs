//! `comment`.

use super::{Call, done, place};
use crate::cli::args::CommentArgs;
use crate::cli::exit::Exit;
use crate::cli::wire;
use crate::model::{ItemId, RepoPath, Visibility};
use crate::workbench::{Act, CommentSubject};

/// Records a comment.
pub fn run(call: &Call, args: &CommentArgs) -> anyhow::Result<Exit> {
    let mut desk = call.desk()?;
    let on = match (&args.at, &args.item, &args.file) {
        (Some(at), _, _) => CommentSubject::Lines(place::find(at, desk.change())?),
        (None, Some(item), _) => CommentSubject::Item(ItemId::from(item.as_str())),
        (None, None, Some(file)) => CommentSubject::File(RepoPath::parse(file)?),
        (None, None, None) => CommentSubject::Review,
    };
    let visibility = if args.internal {
        Visibility::Internal
    } else {
        Visibility::Client
    };
    desk.act(&Act::Comment {
        on,
        visibility,
        text: args.text.clone(),
    })?;
    let id = desk
        .review()
        .comments
        .last()
        .map(|state| state.comment.id.to_string());
    let whom = match visibility {
        Visibility::Client => "goes into the report",
        Visibility::Internal => "internal, never leaves in a report",
    };
    call.say(&wire::Done {
        comment: id.clone(),
        ..done(
            &desk,
            format!("Comment {} recorded ({whom}).", id.unwrap_or_default()),
        )
    });
    Ok(Exit::Ok)
}
