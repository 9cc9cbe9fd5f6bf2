//! Ownership: the worked cases, and what must hold of every table.

use std::sync::{Arc, LazyLock};

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::effective::Date;

static LISTS: LazyLock<Screener> = LazyLock::new(|| Screener::new(Arc::new(EntityList::embedded().unwrap())));

/// While the affiliates rule was in force; both `Al-Qertas` and `Ahad International` were listed then.
const DAY: Date = date(2025, 10, 1);

fn terms() -> Terms {
    Terms { threshold_percent: 50, lists: vec![ListName::EntityList], days_before: 7 }
}

fn table(rows: &str) -> Result<Ownership, Vec<String>> {
    let text = format!("owner,owned,percent,from,until\n{rows}");
    Ok(Ownership::of(Owners::parse("owners.csv", text.as_bytes())?, &LISTS, &terms()))
}

/// The party of this name, whether or not a listed one holds it.
fn holding(rows: &str, name: &str, on: Date) -> Holding {
    let table = table(rows).unwrap();
    let at = table.owners().parties().iter().position(|party| party.name == name).unwrap();
    (*table.holding(PartyIdx(at as u32), on, LISTS.list())).clone()
}

fn words(rows: &str, name: &str, on: Date) -> (&'static str, String) {
    let (kind, chain) = match holding(rows, name, on) {
        Holding::Restricted(chain) => ("restricted", chain),
        Holding::Possible(chain) => ("possible", chain),
        Holding::Minority(chain) => ("minority", chain),
        Holding::Nothing => return ("nothing", String::new()),
    };
    (kind, table(rows).unwrap().in_words(&chain, LISTS.list()))
}

#[test]
fn a_direct_half_is_enough() {
    let (kind, chain) = words("Al-Qertas,Chenab Orchards,50,,\n", "Chenab Orchards", DAY);
    assert_eq!(kind, "restricted");
    assert_eq!(
        chain,
        "\"Chenab Orchards\" is owned 50 % by \"Al-Qertas\" (on the Entity List under Pakistan, listed since 2021-11-26) \
         (owners.csv, row 2)."
    );
    assert_eq!(words("Al-Qertas,Chenab Orchards,49.99,,\n", "Chenab Orchards", DAY).0, "minority");
    assert_eq!(words("Lahore Dairy Farms,Chenab Orchards,50,,\n", "Chenab Orchards", DAY).0, "nothing");
}

#[test]
fn quarters_of_two_listed_owners_are_added_up() {
    let rows = "Al-Qertas,Chenab Orchards,25,,\nAhad International,Chenab Orchards,25,,\n";
    let (kind, chain) = words(rows, "Chenab Orchards", DAY);
    assert_eq!(kind, "restricted");
    assert!(
        chain.contains("25 % by \"Al-Qertas\"") && chain.contains(", 50 % together (owners.csv, rows 2, 3)")
    );
}

#[test]
fn half_of_a_half_is_not_multiplied() {
    let rows = "Al-Qertas,Middle,50,,\nMiddle,Chenab Orchards,50,,\n";
    let (kind, chain) = words(rows, "Chenab Orchards", DAY);
    assert_eq!(kind, "restricted");
    assert!(chain.starts_with(
        "\"Chenab Orchards\" is owned 50 % by \"Middle\" (owners.csv, row 3). \"Middle\" is itself owned"
    ));
}

#[test]
fn all_of_a_party_below_the_threshold_is_nothing() {
    let rows = "Al-Qertas,Middle,49,,\nMiddle,Chenab Orchards,100,,\n";
    assert_eq!(words(rows, "Chenab Orchards", DAY).0, "nothing");
    assert_eq!(words(rows, "Middle", DAY).0, "minority");
}

