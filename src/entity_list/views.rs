//! The ways a party field can be read: with or without its brackets, up to where an address begins, part by part.
//!
//! Which of them names a listed party is decided in `score`.

use super::lexicon::Lexicon;
use super::line::{Gap, Line, MAX_WORDS, Use, bits};
use super::vocabulary::{WordClass, vocabulary};

/// At most this many readings of one field are tried.
const MAX_VIEWS: usize = 12;
/// A word in brackets is an acronym up to this length.
const ACRONYM_LETTERS: usize = 8;

/// One reading: the words that name the party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct View {
    /// Its words, a bit each.
    pub(super) words: u64,
    /// Whether the reading is the field as such, less what is no name; else it is one part of several.
    pub(super) whole: bool,
    /// Whether it begins with the first word that can name the party and ends with the last of the field.
    pub(super) to_the_end: bool,
}

impl Line {
    /// A listed name less the acronym it has in brackets, and the acronym.
    pub(super) fn without_acronym(&self, lexicon: &Lexicon) -> Option<(u64, usize)> {
        let (mut inside, mut outside) = (0_u64, 0_u64);
        for at in 0..self.words.len().min(MAX_WORDS) {
            if self.words[at].used == Use::Name && !self.joins(at) {
                *(if self.words[at].bracketed { &mut inside } else { &mut outside }) |= 1 << at;
            }
        }
        if inside.count_ones() != 1 || outside.count_ones() < 2 {
            return None;
        }
        let acronym = inside.trailing_zeros() as usize;
        let known = self.token(acronym, lexicon).info.is_some();
        (self.word(acronym).len() <= ACRONYM_LETTERS && !known).then_some((outside, acronym))
    }

    /// The readings worth trying, the whole field first.
    pub(super) fn views(&self, lexicon: &Lexicon, views: &mut Vec<View>) {
        views.clear();
        let count = self.words.len().min(MAX_WORDS);
        let mask = |keep: &dyn Fn(usize) -> bool| {
            (0..count).filter(|&at| keep(at)).fold(0_u64, |mask, at| mask | 1 << at)
        };
        let names = mask(&|at| self.words[at].used == Use::Name && !self.joins(at));
        let mut readings = Readings { line: self, lexicon, views, first: names.trailing_zeros() };
        if names == 0 {
            // A field of legal forms and notes alone is read as it stands: `Company` names nobody, but is compared.
            readings.add(mask(&|_| true), true);
            // `PCL (Pvt) Ltd`: a firm may be called what elsewhere is a form.
            readings.add(mask(&|at| at == 0), true);
            return;
        }
        let bracketed = mask(&|at| self.words[at].bracketed);
        readings.add(names, true);
        readings.add(names & !bracketed, true);
        if self.words.iter().any(|word| word.used == Use::Office) {
            let offices = mask(&|at| self.words[at].used == Use::Office && !self.joins(at));
            readings.add(names | offices, true);
        }
        if let Some(care) = self.words.iter().position(|word| word.used == Use::Care) {
            let before = names & ((1 << care) - 1);
            readings.add(before, true);
            readings.add(names & !before, true);
            readings.add(before & !bracketed, true);
        }
        // An address begins at a word that says so, or at a figure; a name may have figures of its own.
        let behind = |at: &usize| *at as u32 != names.trailing_zeros();
        let marked = bits(names).filter(behind).find(|&at| self.words[at].address);
        let figure = bits(names)
            .filter(behind)
            .find(|&at| self.word(at).as_bytes()[0].is_ascii_digit() || self.words[at].address);
        for begins in [marked, figure].into_iter().flatten() {
            let head = names & ((1 << begins) - 1);
            readings.add(head, true);
            readings.add(head & !bracketed, true);
        }
        // A city behind the name, without a comma.
        let place = |at: &usize| self.token(*at, lexicon).place;
        let mut head = names;
        while head != 0 && place(&(head.ilog2() as usize)) {
            head &= !(1 << head.ilog2());
        }
        readings.add(head, false);
        self.parts(names, &mut readings);
    }

