//! How well descriptions are read: a labelled panel of this project's own wording, and the same with one maker's model
//! numbers unknown at a time.
//!
//! The rows stand in `tests/items/descriptions.csv`: description, tariff code, maker, and the paragraph they resemble or
//! `clean`. They were written before anybody saw how they score; what the first sight of them taught has been used since.
//! Figures are printed by `cargo test --lib items::panel -- --include-ignored --nocapture`.

use std::collections::BTreeSet;
use std::fmt;

use super::Items;
use super::paragraph::Role;
use crate::codes::{Eccn, ScheduleB};

/// The paragraph that the rule leaves out; see LR09.
const LEFT_OUT: &str = "2B999.h.2";

/// A description with what it is.
struct Labelled {
    description: String,
    code: Option<ScheduleB>,
    maker: String,
    /// None where nobody should be asked about it.
    expect: Option<Eccn>,
}

fn panel() -> Vec<Labelled> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/items/descriptions.csv");
    let mut rows = csv::Reader::from_path(path).unwrap();
    rows.records()
        .map(|row| {
            let row = row.unwrap();
            Labelled {
                description: row[0].to_owned(),
                code: ScheduleB::read(&row[1]),
                maker: row[2].to_owned(),
                expect: (&row[3] != "clean").then(|| Eccn::canonical(&row[3]).unwrap()),
            }
        })
        .collect()
}

/// What came of reading rows.
#[derive(Default)]
struct Score {
    should: usize,
    clean: usize,
    raised: usize,
    alarms: usize,
    /// Of those rightly raised, with the entry and with the paragraph among the candidates.
    entry: usize,
    paragraph: usize,
    differences: Vec<String>,
}

impl Score {
    fn of<'r>(items: &Items, rows: impl Iterator<Item = &'r Labelled>) -> Self {
        let mut score = Self::default();
        for row in rows {
            score.add(items, row);
        }
        score
    }

    fn add(&mut self, items: &Items, row: &Labelled) {
        let reading = items.read(&row.description, "", row.code.as_ref());
        // What the rule leaves out is no resemblance to what it names.
        let found: Vec<&Eccn> = reading
            .raised()
            .map(|candidate| &candidate.paragraph)
            .filter(|paragraph| paragraph.to_string() != LEFT_OUT)
            .collect();
        let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
        let mut differs = |expected: &str| {
            self.differences.push(format!("{expected:<10} {:<24} {}", shown.join(" "), row.description));
        };
        match &row.expect {
            None => {
                self.clean += 1;
                if !found.is_empty() {
                    self.alarms += 1;
                    differs("clean");
                }
            }
            Some(expected) => {
                self.should += 1;
                self.raised += usize::from(!found.is_empty());
                let entry = found.iter().any(|found| found.entry() == expected.entry());
                self.entry += usize::from(entry);
                let paragraph = found.iter().any(|found| found.is_within(expected));
                self.paragraph += usize::from(paragraph);
                if !paragraph {
                    differs(&expected.to_string());
                }
            }
        }
    }

    fn join(&mut self, other: Self) {
        self.should += other.should;
        self.clean += other.clean;
        self.raised += other.raised;
        self.alarms += other.alarms;
        self.entry += other.entry;
        self.paragraph += other.paragraph;
        self.differences.extend(other.differences);
    }

    /// Of precision and recall the harmonic mean.
    fn f1(&self) -> f64 {
        share(2 * self.raised, self.should + self.raised + self.alarms)
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "F1 {:.3}: {} of {} raised; entry {:.3}, paragraph {:.3} of them; alarms on {} of {} clean rows",
            self.f1(),
            self.raised,
            self.should,
            share(self.entry, self.raised),
            share(self.paragraph, self.raised),
            self.alarms,
            self.clean
        )?;
        self.differences.iter().try_for_each(|line| writeln!(f, "  {line}"))
    }
}

fn share(part: usize, of: usize) -> f64 {
    part as f64 / of.max(1) as f64
}

