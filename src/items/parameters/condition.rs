//! A condition on figures, as the data writes it: `power >= 5 HP | hydraulic power >= 5 HP`.

use super::{Amount, QuantityId, Units, numbers};
use crate::items::text::Folded;

/// How a figure is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    AtLeast,
    Above,
    AtMost,
    Below,
}

/// One comparison of one quantity.
#[derive(Debug, Clone, PartialEq)]
struct Clause {
    quantity: QuantityId,
    comparison: Comparison,
    /// In the base unit.
    limit: f64,
}

/// Comparisons of which one must hold.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::items) struct Condition {
    clauses: Vec<Clause>,
    /// As the data writes it.
    pub(in crate::items) text: String,
}

/// What the figures of a description say of a condition.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::items) enum Answer<'a> {
    /// A figure meets it.
    Met(&'a Amount),
    /// There are figures of its quantity, and none meets it; the nearest.
    Contradicted(&'a Amount),
    /// There is no figure of its quantity.
    NoFigure,
}

impl Condition {
    /// Reads a condition.
    pub(in crate::items) fn read(text: &str, units: &Units) -> Result<Self, String> {
        let clauses =
            text.split('|').map(|clause| Clause::read(clause.trim(), units)).collect::<Result<_, _>>()?;
        Ok(Self { clauses, text: text.to_owned() })
    }

    /// Asks the figures.
    pub(in crate::items) fn ask<'a>(&self, amounts: &'a [Amount]) -> Answer<'a> {
        let mut contradicted = None;
        for clause in &self.clauses {
            for amount in amounts.iter().filter(|amount| amount.quantity == clause.quantity) {
                if clause.holds(amount) {
                    return Answer::Met(amount);
                }
                let nearer = |other: &&Amount| clause.distance(amount) < clause.distance(other);
                if contradicted.as_ref().is_none_or(nearer) {
                    contradicted = Some(amount);
                }
            }
        }
        contradicted.map_or(Answer::NoFigure, Answer::Contradicted)
    }

    /// The limit of the first comparison in the base unit, where it is written in another and the number is readable.
    pub(in crate::items) fn limit_in_base(&self, units: &Units) -> Option<String> {
        let clause = self.clauses.first()?;
        let base = &units.quantity(clause.quantity).base;
        let first = self.text.split('|').next()?.trim();
        (!first.ends_with(base.as_str())).then_some(())?;
        Some(format!("{} {base}", readable(clause.limit)?))
    }
}

/// Reads a figure that a model is known to have: `sample rate = 5 GS/s`; the quantity, the value in its base unit, and
/// the figure as written.
pub(in crate::items) fn read_figure(text: &str, units: &Units) -> Result<(QuantityId, f64, String), String> {
    let (name, rest) =
        text.split_once('=').ok_or_else(|| format!("`{text}`: write `sample rate = 5 GS/s`"))?;
    let clause = Clause::read(&format!("{name} >= {}", rest.trim()), units)?;
    Ok((clause.quantity, clause.limit, rest.trim().to_owned()))
}

impl Clause {
    fn read(text: &str, units: &Units) -> Result<Self, String> {
        let known = [
            (">=", Comparison::AtLeast),
            ("<=", Comparison::AtMost),
            (">", Comparison::Above),
            ("<", Comparison::Below),
        ];
        let Some((name, rest, comparison)) = known.iter().find_map(|(sign, comparison)| {
            let (name, rest) = text.split_once(sign)?;
            Some((name.trim(), rest.trim(), *comparison))
        }) else {
            return Err(format!("`{text}` compares nothing; write `power >= 5 HP`"));
        };
        let quantity =
            units.quantity_named(name).ok_or_else(|| format!("`{name}` is no quantity of units.toml"))?;
        let folded = Folded::new(rest);
        let number =
            numbers::number(folded.text(), 0).ok_or_else(|| format!("`{rest}` begins with no number"))?;
        let unit = rest[number.end..].trim();
        let factor = if unit == units.quantity(quantity).base {
            1.0
        } else {
            units
                .unit(unit)
                .and_then(|unit| units.factor(quantity, unit))
                .ok_or_else(|| format!("`{unit}` is no unit of {name}"))?
        };
        Ok(Self { quantity, comparison, limit: number.low * factor })
    }

    fn holds(&self, amount: &Amount) -> bool {
        // Conversions must not decide: 10.3 MPa is 10.3 MPa, however it was computed.
        let slack = self.limit.abs() * 1e-6;
        match self.comparison {
            Comparison::AtLeast => amount.high >= self.limit - slack,
            Comparison::Above => amount.high > self.limit + slack,
            Comparison::AtMost => amount.low <= self.limit + slack,
            Comparison::Below => amount.low < self.limit - slack,
        }
    }

    fn distance(&self, amount: &Amount) -> f64 {
        match self.comparison {
            Comparison::AtLeast | Comparison::Above => self.limit - amount.high,
            Comparison::AtMost | Comparison::Below => amount.low - self.limit,
        }
    }
}

/// A number with as many digits as help: `3.73`, `100000`, `0.02`; none where it would take powers of ten to read.
pub(in crate::items) fn readable(value: f64) -> Option<String> {
    if value == 0.0 {
        return Some("0".to_owned());
    }
    let magnitude = value.abs().log10().floor() as i32;
    if !(-4..=5).contains(&magnitude) {
        return None;
    }
    let decimals = (2 - magnitude).max(0) as usize;
    let text = format!("{value:.decimals$}");
    let trimmed = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    Some(trimmed.to_owned())
}
