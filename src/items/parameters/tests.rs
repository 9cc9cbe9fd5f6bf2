//! Figures in all their spellings: at least forty of each quantity, and numbers that come back as they were written.

use proptest::prelude::*;

use super::{Amount, read};
use crate::items::Items;
use crate::items::text::Folded;

fn amounts(items: &Items, text: &str, quantity: &str) -> Vec<Amount> {
    let quantity = items.units.quantity_named(quantity).unwrap();
    let mut found = read(&items.units, &Folded::new(text));
    found.retain(|amount| amount.quantity == quantity);
    found
}

/// The same value in several units; each number in several notations, with and without a blank or a hyphen.
fn spellings(groups: &[(&[&str], &[&str])]) -> Vec<String> {
    let mut all = Vec::new();
    for (numbers, units) in groups {
        for number in *numbers {
            for unit in *units {
                for gap in ["", " ", "-"] {
                    all.push(format!("{number}{gap}{unit}"));
                    all.push(format!("ITEM X, {number}{gap}{unit}, CPL").to_uppercase());
                }
            }
        }
    }
    all
}

/// A figure must be read in forty spellings; the same one within a line is none of them.
fn assert_all(quantity: &str, expected: f64, tolerance: f64, texts: &[String]) {
    let items = items();
    let mut alone: Vec<&String> = texts.iter().filter(|text| !text.starts_with("ITEM X")).collect();
    alone.sort();
    alone.dedup();
    assert!(alone.len() >= 40, "{quantity}: {} spellings", alone.len());
    for text in texts {
        let found = amounts(items, text, quantity);
        assert!(
            found.iter().any(|amount| (amount.high - expected).abs() <= tolerance * expected.abs()),
            "{quantity} of `{text}`: {found:?}"
        );
    }
}

#[test]
fn power() {
    let texts = spellings(&[
        (&["7.5", "7,5", "7 1/2", "7-1/2"], &["hp", "HP", "H.P.", "h.p", "BHP", "horsepower"]),
        (&["5.5927", "5,5927"], &["kW", "KW", "kw.", "kilowatt"]),
        (&["5592.7", "5,592.7"], &["W", "watt", "Watts"]),
        (&["7.604"], &["PS", "CV", "pk", "BG"]),
    ]);
    assert_all("power", 5.5927, 1e-3, &texts);
}

#[test]
fn cooling() {
    let texts = spellings(&[
        (
            &["100,000", "100000", "100.000", "100 000", "100'000"],
            &["BTU/h", "BTU/HR", "Btuh", "btu / h", "BTU"],
        ),
        (&["100"], &["MBH", "kBTU/h", "k BTU/hr"]),
        (&["8.3333", "8,3333"], &["RT", "TR", "ton", "tons", "ton ref", "USRT", "tons of refrigeration"]),
        (&["29.307", "29.31"], &["kW", "KW"]),
    ]);
    assert_all("cooling", 29.307, 1e-3, &texts);
}

#[test]
fn frequency() {
    let texts = spellings(&[
        (&["500", "0500", "500.0", "500,0"], &["MHz", "MHZ", "mhz", "megahertz"]),
        (&["0.5", "0,5", ".5", "1/2"], &["GHz", "GHZ", "gigahertz"]),
        (&["500,000", "500000", "500 000"], &["kHz", "KHZ", "kilohertz"]),
    ]);
    assert_all("frequency", 5e8, 1e-9, &texts);
}

#[test]
fn sample_rate() {
    let texts = spellings(&[
        (
            &["1.25", "1,25", "1-1/4", "1 1/4"],
            &["GS/s", "GSa/s", "GSPS", "GSample/s", "GSamples/s", "gs / s", "GSA/S"],
        ),
        (&["1250", "1,250"], &["MS/s", "MSa/s", "MSPS", "MSample/s"]),
    ]);
    assert_all("sample rate", 1.25e9, 1e-9, &texts);
}

#[test]
fn pressure() {
    let texts = spellings(&[
        (&["10.3", "10,3"], &["MPa", "MPA", "Mpa(g)", "mpag"]),
        (&["103", "103.0", "103,0"], &["bar", "BAR", "barg", "bar g", "Bar(g)"]),
        (&["1493.9", "1,493.9", "1493,9"], &["psi", "PSI", "psig", "WOG", "CWP", "lb/in2"]),
        (&["105.03", "105,03"], &["kg/cm2", "kgf/cm²", "KSC"]),
    ]);
    assert_all("pressure", 10.3, 1e-3, &texts);
}

