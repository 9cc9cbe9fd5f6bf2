//! The columns of a decision file: what a reviewer fills in, and what says which findings a row is about.
//!
//! Template and reader share them, so that what the program writes it reads.

/// A column of a decision file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is described by its text")]
pub enum Column {
    Decision,
    Reason,
    Evidence,
    Reviewer,
    DecidedOn,
    ExpiresOn,
    ApprovedBy,
    MinorOrTechnical,
    FindingId,
    GroupId,
    Party,
    ListedEntityId,
    Item,
    Candidate,
    EvidenceDigest,
    BasisDigest,
}

impl Column {
    /// What a reviewer fills in, in the order of the template.
    pub const FILLED: [Self; 8] = [
        Self::Decision,
        Self::Reason,
        Self::Evidence,
        Self::Reviewer,
        Self::DecidedOn,
        Self::ExpiresOn,
        Self::ApprovedBy,
        Self::MinorOrTechnical,
    ];

    /// What says which findings a row is about, and what the reviewer saw.
    pub const ABOUT: [Self; 8] = [
        Self::FindingId,
        Self::GroupId,
        Self::Party,
        Self::ListedEntityId,
        Self::Item,
        Self::Candidate,
        Self::EvidenceDigest,
        Self::BasisDigest,
    ];

    /// The heading in a CSV file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Reason => "reason",
            Self::Evidence => "evidence",
            Self::Reviewer => "reviewer",
            Self::DecidedOn => "decided_on",
            Self::ExpiresOn => "expires_on",
            Self::ApprovedBy => "approved_by",
            Self::MinorOrTechnical => "minor_or_technical",
            Self::FindingId => "finding_id",
            Self::GroupId => "group_id",
            Self::Party => "party",
            Self::ListedEntityId => "listed_entity_id",
            Self::Item => "item",
            Self::Candidate => "candidate",
            Self::EvidenceDigest => "evidence_digest",
            Self::BasisDigest => "basis_digest",
        }
    }

    /// The column with this heading, whatever its case and whether blanks or underscores join its words.
    pub fn from_heading(heading: &str) -> Option<Self> {
        let words: Vec<String> = heading
            .split(|c: char| c.is_whitespace() || matches!(c, '_' | '-'))
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        let name = words.join("_");
        Self::FILLED.into_iter().chain(Self::ABOUT).find(|column| column.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_read_in_both_spellings() {
        assert_eq!(Column::from_heading("Decided on"), Some(Column::DecidedOn));
        assert_eq!(Column::from_heading(" decided_on "), Some(Column::DecidedOn));
        assert_eq!(Column::from_heading("status"), None);
        for column in Column::FILLED.into_iter().chain(Column::ABOUT) {
            assert_eq!(Column::from_heading(column.name()), Some(column));
        }
    }
}
