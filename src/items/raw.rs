//! The files of `data/items/` as written, before anything is checked; `load` turns them into what reads descriptions.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// A name or term with its place.
pub(super) type Text = Spanned<String>;

/// `common.toml`: words that mean the same in every paragraph.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCommon {
    /// Words with the variants that stand for them.
    #[serde(default)]
    pub(super) variants: BTreeMap<Text, Vec<Text>>,
    pub(super) terms: BTreeMap<Text, Vec<Text>>,
    pub(super) connectors: RawConnectors,
    pub(super) exclusion: Vec<RawExclusion>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawConnectors {
    pub(super) with: Vec<Text>,
    pub(super) without: Vec<Text>,
    pub(super) r#for: Vec<Text>,
    pub(super) for_behind: Vec<Text>,
    pub(super) of: Vec<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExclusion {
    pub(super) name: Text,
    pub(super) why: String,
    pub(super) place: Text,
    #[serde(default)]
    pub(super) only: Vec<Text>,
    pub(super) terms: Vec<Text>,
}

/// `units.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawUnits {
    pub(super) unit: Vec<RawUnit>,
    pub(super) quantity: Vec<RawQuantity>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawUnit {
    pub(super) name: Text,
    #[serde(default)]
    pub(super) before: Vec<String>,
    #[serde(default)]
    pub(super) after: Vec<String>,
    #[serde(default)]
    pub(super) least: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawQuantity {
    pub(super) name: Text,
    pub(super) base: String,
    pub(super) factors: BTreeMap<Text, f64>,
    #[serde(default)]
    pub(super) not_beside: Vec<String>,
}

/// `pipes.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPipes {
    pub(super) stress: f64,
    pub(super) efficiency: f64,
    pub(super) classes: Vec<(f64, f64)>,
    pub(super) pipe: Vec<RawPipe>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPipe {
    pub(super) nps: f64,
    pub(super) dn: f64,
    pub(super) outside: f64,
    pub(super) walls: Vec<(f64, f64)>,
}

/// `<eccn>.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEntry {
    pub(super) eccn: Text,
    pub(super) title: String,
    pub(super) citation: String,
    #[serde(default)]
    pub(super) fits: Vec<Text>,
    #[serde(default)]
    pub(super) terms: BTreeMap<Text, Vec<Text>>,
    pub(super) paragraph: Vec<RawParagraph>,
    #[serde(default)]
    pub(super) family: Vec<RawFamily>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawParagraph {
    pub(super) id: Text,
    pub(super) item: String,
    #[serde(default)]
    pub(super) threshold: String,
    #[serde(default)]
    pub(super) neighbor_of: Vec<Text>,
    #[serde(default)]
    pub(super) yields_to: Vec<Text>,
    #[serde(default)]
    pub(super) ask: String,
    #[serde(default)]
    pub(super) headings: Vec<Text>,
    #[serde(default)]
    pub(super) alone: Vec<Text>,
    #[serde(default)]
    pub(super) sign: Vec<RawSign>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSign {
    pub(super) all: Spanned<Vec<Text>>,
    #[serde(default)]
    pub(super) any: Vec<Text>,
    #[serde(default)]
    pub(super) none: Vec<Text>,
    #[serde(default)]
    pub(super) never: Vec<Text>,
    #[serde(default)]
    pub(super) figures: Vec<Text>,
    #[serde(default)]
    pub(super) absent: Vec<Text>,
    #[serde(default)]
    pub(super) allow: Vec<Text>,
    pub(super) confidence: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFamily {
    pub(super) maker: Text,
    pub(super) models: Vec<Text>,
    pub(super) is: Vec<Text>,
    #[serde(default)]
    pub(super) gives: Vec<Text>,
    #[serde(default)]
    pub(super) near: Vec<Text>,
    #[serde(default)]
    pub(super) source: String,
    #[serde(default)]
    pub(super) verified: bool,
}