#[test]
fn a_circle_ends() {
    let idle = "First,Second,100,,\nSecond,First,100,,\n";
    assert_eq!(words(idle, "First", DAY).0, "nothing");
    let held = "First,Second,60,,\nSecond,First,40,,\nAl-Qertas,First,60,,\n";
    let (kind, chain) = words(held, "Second", DAY);
    assert_eq!(kind, "restricted");
    assert_eq!(chain.matches("itself owned").count(), 1, "{chain}");
    assert_eq!(words(held, "First", DAY).0, "restricted");
    assert_eq!(words("First,First,100,,\n", "First", DAY).0, "nothing");
}

#[test]
fn shares_and_listings_are_those_of_the_day() {
    let rows = "Al-Qertas,Chenab Orchards,40,,2025-10-15\nAl-Qertas,Chenab Orchards,60,2025-10-15,\n";
    assert_eq!(words(rows, "Chenab Orchards", date(2025, 10, 14)).0, "minority");
    assert_eq!(words(rows, "Chenab Orchards", date(2025, 10, 15)).0, "restricted");
    let rows = "Al-Qertas,Chenab Orchards,60,,\n";
    assert_eq!(
        words(rows, "Chenab Orchards", date(2021, 11, 25)).0,
        "nothing",
        "the owner was not yet listed"
    );
    assert_eq!(words(rows, "Chenab Orchards", date(2021, 11, 26)).0, "restricted");
}

#[test]
fn what_is_not_known_is_possible_and_no_more() {
    assert_eq!(words("Al-Qertas,Chenab Orchards,,,\n", "Chenab Orchards", DAY).0, "possible");
    let rows = "Al-Qertas,Chenab Orchards,,,\nLahore Dairy Farms,Chenab Orchards,60,,\n";
    assert_eq!(words(rows, "Chenab Orchards", DAY).0, "minority", "at most 40 percent are left");
}

#[test]
fn wrong_tables_are_told_by_row() {
    let told = |rows: &str| table(rows).err().unwrap_or_default();
    assert_eq!(
        told("A,C,60,,\nB,C,41,,\nA,C,60,2020-01-01,2021-01-01\n"),
        [
            "owners.csv, rows 2, 3: the shares in \"C\" add up to 101 %; no more than 100 % can be held. Correct the \
             shares, or give the days between which each was held."
        ]
    );
    assert!(told("A,C,60,,2025-01-01\nB,C,60,2025-01-01,\n").is_empty(), "one after the other");
    assert_eq!(told("A,C,60,,2025-01-02\nB,C,60,2025-01-01,\n").len(), 1);
    assert!(
        told("A,C,60,,\nB,C,60,2025-01-01,\n")[0]
            .contains("rows 2, 3: the shares in \"C\" add up to 120 % on 2025-01-01")
    );
    assert_eq!(told("A,C,101,,\n,C,5,,\nA,C,5,1/2/2025,\n").len(), 3);
    assert_eq!(told("A,C,5,,\nA,C,5,,\n"), ["owners.csv, row 3: repeats row 2; a share stands once"]);
    assert!(told("A,C,0.5,,\n")[0].contains("write 50"));
    assert!(told("A,C,5,2025-01-02,2025-01-02\n")[0].contains("ends before it begins"));
    let semicolons = Owners::parse("o.csv", "\u{feff}Owner;Owned;Percent\nA;B;\"50%\"\n".as_bytes()).unwrap();
    assert_eq!(semicolons.shares().len(), 1);
    assert!(
        Owners::parse("o.csv", b"holder,owned,percent\n").unwrap_err()[0]
            .contains("no column is headed owner")
    );
}

