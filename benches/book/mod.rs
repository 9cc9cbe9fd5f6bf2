//! A made-up book of shipments: what an exporter's ERP gives, of any length, the same bytes every time.
//!
//! 26 columns, 20,000 parties (or another for every line) with quoted addresses, and at most one line in fifty that deserves a second look. It
//! measures speed; what the program finds in it says nothing about the law.

use std::io;

/// The headings, as one common system writes them.
pub(crate) const HEADINGS: [&str; 26] = [
    "Invoice Number",
    "Line No.",
    "Date of Export",
    "Ship From Country",
    "Sold-to Party",
    "Sold-to Address",
    "Sold-to Country",
    "Ultimate Consignee Name",
    "Ultimate Consignee Address Line 1",
    "Ultimate Consignee City",
    "Ultimate Consignee Country",
    "End User",
    "Country of Ultimate Destination",
    "Freight Forwarder",
    "Part Number",
    "Description",
    "Quantity",
    "UOM",
    "Line Value",
    "Currency",
    "ECCN",
    "Schedule B",
    "License Type",
    "License No.",
    "ITN",
    "Movement Type",
];

/// How many parties an ordinary book has.
const PARTIES: u64 = 20_000;

/// Names that the words below make up; beyond them a number tells firms apart.
const NAMES: u64 = 9 * 16 * 10 * 14;

/// Country code, towns.
const PLACES: [(&str, [&str; 3]); 8] = [
    ("DE", ["Kassel", "Bremen", "Augsburg"]),
    ("AU", ["Adelaide", "Ballarat", "Hobart"]),
    ("CA", ["Moncton", "Regina", "Guelph"]),
    ("FR", ["Nantes", "Dijon", "Rouen"]),
    ("NZ", ["Napier", "Nelson", "Timaru"]),
    ("GB", ["Exeter", "Stirling", "Wrexham"]),
    ("SE", ["Kalmar", "Borås", "Karlstad"]),
    ("PK", ["Lahore", "Karachi", "Faisalabad"]),
];

/// Part, description, price in cents, Schedule B number.
const ITEMS: [(&str, &str, u64, &str); 6] = [
    ("GLV-100", "Cotton work gloves, size 9", 1_450, "6116.92.8800"),
    ("LBL-220", "Thermal labels, roll", 3_200, "4811.41.2100"),
    ("PMP-31", "Dosing pump for swimming pools", 41_900, "8413.81.0040"),
    ("LMP-7", "Reading lamp, \"Nordic\" series", 6_990, "9405.21.8000"),
    ("CUT-12", "Bread slicer, table model", 88_000, "8438.10.0050"),
    ("SCL-5", "Shop scale, 15 kg", 22_300, "8423.81.0040"),
];

