//! Runs the program as its users do, on files as they bring them.
//!
//! One test binary: it links once. The legal panel stands in `tests/panel`, the samples shipped with the program in
//! `samples`; both carry their verdicts in a last column, `expect`.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its own files has failed")]

/// The tests, a file a question.
mod suite {
    mod cli;
    mod damaged;
    mod decisions;
    mod disclosure;
    mod expectation;
    mod faults;
    mod fuzz;
    mod hard;
    mod injection;
    mod items;
    mod layers;
    mod list_texts;
    mod lists;
    mod merge;
    mod own_rules;
    mod panel;
    mod program;
    mod properties;
    mod readme;
    mod regression;
    mod same_bytes;
    mod samples;
    mod screening;
    mod supplied;
    mod two_quarters;
}