#[test]
fn a_party_of_a_record_is_found_by_its_name() {
    let table = table("Al-Qertas,Chenab Orchards (Pvt) Ltd,50,,\nNobody,Else,50,,\n").unwrap();
    let found = table.find("CHENAB ORCHARDS PRIVATE LIMITED", None);
    assert!(found.len() == 1 && found[0].is_certain, "{found:?}");
    let rows = "Al-Qertas,Ravi GmbH,60,,\nRavi GmbH,Ravi Ltd.,100,,\nRAVI LIMITED,Last,50,,\n";
    assert_eq!(words(rows, "Last", DAY).0, "restricted", "one party in two spellings of its legal form");
    let found = self::table(rows).unwrap().find("Ravi Limited", None);
    assert_eq!(found.len(), 1, "the parent differs in its legal form alone");
    assert!(!table.find("Chenab Orchads", None)[0].is_certain);
    let trade_words = self::table("Al-Qertas,Harbour Fabrics LLC,50,,\n").unwrap();
    assert!(trade_words.find("HARBOUR FABRICS LLC", None)[0].is_certain, "whatever its words are");
    assert!(table.find("Else", None).is_empty(), "no listed party holds it");
}

/// Owners and owned among ten names, the first two of them listed; shares small enough that no sum passes 100.
fn shares() -> impl Strategy<Value = Vec<(usize, usize, u32)>> {
    proptest::collection::btree_map((0..10_usize, 0..10_usize), 0..=100_u32, 0..40).prop_map(|shares| {
        let mut sums = [0; 10];
        let fits = |((owner, owned), percent): ((usize, usize), u32)| {
            let percent = percent.min(100 - sums[owned]);
            sums[owned] += percent;
            (owner, owned, percent)
        };
        shares.into_iter().map(fits).collect()
    })
}

const NAMES: [&str; 10] = ["Al-Qertas", "Ahad International", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9"];

fn rows(shares: &[(usize, usize, u32)]) -> String {
    shares
        .iter()
        .map(|(owner, owned, percent)| format!("{},{},{percent},,\n", NAMES[*owner], NAMES[*owned]))
        .collect()
}

/// Who is restricted, by the definition: the smallest set that contains whoever it and the listed hold half of.
fn by_definition(shares: &[(usize, usize, u32)]) -> Vec<usize> {
    let mut restricted: Vec<usize> = Vec::new();
    loop {
        let sum = |party: usize| -> u32 {
            let counts = |owner: usize| owner < 2 || restricted.contains(&owner);
            shares
                .iter()
                .filter(|(owner, owned, _)| *owned == party && counts(*owner))
                .map(|share| share.2)
                .sum()
        };
        let Some(next) = (0..10).find(|party| !restricted.contains(party) && sum(*party) >= 50) else {
            restricted.sort_unstable();
            return restricted;
        };
        restricted.push(next);
    }
}

fn restricted(rows: &str) -> Vec<usize> {
    let Ok(table) = table(rows) else { return Vec::new() };
    let is_restricted = |name: &str| {
        let at = table.owners().parties().iter().position(|party| party.name == name);
        at.is_some_and(|at| {
            matches!(*table.holding(PartyIdx(at as u32), DAY, LISTS.list()), Holding::Restricted(_))
        })
    };
    (0..10).filter(|party| is_restricted(NAMES[*party])).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_fixed_point_is_that_of_the_definition(shares in shares()) {
        prop_assume!(shares.iter().any(|share| share.2 > 1));
        prop_assert_eq!(restricted(&rows(&shares)), by_definition(&shares));
    }

    #[test]
    fn the_order_of_rows_does_not_matter(shares in shares(), by in 0..40_usize) {
        prop_assume!(shares.iter().any(|share| share.2 > 1));
        let mut turned = shares.clone();
        let len = turned.len().max(1);
        turned.rotate_left(by % len);
        turned.reverse();
        prop_assert_eq!(restricted(&rows(&shares)), restricted(&rows(&turned)));
    }

    #[test]
    fn more_than_all_is_an_error_that_names_the_rows(first in 1..=100_u32, second in 1..=100_u32) {
        let told = table(&format!("A,C,{first},,\nB,C,{second},,\n")).err();
        let is_too_much = first + second > 100;
        prop_assert_eq!(told.is_some(), is_too_much || first.max(second) == 1);
        if is_too_much {
            prop_assert!(told.unwrap_or_default()[0].contains("rows 2, 3"));
        }
    }
}