    /// Adds each part between commas, brackets, legal forms and slashes.
    fn parts(&self, names: u64, readings: &mut Readings<'_>) {
        let (mut part, mut slashed, mut opens, mut slashed_opens) = (0_u64, 0_u64, true, true);
        let mut any_slash = false;
        for at in bits(names) {
            let starts = self.starts_part(at);
            if part != 0 && starts {
                readings.add_part(std::mem::take(&mut part), opens);
                opens = self.new_party(at);
            }
            part |= 1 << at;
            let slash = self.words[at].gap == Gap::Slash;
            if slashed != 0 && (starts || slash) {
                if any_slash || slash {
                    readings.add_part(slashed, slashed_opens);
                }
                slashed = 0;
                any_slash = slash;
                slashed_opens = slash || opens;
            }
            slashed |= 1 << at;
        }
        readings.add_part(part, opens);
        if any_slash {
            readings.add_part(slashed, slashed_opens);
        }
    }

    fn starts_part(&self, at: usize) -> bool {
        let mut i = at;
        loop {
            if i == 0 || !matches!(self.words[i].gap, Gap::Space | Gap::Tight | Gap::Slash) {
                return true;
            }
            i -= 1;
            match self.words[i].used {
                Use::Name => return false,
                Use::Care => return true,
                _ => {}
            }
        }
    }

    fn new_party(&self, at: usize) -> bool {
        (1..=at)
            .rev()
            .take_while(|&i| i == at || self.words[i].used != Use::Name)
            .any(|i| self.words[i].gap == Gap::Party)
    }

    /// `and`, or the `n` that stands for it between two words.
    fn joins(&self, at: usize) -> bool {
        match self.word(at) {
            "and" => true,
            "n" => at > 0 && self.words.get(at + 1).is_some_and(|next| next.gap == Gap::Space),
            _ => false,
        }
    }
}

/// Readings gathered, none twice.
struct Readings<'a> {
    line: &'a Line,
    lexicon: &'a Lexicon,
    views: &'a mut Vec<View>,
    /// The first word that can name the party.
    first: u32,
}

impl Readings<'_> {
    /// Adds a part of the field, unless it only says where: `Middle East`, behind the legal form.
    fn add_part(&mut self, words: u64, opens: bool) {
        let common = |at: usize| {
            let token = self.line.token(at, self.lexicon);
            token.place || token.info.is_some_and(|info| info.class == WordClass::Common)
        };
        if opens || words.trailing_zeros() == self.first || !bits(words).all(common) {
            self.add(words, opens);
        }
    }

    fn add(&mut self, words: u64, whole: bool) {
        if words == 0 || self.views.len() >= MAX_VIEWS || self.views.iter().any(|view| view.words == words) {
            return;
        }
        let says_nothing = |at: usize| {
            let token = self.line.token(at, self.lexicon);
            token.place || token.digits as usize == self.line.word(at).len()
        };
        if !self.views.is_empty() && bits(words).all(says_nothing) {
            return;
        }
        let last = words.ilog2() as usize;
        let to_the_end = last + 1 == self.line.words.len() && words.trailing_zeros() == self.first;
        self.views.push(View { words, whole, to_the_end });
    }
}

/// Whether the letters of an acronym stand in the words in this order, the first at the beginning of one.
pub(super) fn abbreviates(acronym: &str, words: &[&str]) -> bool {
    let text = words.concat();
    let mut letters = text.bytes();
    words.iter().any(|word| word.as_bytes().first() == acronym.as_bytes().first())
        && acronym.bytes().all(|letter| letters.any(|other| other == letter))
        && vocabulary().word(acronym).is_none()
}

#[cfg(test)]
mod tests {
    use super::super::fold::Letters;
    use super::*;

