//! What a finding about an item says: the entry it points to, the figures compared, and what is not certain.

use std::collections::BTreeMap;

use super::program::Audit;

/// The findings of a line to Pakistan with this ECCN, item number and description, by code.
fn findings(eccn: &str, item: &str, description: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lines.csv");
    let mut writer = csv::Writer::from_path(&file).unwrap();
    writer
        .write_record([
            "Invoice",
            "Line",
            "Date of Export",
            "Ship From Country",
            "Destination",
            "Ultimate Consignee",
            "ECCN",
            "Part Number",
            "Description",
            "License Code",
        ])
        .unwrap();
    let consignee = "Kohinoor Ceramic Tiles Ltd";
    writer
        .write_record(["I1", "1", "2025-06-02", "US", "PK", consignee, eccn, item, description, "NLR"])
        .unwrap();
    writer.flush().unwrap();
    let audit = Audit::finished(&[&file], &[]);
    audit.assert_nothing_is_lost();
    audit.rows("findings.csv").into_iter().map(|row| (row["code"].clone(), row)).collect()
}

fn assert_says(finding: &BTreeMap<String, String>, words: &[&str]) {
    for word in words {
        assert!(finding["explanation"].contains(word), "{word}: {}", finding["explanation"]);
    }
}

#[test]
fn an_oscilloscope_of_80_ghz_declared_3a992_points_to_3a002() {
    for declared in ["3A992", "3A992.g"] {
        let found = &findings(declared, "OSC-80", "Real-time oscilloscope, 80 GHz, 256 GS/s")["IT05"];
        assert_says(found, &["Declared 3A992", "3A002.a.7", "80 GHz"]);
        assert_eq!(found["candidate_eccn"], "3A002.a.7");
        assert!(found["to_verify"].contains("Establish the classification"), "{}", found["to_verify"]);
    }
    assert!(!findings("3A992.g", "OSC-1", "Digital oscilloscope, 1 GHz, 5 GS/s, 8 bit").contains_key("IT05"));
}

#[test]
fn a_pump_of_3_hp_declared_2b999_j_is_contradicted_in_both_units() {
    let found = &findings("2B999.j", "CP-3", "Centrifugal process pump, 3 HP")["IT05"];
    assert_says(found, &["Declared 2B999.j", "3 HP (2.24 kW), against power >= 5 HP (3.73 kW)"]);
    assert_eq!(found["candidate_eccn"], "2B999.j");
    for fitting in ["Centrifugal process pump, 5 HP", "Centrifugal process pump, 3.73 kW", "Process pump"] {
        assert!(!findings("2B999.j", "CP-5", fitting).contains_key("IT05"), "{fitting}");
    }
}

#[test]
fn a_model_family_that_nobody_verified_is_marked_in_the_finding() {
    let found = &findings("EAR99", "DSOX3034T", "Oscilloscope")["IT04"];
    assert_says(found, &["resembles 3A992.g", "Keysight", "(model family not verified)"]);
    // What a description says itself needs no mark.
    let found = &findings("EAR99", "OSC-1", "Digital oscilloscope, 5 GS/s")["IT04"];
    assert!(!found["explanation"].contains("not verified"), "{}", found["explanation"]);
}

#[test]
fn a_paragraph_without_a_threshold_says_so() {
    for (description, paragraph) in [
        ("Gas chromatograph with FID", "3A999.f"),
        ("LCR meter, bench", "3A992.a"),
        ("Ball valve, 1 in, CF8M", "2B999.g"),
    ] {
        let found = &findings("EAR99", "X-1", description)["IT04"];
        assert_says(found, &[paragraph, "the paragraph sets no threshold"]);
    }
    let found = &findings("EAR99", "X-1", "Centrifugal process pump, 15 HP")["IT04"];
    assert!(!found["explanation"].contains("no threshold"), "{}", found["explanation"]);
}

#[test]
fn confidence_evidence_and_a_question_stand_in_every_resemblance() {
    let found = &findings("", "X-1", "VLV GATE 10IN CL1500 CF8M")["IT04"];
    assert_says(
        found,
        &[
            "declares no ECCN",
            "resembles 2A992.b",
            "confidence high",
            "\"VLV\", \"CF8M\"",
            "10IN (250 mm)",
            "CL1500 (24.8 MPa)",
        ],
    );
    assert!(found["to_verify"].contains("Ask for 2A992.b"), "{}", found["to_verify"]);
}