/// The vocabulary without the model numbers of a maker; what its words say stays.
fn without_models_of(items: &Items, maker: &str) -> Items {
    let mut without = items.clone();
    for (family, own) in without.families.iter_mut().enumerate() {
        if is_of(&own.maker, maker) {
            own.is.clear();
            own.gives.clear();
            let concept = without.roles.iter().position(|role| *role == Role::Model(family)).unwrap();
            without.paragraphs_of[concept].clear();
        }
    }
    without
}

/// Whether a family is of a maker: the names that a family gives are apart from one another by `/` or `,`.
fn is_of(family: &str, maker: &str) -> bool {
    let maker = maker.to_ascii_lowercase();
    let first = maker.split(' ').next().unwrap_or_default();
    family.to_ascii_lowercase().split(['/', ',', ' ']).any(|own| own == first)
}

/// The rows of each maker, read without its model numbers.
fn makers_left_out(items: &Items, rows: &[Labelled]) -> Score {
    let makers: BTreeSet<&str> =
        rows.iter().map(|row| row.maker.as_str()).filter(|maker| !maker.is_empty()).collect();
    let mut all = Score::default();
    for maker in makers {
        let without = without_models_of(items, maker);
        all.join(Score::of(&without, rows.iter().filter(|row| row.maker == maker)));
    }
    // What no maker's model number can touch is judged once.
    all.join(Score::of(items, rows.iter().filter(|row| row.maker.is_empty())));
    all
}

#[test]
fn the_panel_is_wide_enough_to_say_something() {
    let (items, rows) = (Items::embedded().unwrap(), panel());
    let makers: BTreeSet<&str> = rows.iter().map(|row| row.maker.as_str()).collect();
    assert!(makers.len() > 25, "{} makers", makers.len());
    let texts: BTreeSet<&str> = rows.iter().map(|row| row.description.as_str()).collect();
    assert_eq!(texts.len(), rows.len(), "a description stands twice");
    assert!(rows.iter().filter(|row| row.expect.is_none()).count() >= 200);
    let bare: Vec<String> = items
        .paragraphs
        .iter()
        // Stricter neighbors and what the rule leaves out have tests of their own.
        .filter(|paragraph| paragraph.neighbor_of.is_empty() && paragraph.id.to_string() != LEFT_OUT)
        .filter(|paragraph| {
            !rows.iter().any(|row| row.expect.as_ref().is_some_and(|own| own.is_within(&paragraph.id)))
        })
        .map(|paragraph| paragraph.id.to_string())
        .collect();
    assert!(bare.is_empty(), "no row for {bare:?}");
}

#[test]
fn the_panel_is_read_as_labelled() {
    let score = Score::of(&Items::embedded().unwrap(), panel().iter());
    assert!(score.f1() >= 0.93, "{score}");
    assert!(share(score.entry, score.raised) >= 0.97, "{score}");
    assert!(share(score.paragraph, score.raised) >= 0.90, "{score}");
    assert!(share(score.alarms, score.clean) <= 0.03, "{score}");
}

#[test]
fn words_alone_find_what_a_maker_left_out_makes() {
    let (items, rows) = (Items::embedded().unwrap(), panel());
    let score = makers_left_out(&items, &rows);
    assert!(score.f1() >= 0.93, "{score}");
    assert!(share(score.entry, score.raised) >= 0.97, "{score}");
    assert!(share(score.paragraph, score.raised) >= 0.90, "{score}");
}

#[test]
#[ignore = "prints figures, and asserts nothing"]
fn figures() {
    let (items, rows) = (Items::embedded().unwrap(), panel());
    println!("all rows: {}", Score::of(&items, rows.iter()));
    let of_makers: Vec<Labelled> = rows.into_iter().filter(|row| !row.maker.is_empty()).collect();
    println!("each maker's rows without its model numbers: {}", makers_left_out(&items, &of_makers));
}
