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
    for hit in hits {
        let zone = match items.roles[usize::from(hit.concept)] {
            Role::With => Zone::With,
            Role::Without => Zone::Without,
            Role::For => Zone::For,
            Role::ForBehind => {
                zones[..hit.first].fill(Zone::For);
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
