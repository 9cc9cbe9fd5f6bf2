//! Listed names as party fields of ERP systems really hold them, a class a kind of distortion.

use super::Seeded;
use super::romanize::{ROMANIZATIONS, is_english, title, word_around};

/// A listed name to distort.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Listed<'a> {
    /// As printed.
    pub(crate) name: &'a str,
    /// The country of its heading, as a code.
    pub(crate) country: &'a str,
}

/// A kind of distortion: its name, and what it makes of a listed name where it applies.
pub(crate) struct Class {
    /// What the table of results calls it.
    pub(crate) name: &'static str,
    /// Makes the distorted name; none where there is nothing to distort.
    pub(crate) make: fn(Listed<'_>, &mut Seeded) -> Option<String>,
}

/// Every class.
pub(crate) const CLASSES: &[Class] = &[
    Class { name: "as printed", make: |listed, _| Some(listed.name.to_owned()) },
    Class { name: "case, punctuation, spaces", make: case },
    Class { name: "legal form left out", make: |listed, _| legal(listed.name, |_| String::new()) },
    Class { name: "legal form added or another", make: other_form },
    Class { name: "prefix, account number", make: prefix },
    Class { name: "branch, city or role behind", make: behind },
    Class { name: "address in the name", make: address },
    Class { name: "cut at 35", make: |listed, seed| cut(listed, 35, seed) },
    Class { name: "cut at 30", make: |listed, seed| cut(listed, 30, seed) },
    Class { name: "cut at 25", make: |listed, seed| cut(listed, 25, seed) },
    Class { name: "misread by a machine", make: misread },
    Class { name: "look-alike letters", make: lookalike },
    Class { name: "full width, accents, invisible", make: encoded },
    Class { name: "several parties in a cell", make: several },
    Class { name: "and, &", make: ampersand },
    Class { name: "words shortened", make: shortened },
    Class { name: "one slip", make: |listed, seed| slips(listed.name, 1, seed) },
    Class { name: "two slips", make: |listed, seed| slips(listed.name, 2, seed) },
    Class { name: "words in another order", make: order },
    Class { name: "words joined", make: joined },
    Class { name: "words split, hyphenated", make: split },
    Class { name: "another form of a word", make: other_word },
    Class { name: "initial for a given name", make: initial },
    Class { name: "letters spaced or dotted", make: dotted },
    Class { name: ROMANIZATIONS[0].class, make: |listed, seed| romanized(0, listed, seed) },
    Class { name: ROMANIZATIONS[1].class, make: |listed, seed| romanized(1, listed, seed) },
    Class { name: ROMANIZATIONS[2].class, make: |listed, seed| romanized(2, listed, seed) },
    Class { name: ROMANIZATIONS[3].class, make: |listed, seed| romanized(3, listed, seed) },
    Class { name: "two distortions at once", make: two },
];

/// Legal forms as firms of the countries on the list write them.
const FORMS: &[&str] = &[
    "(Pvt.) Ltd.",
    "(PVT) LTD",
    "Private Limited",
    "Pvt Ltd",
    "(Private) Limited",
    "Pvt. Limited",
    "(SMC-Pvt) Ltd",
    "Co., Ltd.",
    "Company Limited",
    "Co., Limited",
    "Corp., Ltd.",
    "Group Co., Ltd.",
    "LLC",
    "L.L.C.",
    "Limited Liability Company",
    "FZE",
    "FZCO",
    "FZ-LLC",
    "FZ LLE",
    "DMCC",
    "DWC-LLC",
    "L.L.C-FZ",
    "LLC SOC",
    "Est.",
    "Trading Est",
    "PJSC",
    "OOO",
    "ООО",
    "AO",
    "ZAO",
    "OAO",
    "PAO",
    "JSC",
    "CJSC",
    "OJSC",
    "Joint Stock Company",
    "NAO",
    "FGUP",
    "TOO",
    "OsOO",
    "ODO",
    "A.S.",
    "A.Ş.",
    "Anonim Sirketi",
    "Ltd. Sti.",
    "Limited Şirketi",
    "Sdn. Bhd.",
    "Sdn Bhd",
    "Berhad",
    "PLT",
    "Pte. Ltd.",
    "Pte Ltd",
    "GmbH",
    "GmbH & Co. KG",
    "AG",
    "e.K.",
    "UG (haftungsbeschränkt)",
    "S.A.R.L.",
    "SARL",
    "S.A.",
    "SAS",
    "SASU",
    "EURL",
    "S.A.L.",
    "SAL Offshore",
    "B.V.",
    "N.V.",
    "BVBA",
    "Oy",
    "Oyj",
    "AB",
    "AS",
    "A/S",
    "ApS",
    "OÜ",
    "UAB",
    "SIA",
    "Sp. z o.o.",
    "s.r.o.",
    "d.o.o.",
    "DOOEL",
    "EOOD",
    "OOD",
    "AD",
    "S.r.l.",
    "S.p.A.",
    "S.L.",
    "S.L.U.",
    "S.A. de C.V.",
    "S. de R.L. de C.V.",
    "Ltda.",
    "Lda.",
    "EIRELI",
    "K.K.",
    "Kabushiki Kaisha",
    "PT",
    "Tbk",
    "(Pty) Ltd",
    "Pty Ltd",
    "CC",
    "Inc.",
    "Inc",
    "Corp.",
    "Corporation",
    "PLC",
    "LLP",
    "Ltd",
    "LTD.",
    "Limited",
    "W.L.L.",
    "B.S.C.",
    "S.A.O.C.",
    "SPC",
    "S.A.E.",
    "Kft.",
    "Zrt.",
    "TOV",
    "PrAT",
    "DAC",
    "S.C.S.",
    "MChJ",
    "JSCB",
    "P.J.S.",
    "Co.",
    "& Co.",
    "Company",
    "S.M.P.C.",
    "E.P.E.",
    "A.E.",
    "Single Member P.C.",
    "C.A.",
    "Unipessoal Lda",
];

/// Words of which legal forms at the end of a printed name consist.
const FORM_WORDS: &str = " (pvt) (pvt.) (private) pvt pvt. private ltd ltd. ltd., limited co co. co., company company, corp corp. corporation inc inc. \
    incorporated llc l.l.c. l.l.c fze fzco fzc fz-llc dmcc jsc sdn sdn. bhd bhd. pte pte. gmbh oy sarl s.a.r.l. sal s.a.l. \
    b.v. a.s. sti. sti sirketi bv plc ag ooo zao oao pao ao sa s.a. ";

fn form_words(name: &str) -> usize {
    let words: Vec<String> = name.split(' ').map(str::to_lowercase).collect();
    words.iter().rev().take_while(|word| FORM_WORDS.contains(&format!(" {word} "))).count()
}

fn legal(name: &str, other: impl FnOnce(usize) -> String) -> Option<String> {
    let words: Vec<&str> = name.split(' ').collect();
    let count = form_words(name);
    if count == 0 || count == words.len() {
        return None;
    }
    let mut out = words[..words.len() - count].join(" ").trim_end_matches(',').to_owned();
    let form = other(count);
    if !form.is_empty() {
        out.push(' ');
        out.push_str(&form);
    }
    Some(out)
}

#[expect(clippy::unnecessary_wraps, reason = "every class has the same shape")]
fn other_form(listed: Listed<'_>, seed: &mut Seeded) -> Option<String> {
    let form = seed.pick(FORMS);
    Some(legal(listed.name, |_| form.to_owned()).unwrap_or_else(|| {
        if matches!(form, "OOO" | "ООО" | "AO" | "ZAO" | "OAO" | "PAO" | "PT" | "FGUP" | "TOO" | "NAO")
            && seed.below(2) == 0
        {
            format!("{form} {}", listed.name)
        } else {
            format!("{} {form}", listed.name)
        }
    }))
}

#[expect(clippy::unnecessary_wraps, reason = "every class has the same shape")]
fn case(listed: Listed<'_>, seed: &mut Seeded) -> Option<String> {
    let name = listed.name;
    Some(match seed.below(6) {
        0 => name.to_uppercase(),
        1 => name.to_lowercase(),
        2 => name.replace(['.', ','], ""),
        3 => format!("  {} ", name.replace(' ', "  ").to_uppercase()),
        4 => format!("\"{name}\""),
        _ => name.replace(' ', "_").replace('-', " "),
    })
}

#[expect(clippy::unnecessary_wraps, reason = "every class has the same shape")]
fn prefix(listed: Listed<'_>, seed: &mut Seeded) -> Option<String> {
    const BEFORE: &[&str] = &[
        "M/S ",
        "M/s. ",
        "MESSRS. ",
        "Messrs ",
        "MS. ",
        "ATTN: ",
        "Attn. ",
        "TO THE ORDER OF ",
        "TO ORDER OF ",
        "C/O ",
        "c/o: ",
        "A/C ",
        "F.A.O. ",
        "FAO ",
        "The Manager, ",
        "The Director General, ",
        "THE GENERAL MANAGER ",
        "Consignee: ",
        "Buyer: ",
        "Ship to: ",
        "SHIP-TO ",
        "Sold-to: ",
        "END USER: ",
        "End-User ",
        "Notify: ",
        "Deliver to ",
        "For ",
        "O/B ",
        "On behalf of ",
        "Applicant: ",
        "Importer - ",
        "Customer: ",
        "Final consignee ",
        "Account of ",
        "for a/c of ",
        "B/O ",
    ];
    let name = listed.name;
    Some(match seed.below(8) {
        0 => format!("{} {name}", 100_000 + seed.below(900_000)),
        1 => format!("{:07} - {name}", seed.below(9_999_999)),
        2 => format!("C{:05} {name}", seed.below(99_999)),
        3 => format!("{name} ({})", 10_000 + seed.below(80_000)),
        4 => format!("[{}] {name}", 1_000 + seed.below(90_000)),
        _ => format!("{}{name}", seed.pick(BEFORE)),
    })
}

fn city_of(country: &str, seed: &mut Seeded) -> &'static str {
    match country {
        "PK" => seed.pick(&[
            "Karachi",
            "Lahore",
            "Islamabad",
            "Rawalpindi",
            "Faisalabad",
            "Sialkot",
            "Peshawar",
            "Wah Cantt",
            "Multan",
        ]),
        "CN" => seed.pick(&[
            "Shenzhen",
            "Beijing",
            "Shanghai",
            "Hong Kong",
            "Guangzhou",
            "Chengdu",
            "Xi'an",
            "Wuhan",
            "Kowloon",
        ]),
        "RU" => seed.pick(&["Moscow", "St. Petersburg", "Kazan", "Ekaterinburg", "Novosibirsk", "Samara"]),
        "AE" => seed.pick(&["Dubai", "Sharjah", "Deira, Dubai", "Abu Dhabi", "Ajman", "Jebel Ali"]),
        "IR" => seed.pick(&["Tehran", "Isfahan", "Shiraz"]),
        "TR" => seed.pick(&["Istanbul", "Ankara", "Izmir"]),
        _ => seed.pick(&["Dubai", "Karachi", "Hong Kong", "London", "Singapore", "Kuala Lumpur"]),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "every class has the same shape")]
