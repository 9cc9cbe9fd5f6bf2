//! Loads the units, the quantities they measure, and the table of pipes.

use super::{Loading, PIPES, UNITS};
use crate::items::files::ItemFiles;
use crate::items::parameters::{Pipe, Pipes, Quantities, Quantity, Units};
use crate::items::raw::{RawPipes, RawUnits};

impl Loading {
    /// Reads `units.toml`.
    pub(super) fn units(&mut self, files: &ItemFiles) {
        let Some(raw) = self.parse::<RawUnits>(UNITS, files.text(UNITS)) else { return };
        let mut units = Units::default();
        for unit in &raw.unit {
            if units.unit(unit.name.get_ref()).is_some() {
                self.problem(
                    unit.name.span().start,
                    format!("the unit `{}` stands twice", unit.name.get_ref()),
                );
            }
            units.add(unit.name.get_ref(), &unit.before, &unit.after, unit.least);
        }
        for quantity in &raw.quantity {
            let mut factors = Vec::new();
            for (name, factor) in &quantity.factors {
                match units.unit(name.get_ref()) {
                    Some(unit) if factor.is_finite() && *factor > 0.0 => factors.push((unit, *factor)),
                    Some(_) => self.problem(name.span().start, "a factor must be greater than nothing"),
                    None => self
                        .problem(name.span().start, format!("`{}` is no unit of this file", name.get_ref())),
                }
            }
            if units.quantity_named(quantity.name.get_ref()).is_some() {
                self.problem(quantity.name.span().start, "the quantity stands twice");
            }
            units.add_quantity(Quantity {
                name: quantity.name.get_ref().clone(),
                base: quantity.base.clone(),
                factors,
                not_beside: quantity.not_beside.clone(),
            });
        }
        self.items.units = units;
    }

    /// Reads `pipes.toml`, behind the units in which it is written.
    pub(super) fn pipes(&mut self, files: &ItemFiles) {
        let Some(raw) = self.parse::<RawPipes>(PIPES, files.text(PIPES)) else { return };
        match Quantities::of(&self.items.units) {
            Ok(of) => {
                self.items.pipes = Pipes {
                    sizes: raw
                        .pipe
                        .into_iter()
                        .map(|pipe| Pipe {
                            nps: pipe.nps,
                            dn: pipe.dn,
                            outside: pipe.outside,
                            walls: pipe.walls,
                        })
                        .collect(),
                    classes: raw.classes,
                    stress: raw.stress,
                    efficiency: raw.efficiency,
                    of,
                };
            }
            Err(name) => self.problem(0, format!("units.toml has no quantity `{name}`; piping needs it")),
        }
    }
}
