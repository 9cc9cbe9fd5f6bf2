//! The parties of a shipment and the roles in which the record names them.
//!
//! The first four roles are the persons of 15 CFR 748.5(c)-(f), by whom an Entity List requirement is decided.

use std::fmt;

/// The role in which a record names a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum PartyRole {
    /// 15 CFR 748.5(c).
    Purchaser,
    /// 15 CFR 748.5(d).
    IntermediateConsignee,
    /// 15 CFR 748.5(e).
    UltimateConsignee,
    /// 15 CFR 748.5(f).
    EndUser,
    /// Read as the ultimate consignee where the record has no better column, and so named.
    ShipTo,
    /// Outside 748.5(c)-(f) as such.
    BillTo,
    /// The forwarding agent or authorized agent; outside 748.5(c)-(f) as such.
    Forwarder,
    /// Outside 748.5(c)-(f) as such.
    NotifyParty,
    /// The exporting carrier; outside 748.5(c)-(f).
    Carrier,
    /// The US principal party in interest, or the exporter or supplier.
    Usppi,
}

impl PartyRole {
    /// All roles, in canonical order.
    pub const ALL: [Self; 10] = [
        Self::Purchaser,
        Self::IntermediateConsignee,
        Self::UltimateConsignee,
        Self::EndUser,
        Self::ShipTo,
        Self::BillTo,
        Self::Forwarder,
        Self::NotifyParty,
        Self::Carrier,
        Self::Usppi,
    ];

    /// The role's name, as the regulations and the report write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Purchaser => "purchaser",
            Self::IntermediateConsignee => "intermediate consignee",
            Self::UltimateConsignee => "ultimate consignee",
            Self::EndUser => "end user",
            Self::ShipTo => "ship-to (read as ultimate consignee)",
            Self::BillTo => "bill-to",
            Self::Forwarder => "forwarder or agent",
            Self::NotifyParty => "notify party",
            Self::Carrier => "carrier",
            Self::Usppi => "USPPI or exporter",
        }
    }

    /// Whether a listed party in this role makes the transaction one that needs a license.
    pub fn is_transaction_party(self) -> bool {
        matches!(
            self,
            Self::Purchaser
                | Self::IntermediateConsignee
                | Self::UltimateConsignee
                | Self::EndUser
                | Self::ShipTo
        )
    }
}

impl fmt::Display for PartyRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