fn behind(listed: Listed<'_>, seed: &mut Seeded) -> Option<String> {
    let (name, city) = (listed.name, city_of(listed.country, seed));
    Some(match seed.below(12) {
        0 => format!("{name}, {city}"),
        1 => format!("{name} {}", city.to_uppercase()),
        2 => format!("{name} - {city} Branch"),
        3 => format!("{name} ({city})"),
        4 => format!("{name} HEAD OFFICE"),
        5 => format!("{name} - BRANCH OFFICE {city}"),
        6 => format!("{name} (CONSIGNEE)"),
        7 => format!("{name} / {city}"),
        8 => format!("{name} - SHIP TO"),
        9 => format!("{name} ** BLOCKED **"),
        10 => format!("{name} [END USER]"),
        _ => format!(
            "{name}, {city}, {}",
            match listed.country {
                "PK" => "Pakistan",
                "CN" => "P.R. China",
                "RU" => "Russian Federation",
                "AE" => "UAE",
                "IR" => "Iran",
                "TR" => "Turkiye",
                _ => "U.A.E.",
            }
        ),
    })
}

#[expect(clippy::unnecessary_wraps, reason = "every class has the same shape")]
fn address(listed: Listed<'_>, seed: &mut Seeded) -> Option<String> {
    let (name, city) = (listed.name, city_of(listed.country, seed));
    let n = 1 + seed.below(400);
    Some(match seed.below(14) {
        0 => format!("{name}, PLOT NO {n}, SECTOR I-9/3, {city}"),
        1 => format!("{name} P.O. BOX {} {city}", n * 17),
        2 => format!("{name}, {n} Main Boulevard, Gulberg III, {city}"),
        3 => format!("{name} OFFICE {n} 3RD FLOOR AL NOOR CENTRE {city}"),
        4 => format!("{name} Rm {n}, 12/F, Golden Plaza, {n} Nathan Rd, {city}"),
        5 => format!("{name}, No.{n} Keji South Road, Nanshan District, {city}"),
        6 => format!("{name}, ul. Lenina {n}, {city}"),
        7 => format!("{name} Building {n}, Industrial Park, {city}"),
        8 => format!("{name} Warehouse {n} Jebel Ali Free Zone {city}"),
        9 => format!("{name}, Street {n}, F-7/2, {city} 44000"),
        10 => format!("{name} H.NO. {n} STREET 12 G-11/1 {city}"),
        11 => format!("{name}\n{n} Commercial Area\n{city}"),
        12 => format!("{name}, Shop # {n}, Electronics Market, Saddar, {city}"),
        _ => format!("{name} {n}-A INDUSTRIAL ESTATE {city}"),
    })
}

