//! The logical fields a column of an export can hold, in the words of 15 CFR 30.6 and 748.5.
//!
//! The headings that lead to each stand in `data/columns.csv`; reading the values is the business of `shipment`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::party::PartyRole;

/// What kind of date a column holds. Kept apart: only the first two stand for the date of export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DateKind {
    /// The date of export itself (15 CFR 30.6(a)(2)).
    Export,
    /// The actual goods issue or ship date, accepted as proxy and named.
    GoodsIssue,
    /// The invoice date.
    Invoice,
    /// The posting or document date.
    Posting,
    /// The delivery date.
    Delivery,
    /// The order or creation date.
    Order,
    /// The planned goods issue date.
    Planned,
    /// The import or arrival date.
    Import,
}

impl DateKind {
    /// All kinds, in the order in which they may stand in for the date of export.
    pub const ALL: [Self; 8] = [
        Self::Export,
        Self::GoodsIssue,
        Self::Invoice,
        Self::Posting,
        Self::Delivery,
        Self::Order,
        Self::Planned,
        Self::Import,
    ];

    /// The kind's name, as `date_basis` writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Export => "date of export",
            Self::GoodsIssue => "goods issue date",
            Self::Invoice => "invoice date",
            Self::Posting => "posting date",
            Self::Delivery => "delivery date",
            Self::Order => "order date",
            Self::Planned => "planned goods issue date",
            Self::Import => "import date",
        }
    }

    /// Whether a line judged on this date says so with a finding (RQ06).
    pub fn is_substitute(self) -> bool {
        !matches!(self, Self::Export | Self::GoodsIssue)
    }
}

/// A logical field of a shipment line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The invoice, order or delivery number.
    Document,
    /// The line number within the document.
    LineNumber,
    /// A date, by kind.
    Date(DateKind),
    /// The country of ultimate destination (15 CFR 30.6(a)(5)).
    Destination,
    /// A country column that does not say whose country it is; read as the destination where there is no better one.
    Country,
    /// A party's name.
    Party(PartyRole),
    /// A party's street address; several columns may feed it.
    PartyAddress(PartyRole),
    /// A party's city.
    PartyCity(PartyRole),
    /// A party's postal code.
    PartyPostalCode(PartyRole),
    /// A party's country.
    PartyCountry(PartyRole),
    /// The declared ECCN.
    Eccn,
    /// The Schedule B or HTSUSA number.
    ScheduleB,
    /// The item or part number.
    Item,
    /// The item's description.
    Description,
    /// The quantity shipped.
    Quantity,
    /// The unit of the quantity.
    Unit,
    /// The price of one unit.
    UnitPrice,
    /// The value of the line.
    Value,
    /// The currency of the value.
    Currency,
    /// The license code, type or exception claimed.
    LicenseCode,
    /// The license number.
    LicenseNumber,
    /// The Internal Transaction Number of the EEI filing.
    Itn,
    /// The filing citation or exemption legend.
    FilingCitation,
    /// The country of origin, or the domestic/foreign indicator.
    Origin,
    /// The country from which the goods left.
    ShipFromCountry,
    /// The plant, warehouse or shipping point.
    ShipFromSite,
    /// The port of export (15 CFR 30.6(a)(9)).
    PortOfExport,
    /// The method of transportation (15 CFR 30.6(a)(6)).
    TransportMode,
    /// The movement or document type.
    Movement,
    /// The end use as stated.
    EndUse,
    /// A telephone or fax number, or an e-mail address, of any party abroad.
    Contact,
    /// The type of the ultimate consignee (15 CFR 30.6(a)(28)).
    ConsigneeType,
    /// A column that is known and says nothing the audit asks for.
    Context,
}

