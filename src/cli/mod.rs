//! The command line: arguments, understood and handed on; messages printed; the exit status.
//!
//! The only place that prints. What each command does stands in `commands`.

mod audit;
mod reading;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use self::audit::AuditArgs;
use self::reading::ReadingArgs;
use crate::arguments;
use crate::audit::AuditPlan;
use crate::code_words;
use crate::codes::CountryCode;
use crate::commands::{self, Failure};
use crate::effective::{Date, parse_iso};
use crate::entity_list::ListName;
use crate::ingest::{self, READER_COMMAND};
use crate::interrupt;
use crate::lists;
use crate::printable::in_lines;

/// Audits historical shipment spreadsheets against the US controls on exports to Pakistan and the Entity List, as both
/// stood on the day each line shipped. It opens no network connection. It gives findings for a person to judge; it is
/// not legal advice.
#[derive(Debug, Parser)]
#[command(name = "lookback", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Audit spreadsheets and write the report of flagged exceptions.
    Audit(Box<AuditArgs>),
    /// Show how each heading of a spreadsheet would be read, with samples.
    Columns(ColumnsArgs),
    /// Compare two finished runs: findings new, gone and changed, and why. With one run, its lines are audited again
    /// with this program and its list, or another list, and compared with what was found then.
    Compare(CompareArgs),
    /// Say whether a report is untouched, and whether this program makes it again from the same inputs.
    Verify {
        /// The output folder of a finished run. Inputs are looked up as they were given: verify in the folder from
        /// which the audit was run.
        #[arg(value_name = "RUN_DIR")]
        run: PathBuf,
        /// Compare digests alone, and do not audit again.
        #[arg(long)]
        digests_only: bool,
    },
    /// Join finished runs over other files each into the report that one audit over all of them would give.
    Merge(MergeArgs),
    /// Screen names against the Entity List.
    Screen(ScreenArgs),
    /// Show how the description of an item is read, or check an item master.
    Item(ItemArgs),
    /// Say what a finding code means, why it matters, what to look at, the law.
    #[command(after_help = code_words::listed())]
    Explain {
        /// The code, such as LR01; without one, all codes are listed.
        code: Option<String>,
    },
    /// Show the rule base in force on a date, or check it.
    Rules {
        /// The rules as they stood on this day (2024-12-26).
        #[arg(long, value_parser = parse_iso, value_name = "DATE")]
        on: Option<Date>,
        /// Check the rule base, run its examples, and list every problem with file, line and column.
        #[arg(long)]
        check: bool,
        /// Rules instead of the embedded ones.
        #[arg(long, value_name = "DIR")]
        rules: Option<PathBuf>,
    },
    /// The list: show it, import a newer one, compare two.
    #[command(subcommand)]
    Lists(ListsCommand),
    /// Write shell completions.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Write the man page.
    Man,
    /// Reads a workbook for the program itself.
    #[command(name = READER_COMMAND, hide = true)]
    ReadWorkbook {
        #[arg(allow_hyphen_values = true)]
        request: Vec<std::ffi::OsString>,
    },
}

#[derive(Debug, Subcommand)]
enum ListsCommand {
    /// Show the list, the entries under a heading on a day, or an entry with its whole history.
    Show {
        /// A part of a name, or an entry's id.
        what: Option<String>,
        /// Entries under this country heading (ISO code).
        #[arg(long, value_parser = country, value_name = "CC")]
        country: Option<CountryCode>,
        /// Entries in force on this day; the list's own last day if not given.
        #[arg(long, value_parser = parse_iso, value_name = "DATE")]
        on: Option<Date>,
        /// Another list than the embedded one.
        #[arg(long, value_name = "DIR")]
        entity_list: Option<PathBuf>,
    },
    /// Import the Consolidated Screening List as the International Trade Administration offers it for download: what is new,
    /// changed and gone is merged into the dated list and reported.
    Import {
        /// The download, CSV or JSON.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The day of the download.
        #[arg(long, value_parser = parse_iso, value_name = "DATE")]
        as_of: Date,
        /// The folder for the list, to be given to `lookback audit --entity-list`.
        #[arg(short, long, value_name = "DIR")]
        out: PathBuf,
        /// The list to merge into, an earlier import say, instead of the embedded one.
        #[arg(long, value_name = "DIR")]
        entity_list: Option<PathBuf>,
        /// questions.csv of an earlier import of this download, with the last column filled in.
        #[arg(long, value_name = "FILE.csv")]
        answers: Option<PathBuf>,
    },
    /// Say what changed from one list to another.
    Diff {
        /// The earlier list: a folder, or `embedded`.
        #[arg(value_name = "A")]
        before: PathBuf,
        /// The later list: a folder, or `embedded`.
        #[arg(value_name = "B")]
        after: PathBuf,
    },
}

