//! What a record says of a license: the code column and the number column read together.

use crate::field::Field;
use crate::ingest::values::is_null_word;
use crate::rulebase::{LicenseCodes, LicenseReading};

/// The authorization on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LicenseRecord {
    /// The sheet has neither a license code nor a license number column.
    NoColumn,
    /// There is a column, and it holds nothing.
    Blank,
    /// No license required, in any spelling.
    Nlr {
        /// The code has been withdrawn since.
        withdrawn: bool,
    },
    /// A BIS license number.
    Number {
        /// The number as recorded.
        number: String,
        /// The code beside it says no license required.
        beside_nlr: bool,
    },
    /// A license is claimed, and there is no number, or one of the wrong shape.
    WithoutNumber {
        /// What stands where the number should; empty where nothing does.
        found: String,
    },
    /// A license exception is claimed.
    Exception {
        /// Its symbol, `TMP`.
        symbol: String,
        /// The paragraph claimed, `(a)(1)`.
        paragraph: Option<String>,
        /// Only an AES code says so, and the code's meaning is marked unverified in the data.
        unverified_code: bool,
    },
    /// A code that is neither of these.
    Other {
        /// What the code means.
        name: String,
    },
    /// The cell could not be read as any of these.
    Unreadable,
}

impl LicenseRecord {
    /// Reads both cells; none stands for a column that the sheet does not have.
    pub fn read(codes: &LicenseCodes, code: Option<&str>, number: Option<&str>) -> Self {
        if code.is_none() && number.is_none() {
            return Self::NoColumn;
        }
        let given = |text: Option<&str>, field| {
            text.map(str::trim)
                .filter(|text| !text.is_empty() && !is_null_word(field, text))
                .map(str::to_owned)
        };
        let code_text = given(code, Field::LicenseCode);
        let number_text = given(number, Field::LicenseNumber);
        let code_reading = code_text.as_deref().map(|text| codes.read(text, None));
        // The number column of an AES record also holds CFR citations and exceptions.
        let number_reading = number_text.as_deref().map(|text| codes.read(text, None));
        let shaped = number_text.as_deref().filter(|text| codes.looks_like_license_number(text));

        if let Some(number) = shaped {
            return Self::Number {
                number: number.to_owned(),
                beside_nlr: matches!(code_reading, Some(LicenseReading::Nlr { .. })),
            };
        }
        match (code_reading, number_reading) {
            (None, None) => Self::Blank,
            (Some(LicenseReading::License { number: Some(number), .. }), _)
            | (None, Some(LicenseReading::License { number: Some(number), .. })) => {
                Self::Number { number, beside_nlr: false }
            }
            (Some(LicenseReading::License { .. }), _) => {
                Self::WithoutNumber { found: number_text.unwrap_or_default() }
            }
            (Some(reading @ LicenseReading::Exception { .. }), _)
            | (None | Some(LicenseReading::Nlr { .. }), Some(reading @ LicenseReading::Exception { .. })) => {
                Self::exception(reading)
            }
            (Some(LicenseReading::Nlr { withdrawn, .. }), None | Some(LicenseReading::Nlr { .. }))
            | (None, Some(LicenseReading::Nlr { withdrawn, .. })) => Self::Nlr { withdrawn },
            // A number is recorded that has not the shape of a BIS license number.
            (None | Some(LicenseReading::Nlr { .. }), Some(_)) => {
                Self::WithoutNumber { found: number_text.unwrap_or_default() }
            }
            (Some(LicenseReading::Other(entry)), _) => Self::Other { name: entry.name.clone() },
            (Some(LicenseReading::Unknown), _) => Self::Unreadable,
        }
    }

    fn exception(reading: LicenseReading<'_>) -> Self {
        match reading {
            LicenseReading::Exception { symbol, paragraph, from_code_only, verified, .. } => {
                Self::Exception { symbol, paragraph, unverified_code: from_code_only && !verified }
            }
            _ => Self::Unreadable,
        }
    }

    /// Whether nothing on record stands for a license: blank, or no license required.
    pub fn is_none_recorded(&self) -> bool {
        matches!(self, Self::Blank | Self::Nlr { .. })
    }

    /// Whether a license number is on record.
    pub fn has_number(&self) -> bool {
        matches!(self, Self::Number { .. })
    }
}
