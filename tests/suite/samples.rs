//! The samples shipped with the program: what their last column says is what a user sees.

use super::expectation::Expectations;
use super::program::{Audit, project, samples};

#[test]
fn every_line_of_the_samples_gets_its_codes() {
    let mut differences = Vec::new();
    for file in samples(&["csv", "xlsx"]) {
        let expectations = Expectations::read(&file);
        assert!(expectations.len() > 0, "{} carries no verdict", file.display());
        let audit = Audit::finished(&[&file], &[]);
        audit.assert_nothing_is_lost();
        let name = file.strip_prefix(project("samples")).unwrap().display().to_string();
        differences
            .extend(expectations.differences(&audit).into_iter().map(|text| format!("{name}: {text}")));
    }
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
}

#[test]
fn where_the_goods_left_from_is_asked_once_a_sheet() {
    let audit = Audit::finished(&[&project("samples/no-ship-from")], &[]);
    let asked: Vec<_> = audit.rows("findings.csv").into_iter().filter(|row| row["code"] == "LR14").collect();
    assert_eq!(asked.len(), 1, "LR14 stands once a sheet");
    assert_eq!(asked[0]["row"], "1", "LR14 stands at the header row");
}

#[test]
fn a_reexport_without_us_origin_is_a_review() {
    let audit = Audit::finished(&[&project("samples/foreign-plant")], &[]);
    for row in audit.rows("findings.csv").into_iter().filter(|row| row["code"] == "LR01") {
        // Lines 4 and 10 record US origin.
        let expected = if ["4", "10"].contains(&row["row"].as_str()) { "exception" } else { "review" };
        assert_eq!(row["disposition"], expected, "row {}", row["row"]);
    }
}