#[test]
fn size() {
    let mut texts = spellings(&[
        (
            &["8", "8.0", "8,0"],
            &[
                "in", "IN", "in.", "inch", "inches", "\"", "''", "″", "pulg", "Zoll", "pouces", "inç",
                "parmak",
            ],
        ),
        (&["203.2", "203,2"], &["mm", "MM"]),
        (&["20.32"], &["cm"]),
    ]);
    for prefix in ["NPS", "NPS-", "nps ", "NPS."] {
        texts.push(format!("PIPE {prefix}8 SCH40"));
    }
    assert_all("size", 203.2, 1e-6, &texts);
    let nominal: Vec<String> =
        ["DN200", "DN 200", "DN-200", "dn.200", "NW200", "NW 200", "200 NB", "200NB", "DN200,", "(DN200)"]
            .iter()
            .flat_map(|text| {
                [
                    (*text).to_owned(),
                    format!("VALVE {text} PN40"),
                    format!("VANNE {text}/PN40"),
                    format!("VLV;{text}"),
                ]
            })
            .collect();
    assert_all("size", 200.0, 1e-6, &nominal);
}

#[test]
fn class_and_nominal_pressure() {
    let classes: Vec<String> = [
        "CL1500",
        "CL.1500",
        "CL 1500",
        "class 1500",
        "CLASS-1500",
        "1500#",
        "1500 #",
        "#1500",
        "1500LB",
        "1500 lbs",
        "ANSI 1500",
        "1500 CLASS",
        "ASME CL1500",
        "Klasse 1500",
    ]
    .iter()
    .flat_map(|text| [(*text).to_owned(), format!("VLV GATE 8IN {text} BW"), format!("GLOBE, {text}, F316")])
    .collect();
    assert_all("class", 1500.0, 1e-9, &classes);
    let nominal: Vec<String> = [
        "PN100",
        "PN 100",
        "PN-100",
        "pn.100",
        "PN:100",
        "ND100",
        "ND 100",
        "PN100,",
        "(PN100)",
        "PN100/DN200",
    ]
    .iter()
    .flat_map(|text| {
        [
            (*text).to_owned(),
            format!("VALVE {text} SS"),
            format!("VENTIL, {text}"),
            format!("VANA {text} FLANSLI"),
        ]
    })
    .collect();
    assert_all("nominal pressure", 100.0, 1e-9, &nominal);
}

#[test]
fn noise() {
    let texts = spellings(&[
        (
            &["20", "20.0", "20,0"],
            &[
                "pT/rtHz",
                "pT/√Hz",
                "PT/RTHZ",
                "pT/sqrt(Hz)",
                "pT / sqrt(Hz)",
                "pT/Hz^0.5",
                "pT/Hz1/2",
                "pT/root Hz",
                "pTrms/√Hz",
            ],
        ),
        (&["0.02", "0,02", ".02"], &["nT/rtHz", "nT/√Hz", "nT rms/√Hz"]),
        (&["20000", "20,000"], &["fT/rtHz", "fT/√Hz"]),
    ]);
    assert_all("noise", 0.02, 1e-9, &texts);
}

#[test]
fn time() {
    let texts = spellings(&[
        (&["5", "5.0", "5,0"], &["ns", "NS", "nsec", "nanoseconds", "n.s."]),
        (&["5000", "5,000"], &["ps", "PS", "psec", "picoseconds"]),
        (&["0.005", "0,005"], &["us", "µs", "μs", "usec", "microsecond"]),
    ]);
    assert_all("time", 5e-9, 1e-9, &texts);
}

#[test]
fn flow_energy_bits_and_channels() {
    let flow = spellings(&[
        (&["18", "18.0", "18,0"], &["m3/h", "m³/h", "M3/HR", "m3 / h", "CMH"]),
        (&["5"], &["l/s", "LPS"]),
        (&["300"], &["l/min", "LPM", "ltr/min"]),
    ]);
    assert_all("flow", 18.0, 1e-9, &flow);
    let volume = spellings(&[
        (&["150", "150.0", "150,0"], &["L", "l", "lt", "ltr", "liter", "Litre", "litros"]),
        (&["0.15", "0,15"], &["m3", "m³", "cbm"]),
    ]);
    assert_all("volume", 150.0, 1e-9, &volume);
    let energy = spellings(&[
        (&["0.5", "0,5", ".5", "1/2"], &["MeV", "MEV"]),
        (&["500", "500.0", "500,0"], &["keV", "KEV"]),
    ]);
    assert_all("energy", 0.5, 1e-9, &energy);
    let rate = spellings(&[
        (&["150", "150.0", "150,0"], &["Mbit/s", "MBPS", "Mb/s", "Mbits/s"]),
        (&["0.15"], &["Gbit/s", "Gbps"]),
    ]);
    assert_all("bit rate", 150.0, 1e-9, &rate);
    let bits = spellings(&[(&["8", "08", "8.0", "8,0", "8.00"], &["bit", "BITS", "bit ADC"])]);
    assert_all("resolution", 8.0, 1e-9, &bits);
    let channels =
        spellings(&[(&["4", "04"], &["ch", "CH", "channel", "channels", "kanal", "voies", "canales"])]);
    assert_all("channels", 4.0, 1e-9, &channels);
}

