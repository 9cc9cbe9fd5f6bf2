//! Lines without findings, drawn for testing by hand: stratified, and the same at any number of threads.
//!
//! Every line without findings gets a number that depends on the seed and on where it stands alone: name and size of its
//! file, sheet and row, whatever other files are audited beside it. Each stratum keeps the lines with the smallest.
//! Memory grows with the lines asked for and with strata, not with lines.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::spool::Ordinal;
use super::tally::quarter_of;
use crate::codes::CountryCode;
use crate::effective::Date;
use crate::places::Places;
use crate::run::{SampleRecord, SampledLine, StratumRecord};

/// Calendar quarters told apart, counted back from the list's last day; other dates are one stratum.
const QUARTERS: i32 = 48;

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleRequest {
    /// How many lines.
    pub lines: u16,
    /// The seed of the draw.
    pub seed: u64,
}

/// Where a line went, as far as the draw tells lines apart; in the order in which they are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Reach {
    Watched,
    Hub,
    NotDetermined,
    Elsewhere,
}

const REACHES: [Reach; 4] = [Reach::Watched, Reach::Hub, Reach::NotDetermined, Reach::Elsewhere];

/// When a line left, as far as the draw tells lines apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum When {
    Quarter(i16, i8),
    OtherDate,
    Undated,
}

type Stratum = (Reach, When);

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Drawn {
    lines: u64,
    wanted: usize,
    kept: BTreeMap<(u64, Ordinal), SampledLine>,
}

/// What was drawn so far.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Sample(BTreeMap<Stratum, Drawn>);

/// How lines are drawn; the same for all lines of a run.
pub(super) struct Draw {
    request: SampleRequest,
    watched: CountryCode,
    last: Date,
}

impl Draw {
    /// A draw; `last` is the last day the list answers for.
    pub(super) fn new(request: SampleRequest, watched: CountryCode, last: Date) -> Self {
        Self { request, watched, last }
    }

    /// Counts a line without findings; `line` gives its record where it is drawn for now.
    #[expect(clippy::too_many_arguments, reason = "each says something else of the line")]
    pub(super) fn see(
        &self,
        sample: &mut Sample,
        places: &Places,
        file: FileKey,
        at: Ordinal,
        country: Option<CountryCode>,
        day: Option<Date>,
        line: impl FnOnce() -> SampledLine,
    ) {
        let reach = match country {
            None => Reach::NotDetermined,
            Some(country) if country == self.watched => Reach::Watched,
            Some(country) if places.transshipment_hub(country).is_some() => Reach::Hub,
            Some(_) => Reach::Elsewhere,
        };
        let drawn = sample.0.entry((reach, self.when(day))).or_default();
        drawn.lines += 1;
        drawn.wanted = usize::from(self.request.lines);
        let number = (number_of(self.request.seed, file, at), at);
        let full = drawn.kept.len() >= drawn.wanted;
        if full && drawn.kept.last_key_value().is_some_and(|(last, _)| *last <= number) {
            return;
        }
        drawn.kept.insert(number, line());
        if full {
            drawn.kept.pop_last();
        }
    }

    fn when(&self, day: Option<Date>) -> When {
        let Some(day) = day else { return When::Undated };
        let index = |(year, quarter): (i16, i8)| i32::from(year) * 4 + i32::from(quarter);
        let quarter = quarter_of(day);
        if (0..QUARTERS).contains(&(index(quarter_of(self.last)) - index(quarter))) {
            When::Quarter(quarter.0, quarter.1)
        } else {
            When::OtherDate
        }
    }