/// Cuts as a field of a fixed width does, after a prefix or in capitals as often as not.
fn cut(listed: Listed<'_>, width: usize, seed: &mut Seeded) -> Option<String> {
    let name = match seed.below(4) {
        0 => format!("M/S {}", listed.name),
        1 => listed.name.to_uppercase(),
        _ => listed.name.to_owned(),
    };
    let kept: String = name.chars().take(width).collect();
    // A word that names the party must be whole, or nobody could tell.
    let whole = kept.rsplit_once(' ').map_or("", |(whole, _)| whole);
    let telling = whole.split(' ').any(|word| word.len() > 3 && is_name(word));
    (name.chars().count() > width && telling).then(|| kept.trim_end().to_owned())
}

/// Whether a word is neither general vocabulary nor part of a legal form.
fn is_name(word: &str) -> bool {
    const FORMS: &str = " joint stock public closed open limited liability obshchestvo ogranichennoi ogranichennoy otvetstvennostyu aktsionernoe \
        otkrytoe zakrytoe publichnoe federalnoe gosudarstvennoe unitarnoe predpriyatie nauchno nauchno-issledovatelskiy budgetary unitary institut ";
    let word = word.to_lowercase();
    !is_english(&word) && !FORMS.contains(&format!(" {word} "))
}

