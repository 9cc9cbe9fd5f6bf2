//! The progress bar: bytes read, lines a second, time left; on a terminal only.

use std::borrow::Cow;

use indicatif::{ProgressBar, ProgressStyle};

/// What a person sees while the audit runs.
pub(super) struct Progress {
    bar: ProgressBar,
    lines: u64,
}

impl Progress {
    /// A bar over all bytes to read; hidden when quiet or when no one is looking.
    pub(super) fn new(bytes: u64, quiet: bool) -> Self {
        let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(bytes) };
        if let Ok(style) = ProgressStyle::with_template(
            "{bar:30} {percent:>3} %  {bytes} of {total_bytes}  {msg}  {eta} left",
        ) {
            bar.set_style(style);
        }
        Self { bar, lines: 0 }
    }

    /// So many bytes of all have been read, and so many more lines audited.
    pub(super) fn advance(&mut self, bytes: u64, lines: u64) {
        self.lines += lines;
        self.bar.set_position(bytes);
        let seconds = self.bar.elapsed().as_secs_f64();
        if seconds > 0.2 {
            self.bar.set_message(Cow::from(format!("{:.0} lines/s", self.lines as f64 / seconds)));
        }
    }

    /// The reports are being written.
    pub(super) fn writing(&self) {
        self.bar.set_message("writing the report");
    }

    /// Says something above the bar, to whoever looks.
    pub(super) fn tell(&self, words: Option<String>) {
        if let Some(words) = words {
            self.bar.println(words);
        }
    }
}

impl Drop for Progress {
    /// Takes the bar away, so that what is said next stands alone.
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
