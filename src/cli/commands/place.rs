//! Places as people type them: `PATH:L1-L2`, `PATH:L`, `PATH@old:L1-L2`.

use anyhow::{Context as _, bail};

use crate::model::{ChangeSet, RepoPath, Side};
use crate::workbench::Place;

/// Reads a place in a change. A file whose own name ends in `@old` is meant as it is spelled.
pub fn find(text: &str, change: &ChangeSet) -> anyhow::Result<Place> {
    let place = parse(text)?;
    let whole = text
        .rsplit_once(':')
        .and_then(|(path, _)| RepoPath::parse(path).ok())
        .filter(|path| change.file(path).is_some());
    Ok(match whole {
        Some(path) if path != place.path => Place {
            path,
            side: Side::New,
            ..place
        },
        _ => place,
    })
}

fn parse(text: &str) -> anyhow::Result<Place> {
    let shape = "places are written PATH:LINE or PATH:FIRST-LAST, with @old before the colon for lines before the change";
    let Some((path, lines)) = text.rsplit_once(':') else {
        bail!("{text:?} names no lines; {shape}");
    };
    let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
    let number = |digits: &str| {
        digits.parse::<u32>().with_context(|| {
            format!("{lines:?} in {text:?} is not a line or a range of lines; {shape}")
        })
    };
    let (start, end) = (number(first)?, number(last)?);
    let (path, side) = match path.strip_suffix("@old") {
        Some(path) => (path, Side::Old),
        None => (path, Side::New),
    };
    if path.is_empty() {
        bail!("{text:?} names no file; {shape}");
    }
    Ok(Place {
        path: RepoPath::parse(path)?,
        side,
        start,
        end,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_as_they_are_printed() {
        let place = parse("src/a:b.py@old:3-7").unwrap();
        assert_eq!(place.path, RepoPath::from("src/a:b.py"));
        assert_eq!((place.side, place.start, place.end), (Side::Old, 3, 7));
        assert_eq!(parse("a.py:9").unwrap().end, 9);
        for wrong in ["a.py", "a.py:", "a.py:x", ":3", "a.py:3-", "a.py:-3"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