fn misread(listed: Listed<'_>, seed: &mut Seeded) -> Option<String> {
    const PAIRS: &[(&str, &str)] = &[
        ("o", "0"),
        ("O", "0"),
        ("i", "1"),
        ("l", "1"),
        ("I", "l"),
        ("l", "I"),
        ("s", "5"),
        ("S", "5"),
        ("B", "8"),
        ("b", "6"),
        ("g", "9"),
        ("rn", "m"),
        ("m", "rn"),
        ("cl", "d"),
        ("d", "cl"),
        ("vv", "w"),
        ("w", "vv"),
        ("e", "c"),
        ("c", "e"),
        ("h", "li"),
        ("n", "ri"),
        ("Z", "2"),
        ("z", "2"),
        ("a", "4"),
        ("E", "3"),
        ("G", "6"),
        ("T", "7"),
        ("t", "f"),
        ("u", "ii"),
        ("q", "g"),
    ];
    let name = if seed.below(2) == 0 { listed.name.to_uppercase() } else { listed.name.to_owned() };
    let mut text = name.clone();
    for _ in 0..=seed.below(2) {
        let (from, to) = PAIRS[seed.below(PAIRS.len())];
        let to_case = if text == text.to_uppercase() { to.to_uppercase() } else { to.to_owned() };
        let from_case = if text == text.to_uppercase() { from.to_uppercase() } else { from.to_owned() };
        let places: Vec<usize> = text
            .match_indices(&from_case)
            .map(|(at, _)| at)
            .filter(|&at| word_around(&text, at).len() > 4)
            .collect();
        if !places.is_empty() {
            let at = places[seed.below(places.len())];
            text.replace_range(at..at + from.len(), &to_case);
        }
    }
    (text != name).then_some(text)
}