#[derive(Debug, Args)]
struct ColumnsArgs {
    /// Spreadsheets.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    reading: ReadingArgs,
    /// Write the mapping to this file, to be edited and given to --columns.
    #[arg(long, value_name = "FILE.toml")]
    write: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct CompareArgs {
    /// The output folder of the earlier run.
    #[arg(value_name = "RUN_DIR")]
    earlier: PathBuf,
    /// The output folder of the later run; without it the earlier run's lines are audited again.
    #[arg(value_name = "RUN_DIR", conflicts_with_all = ["entity_list", "rules", "keep"])]
    later: Option<PathBuf>,
    /// Audit again with this list instead of the program's own.
    #[arg(long, value_name = "DIR")]
    entity_list: Option<PathBuf>,
    /// Audit again with these rules instead of the program's own.
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Keep the report of the audit done again in this folder.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: CompareFormat,
    /// The file to write; needed for xlsx.
    #[arg(short, long, value_name = "FILE", required_if_eq("format", "xlsx"))]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CompareFormat {
    Text,
    Csv,
    Xlsx,
}

#[derive(Debug, Args)]
struct MergeArgs {
    /// The output folders of runs made with --mergeable, in the order in which one audit would read their files.
    #[arg(required = true, num_args = 1.., value_name = "RUN_DIR")]
    runs: Vec<PathBuf>,
    /// The folder for the report.
    #[arg(short, long, value_name = "DIR")]
    out: PathBuf,
    /// A finished run in the output folder is kept as DIR.previous.
    #[arg(long)]
    replace: bool,
    /// Print nothing but errors.
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Debug, Args)]
struct ScreenArgs {
    /// Names to screen.
    #[arg(value_name = "NAME", required_unless_present = "file")]
    names: Vec<String>,
    /// A spreadsheet with names.
    #[arg(long, value_name = "FILE", requires = "column", conflicts_with = "names")]
    file: Option<PathBuf>,
    /// The heading of the column of names.
    #[arg(long, value_name = "HEADING", requires = "file")]
    column: Option<String>,
    /// The parties' country (ISO code); speaks for or against a match.
    #[arg(long, value_parser = country, value_name = "CC")]
    country: Option<CountryCode>,
    /// The heading of the column of their countries.
    #[arg(long, value_name = "HEADING", requires = "file")]
    country_column: Option<String>,
    /// The parties' address; the list has addresses, too.
    #[arg(long, value_name = "TEXT")]
    address: Option<String>,
    /// The heading of the column of their addresses.
    #[arg(long, value_name = "HEADING", requires = "file")]
    address_column: Option<String>,
    /// Dispositions as of this day; the list's own last day if not given.
    #[arg(long, value_parser = parse_iso, value_name = "DATE")]
    on: Option<Date>,
    /// Show every candidate from this score on (0 to 1), also those that are not for a person to look at.
    #[arg(long, value_parser = score, value_name = "SCORE")]
    min_score: Option<f32>,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: ScreenFormat,
    /// Another list than the embedded one.
    #[arg(long, value_name = "DIR")]
    entity_list: Option<PathBuf>,
    /// Lists to screen against, from the folder of an import: el, dpl, uvl, meu, sdn (the Entity List always is).
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = list_name)]
    lists: Vec<ListName>,
}

#[derive(Debug, Args)]
struct ItemArgs {
    /// The description, model number included.
    #[arg(value_name = "TEXT", required_unless_present = "file")]
    text: Option<String>,
    /// Its Schedule B or HTSUSA number.
    #[arg(long, value_name = "CODE")]
    schedule_b: Option<String>,
    /// A spreadsheet of items.
    #[arg(long, value_name = "FILE", requires = "column", conflicts_with_all = ["text", "schedule_b"])]
    file: Option<PathBuf>,
    /// The heading of the column of descriptions.
    #[arg(long, value_name = "HEADING", requires = "file")]
    column: Option<String>,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: ScreenFormat,
    /// Rules and item data instead of the embedded ones.
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ScreenFormat {
    Text,
    Csv,
}

fn score(text: &str) -> Result<f32, String> {
    let score = text.parse().ok().filter(|score| (0.0..=1.0).contains(score));
    score.ok_or_else(|| format!("`{text}` is no score between 0 and 1, such as 0.6"))
}

/// The folder of a list; none for the one in the program.
fn named_list(named: &Path) -> Option<&Path> {
    (named != Path::new("embedded")).then_some(named)
}

fn list_name(code: &str) -> Result<ListName, String> {
    let code = code.trim().to_lowercase();
    ListName::from_code(&code).ok_or_else(|| format!("`{code}` is no list; {}", ListName::codes()))
}

/// The lists beside the Entity List, each once, in canonical order.
fn further(mut lists: Vec<ListName>) -> Vec<ListName> {
    lists.retain(|list| *list != ListName::EntityList);
    lists.sort_unstable();
    lists.dedup();
    lists
}

fn country(text: &str) -> Result<CountryCode, String> {
    CountryCode::new(text)
        .ok_or_else(|| format!("`{text}` is not an ISO country code of two letters, such as US"))
}

/// Runs the command line; the exit status says how it ended.
pub fn main() -> ExitCode {
    let parsed = Cli::command()
        .try_get_matches()
        .and_then(|matches| Cli::from_arg_matches(&matches).map(|cli| (cli, audit_arguments(&matches))));
    let (cli, arguments) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            // Help and version are no errors; everything else is a usage error.
            let status = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(status);
        }
    };
    // Some formats are read by this program in a second process of its own.
    if let Ok(program) = std::env::current_exe() {
        ingest::isolate_readers(program);
    }
    match run(cli.command, arguments) {
        Ok(outcome) => {
            print(&outcome.text);
            ExitCode::from(outcome.status)
        }
        Err(failure) => {
            report(&format!("lookback: {failure}"));
            ExitCode::from(if interrupt::asked() { interrupt::STATUS } else { 2 })
        }
    }
}

