//! The `lookback` command: the arguments in, the exit status out.

use std::process::ExitCode;

fn main() -> ExitCode {
    lookback::cli::main()
}