fn lookalike(listed: Listed<'_>, seed: &mut Seeded) -> Option<String> {
    const CYRILLIC: &[(char, char)] = &[
        ('a', 'а'),
        ('c', 'с'),
        ('e', 'е'),
        ('o', 'о'),
        ('p', 'р'),
        ('x', 'х'),
        ('y', 'у'),
        ('A', 'А'),
        ('B', 'В'),
        ('C', 'С'),
        ('E', 'Е'),
        ('H', 'Н'),
        ('K', 'К'),
        ('M', 'М'),
        ('O', 'О'),
        ('P', 'Р'),
        ('T', 'Т'),
        ('X', 'Х'),
        ('i', 'і'),
        ('s', 'ѕ'),
        ('j', 'ј'),
    ];
    const GREEK: &[(char, char)] = &[
        ('o', 'ο'),
        ('A', 'Α'),
        ('B', 'Β'),
        ('E', 'Ε'),
        ('H', 'Η'),
        ('I', 'Ι'),
        ('K', 'Κ'),
        ('M', 'Μ'),
        ('N', 'Ν'),
        ('O', 'Ο'),
        ('P', 'Ρ'),
        ('T', 'Τ'),
        ('X', 'Χ'),
        ('v', 'ν'),
        ('Z', 'Ζ'),
    ];
    let table = if seed.below(3) == 0 { GREEK } else { CYRILLIC };
    let each = seed.below(3);
    let text: String = listed
        .name
        .chars()
        .map(|c| match table.iter().find(|(latin, _)| *latin == c) {
            Some((_, other)) if each == 0 || seed.below(3) == 0 => *other,
            _ => c,
        })
        .collect();
    (text != listed.name).then_some(text)
}

#[expect(clippy::unnecessary_wraps, reason = "every class has the same shape")]
fn encoded(listed: Listed<'_>, seed: &mut Seeded) -> Option<String> {
    let name = listed.name;
    let with = |mark: &str, seed: &mut Seeded| {
        let at = name
            .char_indices()
            .map(|(at, _)| at)
            .nth(1 + seed.below(name.chars().count().max(2) - 1))
            .unwrap_or(0);
        format!("{}{mark}{}", &name[..at], &name[at..])
    };
    Some(match seed.below(8) {
        0 => name
            .chars()
            .map(|c| match c {
                '!'..='~' => char::from_u32(c as u32 + 0xfee0).unwrap_or(c),
                ' ' => '\u{3000}',
                c => c,
            })
            .collect(),
        1 => name.replace(' ', "\u{a0}"),
        2 => with("\u{200b}", seed),
        3 => with("\u{ad}", seed),
        4 => format!("\u{feff}{name}\u{200e}"),
        5 => name.replace('a', "á").replace('e', "é"),
        6 => name.replace('o', "ö").replace('u', "ū").replace('i', "í"),
        _ => name.replace('a', "a\u{301}").replace(' ', "\u{2009}").replace('-', "\u{2011}"),
    })
}

#[expect(clippy::unnecessary_wraps, reason = "every class has the same shape")]
fn several(listed: Listed<'_>, seed: &mut Seeded) -> Option<String> {
    let other = seed.pick(&[
        "Zenith Cargo Services",
        "Al Madina Clearing Agency",
        "Habib Metropolitan Bank",
        "Kuehne Nagel",
        "Bright Horizon Textiles",
        "Orchid Freight LLC",
        "Meezan Bank Ltd",
        "Silkway Movers FZE",
    ]);
    let name = listed.name;
    Some(match seed.below(10) {
        0 => format!("{other}; {name}"),
        1 => format!("{name} / {other}"),
        2 => format!("{name} C/O {other}"),
        3 => format!("{other} C/O {name}"),
        4 => format!("{other}\n{name}"),
        5 => format!("{name} | {other}"),
        6 => format!("{other} ON BEHALF OF {name}"),
        7 => format!("{other} FOR A/C {name}"),
        8 => format!("{other} (for {name})"),
        _ => format!("{other}/{name}"),
    })
}

fn ampersand(listed: Listed<'_>, seed: &mut Seeded) -> Option<String> {
    if listed.name.contains(" and ") {
        Some(listed.name.replace(" and ", seed.pick(&[" & ", "&", " + ", " n ", " AND "])))
    } else if listed.name.contains(" & ") {
        Some(listed.name.replace(" & ", seed.pick(&[" and ", "&", " + ", " AND "])))
    } else {
        None
    }
}