/// The arguments of an audit as `run.json` keeps them; none for another command.
fn audit_arguments(matches: &clap::ArgMatches) -> Vec<String> {
    let command = Cli::command();
    match (matches.subcommand(), command.find_subcommand("audit")) {
        (Some(("audit", matches)), Some(command)) => arguments::given(command, matches),
        _ => Vec::new(),
    }
}

/// The plan of an audit with these arguments.
fn plan_again(arguments: &[String]) -> Result<AuditPlan, String> {
    let words = ["lookback", "audit"].into_iter().map(str::to_owned).chain(arguments.iter().cloned());
    let cli = Cli::try_parse_from(words).map_err(|error| error.to_string())?;
    match cli.command {
        Command::Audit(args) => args.plan(arguments.to_vec()).map_err(|failure| failure.to_string()),
        _ => Err("they are not those of an audit".to_owned()),
    }
}

fn run(command: Command, arguments: Vec<String>) -> Result<commands::Outcome, Failure> {
    if matches!(command, Command::Audit(_) | Command::Merge(_) | Command::Compare(_) | Command::Verify { .. })
    {
        interrupt::watch();
    }
    match command {
        Command::Audit(args) => commands::audit(&args.plan(arguments)?),
        Command::Compare(args) => commands::compare(
            &commands::CompareRequest {
                earlier: args.earlier,
                later: args.later,
                entity_list: args.entity_list,
                rules: args.rules,
                keep: args.keep,
                format: match args.format {
                    CompareFormat::Text => commands::CompareFormat::Text,
                    CompareFormat::Csv => commands::CompareFormat::Csv,
                    CompareFormat::Xlsx => commands::CompareFormat::Xlsx,
                },
                out: args.out,
            },
            &plan_again,
        ),
        Command::Verify { run, digests_only } => commands::verify(&run, digests_only, &plan_again),
        Command::Merge(args) => commands::merge(
            &commands::MergeRequest {
                runs: args.runs,
                out: args.out,
                replace: args.replace,
                quiet: args.quiet,
            },
            &plan_again,
        ),
        Command::Columns(args) => {
            commands::columns(&args.files, &args.reading.overrides()?, args.write.as_deref())
        }
        Command::Screen(args) => commands::screen(&commands::ScreenRequest {
            names: args.names,
            file: args.file,
            column: args.column,
            country: args.country,
            country_column: args.country_column,
            address: args.address.unwrap_or_default(),
            address_column: args.address_column,
            on: args.on,
            min_score: args.min_score,
            as_csv: args.format == ScreenFormat::Csv,
            entity_list: args.entity_list,
            lists: further(args.lists),
        }),
        Command::Item(args) => commands::item(&commands::ItemRequest {
            text: args.text,
            schedule_b: args.schedule_b,
            file: args.file,
            column: args.column,
            as_csv: args.format == ScreenFormat::Csv,
            rules: args.rules,
        }),
        Command::Explain { code } => commands::explain(code.as_deref()),
        Command::Rules { on, check, rules } => commands::rules(on, check, rules.as_deref()),
        Command::Lists(ListsCommand::Show { what, country, on, entity_list }) => {
            commands::lists_show(what.as_deref(), country, on, entity_list.as_deref())
        }
        Command::Lists(ListsCommand::Import { file, as_of, out, entity_list, answers }) => {
            commands::lists_import(&lists::Request { file, as_of, out, base: entity_list, answers })
        }
        Command::Lists(ListsCommand::Diff { before, after }) => {
            commands::lists_diff(named_list(&before), named_list(&after))
        }
        Command::ReadWorkbook { request } => {
            let status = if ingest::serve_reader(&request) { 0 } else { 2 };
            Ok(commands::Outcome { text: String::new(), status })
        }
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "lookback", &mut text);
            Ok(commands::Outcome::said(String::from_utf8_lossy(&text).into_owned()))
        }
        Command::Man => {
            let mut text = Vec::new();
            clap_mangen::Man::new(Cli::command())
                .render(&mut text)
                .map_err(|error| Failure::from(error.to_string()))?;
            Ok(commands::Outcome::said(String::from_utf8_lossy(&text).into_owned()))
        }
    }
}

fn print(text: &str) {
    use std::io::Write as _;
    if text.is_empty() {
        return;
    }
    // A reader that closes the pipe early has seen enough.
    let _ = std::io::stdout().lock().write_all(in_lines(text).as_bytes());
}

#[expect(clippy::print_stderr, reason = "the one place that prints errors")]
fn report(text: &str) {
    eprintln!("{}", in_lines(text));
}
