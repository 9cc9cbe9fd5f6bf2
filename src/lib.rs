//! `lookback` audits historical shipment spreadsheets against the US controls on exports to Pakistan and the
//! Entity List, as both stood on the day each line shipped.
//!
//! The pipeline runs one way: spreadsheets are read into rows (`source`, `ingest`), rows into shipment lines
//! (`shipment`), lines are judged (`determination`, `checks`) against the dated law (`rulebase`) and the dated list
//! (`entity_list`), and what a person should look at is written down (`finding`, `audit`, `report`).

pub mod citation;
pub mod codes;
pub mod count;
pub mod effective;
pub mod exchange;
pub mod field;
pub(crate) mod guarded;
pub mod interrupt;
pub mod option_file;
pub mod party;
pub(crate) mod printable;
pub mod small_map;
pub mod source;
pub mod wrap;

pub mod movement;
pub mod places;
pub mod rulebase;

pub mod items;

pub mod entity_list;
pub mod lists;
pub mod memo;
pub mod screening;

pub mod ingest;
pub mod shipment;

pub mod determination;
pub mod listing;
pub mod ownership;

pub mod checks;
pub mod code_words;
pub mod finding;

pub mod control;
pub mod decisions;
pub mod disclosure;
pub mod run;

pub mod report;

pub mod audit;

pub mod compare;
pub mod past;
pub mod verify;

pub mod arguments;
pub mod cli;
pub mod commands;