/// Shortens a generic word or two: by usage, by leaving vowels out, or to its beginning.
fn shortened(listed: Listed<'_>, seed: &mut Seeded) -> Option<String> {
    const USUAL: &[(&str, &str)] = &[
        ("engineering", "Engg"),
        ("engineering", "Engg."),
        ("engineering", "Eng'g"),
        ("engineering", "Engrg."),
        ("engineers", "Engrs"),
        ("international", "Int'l"),
        ("international", "Intl."),
        ("international", "Intnl"),
        ("international", "Internat'l"),
        ("services", "Svcs"),
        ("services", "Serv."),
        ("service", "Svc"),
        ("manufacturing", "Mfg."),
        ("trading", "Trdg"),
        ("trading", "Tdg."),
        ("traders", "Trdrs"),
        ("technology", "Tech."),
        ("technology", "Techn"),
        ("technologies", "Techs"),
        ("technologies", "Tech"),
        ("technical", "Tech."),
        ("electronics", "Elec."),
        ("electronic", "Elect"),
        ("electronics", "Elx"),
        ("electrical", "Elec"),
        ("equipment", "Equip."),
        ("equipment", "Eqpt"),
        ("industries", "Inds."),
        ("industrial", "Indl."),
        ("industry", "Ind."),
        ("enterprises", "Entps"),
        ("enterprise", "Ent."),
        ("communications", "Comms"),
        ("communication", "Comm."),
        ("telecommunications", "Telecom"),
        ("development", "Dev."),
        ("development", "Devt"),
        ("institute", "Inst."),
        ("university", "Univ."),
        ("research", "Res."),
        ("corporation", "Corp."),
        ("corporation", "Corpn"),
        ("company", "Co."),
        ("limited", "Ltd"),
        ("department", "Dept."),
        ("center", "Ctr"),
        ("centre", "Ctr."),
        ("national", "Nat'l"),
        ("national", "Natl"),
        ("general", "Gen."),
        ("systems", "Sys."),
        ("system", "Sys"),
        ("solutions", "Soln"),
        ("solutions", "Sols."),
        ("machinery", "Mach."),
        ("machinery", "Machy"),
        ("materials", "Mat'ls"),
        ("laboratory", "Lab."),
        ("organization", "Org."),
        ("organization", "Orgn"),
        ("association", "Assn"),
        ("automation", "Autom."),
        ("aviation", "Avn"),
        ("aviation", "Aviat."),
        ("aerospace", "Aerosp."),
        ("scientific", "Sci."),
        ("science", "Sci."),
        ("semiconductor", "Semicon"),
        ("semiconductor", "Semi."),
        ("information", "Info."),
        ("logistics", "Logis."),
        ("brothers", "Bros."),
        ("import", "Imp."),
        ("export", "Exp."),
        ("production", "Prod."),
        ("products", "Prods"),
        ("construction", "Constr."),
        ("factory", "Fty"),
        ("management", "Mgmt"),
        ("microelectronics", "Microelec."),
        ("integrated", "Integ."),
        ("advanced", "Adv."),
        ("chemical", "Chem."),
        ("mechanical", "Mech."),
        ("holding", "Hldg"),
        ("holdings", "Hldgs"),
        ("group", "Grp"),
        ("commercial", "Comml"),
        ("military", "Mil."),
        ("defense", "Def."),
        ("instruments", "Instr."),
        ("precision", "Prec."),
        ("control", "Ctrl"),
        ("electric", "Elec."),
        ("digital", "Dgtl"),
        ("security", "Sec."),
        ("software", "S/W"),
        ("computer", "Comp."),
        ("central", "Centrl"),
        ("shipping", "Shpg"),
        ("transport", "Transp."),
        ("works", "Wks"),
        ("plant", "Plt"),
        ("joint stock company", "JSC"),
        ("pakistan", "Pak"),
        ("power", "Pwr"),
        ("project", "Proj."),
    ];
    let lower = listed.name.to_lowercase();
    let mut text = lower.clone();
    let mut done = 0;
    let from = seed.below(USUAL.len());
    let goal = 1 + seed.below(2);
    for (word, short) in USUAL[from..].iter().chain(&USUAL[..from]) {
        if done < goal
            && let Some(at) = find_word(&text, word)
        {
            text.replace_range(at..at + word.len(), short);
            done += 1;
        }
    }
    if done == 0 {
        // A generic word without a usual short form: its first letters with a period, or its consonants.
        let words: Vec<&str> = lower.split(' ').collect();
        let at = words.iter().position(|word| word.len() > 7 && is_english(word))?;
        let short = if seed.below(2) == 0 {
            format!("{}.", &words[at][..4])
        } else {
            words[at]
                .char_indices()
                .filter(|(i, c)| *i == 0 || !"aeiou".contains(*c))
                .map(|(_, c)| c)
                .collect()
        };
        text = words
            .iter()
            .enumerate()
            .map(|(i, word)| if i == at { short.as_str() } else { word })
            .collect::<Vec<_>>()
            .join(" ");
    }
    Some(title(&text))
}