    fn views(text: &str) -> Vec<String> {
        let (mut line, mut lexicon, mut views) = (Line::default(), Lexicon::default(), Vec::new());
        line.read_field(text, Letters::AsTheyCome, &mut lexicon);
        line.views(&lexicon, &mut views);
        let text = |view: &View| line.places(view.words).map(|(_, word)| word).collect::<Vec<_>>().join(" ");
        views.iter().map(text).collect()
    }

    #[test]
    fn legal_forms_and_prefixes_are_set_aside() {
        assert_eq!(views("M/S TROJANS (Pvt.) Ltd."), ["trojans"]);
        assert_eq!(views("MS. Falah Traders Group"), ["falah traders group"]);
        assert_eq!(views("K.B.S. Private Limited"), ["kbs"]);
        assert_eq!(views("0077120034 - Karim and Brothers Overseas"), ["karim brothers overseas"]);
        assert_eq!(views("TO THE ORDER OF M/S Gulf Meridian Supply PVT. LTD"), ["gulf meridian supply"]);
        assert_eq!(views("The Procurement Manager, Margalla Overseas"), ["margalla overseas"]);
        assert_eq!(views("OOO Gazmash"), ["gazmash"]);
        assert_eq!(views("C37414 Gulf Meridian"), ["gulf meridian"]);
        assert_eq!(views("Consignee: Gulf Meridian"), ["gulf meridian"]);
        assert_eq!(views("END USER Gulf Meridian (20817)"), ["gulf meridian"]);
    }

    #[test]
    fn legal_forms_are_told_however_they_are_written() {
        for form in [
            "L. L. C.",
            "LLC SOC",
            "FZ LLE",
            "Jointstock Company",
            "Joint Stcok Company",
            "S. de R.L. de C.V.",
            "Unipessoal Lda",
            "E.P.E.",
            "Sanayi ve Ticaret Limited Sir keti",
            "(SMC-Pvt) Ltd",
            "SASU",
            "Pvt. Limted",
        ] {
            assert_eq!(views(&format!("Gulf Meridian {form}"))[0], "gulf meridian", "{form}");
        }
    }

    #[test]
    fn a_word_written_twice_is_one_word() {
        assert_eq!(views("Rohtas Rohtas Enterprises"), views("Rohtas Enterprises"));
    }

    #[test]
    fn an_address_ends_the_name() {
        let read = views("TECHNICAL SERVICES SUITE 12 4TH FLOOR GULBERG PLAZA MAIN BOULEVARD LAHORE");
        assert!(read.contains(&"technical services".to_owned()), "{read:?}");
        let read = views("239th Meridian Works Warehouse 157 Jebel Ali");
        assert!(
            read.contains(&"239th meridian".to_owned()) || read.contains(&"239th meridian works".to_owned()),
            "{read:?}"
        );
        let read = views("MERIDIAN MULTIMEDIA, P.O. BOX 2207, LAHORE");
        assert!(read.contains(&"meridian multimedia".to_owned()), "{read:?}");
    }

    #[test]
    fn notes_brackets_and_second_parties_are_told_apart() {
        assert_eq!(views("GMSCO (CONSIGNEE)")[0], "gmsco");
        assert_eq!(views("Meridian Overseas // SHIP-TO"), ["meridian overseas"]);
        assert!(
            views("Machinery Master Enterprises (MME)").contains(&"machinery master enterprises".to_owned())
        );
        assert!(views("Marine Systems C/O BONDED WAREHOUSE").contains(&"marine systems".to_owned()));
        assert!(views("Kuehne Nagel/Gulf Meridian").contains(&"gulf meridian".to_owned()));
        assert!(views("Kuehne Nagel FOR A/C Gulf Meridian").contains(&"gulf meridian".to_owned()));
        assert!(views("Alpha Beta; Global Traders").contains(&"global traders".to_owned()));
    }
}
