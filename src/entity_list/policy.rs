//! The license review policies of entries, by the codes the tables use, in words.
//!
//! A policy bears on a license applied for, never on whether one is required.

/// The review policy in words, with the sections it cites.
pub(crate) fn in_words(code: &str, sections: &str) -> Result<String, String> {
    let words = match code {
        "presumption-of-denial" => "presumption of denial",
        "policy-of-denial" => "policy of denial",
        "policy-of-denial+case-by-case-food-medicine-ear99" => {
            "policy of denial; food and medicine designated EAR99 case by case"
        }
        "policy-of-denial+case-by-case-part" => "policy of denial; case by case for the part the entry names",
        "per-cited-section" => "as the cited section says",
        "case-by-case-part+presumption-of-denial" | "presumption-of-denial+case-by-case-part" => {
            "case by case for the part the entry names; presumption of denial for the rest"
        }
        "case-by-case-ccl+presumption-of-approval-ear99" => {
            "case by case for items on the CCL; presumption of approval for EAR99 (a license is required all the same)"
        }
        "presumption-of-approval-ear99" => {
            "presumption of approval for EAR99 (a license is required all the same)"
        }
        "case-by-case" => "case by case",
        "other" => "read the entry",
        "unknown" => "not known from the snapshot; read the entry",
        other => return Err(format!("`{other}` is no license review policy")),
    };
    Ok(if sections.is_empty() {
        words.to_owned()
    } else {
        let cited: Vec<_> = sections.split(';').collect();
        format!("{words} (15 CFR {})", cited.join(", "))
    })
}
