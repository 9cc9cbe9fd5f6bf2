//! A run as an auditor would meet it, with hostile text in the record: the data under the tests of every format.

mod run;

use crate::disclosure::Disclosure;
use crate::exchange::Rates;
use crate::finding::{Evidence, Finding, FindingCode, NumberedFinding};
use crate::run::{GroupRecord, LineRecord, PartyRecord, RejectedRow, RunRecord};

use super::{CodeText, Paragraph, ReportData};
use run::{code_text, parties, run, usd};

/// Text that must reach no spreadsheet program as anything but text.
pub(super) fn hostile() -> Vec<String> {
    vec![
        "=cmd|'/c calc'!A0".into(),
        "@SUM(A1)".into(),
        "-2+3".into(),
        "\t=1".into(),
        "\r=1".into(),
        "+92 51 9202 000".into(),
        "<script>alert('x')</script> & \"quoted\"".into(),
        "x".repeat(40_000),
        "nul \0 bell \u{7} escape \u{1b} nonchar \u{ffff}".into(),
        "_x0041_ stays as written".into(),
        "line one\r\nline two, \"quoted\"; and more".into(),
    ]
}

/// A finding of this code, as the checks would fill it.
pub(crate) fn finding(code: FindingCode) -> NumberedFinding {
    let position = FindingCode::ALL.iter().position(|other| *other == code).unwrap_or(0) as u32;
    let listed = code.code().starts_with("EL");
    let text = |yes: bool, text: &str| if yes { text.to_owned() } else { String::new() };
    let row = 200 + position;
    NumberedFinding {
        finding_id: format!("{:016x}", 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(u64::from(position) + 1)),
        group_id: format!("{:016x}", 0xc2b2_ae3d_27d4_eb4f_u64.wrapping_mul(u64::from(position) + 1)),
        status: "open".into(),
        decision: None,
        finding: Finding {
            code,
            disposition: code.default_disposition(),
            file: "2025/q1_shipments.xlsx".into(),
            sheet: "Shipments".into(),
            row,
            document: format!("00801{position:05}"),
            line: "000010".into(),
            date_of_export: "2025-01-14".into(),
            date_basis: "goods issue date".into(),
            destination: "PK".into(),
            party_role: text(listed, "ultimate consignee;end user"),
            party_name: "Indus Precision Works (Pvt.) Ltd.".into(),
            party_address: "Plot 14, Sector I-9/3, Industrial Area, Islamabad 44000, Pakistan".into(),
            party_country: "PK".into(),
            listed_entity_id: text(listed, "el-pk-0123"),
            listed_entity: text(listed, "Indus Precision Works"),
            matched_name: text(listed, "INDUS PRECISION WORKS PRIVATE LIMITED"),
            score: text(listed, "0.987"),
            declared_eccn: "3A992.a".into(),
            candidate_eccn: text(!listed, "3A992"),
            schedule_b: "9030.20.0500".into(),
            item: "DSO-4104-PK".into(),
            description: "Digital storage oscilloscope, 4 channels, 1 GHz, 5 GS/s, with probes".into(),
            quantity: "2".into(),
            unit: "EA".into(),
            value: "18450.00".into(),
            currency: "USD".into(),
            license_code: "C33".into(),
            license_number: String::new(),
            license_exception: String::new(),
            rule: text(!listed, "pakistan-regional-stability"),
            in_force_from: "2024-12-26".into(),
            citations: "15 CFR 742.6(a)(12); 89 FR 93164; 89 FR 94603".into(),
            explanation: format!(
                "{} The line shipped on 2025-01-14 to Pakistan (PK). The item is declared as 3A992.a, one of the six \
                 entries for which a license is required; the license column says C33 (NLR).",
                super::text::in_words(code.name())
            ),
            to_verify: "Compare with the license file: was a BIS license issued for this consignee and item, and was \
                        the item on board a carrier before the effective date?"
                .into(),
            evidence: vec![
                Evidence {
                    field: "eccn".into(),
                    cell: format!("H{row}"),
                    heading: "Export Control Class".into(),
                    raw: "3A992.a ".into(),
                },
                Evidence {
                    field: "license_code".into(),
                    cell: format!("K{row}"),
                    heading: "Lic. type".into(),
                    raw: "C33".into(),
                },
            ],
            group_key: format!("group {code}"),
            line_key: String::new(),
            folded_party: "indus precision works".into(),
            lines: if matches!(code, FindingCode::LR14 | FindingCode::LR15 | FindingCode::EL09) { 1_204 } else { 1 },
        },
    }
}