fn find_word(text: &str, word: &str) -> Option<usize> {
    text.match_indices(word).map(|(at, _)| at).find(|&at| {
        let before = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let after = text[at + word.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric());
        before && after
    })
}

/// Slips of the keyboard in different words of five letters and more, in generic words too.
fn slips(name: &str, count: usize, seed: &mut Seeded) -> Option<String> {
    let mut words: Vec<String> = name.split(' ').map(str::to_owned).collect();
    let mut long: Vec<usize> = (0..words.len() - form_words(name))
        .filter(|&at| words[at].len() >= 5 && words[at].bytes().all(|b| b.is_ascii_alphabetic()))
        .collect();
    if long.len() < count.min(2) && (count < 2 || long.is_empty() || words[long[0]].len() < 9) {
        return None;
    }
    for _ in 0..count {
        let at = if long.len() > 1 { long.swap_remove(seed.below(long.len())) } else { long[0] };
        let word = &mut words[at];
        let i = 1 + seed.below(word.len() - 2);
        let letter = word.remove(i);
        match seed.below(4) {
            0 => word.insert(i - 1, letter),
            1 => {}
            2 => {
                word.insert(i, letter);
                word.insert(i, letter);
            }
            _ => word.insert(i, b"asdfghjklqwertyuiop"[seed.below(19)] as char),
        }
    }
    let text = words.join(" ");
    (text != name).then_some(text)
}

fn order(listed: Listed<'_>, seed: &mut Seeded) -> Option<String> {
    let count = form_words(listed.name);
    let words: Vec<&str> = listed.name.split(' ').collect();
    let (core, form) = words.split_at(words.len() - count);
    if core.len() < 2 {
        return None;
    }
    let mut moved: Vec<&str> = core.to_vec();
    let comma = seed.below(2) == 0;
    match seed.below(3) {
        0 => moved.rotate_left(1),
        1 => moved.rotate_right(1),
        _ if moved.len() == 2 => moved.swap(0, 1),
        _ => {
            let at = seed.below(moved.len() - 1);
            moved.swap(at, at + 1);
        }
    }
    let text = if comma && core.len() > 2 {
        format!("{}, {}", moved[0], moved[1..].join(" "))
    } else {
        moved.join(" ")
    };
    Some([&[text.as_str()][..], form].concat().join(" "))
}

fn joined(listed: Listed<'_>, seed: &mut Seeded) -> Option<String> {
    let mut words: Vec<String> = listed.name.split(' ').map(str::to_owned).collect();
    let usable = words.len() - form_words(listed.name);
    if usable < 2 {
        return None;
    }
    let at = seed.below(usable - 1);
    let next = words.remove(at + 1);
    words[at].push_str(&next.to_lowercase());
    Some(words.join(" "))
}

fn split(listed: Listed<'_>, seed: &mut Seeded) -> Option<String> {
    if listed.name.contains('-') && seed.below(2) == 0 {
        return Some(listed.name.replace('-', seed.pick(&["", " "])));
    }
    let words: Vec<&str> = listed.name.split(' ').collect();
    let long: Vec<usize> = (0..words.len())
        .filter(|&at| words[at].len() >= 7 && words[at].is_ascii() && !is_english(&words[at].to_lowercase()))
        .collect();
    if long.is_empty() {
        return None;
    }
    let at = long[seed.below(long.len())];
    let cut = 3 + seed.below(words[at].len() - 5);
    let mark = seed.pick(&["-", " "]);
    let word = format!("{}{mark}{}", &words[at][..cut], &words[at][cut..]);
    Some(
        words
            .iter()
            .enumerate()
            .map(|(i, w)| if i == at { word.as_str() } else { w })
            .collect::<Vec<_>>()
            .join(" "),
    )
}

