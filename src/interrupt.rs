//! Ctrl-C: noted, and asked about by whoever works long.
//!
//! The first lets the work end in order, so that nothing half done is left; a second ends the program at once.

use std::sync::atomic::{AtomicBool, Ordering};

/// The exit status of a run that was interrupted.
pub const STATUS: u8 = 130;

static ASKED: AtomicBool = AtomicBool::new(false);

/// From now on an interruption is noted instead of ending the program. For work that asks [`asked`] now and then.
#[expect(clippy::exit, reason = "whoever interrupts twice wants the program to end, whatever it leaves")]
pub fn watch() {
    let noted = || {
        if ASKED.swap(true, Ordering::SeqCst) {
            std::process::exit(i32::from(STATUS));
        }
    };
    // Where the system refuses, an interruption ends the program as it always did.
    let _ = ctrlc::set_handler(noted);
}

/// Whether the run was asked to end.
pub fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