/// Everything the example run holds.
pub(super) struct Example {
    pub(super) run: RunRecord,
    pub(super) groups: Vec<GroupRecord>,
    pub(super) parties: Vec<PartyRecord>,
    pub(super) findings: Vec<NumberedFinding>,
    pub(super) rejected: Vec<RejectedRow>,
    pub(super) lines: Vec<LineRecord>,
    codes: Vec<CodeText>,
    method: Vec<Paragraph<'static>>,
    disclosure: Disclosure,
}

impl Example {
    pub(super) fn data(&self) -> ReportData<'_> {
        ReportData {
            run: &self.run,
            groups: &self.groups,
            parties: &self.parties,
            codes: &self.codes,
            method: &self.method,
            disclosure: &self.disclosure,
        }
    }

    /// The run with nothing found and nothing rejected.
    pub(super) fn clean() -> Self {
        let mut example = Self::full();
        example.findings.clear();
        example.rejected.clear();
        example.groups.clear();
        example.parties.clear();
        example.run.codes.clear();
        example.run.totals.open.clear();
        example.run.warnings.clear();
        example.run.options.clear();
        example.run.inputs.truncate(1);
        example
    }

    pub(super) fn full() -> Self {
        let mut findings: Vec<_> = FindingCode::ALL.iter().map(|code| finding(*code)).collect();
        for (index, text) in hostile().into_iter().enumerate() {
            let mut hostile = finding([FindingCode::LR01, FindingCode::LR05][index % 2]);
            hostile.finding_id = format!("{index:016x}");
            hostile.finding.row = 400 + index as u32;
            for field in [
                &mut hostile.finding.party_name,
                &mut hostile.finding.description,
                &mut hostile.finding.item,
                &mut hostile.finding.license_code,
                &mut hostile.finding.document,
                &mut hostile.finding.value,
                &mut hostile.finding.date_of_export,
            ] {
                field.clone_from(&text);
            }
            hostile.finding.evidence[0].raw = text;
            findings.push(hostile);
        }
        findings[0].finding.value = "-123.45".into();
        findings[1].finding.date_of_export = "2025-02-01 or 2025-01-02".into();
        findings[2].status = "licensed".into();

        let groups = FindingCode::ALL
            .iter()
            .map(|code| GroupRecord {
                group_id: finding(*code).group_id,
                code: *code,
                disposition: code.default_disposition(),
                findings: 3,
                open: 2,
                first_date: "2025-01-14".into(),
                last_date: "2025-03-28".into(),
                value: usd(5_535_000),
                example: finding(*code),
            })
            .collect();

        Self {
            run: run(&findings),
            groups,
            parties: parties(),
            findings,
            rejected: vec![
                RejectedRow {
                    file: "2025/q2.csv".into(),
                    sheet: String::new(),
                    row: 1_718,
                    reason:
                        "the record has 31 fields where the header has 22: a quotation mark is not closed"
                            .into(),
                    raw: "=HYPERLINK(\"http://x\")\t3A992\t\"Valve, 8 in".into(),
                },
                RejectedRow {
                    file: "2025/q2.csv".into(),
                    sheet: String::new(),
                    row: 2_004,
                    reason: "the record is longer than 1 MiB".into(),
                    raw: "y".repeat(4_000),
                },
            ],
            lines: vec![LineRecord {
                file: "2025/q2.csv".into(),
                sheet: String::new(),
                row: 2,
                document: "=1+1".into(),
                line: "10".into(),
                date_of_export: "2025-04-01".into(),
                date_basis: "date of export".into(),
                destination: "PK".into(),
                destination_basis: "country of ultimate destination".into(),
                declared_eccn: "EAR99".into(),
                determination: "no-requirement-found".into(),
                disposition: String::new(),
                codes: String::new(),
                rules: "pakistan-regional-stability".into(),
            }],
            codes: FindingCode::ALL.iter().map(|code| code_text(*code)).collect(),
            method: vec![
                Paragraph {
                    title: "How names are matched",
                    text: "Names are compared after accents, punctuation, legal forms and word order are set aside. A name \
                           or alias that is then equal is a match; a close one is listed for review from a score of 0.86.",
                },
                Paragraph {
                    title: "How items are read",
                    text: "A description points to an entry when its words and figures meet a paragraph's own terms.",
                },
            ],
            disclosure: Disclosure::new(crate::effective::parse_iso("2026-08-01").ok(), Rates::default())
                .unwrap(),
        }
    }
}