fn other_word(listed: Listed<'_>, seed: &mut Seeded) -> Option<String> {
    const FORMS: &[(&str, &str)] = &[
        ("technology", "technologies"),
        ("technologies", "technology"),
        ("technologies", "tech"),
        ("engineering", "engineers"),
        ("engineers", "engineering"),
        ("services", "service"),
        ("service", "services"),
        ("systems", "system"),
        ("system", "systems"),
        ("industries", "industry"),
        ("industry", "industries"),
        ("industrial", "industries"),
        ("enterprises", "enterprise"),
        ("enterprise", "enterprises"),
        ("electronics", "electronic"),
        ("electronic", "electronics"),
        ("products", "product"),
        ("communications", "communication"),
        ("communication", "communications"),
        ("solutions", "solution"),
        ("instruments", "instrument"),
        ("trading", "traders"),
        ("traders", "trading"),
        ("trading", "trade"),
        ("logistics", "logistic"),
        ("materials", "material"),
        ("center", "centre"),
        ("defense", "defence"),
        ("organization", "organisation"),
        ("aviation", "aviations"),
        ("sciences", "science"),
        ("science", "sciences"),
        ("components", "component"),
        ("machinery", "machineries"),
        ("machine", "machinery"),
        ("optics", "optical"),
        ("chemical", "chemicals"),
        ("works", "work"),
        ("equipment", "equipments"),
        ("supply", "supplies"),
        ("telecom", "telecommunication"),
        ("institute", "institutes"),
        ("holding", "holdings"),
        ("group", "group of companies"),
        ("plant", "plants"),
        ("aluminum", "aluminium"),
        ("manufacturing", "manufacturers"),
        ("export", "exports"),
        ("project", "projects"),
        ("electrical", "electric"),
        ("the ", ""),
    ];
    let lower = listed.name.to_lowercase();
    let from = seed.below(FORMS.len());
    FORMS[from..].iter().chain(&FORMS[..from]).find_map(|(word, other)| {
        let at = find_word(&lower, word.trim())?;
        let mut text = lower.clone();
        text.replace_range(at..at + word.trim().len(), other);
        Some(title(text.trim()))
    })
}

fn initial(listed: Listed<'_>, _: &mut Seeded) -> Option<String> {
    let words: Vec<&str> = listed.name.split(' ').collect();
    let person = (2..=4).contains(&words.len())
        && words.iter().all(|word| {
            word.len() > 3
                && word.bytes().all(|b| b.is_ascii_alphabetic())
                && !is_english(&word.to_lowercase())
        });
    (person && words.len() > 2).then(|| format!("{}. {}", &words[0][..1], words[1..].join(" ")))
}

fn dotted(listed: Listed<'_>, seed: &mut Seeded) -> Option<String> {
    let mut done = false;
    let mark = seed.pick(&[".", ". ", " "]);
    let words: Vec<String> = listed
        .name
        .split(' ')
        .map(|word| {
            if !done && (3..=5).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_uppercase()) {
                done = true;
                word.chars()
                    .flat_map(|c| std::iter::once(c).chain(mark.chars()))
                    .collect::<String>()
                    .trim_end()
                    .to_owned()
            } else {
                word.to_owned()
            }
        })
        .collect();
    done.then(|| words.join(" "))
}

fn romanized(which: usize, listed: Listed<'_>, seed: &mut Seeded) -> Option<String> {
    let romanization = &ROMANIZATIONS[which];
    if !romanization.countries.contains(&listed.country) {
        return None;
    }
    romanization.vary(listed.name, seed)
}

fn two(listed: Listed<'_>, seed: &mut Seeded) -> Option<String> {
    let within = [2, 3, 14, 15, 16, 17, 18, 19, 21];
    let around = [1, 4, 5, 6, 9, 10, 12, 13];
    let first = (CLASSES[within[seed.below(within.len())]].make)(listed, seed)?;
    (CLASSES[around[seed.below(around.len())]].make)(Listed { name: &first, ..listed }, seed)
}
