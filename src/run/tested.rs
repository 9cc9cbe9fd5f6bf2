//! What was done to test a run itself: control totals of the extract, and lines drawn for testing by hand.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The control totals of the extract, compared with what was read.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ControlRecord {
    /// Every total given, with what was read.
    pub totals: Vec<ControlLine>,
    /// What was found of the ITNs given, a sentence each.
    pub itns: Vec<String>,
    /// Whether all of it agrees.
    pub agrees: bool,
}

/// One control total.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ControlLine {
    /// The file it is about; `all files` where none is named.
    pub file: String,
    /// What is counted or summed, with its currency.
    pub what: String,
    /// What the control file says.
    pub control: Decimal,
    /// What was read; none where there is nothing to compare it with.
    pub read: Option<Decimal>,
    /// What bears on a difference, in words.
    pub remark: String,
}

impl ControlLine {
    /// Whether both are the same.
    pub fn agrees(&self) -> bool {
        self.read == Some(self.control)
    }
}

/// The lines drawn for testing by hand.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SampleRecord {
    /// How many were asked for.
    pub asked: u64,
    /// The seed of the draw.
    pub seed: u64,
    /// The strata in their order.
    pub strata: Vec<StratumRecord>,
    /// The lines drawn, in the order of the record.
    pub lines: Vec<SampledLine>,
}

/// A stratum of the draw.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct StratumRecord {
    /// Its name.
    pub name: String,
    /// Lines without findings in it.
    pub lines: u64,
    /// How many of them were drawn.
    pub drawn: u64,
}

/// A line drawn for testing by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the columns of the sheet Sample, as recorded")]
pub struct SampledLine {
    pub stratum: String,
    pub file: String,
    pub sheet: String,
    pub row: u32,
    pub document: String,
    pub line: String,
    pub date_of_export: String,
    pub date_basis: String,
    pub destination: String,
    pub party_role: String,
    pub party_name: String,
    pub party_address: String,
    pub declared_eccn: String,
    pub item: String,
    pub description: String,
    pub quantity: String,
    pub unit: String,
    pub value: String,
    pub currency: String,
    pub license: String,
    pub movement: String,
}
