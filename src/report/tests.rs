use super::sample::{HOSTILE, INTERNAL, Sample};
use super::*;

#[test]
fn write_sample() {
    let Some(dir) = std::env::var_os("COUNTERSIGN_REPORT_SAMPLE") else {
        return;
    };
    let dir = std::path::PathBuf::from(dir);
    let report = build(&Sample::new().input());
    std::fs::write(dir.join("report.md"), markdown(&report)).unwrap();
    std::fs::write(dir.join("report.html"), html(&report).unwrap()).unwrap();
    std::fs::write(dir.join("report.json"), json(&report)).unwrap();
    let _ = (HOSTILE, INTERNAL);
}
