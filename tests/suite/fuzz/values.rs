//! What stands in a cell: classifications, dates, numbers, descriptions of items.

use lookback::codes::{Classification, Eccn};
use lookback::ingest::values::{
    DateOrder, DateReader, DateReading, DateShape, DecimalMark, NumberReading, NumberShape, read_date,
    read_number,
};
use lookback::source::{Batch, CellKind};

use super::Ground;
use super::random::Random;

/// Hands a cell to `take`, as a reader would.
fn with_cell<T>(kind: CellKind, text: &str, take: impl FnOnce(lookback::source::Cell<'_>) -> T) -> T {
    let mut batch = Batch::default();
    batch.begin_row(2, 1, false);
    batch.push_cell(kind, text);
    take(batch.row(0).cell(0))
}

fn kind(random: &mut Random) -> CellKind {
    *random.pick(&[
        CellKind::Text,
        CellKind::Text,
        CellKind::Text,
        CellKind::FromMerge,
        CellKind::Number,
        CellKind::Date,
        CellKind::Error,
        CellKind::Bool,
    ])
}

/// An ECCN written as the program writes it is read as the same ECCN.
pub(super) fn eccn(random: &mut Random, _: &Ground) {
    const PIECES: [&str; 24] = [
        "3", "A", "992", "2B999", "h", "2", ".", " ", "-", "ECCN", "EAR99", "EAR", "99", "e", "+", "３Ａ",
        "\u{200b}", "\u{a0}", "ß", "(", ")", ":", "x", "1E",
    ];
    let text = random.pieces(&PIECES, 9);
    if let Classification::Eccn(eccn) = Classification::read(&text) {
        let written = eccn.to_string();
        assert_eq!(Eccn::canonical(&written), Some(eccn.clone()), "{text:?} is read as {written}");
        assert!(eccn.is_within(&eccn));
        assert_eq!(eccn.entry().chars().count(), 5, "{text:?}");
    }
}

/// A day is read the same in every order that its form leaves open, and as an ISO date.
pub(super) fn date(random: &mut Random, _: &Ground) {
    const PIECES: [&str; 33] = [
        "2024", "24", "12", "26", "03", "8", "31", "29", "02", "00", "9999", "45652", "1", "/", "-", ".",
        " ", ":", "T", "Z", "Dec", "December", "März", "janv.", "th", ",", "AM", "20241226", "+05:00",
        "\u{a0}", "年", "０", "0",
    ];
    let text = random.pieces(&PIECES, 8);
    let kind = kind(random);
    with_cell(kind, &text, |cell| {
        let _ = DateShape::of(cell);
        let orders = [DateOrder::DayFirst, DateOrder::MonthFirst, DateOrder::Undecided];
        let [dmy, mdy, open] = orders.map(|order| read_date(cell, &DateReader::with_order(order, false)));
        if let DateReading::TwoReadings { dmy: one, mdy: other } = open {
            assert_eq!((dmy, mdy), (DateReading::Day(one), DateReading::Day(other)), "{text:?}");
            assert_ne!(one, other, "{text:?}");
        }
        if let DateReading::Day(day) = open {
            assert!((1990..=2100).contains(&day.year()), "{text:?} is read as {day}");
            let iso =
                with_cell(CellKind::Text, &day.to_string(), |cell| read_date(cell, &DateReader::default()));
            assert_eq!(iso, DateReading::Day(day), "{text:?}");
        }
    });
}

/// A number written as the program writes it is read as the same number.
pub(super) fn number(random: &mut Random, _: &Ground) {
    const PIECES: [&str; 30] = [
        "1",
        "234",
        "000",
        "0",
        "9999999999",
        ".",
        ",",
        "'",
        " ",
        "\u{a0}",
        "\u{202f}",
        "-",
        "+",
        "(",
        ")",
        "USD",
        "EUR",
        "€",
        "$",
        "kg",
        "pcs",
        "%",
        "E",
        "e5",
        "−",
        "1,234.50",
        "1.234,50",
        "٣",
        "１",
        "CR",
    ];
    let text = random.pieces(&PIECES, 7);
    let kind = kind(random);
    let readings = with_cell(kind, &text, |cell| {
        let _ = NumberShape::of(cell);
        [DecimalMark::Point, DecimalMark::Comma, DecimalMark::Undecided].map(|mark| read_number(cell, mark))
    });
    for reading in readings {
        if let NumberReading::Exact(number) = reading {
            let again = with_cell(CellKind::Number, &number.to_string(), |cell| {
                read_number(cell, DecimalMark::Point)
            });
            assert_eq!(again, NumberReading::Exact(number), "{text:?}");
        }
    }
    if let NumberReading::Ambiguous { point, comma } = readings[2] {
        assert_ne!(point, comma, "{text:?}");
        assert_eq!(readings[..2], [NumberReading::Exact(point), NumberReading::Exact(comma)], "{text:?}");
    }
}

/// A description is read to the same end however often, with figures, units and model numbers in any order.
pub(super) fn item(random: &mut Random, ground: &Ground) {
    const PIECES: [&str; 48] = [
        "oscilloscope",
        "digital",
        "sampling",
        "bandwidth",
        "GHz",
        "MHz",
        "6",
        "4",
        "1.5",
        "1,5",
        "kW",
        "hp",
        "inverter",
        "frequency",
        "changer",
        "vibration",
        "test",
        "shaker",
        "kN",
        "lbf",
        "excavator",
        "wheel loader",
        "laser",
        "nm",
        "µm",
        "W",
        "mW",
        "pump",
        "vacuum",
        "l/s",
        "m³/h",
        "cfm",
        "stainless",
        "AISI 316",
        "DN",
        "inch",
        "\"",
        "x",
        "-",
        " ",
        ",",
        "~",
        ">",
        "1e999",
        "ÿ",
        "３",
        "/",
        "flash X-ray",
    ];
    let mut text = String::new();
    for _ in 0..random.below(14) {
        text += *random.pick(&PIECES);
        if random.one_in(2) {
            text.push(' ');
        }
    }
    let model = random.pieces(&["MSO", "64", "B", "-", "X", " "], 5);
    let (one, other) = (ground.items.read(&text, &model, None), ground.items.read(&text, &model, None));
    assert_eq!(format!("{one:?}"), format!("{other:?}"), "{text:?}");
}