impl Field {
    /// The name used in `data/columns.csv`, mapping files and messages.
    pub fn name(self) -> String {
        let of = |role: PartyRole, what: &str| format!("{}{what}", role_key(role));
        match self {
            Self::Document => "document".into(),
            Self::LineNumber => "line".into(),
            Self::Date(DateKind::Export) => "date_of_export".into(),
            Self::Date(DateKind::GoodsIssue) => "goods_issue_date".into(),
            Self::Date(DateKind::Invoice) => "invoice_date".into(),
            Self::Date(DateKind::Posting) => "posting_date".into(),
            Self::Date(DateKind::Delivery) => "delivery_date".into(),
            Self::Date(DateKind::Order) => "order_date".into(),
            Self::Date(DateKind::Planned) => "planned_date".into(),
            Self::Date(DateKind::Import) => "import_date".into(),
            Self::Destination => "destination".into(),
            Self::Country => "country".into(),
            Self::Party(role) => of(role, ""),
            Self::PartyAddress(role) => of(role, "_address"),
            Self::PartyCity(role) => of(role, "_city"),
            Self::PartyPostalCode(role) => of(role, "_postal_code"),
            Self::PartyCountry(role) => of(role, "_country"),
            Self::Eccn => "eccn".into(),
            Self::ScheduleB => "schedule_b".into(),
            Self::Item => "item".into(),
            Self::Description => "description".into(),
            Self::Quantity => "quantity".into(),
            Self::Unit => "unit".into(),
            Self::UnitPrice => "unit_price".into(),
            Self::Value => "value".into(),
            Self::Currency => "currency".into(),
            Self::LicenseCode => "license_code".into(),
            Self::LicenseNumber => "license_number".into(),
            Self::Itn => "itn".into(),
            Self::FilingCitation => "filing_citation".into(),
            Self::Origin => "origin".into(),
            Self::ShipFromCountry => "ship_from".into(),
            Self::ShipFromSite => "ship_from_site".into(),
            Self::PortOfExport => "port_of_export".into(),
            Self::TransportMode => "transport_mode".into(),
            Self::Movement => "movement".into(),
            Self::EndUse => "end_use".into(),
            Self::Contact => "contact".into(),
            Self::ConsigneeType => "consignee_type".into(),
            Self::Context => "context".into(),
        }
    }

    /// Every field, in the order in which mapping files list them.
    pub fn all() -> Vec<Self> {
        let mut all = vec![Self::Document, Self::LineNumber];
        all.extend(DateKind::ALL.map(Self::Date));
        all.extend([Self::Destination, Self::Country]);
        for role in PartyRole::ALL {
            all.extend([
                Self::Party(role),
                Self::PartyAddress(role),
                Self::PartyCity(role),
                Self::PartyPostalCode(role),
                Self::PartyCountry(role),
            ]);
        }
        all.extend([
            Self::Eccn,
            Self::ScheduleB,
            Self::Item,
            Self::Description,
            Self::Quantity,
            Self::Unit,
            Self::UnitPrice,
            Self::Value,
            Self::Currency,
            Self::LicenseCode,
            Self::LicenseNumber,
            Self::Itn,
            Self::FilingCitation,
            Self::Origin,
            Self::ShipFromCountry,
            Self::ShipFromSite,
            Self::PortOfExport,
            Self::TransportMode,
            Self::Movement,
            Self::EndUse,
            Self::Contact,
            Self::ConsigneeType,
            Self::Context,
        ]);
        all
    }

    /// The field with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        static FIELDS: LazyLock<BTreeMap<String, Field>> =
            LazyLock::new(|| Field::all().into_iter().map(|field| (field.name(), field)).collect());
        FIELDS.get(name).copied()
    }

    /// Whether several columns may feed the field, joined in column order.
    pub fn may_repeat(self) -> bool {
        matches!(self, Self::PartyAddress(_) | Self::Description | Self::Contact | Self::Context)
    }
}

fn role_key(role: PartyRole) -> &'static str {
    match role {
        PartyRole::Purchaser => "purchaser",
        PartyRole::IntermediateConsignee => "intermediate_consignee",
        PartyRole::UltimateConsignee => "ultimate_consignee",
        PartyRole::EndUser => "end_user",
        PartyRole::ShipTo => "ship_to",
        PartyRole::BillTo => "bill_to",
        PartyRole::Forwarder => "forwarder",
        PartyRole::NotifyParty => "notify_party",
        PartyRole::Carrier => "carrier",
        PartyRole::Usppi => "usppi",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for field in Field::all() {
            assert_eq!(Field::from_name(&field.name()), Some(field));
        }
    }
}
