//! Bars: findings by code, and by party.

use std::fmt::Write as _;

use super::super::super::text::{count, counted, in_words};
use super::super::markup::{cut, safe};
use super::{Chart, KEY, KEY_OF_CODES, WIDTH};
use crate::finding::Disposition;
use crate::run::{PartyRecord, RunRecord};

const PARTIES: usize = 12;

const CODES: usize = 40;

pub(super) fn by_code(run: &RunRecord) -> Chart {
    let mut codes: Vec<_> = run.codes.iter().filter(|code| code.open > 0).collect();
    codes.sort_by_key(|code| (code.disposition, std::cmp::Reverse(code.open), code.code));
    let bars: Vec<Bar> = codes
        .iter()
        .take(CODES)
        .map(|code| Bar {
            label: format!("{} {}", code.code, in_words(code.name)),
            parts: vec![(class_of(code.disposition), code.open as f64)],
            total: count(code.open),
        })
        .collect();
    let says = match codes.first() {
        None => "No finding is open.".to_owned(),
        Some(first) => format!(
            "Open findings under {}; {} first: {}.",
            counted(codes.len() as u64, "code and kind", "codes and kinds"),
            first.code,
            count(first.open)
        ),
    };
    let rows = codes
        .iter()
        .map(|code| {
            vec![
                format!("{} {}", code.code, in_words(code.name)),
                code.disposition.name().to_owned(),
                count(code.open),
                count(code.findings),
                count(code.groups),
            ]
        })
        .collect();
    Chart {
        title: "Open findings by code".to_owned(),
        says,
        key: KEY_OF_CODES,
        drawing: bars_of(&bars, 260.0),
        headings: ["Code", "Kind", "Open", "Findings", "Groups"].map(str::to_owned).to_vec(),
        rows,
    }
}

fn class_of(disposition: Disposition) -> &'static str {
    match disposition {
        Disposition::Exception => "exception",
        Disposition::Review => "review",
        Disposition::Note => "note",
    }
}

pub(super) fn by_party(parties: &[PartyRecord]) -> Chart {
    let mut flagged: Vec<&PartyRecord> =
        parties.iter().filter(|party| party.exceptions + party.reviews > 0).collect();
    flagged.sort_by_key(|party| (std::cmp::Reverse(party.exceptions), std::cmp::Reverse(party.reviews)));
    let name = |party: &PartyRecord| party.spellings.first().cloned().unwrap_or_default();
    let bars: Vec<Bar> = flagged
        .iter()
        .take(PARTIES)
        .map(|party| Bar {
            label: name(party),
            parts: vec![("exception", party.exceptions as f64), ("review", party.reviews as f64)],
            total: count(party.exceptions + party.reviews),
        })
        .collect();
    let mut says = match flagged.first() {
        None => "No party was flagged.".to_owned(),
        Some(first) => format!(
            "{} with exceptions or reviews about the party itself; most about {}: {} and {}.",
            counted(flagged.len() as u64, "party", "parties"),
            cut(&name(first), 80, "…"),
            counted(first.exceptions, "exception", "exceptions"),
            counted(first.reviews, "review", "reviews"),
        ),
    };
    if flagged.len() > PARTIES {
        let _ = write!(says, " The {PARTIES} with most are drawn; the workbook has all.");
    }
    let rows = flagged
        .iter()
        .take(50)
        .map(|party| {
            vec![
                cut(&name(party), 200, "…").into_owned(),
                count(party.exceptions),
                count(party.reviews),
                count(party.lines),
                party.listed_entity.clone(),
            ]
        })
        .collect();
    Chart {
        title: "Parties with exceptions and reviews".to_owned(),
        says,
        key: KEY,
        drawing: bars_of(&bars, 250.0),
        headings: ["Party", "Exceptions", "Reviews", "Lines flagged", "Listed entity"]
            .map(str::to_owned)
            .to_vec(),
        rows,
    }
}

/// A bar from left to right, of parts one after the other.
struct Bar {
    label: String,
    parts: Vec<(&'static str, f64)>,
    total: String,
}

fn bars_of(bars: &[Bar], left: f64) -> String {
    const STEP: f64 = 24.0;
    let longest =
        bars.iter().map(|bar| bar.parts.iter().map(|(_, value)| value).sum::<f64>()).fold(0.0, f64::max);
    let characters = (left / 6.6) as usize;
    let mut svg = format!("{}|", bars.len() as f64 * STEP + 8.0);
    for (number, bar) in bars.iter().enumerate() {
        let y = number as f64 * STEP + 4.0;
        let _ = write!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            left - 8.0,
            y + 13.0,
            safe(&cut(&bar.label, characters, "…"))
        );
        let mut x = left;
        for (class, value) in bar.parts.iter().filter(|(_, value)| *value > 0.0) {
            let width = ((WIDTH - left - 70.0) * value / longest).max(2.0);
            let _ = write!(
                svg,
                "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"17\"/>"
            );
            x += width;
        }
        let _ = write!(svg, "<text x=\"{:.1}\" y=\"{:.1}\">{}</text>", x + 6.0, y + 13.0, safe(&bar.total));
    }
    svg
}
