//! What the figures of piping say together: bore and rating from nominal size, schedule, wall and class.
//!
//! The tables are `data/items/pipes.toml`; the sum is Barlow's, for the pipe alone. A figure so derived says how.

use super::condition::readable;
use super::{Amount, QuantityId, Units};

/// A pipe of one nominal size.
#[derive(Debug, Clone)]
pub(in crate::items) struct Pipe {
    /// Nominal size in inches.
    pub(in crate::items) nps: f64,
    /// Nominal size in millimeters.
    pub(in crate::items) dn: f64,
    /// Outside diameter in millimeters.
    pub(in crate::items) outside: f64,
    /// Schedule, and wall in millimeters.
    pub(in crate::items) walls: Vec<(f64, f64)>,
}

/// The tables, and the quantities they speak of.
#[derive(Debug, Clone, Default)]
pub(in crate::items) struct Pipes {
    /// Pipes by size.
    pub(in crate::items) sizes: Vec<Pipe>,
    /// Class, and its cold working pressure in megapascals.
    pub(in crate::items) classes: Vec<(f64, f64)>,
    /// Allowable stress of the pipe's material in megapascals.
    pub(in crate::items) stress: f64,
    /// Efficiency of a pump whose power is reckoned from flow and head.
    pub(in crate::items) efficiency: f64,
    /// The quantities read and derived.
    pub(in crate::items) of: Quantities,
}

/// The quantities by index.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::items) struct Quantities {
    size: QuantityId,
    class: QuantityId,
    pressure: QuantityId,
    nominal_pressure: QuantityId,
    schedule: QuantityId,
    flow: QuantityId,
    head: QuantityId,
    bore: QuantityId,
    rating: QuantityId,
    hydraulic: QuantityId,
}

impl Quantities {
    /// Finds them; the name of the first that `units.toml` lacks.
    pub(in crate::items) fn of(units: &Units) -> Result<Self, &'static str> {
        let find = |name: &'static str| units.quantity_named(name).ok_or(name);
        Ok(Self {
            size: find("size")?,
            class: find("class")?,
            pressure: find("pressure")?,
            nominal_pressure: find("nominal pressure")?,
            schedule: find("schedule")?,
            flow: find("flow")?,
            head: find("head")?,
            bore: find("bore")?,
            rating: find("rating")?,
            hydraulic: find("hydraulic power")?,
        })
    }
}

impl Pipes {
    /// Adds bore and rating where the figures give them. `pairs` are lengths written as `273x9.27`.
    pub(in crate::items) fn derive_piping(&self, pairs: &[(f64, f64)], amounts: &mut Vec<Amount>) {
        let schedule = largest(amounts, self.of.schedule).map(|amount| amount.high);
        let nominal =
            largest(amounts, self.of.size).map(|amount| self.wider_end(pairs, amount)).or_else(|| {
                self.two_ends(pairs, schedule.is_some() || largest(amounts, self.of.class).is_some())
            });
        let pair = pairs
            .iter()
            .copied()
            .find(|(outside, wall)| *outside >= 10.0 && *wall * 4.0 < *outside && *wall < 80.0);
        let mut wall = None;
        let bore = match (nominal, pair) {
            (Some((size, text)), _) => {
                let pipe = self.sizes.iter().find(|pipe| {
                    (pipe.nps * 25.4 - size).abs() < 1.0
                        || (pipe.dn - size).abs() < 0.5
                        || (pipe.outside - size).abs() < 1.0
                });
                let known = pipe.and_then(|pipe| {
                    let (_, thick) = pipe.walls.iter().find(|(number, _)| Some(*number) == schedule)?;
                    Some((pipe.outside, *thick))
                });
                match (known, pipe) {
                    (Some((outside, thick)), _) => {
                        wall = Some((outside, thick));
                        Some((
                            outside - 2.0 * thick,
                            format!("{text}, schedule {}", shown(schedule.unwrap_or_default())),
                        ))
                    }
                    // A nominal size stands for the bore: DN 200 is 8 in.
                    (None, Some(pipe)) => Some((pipe.dn, text)),
                    (None, None) => Some((size, text)),
                }
            }
            (None, Some((outside, thick))) => {
                wall = Some((outside, thick));
                Some((outside - 2.0 * thick, format!("{} x {} mm", shown(outside), shown(thick))))
            }
            (None, None) => None,
        };
        if let Some((bore, text)) = bore {
            amounts.push(derived(self.of.bore, bore, text));
        }
        if let Some((rating, text)) = self.rating(amounts, wall) {
            amounts.push(derived(self.of.rating, rating, text));
        }
    }

    /// The nominal size of a reducer or tee written as `12X8`, in inches where a schedule or a class stands beside it.
    fn two_ends(&self, pairs: &[(f64, f64)], is_nominal: bool) -> Option<(f64, String)> {
        let is_size = |inches: f64| self.sizes.iter().any(|pipe| (pipe.nps - inches).abs() < 1e-6);
        let (one, other) = *pairs.iter().find(|(one, other)| is_size(*one) && is_size(*other))?;
        is_nominal.then(|| (one.max(other) * 25.4, format!("{} x {} in", shown(one), shown(other))))
    }

    /// The wider end where two share a unit: `10 x 8 inch`.
    fn wider_end(&self, pairs: &[(f64, f64)], amount: &Amount) -> (f64, String) {
        let is_size = |inches: f64| self.sizes.iter().any(|pipe| (pipe.nps - inches).abs() < 1e-6);
        let wider = pairs.iter().find(|(one, other)| {
            is_size(*one) && is_size(*other) && one > other && (other * 25.4 - amount.high).abs() < 0.1
        });
        match wider {
            Some((one, _)) => (one * 25.4, format!("{} x {}", shown(*one), amount.text)),
            None => (amount.high, amount.text.clone()),
        }
    }

    fn rating(&self, amounts: &[Amount], wall: Option<(f64, f64)>) -> Option<(f64, String)> {
        if let Some(class) = largest(amounts, self.of.class)
            && let Some((_, pressure)) =
                self.classes.iter().find(|(class_, _)| (*class_ - class.high).abs() < 0.5)
        {
            return Some((*pressure, class.text.clone()));
        }
        if let Some(pressure) = largest(amounts, self.of.pressure) {
            return Some((pressure.high, pressure.text.clone()));
        }
        if let Some(nominal) = largest(amounts, self.of.nominal_pressure) {
            return Some((nominal.high / 10.0, nominal.text.clone()));
        }
        let (outside, thick) = wall?;
        Some((2.0 * self.stress * thick / outside, format!("wall of {} mm", shown(thick))))
    }

    /// Adds the power at the shaft that flow and head need, where both are given.
    pub(in crate::items) fn derive_power(&self, amounts: &mut Vec<Amount>) {
        const WATER: f64 = 9.81 * 1_000.0 / 3_600.0 / 1_000.0;
        let (Some(flow), Some(head)) = (largest(amounts, self.of.flow), largest(amounts, self.of.head))
        else {
            return;
        };
        let power = WATER * flow.high * head.high / self.efficiency;
        let text = format!("{} at {}", flow.text, head.text);
        amounts.push(derived(self.of.hydraulic, power, text));
    }
}

fn largest(amounts: &[Amount], quantity: QuantityId) -> Option<&Amount> {
    amounts.iter().filter(|amount| amount.quantity == quantity).max_by(|a, b| a.high.total_cmp(&b.high))
}

fn derived(quantity: QuantityId, value: f64, text: String) -> Amount {
    Amount { quantity, low: value, high: value, text, start: 0, end: 0 }
}

fn shown(value: f64) -> String {
    readable(value).unwrap_or_default()
}