/// A number that looks like chance and depends on nothing but `n`.
fn scattered(n: u64) -> u64 {
    let mut n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

fn pick<T: Copy>(from: &[T], chance: u64) -> T {
    from[chance as usize % from.len()]
}

/// A firm: its name, street and town, and country.
struct Party {
    name: String,
    street: String,
    town: &'static str,
    country: &'static str,
}

impl Party {
    fn new(number: u64) -> Self {
        const BEGIN: [&str; 16] = [
            "Birken", "Wattle", "Maple", "Tannen", "Clover", "Heather", "Linden", "Juniper", "Aspen",
            "Bramble", "Hawthorn", "Larch", "Poplar", "Rowan", "Thistle", "Willow",
        ];
        const END: [&str; 10] =
            ["brook", "field", "gate", "grove", "hurst", "ley", "mere", "stead", "wick", "wood"];
        const FAMILY: [&str; 9] = [
            "Anders",
            "Bergqvist",
            "Cavell",
            "Dufour",
            "Ellwood",
            "Fenwick",
            "Gascoigne",
            "Hollis",
            "Ingram",
        ];
        const TRADE: [&str; 14] = [
            "Bakery",
            "Cheese",
            "Furniture",
            "Garden Tools",
            "Ceramics",
            "Toys",
            "Books",
            "Knitwear",
            "Orchards",
            "Candles",
            "Bicycles",
            "Tea",
            "Stationery",
            "Cider",
        ];
        const FORM: [&str; 4] = ["GmbH", "Pty Ltd", "Inc.", "Limited"];
        let chance = scattered(number);
        // One party in sixteen is in the country the rule is about, and buys what needs no license.
        let place = if number.is_multiple_of(16) { PLACES[7] } else { pick(&PLACES[..7], chance) };
        let more = if number < NAMES { String::new() } else { format!(" {}", number / NAMES) };
        Self {
            name: format!(
                "{} {}{}{more} {} {}",
                FAMILY[number as usize / 2_240 % 9],
                BEGIN[number as usize % 16],
                END[number as usize / 16 % 10],
                TRADE[number as usize / 160 % 14],
                pick(&FORM, chance >> 8)
            ),
            street: format!(
                "{} {} Street, Unit {}",
                1 + (chance >> 16) % 400,
                pick(&END, chance >> 24),
                number
            ),
            town: pick(&place.1, chance >> 32),
            country: place.0,
        }
    }
}

/// The cells of one line.
fn line(number: u64, parties: &[Party]) -> [String; 26] {
    let chance = scattered(number ^ 0x5eed);
    let all = parties.len() as u64;
    let party = &parties[(if all > PARTIES { number } else { chance }) as usize % parties.len()];
    // Most lines are sold to the party that gets the goods.
    let buyer =
        if (chance >> 52).is_multiple_of(8) { &parties[((chance >> 40) % all) as usize] } else { party };
    let invoice = number / 3;
    let (part, description, cents, schedule_b) = pick(&ITEMS, chance >> 16);
    // A bench multimeter where it needs no license, and, for one line in 160 of those to Pakistan, where it does.
    let (part, description, eccn) = if (chance >> 24).is_multiple_of(160) {
        ("DMM-6", "Digital multimeter, bench", "3A992.a")
    } else {
        (part, description, "EAR99")
    };
    let quantity = (chance >> 28) % 40 + 1;
    let value = cents * quantity;
    [
        format!("INV{invoice:08}"),
        format!("{}", number % 3 + 1),
        format!("{}-{:02}-{:02}", 2023 + invoice % 3, invoice / 3 % 12 + 1, invoice / 36 % 28 + 1),
        "US".to_owned(),
        buyer.name.clone(),
        format!("{}, {}", buyer.street, buyer.town),
        buyer.country.to_owned(),
        party.name.clone(),
        party.street.clone(),
        party.town.to_owned(),
        party.country.to_owned(),
        party.name.clone(),
        party.country.to_owned(),
        "Tidewater Ocean Freight".to_owned(),
        part.to_owned(),
        description.to_owned(),
        format!("{quantity}"),
        "EA".to_owned(),
        format!("{}.{:02}", value / 100, value % 100),
        "USD".to_owned(),
        eccn.to_owned(),
        schedule_b.to_owned(),
        "NLR".to_owned(),
        String::new(),
        format!("X20250101{:06}", number % 1_000_000),
        "Sales Order".to_owned(),
    ]
}

/// Hands out the headings and so many lines, in order; with another party on every line if they are to be distinct.
///
/// # Errors
/// What `row` cannot do.
pub(crate) fn each_row<E>(
    lines: u64,
    distinct: bool,
    mut row: impl FnMut(&[String; 26]) -> Result<(), E>,
) -> Result<(), E> {
    let parties: Vec<Party> =
        (0..if distinct { lines.max(PARTIES) } else { PARTIES }).map(Party::new).collect();
    row(&HEADINGS.map(str::to_owned))?;
    for number in 0..lines {
        row(&line(number, &parties))?;
    }
    Ok(())
}

/// Writes a book of so many lines as CSV.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write_csv(lines: u64, distinct: bool, out: impl io::Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    each_row(lines, distinct, |row| writer.write_record(row))?;
    writer.flush()
}
