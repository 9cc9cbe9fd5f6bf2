//! A map of a few texts, kept in their order in one list: thousands of them stand in memory at once, and a tree has room
//! for eleven texts where there is mostly one.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};

/// Values by text, in the order of the texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmallMap<V>(Vec<(Box<str>, V)>);

impl<V> SmallMap<V> {
    /// An empty map.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a text.
    pub fn get(&self, key: &str) -> Option<&V> {
        self.place(key).ok().map(|at| &self.0[at].1)
    }

    /// The value of a text, made now if there is none.
    pub fn entry(&mut self, key: &str) -> &mut V
    where
        V: Default,
    {
        let at = self.place(key).unwrap_or_else(|at| {
            // Room for no other.
            self.0.reserve_exact(1);
            self.0.insert(at, (key.into(), V::default()));
            at
        });
        &mut self.0[at].1
    }

    /// The texts and their values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &V)> {
        self.0.iter().map(|(key, value)| (&**key, value))
    }

    /// The values, in the order of their texts.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    fn place(&self, key: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| (**known).cmp(key))
    }
}

impl<V> Default for SmallMap<V> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
impl<V> std::ops::Index<&str> for SmallMap<V> {
    type Output = V;

    fn index(&self, key: &str) -> &V {
        self.get(key).unwrap()
    }
}

impl<K: Into<Box<str>>, V> FromIterator<(K, V)> for SmallMap<V> {
    /// Of equal texts the last counts.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut map = Self::new();
        for (key, value) in pairs {
            let key = key.into();
            match map.place(&key) {
                Ok(at) => map.0[at].1 = value,
                Err(at) => map.0.insert(at, (key, value)),
            }
        }
        map
    }
}

impl<K: Into<Box<str>>, V, const N: usize> From<[(K, V); N]> for SmallMap<V> {
    fn from(pairs: [(K, V); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl<V> IntoIterator for SmallMap<V> {
    type Item = (Box<str>, V);
    type IntoIter = std::vec::IntoIter<(Box<str>, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<V: Serialize> Serialize for SmallMap<V> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.iter())
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for SmallMap<V> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Pairs<V>(std::marker::PhantomData<V>);

        impl<'de, V: Deserialize<'de>> Visitor<'de> for Pairs<V> {
            type Value = SmallMap<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<SmallMap<V>, A::Error> {
                let mut map = Vec::new();
                while let Some((key, value)) = pairs.next_entry::<String, V>()? {
                    map.push((key, value));
                }
                Ok(map.into_iter().collect())
            }
        }

        from.deserialize_map(Pairs(std::marker::PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stand_in_order_and_once() {
        let mut map: SmallMap<u64> = SmallMap::from([("USD", 1), ("EUR", 2), ("USD", 3)]);
        *map.entry("CHF") += 5;
        *map.entry("EUR") += 5;
        assert_eq!(map.iter().collect::<Vec<_>>(), [("CHF", &5), ("EUR", &7), ("USD", &3)]);
        assert_eq!((map.len(), map.get("GBP"), map["EUR"]), (3, None, 7));
        let json = serde_json::to_string(&map).unwrap();
        assert_eq!(json, r#"{"CHF":5,"EUR":7,"USD":3}"#);
        assert_eq!(serde_json::from_str::<SmallMap<u64>>(&json).unwrap(), map);
        let bytes = postcard::to_stdvec(&map).unwrap();
        assert_eq!(postcard::from_bytes::<SmallMap<u64>>(&bytes).unwrap(), map);
    }
}
