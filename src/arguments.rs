//! The arguments of an audit as `run.json` keeps them, so that the audit can be done again; and a plan made of them.
//!
//! What says where the report goes, how many threads judge and what is printed is left out: it changes no byte of a report.

use clap::{ArgMatches, Command};

/// Arguments that change nothing in the report.
const LEFT_OUT: [&str; 4] = ["out", "replace", "threads", "quiet"];

/// The arguments given to a command, in the order of its options, then what stands without an option.
pub fn given(command: &Command, matches: &ArgMatches) -> Vec<String> {
    let mut options = Vec::new();
    let mut bare = Vec::new();
    for argument in command.get_arguments() {
        let id = argument.get_id().as_str();
        if LEFT_OUT.contains(&id) || matches.value_source(id) != Some(clap::parser::ValueSource::CommandLine)
        {
            continue;
        }
        let values = || {
            let raw = matches.get_raw(id).into_iter().flatten();
            raw.map(|value| value.to_string_lossy().into_owned())
        };
        match argument.get_long() {
            None => bare.extend(values()),
            Some(long) if argument.get_action().takes_values() => {
                options.extend(values().map(|value| format!("--{long}={value}")));
            }
            Some(long) => options.push(format!("--{long}")),
        }
    }
    if !bare.is_empty() {
        options.push("--".to_owned());
        options.append(&mut bare);
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Arg, ArgAction};

    fn command() -> Command {
        Command::new("audit")
            .arg(Arg::new("inputs").num_args(1..))
            .arg(Arg::new("out").long("out").short('o'))
            .arg(Arg::new("quiet").long("quiet").short('q').action(ArgAction::SetTrue))
            .arg(Arg::new("lines").long("lines").action(ArgAction::SetTrue))
            .arg(Arg::new("formats").long("formats").default_value("csv"))
            .arg(Arg::new("decisions").long("decisions").action(ArgAction::Append))
    }

    #[test]
    fn what_was_given_is_kept_and_gives_itself_again() {
        let typed = ["audit", "-qo", "x", "a b.csv", "--decisions", "one", "--lines", "--decisions=two"];
        let kept = given(&command(), &command().get_matches_from(typed));
        assert_eq!(kept, ["--lines", "--decisions=one", "--decisions=two", "--", "a b.csv"]);
        let again = std::iter::once("audit".to_owned()).chain(kept.clone());
        assert_eq!(given(&command(), &command().get_matches_from(again)), kept);
    }
}
