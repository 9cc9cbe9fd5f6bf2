//! The record of the example run: inputs, totals, parties, rules and list.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::super::CodeText;
use super::hostile;
use crate::finding::{Disposition, FindingCode, NumberedFinding};
use crate::run::{
    ByCurrency, CodeCount, ColumnRecord, ControlLine, ControlRecord, DestinationCount, InputRecord,
    ListRecord, OpenCount, PartyRecord, QuarterCount, Reconciliation, RuleRecord, RulesRecord, RunRecord,
    SampleRecord, SampledLine, SheetRecord, StratumRecord, Totals, TurningDay,
};

pub(super) fn usd(cents: i64) -> ByCurrency {
    ByCurrency::from([("USD", Decimal::new(cents, 2))])
}

pub(super) fn code_text(code: FindingCode) -> CodeText {
    CodeText {
        code,
        what_it_finds: "A line to or within Pakistan, on or after the effective date, whose item is declared in one of the \
                        six entries, while the license column says NLR or is blank.",
        why_it_matters: "These items need a license to Pakistan whatever their value, end use or end user.",
        what_to_look_at: "Compare the line with the license file. Then look at the parties and the date on board.",
        law: "15 CFR 742.6(a)(12); 89 FR 93164, corrected by 89 FR 94603.",
    }
}

pub(super) fn parties() -> Vec<PartyRecord> {
    let mut parties = vec![PartyRecord {
        listed_entity_id: "el-pk-0123".into(),
        listed_entity: "Indus Precision Works".into(),
        listed_from: "2021-11-26".into(),
        spellings: vec!["INDUS PRECISION WRKS".into(), "Indus Precision Works (Pvt.) Ltd.".into()],
        countries: vec!["PK".into()],
        roles: vec!["ultimate consignee".into(), "end user".into()],
        strongest: Some(FindingCode::EL01),
        findings: 12,
        exceptions: 11,
        reviews: 1,
        statuses: [("open", 11), ("licensed", 1)].into(),
        resembling: BTreeMap::from([("INDUS PRECISION WRKS".to_owned(), "0.931".to_owned())]),
        lines: 12,
        value: usd(22_140_000),
        first_date: "2025-01-14".into(),
        last_date: "2025-03-28".into(),
        nearest: String::new(),
    }];
    for (index, text) in hostile().into_iter().enumerate() {
        parties.push(PartyRecord {
            spellings: vec![text],
            countries: vec!["AE".into(), "PK".into()],
            roles: vec!["purchaser".into()],
            findings: 0,
            lines: index as u64,
            value: ByCurrency::from([("EUR", Decimal::new(1_200, 2)), ("", Decimal::new(5, 0))]),
            first_date: "2024-11-02".into(),
            last_date: "2024-11-02".into(),
            nearest: "0.612 Indus Trading Company (el-pk-0077)".into(),
            ..PartyRecord::default()
        });
    }
    parties
}

pub(super) fn sheet(name: &str, records: u64, rejected: u64) -> SheetRecord {
    SheetRecord {
        sheet: name.into(),
        visibility: "visible".into(),
        encoding: if name.is_empty() { "UTF-8 (byte order mark)".into() } else { String::new() },
        delimiter: if name.is_empty() { ";".into() } else { String::new() },
        header_row: 3,
        date_order: vec![
            "Goods issue date (column F): day first, decided by 812 dates with a day above 12".into(),
        ],
        decimal_mark: "point, by 1,204 values".into(),
        columns: [
            ("A", "Billing Doc.", "document", "heading"),
            ("F", "Act. GI date", "goods_issue_date", "heading"),
            ("H", "Export Control Class", "eccn", "heading and values"),
            ("K", "=Lic. type", "license_code", "columns.toml"),
        ]
        .map(|(column, heading, field, source)| ColumnRecord {
            column: column.into(),
            heading: heading.into(),
            field: field.into(),
            source: source.into(),
        })
        .to_vec(),
        remarks: vec!["3 hidden rows were read like the others".into()],
        rows: Reconciliation {
            physical_lines: records + 14,
            continuation_lines: 14,
            records,
            title: 2,
            header: 1,
            blank: 4,
            total: 1,
            outside_period: 120,
            rejected,
            audited: records - 128 - rejected,
            with_gap: 17,
        },
        value: ByCurrency::from([("EUR", Decimal::new(9_812_050, 2)), ("USD", Decimal::new(183_445_000, 2))]),
        quantity: Decimal::new(88_201, 0),
        first_date: "2024-10-01".into(),
        last_date: "2025-06-30".into(),
        destinations: BTreeMap::from([
            ("DE".to_owned(), 900),
            ("PK".to_owned(), 41),
            ("not determined".to_owned(), 3),
        ]),
        ..SheetRecord::default()
    }
}