#[test]
fn power_frequency_diameter_and_head() {
    let output = spellings(&[
        (&["400", "400.0", "400,0", "0400"], &["Hz", "HZ", "hz", "hertz", "cps", "c/s"]),
        (&["0.4", "0,4", ".4"], &["kHz", "KHZ"]),
    ]);
    assert_all("power frequency", 400.0, 1e-9, &output);
    let diameter = spellings(&[
        (&["1.5", "1,5", "1-1/2", "1 1/2"], &["m", "M", "mtr", "meter", "metre", "metros"]),
        (&["1500", "1,500"], &["mm", "MM"]),
        (&["150"], &["cm"]),
    ]);
    assert_all("diameter", 1500.0, 1e-9, &diameter);
    let head = spellings(&[
        (&["60.96", "60,96"], &["m", "MTR", "meters", "mwc", "mlc"]),
        (&["200", "200.0", "200,0"], &["ft", "FT", "feet"]),
    ]);
    assert_all("head", 60.96, 1e-6, &head);
}

#[test]
fn field_fluorine_and_temperature() {
    let field = spellings(&[
        (&["0.5", "0,5", ".5", "1/2"], &["nT", "NT", "nanotesla", "gamma"]),
        (&["500", "500.0", "500,0"], &["pT", "picotesla"]),
    ]);
    assert_all("field", 0.5, 1e-9, &field);
    let fluorine = spellings(&[
        (&["250", "250.0", "250,0"], &["g/h", "G/H", "g / h", "gr/h", "g/hr", "g F2/h"]),
        (&["0.25", "0,25", ".25", "1/4"], &["kg/h", "KG/HR"]),
    ]);
    assert_all("fluorine", 250.0, 1e-9, &fluorine);
    let temperature =
        spellings(&[(&["1500", "1,500", "1500.0", "1500,0"], &["C", "°C", "deg C", "degC", "Celsius"])]);
    assert_all("temperature", 1500.0, 1e-9, &temperature);
}

#[test]
fn axes_rollers_and_schedules() {
    let axes = spellings(&[(
        &["4", "04"],
        &["axis", "AXES", "ax", "Achsen", "achs", "ejes", "axe", "eksen", "eksenli", "Axis"],
    )]);
    assert_all("axes", 4.0, 1e-9, &axes);
    let rollers = spellings(&[(&["3", "03", "3.0", "3,0"], &["roller", "ROLLERS", "Rollen", "rodillos"])]);
    assert_all("rollers", 3.0, 1e-9, &rollers);
    let schedules: Vec<String> =
        ["SCH", "Sch", "sch", "SCHEDULE", "Schedule", "SCHED", "sched", "CED", "Cedula", "S"]
            .iter()
            .flat_map(|before| ["", " ", "-", ".", ". "].map(|gap| format!("{before}{gap}40")))
            .collect();
    assert_all("schedule", 40.0, 1e-9, &schedules);
}

/// Every quantity of the file is tested in forty spellings here, or derived from others.
#[test]
fn no_quantity_is_left_out() {
    const DERIVED: [&str; 3] = ["bore", "rating", "hydraulic power"];
    let source = include_str!("tests.rs");
    for (_, quantity) in items().units.quantities() {
        let is_tested = source.contains(&format!("assert_all(\"{}\"", quantity.name));
        assert!(is_tested || DERIVED.contains(&quantity.name.as_str()), "{}", quantity.name);
    }
}

/// Every spelling of the table leads back to its unit, in every quantity that has it.
#[test]
fn every_spelling_of_the_table_comes_back() {
    let items = items();
    for (spelling, unit, before) in items.units.spellings() {
        for number in [12.0, 2_500.0] {
            let text =
                if before { format!("X {spelling}{number}") } else { format!("X {number} {spelling}") };
            for (id, quantity) in items.units.quantities() {
                let Some(factor) = items.units.factor(id, unit) else { continue };
                let found = amounts(items, &text, &quantity.name);
                let expected = number * factor;
                assert!(
                    found.iter().any(|amount| (amount.high - expected).abs() <= 1e-9 * expected),
                    "{} of `{text}`: {found:?}, expected {expected}",
                    quantity.name
                );
            }
        }
    }
}