    /// The draw, complete: an equal share for each kind of destination as far as it has lines, within it by quarter in
    /// proportion, with at least one line each where that is possible.
    pub(super) fn finish(&self, sample: Sample, watched_name: &str) -> SampleRecord {
        let by_reach = REACHES.map(|reach| {
            let strata = sample.0.range((reach, When::Quarter(i16::MIN, i8::MIN))..=(reach, When::Undated));
            strata.map(|(_, drawn)| drawn.lines).collect::<Vec<u64>>()
        });
        let shares = equal_shares(
            u64::from(self.request.lines),
            &by_reach.each_ref().map(|lines| lines.iter().sum::<u64>()),
        );
        let mut takes = by_reach
            .iter()
            .zip(shares)
            .flat_map(|(lines, share)| proportional(share, lines))
            .collect::<Vec<u64>>()
            .into_iter();
        let mut record = SampleRecord {
            asked: u64::from(self.request.lines),
            seed: self.request.seed,
            ..SampleRecord::default()
        };
        let mut lines: Vec<(Ordinal, SampledLine)> = Vec::new();
        for ((reach, when), drawn) in sample.0 {
            let take = takes.next().unwrap_or(0);
            let name = format!("{}, {}", reach.name(watched_name), when.name());
            let kept = drawn.kept.into_iter().take(take as usize);
            lines.extend(kept.map(|((_, at), line)| (at, SampledLine { stratum: name.clone(), ..line })));
            record.strata.push(StratumRecord { name, lines: drawn.lines, drawn: take });
        }
        lines.sort_by_key(|(at, _)| *at);
        record.lines = lines.into_iter().map(|(_, line)| line).collect();
        record
    }
}

impl Sample {
    /// Adds what was drawn elsewhere, by the same draw.
    pub(super) fn add(&mut self, other: Self) {
        for (stratum, mut drawn) in other.0 {
            let own = self.0.entry(stratum).or_default();
            own.lines += drawn.lines;
            own.wanted = drawn.wanted;
            own.kept.append(&mut drawn.kept);
            while own.kept.len() > own.wanted {
                own.kept.pop_last();
            }
        }
    }

    /// The same lines where the file they stand in has another number in the run.
    pub(super) fn of_file(mut self, number: u32) -> Self {
        for drawn in self.0.values_mut() {
            let kept = std::mem::take(&mut drawn.kept);
            drawn.kept =
                kept.into_iter().map(|((draw, at), line)| ((draw, (number, at.1, at.2)), line)).collect();
        }
        self
    }
}

impl Reach {
    fn name(self, watched: &str) -> String {
        match self {
            Self::Watched => format!("to {watched}"),
            Self::Hub => "to a place of transshipment".to_owned(),
            Self::NotDetermined => "destination not determined".to_owned(),
            Self::Elsewhere => "to other destinations".to_owned(),
        }
    }
}

impl When {
    fn name(self) -> String {
        match self {
            Self::Quarter(year, quarter) => format!("{year}-Q{quarter}"),
            Self::OtherDate => "other dates".to_owned(),
            Self::Undated => "undated".to_owned(),
        }
    }
}

/// What tells a file from others to the draw, whatever number it has in the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileKey(u64);

impl FileKey {
    /// The key of a file of this name and size.
    pub(super) fn new(name: &str, bytes: u64) -> Self {
        Self(name.bytes().fold(mix(bytes), |sum, byte| mix(sum ^ u64::from(byte))))
    }
}

