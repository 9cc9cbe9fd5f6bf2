//! Where in a description a word stands: in the goods, in what comes with them, in what they are for.
//!
//! Reads the small words between the goods; which words those are is said in `data/items/common.toml`.

use super::Items;
use super::lexicon::Hit;
use super::paragraph::Role;

/// Where in a description a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zone {
    /// In the goods.
    Main,
    /// In what comes with them.
    With,
    /// In what they are for.
    For,
    /// In what is left out.
    Without,
}

/// Where each word stands: in the goods, in what comes with them, in what they are for, in what is left out.
pub(super) fn zones(items: &Items, count: usize, hits: &[Hit]) -> Vec<Zone> {
    let mut zones = vec![Zone::Main; count];
    let is_of = |hit: &Hit| matches!(items.role(hit.concept), Role::Of);
    for hit in hits {
        // "Machine for balancing" is a balancing machine.
        if hits.iter().any(|other| is_of(other) && other.first == 0 && other.swallows(*hit)) {
            continue;
        }
        let zone = match items.roles[usize::from(hit.concept)] {
            Role::With => Zone::With,
            Role::Without => Zone::Without,
            Role::For => Zone::For,
            Role::ForBehind => {
                zones[what_it_is_for(items, hits, hit)..hit.first].fill(Zone::For);
                continue;
            }
            _ => continue,
        };
        // A description that begins with "for" or "with" names its goods there.
        if hit.first > 0 {
            zones[hit.end.min(count)..].fill(zone);
        }
    }
    zones
}

/// Where what goods are for begins, before a word that follows it: `GC için kolon` is a column for a GC. Where no goods
/// come behind the word, they stand before what they are for: `kolon GC için`.
fn what_it_is_for(items: &Items, hits: &[Hit], word: &Hit) -> usize {
    let names_goods = |hit: &&Hit| {
        !items.paragraphs_of(hit.concept).is_empty()
            || matches!(items.role(hit.concept), Role::Excludes { .. } | Role::Model(_))
    };
    if hits.iter().filter(names_goods).any(|hit| hit.first >= word.end) {
        return 0;
    }
    let right_before = hits.iter().filter(names_goods).filter(|hit| hit.end == word.first);
    right_before.map(|hit| hit.first).min().unwrap_or(0)
}