pub(super) fn run(findings: &[NumberedFinding]) -> RunRecord {
    let sheets = [sheet("Shipments", 12_204, 0), sheet("", 8_811, 2)];
    let mut rows = Reconciliation::default();
    for sheet in &sheets {
        rows.add(&sheet.rows);
    }
    let digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    let input = |file: &str, format: &str, sheets: Vec<SheetRecord>| InputRecord {
        file: file.into(),
        path: format!("/audit/{file}"),
        bytes: 4_188_231,
        sha256: digest.into(),
        format: format.into(),
        fault: None,
        sheets,
    };
    let [first, second] = sheets;
    let hidden = SheetRecord {
        sheet: "Pivot".into(),
        visibility: "hidden".into(),
        skipped: Some("no heading of a shipment export was found in its first 40 rows".into()),
        ..SheetRecord::default()
    };
    let mut codes = Vec::new();
    for code in FindingCode::ALL {
        let count = findings.iter().filter(|finding| finding.finding.code == *code).count();
        codes.push(CodeCount {
            code: *code,
            name: code.name(),
            disposition: code.default_disposition(),
            findings: count as u64,
            open: count as u64,
            groups: 1,
            value: ByCurrency::from([("USD", Decimal::from(18_450 * count))]),
        });
    }
    let mut open: BTreeMap<Disposition, OpenCount> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.status == "open") {
        let count = open.entry(finding.finding.disposition).or_default();
        count.findings += 1;
        count.groups = count.groups.max(3);
    }
    let mut destinations: BTreeMap<String, DestinationCount> =
        ["AE", "BR", "CA", "CN", "DE", "FR", "GB", "IN", "IT", "JP", "KR", "MX", "NL", "SG", "TR"]
            .iter()
            .zip(100..)
            .map(|(code, lines)| {
                let name = format!("Country {code}");
                ((*code).to_owned(), DestinationCount { name, lines, ..DestinationCount::default() })
            })
            .collect();
    let pakistan = DestinationCount {
        name: "Pakistan".into(),
        lines: 82,
        exceptions: 14,
        reviews: 31,
        open_value: usd(35_055_000),
    };
    destinations.insert("PK".into(), pakistan);
    let name = "not determined".to_owned();
    destinations.insert(name.clone(), DestinationCount { name, lines: 6, ..DestinationCount::default() });
    RunRecord {
        program: "lookback 0.1.0".into(),
        rules: RulesRecord {
            source: "embedded".into(),
            sha256: digest.into(),
            items_sha256: digest.into(),
            rules: vec![
                RuleRecord {
                    id: "pakistan-regional-stability".into(),
                    title: "License for six entries to or within Pakistan".into(),
                    in_force: vec!["from 2024-12-26 (printed as 2024-11-25, corrected)".into()],
                    citations: vec![
                        "15 CFR 742.6(a)(12)".into(),
                        "15 CFR 740.2(a)(25)".into(),
                        "89 FR 93164".into(),
                        "Supplement No. 4 to 15 CFR Part 744".into(),
                    ],
                    checked_on: "2026-07-23".into(),
                    text_read: "2025-01-15 to 2026-07-23".into(),
                    limits: vec![
                        "Whether the savings clause applies is left to a person.".into(),
                        "Unverified: the wording of the savings clause was read in a summary only.".into(),
                    ],
                },
                RuleRecord {
                    id: "entity-list".into(),
                    title: "License for parties on the Entity List".into(),
                    in_force: vec!["at all times".into()],
                    citations: vec!["15 CFR 744.11(a)".into(), "15 CFR 744.16(b)".into()],
                    checked_on: "2026-07-23".into(),
                    text_read: "2024-11-01 to 2026-07-23".into(),
                    limits: vec![],
                },
            ],
            turning_days: vec![
                TurningDay {
                    day: "2024-11-25".into(),
                    what: "15 CFR 742.6(a)(12): date first printed".into(),
                },
                TurningDay { day: "2024-12-26".into(), what: "15 CFR 742.6(a)(12): in force".into() },
            ],
        },
        list: ListRecord {
            name: "Entity List".into(),
            source: "embedded".into(),
            as_of: "2026-07-09".into(),
            sha256: digest.into(),
            entries: 3_420,
            sources: vec!["Supplement No. 4 to 15 CFR Part 744, text of 2026-07-09.".to_owned()],
            limits: vec![
                "Entries removed before July 2026 are mostly missing.".into(),
                "License requirements are those of July 2026.".into(),
            ],
            too_old: String::new(),
        },
        further_lists: Vec::new(),
        arguments: vec![],
        options: BTreeMap::from([
            ("legend".into(), "PRIVILEGED & CONFIDENTIAL - PREPARED AT THE DIRECTION OF COUNSEL".into()),
            ("matter".into(), "Matter 2026-017".into()),
            ("from".into(), "2024-10-01".into()),
            ("to".into(), "2025-06-30".into()),
        ]),
        inputs: vec![
            input("2025/q1_shipments.xlsx", "xlsx", vec![first, hidden]),
            input("2025/q2.csv", "delimited text", vec![second]),
            InputRecord {
                file: "2025/q3.xlsx".into(),
                path: "/audit/2025/q3.xlsx".into(),
                bytes: 10_240,
                format: "encrypted workbook".into(),
                fault: Some(
                    "2025/q3.xlsx is protected by a password. Save a copy without one and run again.".into(),
                ),
                ..InputRecord::default()
            },
        ],
        totals: Totals {
            files: 3,
            files_unread: 1,
            questions: 0,
            rows,
            value: ByCurrency::from([
                ("EUR", Decimal::new(19_624_100, 2)),
                ("USD", Decimal::new(366_890_000, 2)),
            ]),
            repeated: 4,
            lines_to_pakistan: 82,
            quarters: ["2024-Q4", "2025-Q1", "2025-Q2", "undated"]
                .map(|quarter| {
                    (
                        quarter.to_owned(),
                        QuarterCount {
                            lines: 5_190,
                            to_pakistan: 20,
                            exceptions: 2,
                            reviews: 9,
                            open_value: usd(11_012_500),
                        },
                    )
                })
                .into(),
            first_date: "2024-10-01".into(),
            last_date: "2025-06-30".into(),
            destinations,
            open,
        },
        codes,
        determinations: BTreeMap::from([
            ("requirement-indicated".to_owned(), 14),
            ("undetermined".to_owned(), 31),
            ("no-requirement-found".to_owned(), 20_712),
        ]),
        control: Some(ControlRecord {
            totals: vec![
                ControlLine {
                    file: "2025/q1_shipments.xlsx".into(),
                    what: "rows".into(),
                    control: Decimal::from(12_196),
                    read: Some(Decimal::from(12_196)),
                    remark: String::new(),
                },
                ControlLine {
                    file: "all files".into(),
                    what: "value in USD".into(),
                    control: Decimal::new(366_900_000, 2),
                    read: Some(Decimal::new(366_890_000, 2)),
                    remark: "240 lines outside the period and 2 rows rejected are not in what was read"
                        .into(),
                },
            ],
            itns: vec![],
            agrees: false,
        }),
        sample: Some(SampleRecord {
            asked: 12,
            seed: 7,
            strata: vec![StratumRecord { name: "to Pakistan, 2025-Q1".into(), lines: 40, drawn: 12 }],
            lines: hostile()
                .into_iter()
                .map(|text| SampledLine {
                    stratum: "to Pakistan, 2025-Q1".into(),
                    file: "2025/q2.csv".into(),
                    row: 77,
                    document: text.clone(),
                    date_of_export: "2025-04-01".into(),
                    destination: "PK".into(),
                    party_name: text.clone(),
                    description: text,
                    value: "12.00".into(),
                    ..SampledLine::default()
                })
                .collect(),
        }),
        warnings: vec![
            "2 rows were rejected; they are listed in rejected.csv and on the sheet Rejected rows.".into(),
            "1 file could not be read; its lines were not audited.".into(),
            "Completeness was not tested: no control totals were given (--control).".into(),
        ],
        not_tested: [
            "technology releases and deemed exports",
            "electronic transfers",
            "unrecorded hand-carry",
            "services and support (15 CFR 744.6)",
            "end use (15 CFR 744.2-744.4)",
            "is-informed notices",
            "ITAR",
            "OFAC",
            "correctness of classification",
            "lists not supplied",
        ]
        .map(String::from)
        .to_vec(),
        option_files: vec![],
        decisions: crate::run::DecisionsRecord::default(),
        outputs: BTreeMap::new(),
        when: "2026-07-24T09:00:00Z".into(),
    }
}