/// A number that depends on seed and place alone and falls anywhere: the finalizer of `SplitMix64` over each part.
fn number_of(seed: u64, file: FileKey, at: Ordinal) -> u64 {
    [file.0, u64::from(at.1), u64::from(at.2)]
        .into_iter()
        .fold(mix(seed), |sum, part| mix(sum ^ part.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
}

fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Divides `wanted` equally among those that have enough; what one cannot take goes to the others, the first first.
fn equal_shares<const N: usize>(wanted: u64, available: &[u64; N]) -> [u64; N] {
    let mut shares = [0; N];
    let mut left = wanted.min(available.iter().sum());
    while left > 0 {
        let open: Vec<usize> = (0..N).filter(|index| shares[*index] < available[*index]).collect();
        let each = (left / open.len() as u64).max(1);
        for index in open {
            let take = each.min(available[index] - shares[index]).min(left);
            shares[index] += take;
            left -= take;
        }
    }
    shares
}

/// Divides `wanted` in proportion, at least one each where that is possible, by largest remainder.
fn proportional(wanted: u64, available: &[u64]) -> Vec<u64> {
    let total: u64 = available.iter().sum();
    let wanted = wanted.min(total);
    if wanted < available.len() as u64 {
        // Too few for one each: the largest strata, the earlier of two equal ones.
        let mut order: Vec<usize> = (0..available.len()).collect();
        order.sort_by_key(|index| (std::cmp::Reverse(available[*index]), *index));
        let mut takes = vec![0; available.len()];
        for index in order.into_iter().take(wanted as usize) {
            takes[index] = 1;
        }
        return takes;
    }
    let (rest, others) = (wanted - available.len() as u64, total - available.len() as u64);
    let exact = |lines: u64| u128::from(rest) * u128::from(lines - 1);
    let mut takes: Vec<u64> = available
        .iter()
        .map(|lines| 1 + if others == 0 { 0 } else { (exact(*lines) / u128::from(others)) as u64 })
        .collect();
    let mut order: Vec<usize> = (0..available.len()).collect();
    if others > 0 {
        order.sort_by_key(|index| (std::cmp::Reverse(exact(available[*index]) % u128::from(others)), *index));
    }
    let mut left = wanted - takes.iter().sum::<u64>();
    for index in order.into_iter().cycle().take(2 * available.len()) {
        if left > 0 && takes[index] < available[index] {
            takes[index] += 1;
            left -= 1;
        }
    }
    takes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_and_nobody_gives_more_than_it_has() {
        assert_eq!(equal_shares(60, &[5, 1_000, 0, 100_000]), [5, 28, 0, 27]);
        assert_eq!(equal_shares(60, &[1, 2, 3, 4]), [1, 2, 3, 4]);
        assert_eq!(equal_shares(2, &[9, 9, 9, 9]), [1, 1, 0, 0]);
        assert_eq!(proportional(10, &[1, 100, 899]), [1, 2, 7]);
        assert_eq!(proportional(2, &[1, 100, 899]), [0, 1, 1]);
        assert_eq!(proportional(5, &[5]), [5]);
        assert_eq!(proportional(0, &[]), Vec::<u64>::new());
        for wanted in 0..200 {
            let takes = proportional(wanted, &[7, 1, 40, 90, 2]);
            assert_eq!(takes.iter().sum::<u64>(), wanted.min(140));
            assert!(takes.iter().zip([7, 1, 40, 90, 2]).all(|(take, has)| *take <= has), "{takes:?}");
        }
    }

    #[test]
    fn a_draw_is_the_same_however_the_lines_are_cut_into_batches() {
        let places = Places::embedded().unwrap();
        let country = |code| CountryCode::new(code).unwrap();
        let last = crate::effective::parse_iso("2026-07-09").unwrap();
        let draw = Draw::new(SampleRequest { lines: 20, seed: 7 }, country("PK"), last);
        let drawn = |batch: u32, seed: u64| {
            let draw = Draw {
                request: SampleRequest { lines: 20, seed },
                ..Draw::new(draw.request, draw.watched, last)
            };
            let mut total = Sample::default();
            for start in (0..4_000).step_by(batch as usize) {
                let mut sample = Sample::default();
                for row in start..(start + batch).min(4_000) {
                    let to = ["DE", "PK", "AE"][row as usize % 3];
                    let file = FileKey::new("book.csv", 4_096);
                    draw.see(&mut sample, &places, file, (0, 0, row), Some(country(to)), Some(last), || {
                        SampledLine { row, ..SampledLine::default() }
                    });
                }
                total.add(sample);
            }
            draw.finish(total, "Pakistan")
        };
        let one = drawn(1, 7);
        assert_eq!(one.lines.len(), 20);
        assert_eq!(one.strata.iter().map(|stratum| stratum.lines).sum::<u64>(), 4_000);
        for batch in [3, 500, 4_000] {
            assert_eq!(drawn(batch, 7).lines, one.lines);
        }
        assert_ne!(drawn(500, 8).lines, one.lines);
        assert!(one.lines.is_sorted_by_key(|line| line.row));
    }
}