#[test]
fn ranges_keep_both_ends() {
    let items = Items::embedded().unwrap();
    for text in [
        "300-600Hz",
        "300 - 600 HZ",
        "300 to 600 Hz",
        "300...600 Hz",
        "300 bis 600 Hz",
        "300/600HZ",
        "300 a 600 Hz",
    ] {
        let found = amounts(&items, text, "frequency");
        assert!(found.iter().any(|amount| (amount.low, amount.high) == (300.0, 600.0)), "{text}: {found:?}");
    }
}

#[test]
fn what_looks_like_a_figure_and_is_none() {
    let items = Items::embedded().unwrap();
    for (text, quantity) in [
        ("VALVE SS316L 2IN", "cooling"),
        ("E5071C ANALYZER", "temperature"),
        ("PUMP 5 W/ KIT", "power"),
        ("FAN 3 M/S", "head"),
        ("1.4401 PIPE", "size"),
        ("VFD 0-50HZ CARRIER 8 KHZ PWM", "sample rate"),
    ] {
        assert!(amounts(&items, text, quantity).is_empty(), "{text}: {:?}", amounts(&items, text, quantity));
    }
    // The carrier of a drive is not what it puts out.
    let output = amounts(&items, "VFD 0-50HZ CARRIER 8 KHZ", "power frequency");
    assert!(output.iter().all(|amount| amount.high <= 50.0), "{output:?}");
}

/// How a person may write a number.
fn written(value: u32, decimals: u32, style: u8) -> (String, f64) {
    let scale = 10u32.pow(decimals);
    let number = f64::from(value) / f64::from(scale);
    let whole = (value / scale).to_string();
    let part = if decimals == 0 {
        String::new()
    } else {
        format!("{:0width$}", value % scale, width = decimals as usize)
    };
    let grouped = crate::count::separated(&whole);
    let text = match (style % 4, decimals) {
        (_, 0) if style.is_multiple_of(2) => whole,
        (_, 0) => grouped,
        (0, _) => format!("{whole}.{part}"),
        (1, _) => format!("{whole},{part}"),
        (2, _) => format!("{grouped}.{part}"),
        _ => format!("{},{part}", grouped.replace(',', ".")),
    };
    (text, number)
}

#[test]
fn powers_of_ten_stand_apart_from_their_unit() {
    let items = Items::embedded().unwrap();
    assert!(
        amounts(&items, "1.0E5 BTU/h", "cooling").iter().any(|amount| (amount.high - 29.307).abs() < 0.01)
    );
    assert!(amounts(&items, "5.0E3 ps", "time").iter().any(|amount| (amount.high - 5e-9).abs() < 1e-15));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_figure_comes_back_as_it_was_written(
        value in 1u32..2_000_000,
        // Three decimals behind a comma are thousands to most readers; the program takes them so.
        decimals in prop::sample::select(vec![0u32, 1, 2]),
        style in 0u8..8,
        gap in prop::sample::select(vec!["", " ", "-"]),
        unit in prop::sample::select(vec![("kW", "power", 1.0), ("HP", "power", 0.745_699_872), ("bar", "pressure", 0.1), ("MHz", "frequency", 1e6), ("GS/s", "sample rate", 1e9), ("m3/h", "flow", 1.0), ("pT/rtHz", "noise", 1e-3), ("mm", "size", 1.0)]),
    ) {
        let items = items();
        let (text, number) = written(value, decimals, style);
        let line = format!("ITEM, {text}{gap}{}, X", unit.0);
        let found = amounts(items, &line, unit.1);
        let expected = number * unit.2;
        prop_assert!(
            found.iter().any(|amount| (amount.high - expected).abs() <= 1e-6 * expected.abs().max(1e-12)),
            "{line}: {found:?}, expected {expected}"
        );
    }

    #[test]
    fn no_text_is_a_panic(text in "\\PC{0,200}") {
        let _ = items().read(&text, &text, None);
    }

    #[test]
    fn no_mix_of_figures_is_a_panic(text in "[0-9a-zA-Z ./,#\"'°√½³xX+-]{0,120}") {
        let _ = items().read(&text, "", None);
    }
}

/// Loaded once: a property asks hundreds of times.
fn items() -> &'static Items {
    static ITEMS: std::sync::OnceLock<Items> = std::sync::OnceLock::new();
    ITEMS.get_or_init(|| Items::embedded().unwrap())
}
