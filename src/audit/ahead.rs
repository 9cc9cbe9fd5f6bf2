//! Files and sheets read ahead of their turn, by threads that would else wait.
//!
//! One thread, the front, takes everything in the order of the input, and is the only one that adds to the run. Others
//! open the files and read the sheets that come next, each alone, and hold back what they find. The front never waits
//! for a sheet behind it: one that is still being read when its turn comes is handed over between two chunks, and the
//! front reads it on. In what is small it takes part like the others. So who was quicker changes no byte, and of several
//! errors the first in the order of the input is told.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::batch::Bench;
use super::file_state::FileState;
use super::held::Held;
use super::inputs::Input;
use super::lanes::{Hands, Lanes};
use super::opened::{Opened, open};
use super::plan::AuditPlan;
use super::reading::{Pass, Reading, SheetEnd, SheetMark};
use super::waiting::{FILES_WAITING, Failed, File, Found, OpenFile, Slot, Waiting};
use super::{Error, go_on};
use crate::ingest::Sheet;

/// Files of more bytes are open at once only so many: each holds the shared strings of a workbook, and its own window of
/// text, whatever number of threads there is.
const LARGE: u64 = 1 << 20;
const LARGE_AT_ONCE: usize = 4;

/// The files of a run, as far as they are under way.
pub(super) struct Ahead<'r> {
    inputs: &'r [Input],
    plan: &'r AuditPlan,
    bench: &'r Bench,
    /// How many threads read ahead.
    helpers: usize,
    large_at_once: usize,
    /// The sheet whose turn it is, by [`order`]; everything, once the run ends.
    front: AtomicU64,
    state: Mutex<Waiting>,
    changed: Condvar,
}

enum Task {
    Open(u32),
    Read(SheetMark, Box<Sheet>),
}

/// Has everything that is read ahead end, when the front is gone.
pub(super) struct EndsWithFront<'a, 'r>(&'a Ahead<'r>);

impl Drop for EndsWithFront<'_, '_> {
    fn drop(&mut self) {
        let _state = self.0.lock();
        self.0.front.store(u64::MAX, Ordering::Relaxed);
    }
}

impl<'r> Ahead<'r> {
    pub(super) fn new(inputs: &'r [Input], plan: &'r AuditPlan, bench: &'r Bench, lanes: &Lanes) -> Self {
        Self {
            inputs,
            plan,
            bench,
            helpers: lanes.helpers(),
            large_at_once: LARGE_AT_ONCE.min(lanes.helpers() + 1),
            front: AtomicU64::new(0),
            state: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// What the run is asked to do.
    pub(super) fn plan(&self) -> &AuditPlan {
        self.plan
    }

    /// What lines are judged by.
    pub(super) fn bench(&self) -> &Bench {
        self.bench
    }

    /// Whatever ends the front ends what is under way.
    pub(super) fn ends_with_front(&self) -> EndsWithFront<'_, 'r> {
        EndsWithFront(self)
    }

    /// The file whose turn it is, opened.
    pub(super) fn file<'s>(&'s self, number: u32, hands: &Hands<'_, 's>) -> Result<Box<Opened>, Error> {
        let mut state = self.lock();
        self.front.store(order((number, 0)), Ordering::Relaxed);
        loop {
            match state.files.get_mut(&number) {
                None => {
                    state.next = number + 1;
                    state.files.insert(number, File::Opening);
                    drop(state);
                    self.begin(hands);
                    let opened = self.open(number);
                    state = self.lock();
                    state.files.insert(number, opened);
                }
                Some(File::Opening) => state = self.wait(state),
                Some(File::Open(file)) => {
                    let opened = file.opened.take();
                    drop(state);
                    self.begin(hands);
                    return opened.ok_or_else(|| out_of_turn(number));
                }
                Some(File::Failed(_)) => {
                    return Err(match state.files.remove(&number) {
                        Some(File::Failed(failed)) => failed.raise(),
                        _ => out_of_turn(number),
                    });
                }
            }
        }
    }

    /// The sheet whose turn it is.
    pub(super) fn sheet<'s>(&'s self, mark: SheetMark, hands: &Hands<'_, 's>) -> Result<Found, Error> {
        let at = mark.at;
        let mut state = self.lock();
        self.front.store(order(at), Ordering::Relaxed);
        let slot = loop {
            match state.slot(at) {
                Some(Slot::Busy) => state = self.wait(state),
                Some(slot) => break std::mem::replace(slot, Slot::Taken),
                None => return Err(out_of_turn(at.0)),
            }
        };
        drop(state);
        self.begin(hands);
        match slot {
            Slot::Waiting(sheet) if self.is_quick(at.0) => self.read(mark, *sheet),
            Slot::Waiting(sheet) => Ok(Found::New(mark, sheet)),
            Slot::Ready(found) => Ok(found),
            Slot::Failed(failed) => Err(failed.raise()),
            Slot::Busy | Slot::Taken => Err(out_of_turn(at.0)),
        }
    }

    /// Waits for another thread to be done with something; meanwhile the front does what takes no time worth a word.
    fn wait<'a>(&'a self, mut state: MutexGuard<'a, Waiting>) -> MutexGuard<'a, Waiting> {
        match self.next(&mut state, LARGE) {
            Some(task) => {
                drop(state);
                self.perform(task);
                self.lock()
            }
            None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// The file is behind the front.
    pub(super) fn done(&self, number: u32) {
        self.lock().files.remove(&number);
    }

    /// Has as many threads read ahead as there are and may.
    fn begin<'s>(&'s self, hands: &Hands<'_, 's>) {
        loop {
            let mut state = self.lock();
            if state.busy >= self.helpers {
                return;
            }
            let Some(task) = self.next(&mut state, u64::MAX) else { return };
            state.busy += 1;
            drop(state);
            hands.start(move |hands| self.help(task, hands));
        }
    }

    /// Reads ahead until there is nothing to begin.
    fn help<'s>(&'s self, mut task: Task, hands: &Hands<'_, 's>) {
        loop {
            self.perform(task);
            let mut state = self.lock();
            let Some(next) = self.next(&mut state, u64::MAX) else {
                state.busy -= 1;
                return;
            };
            drop(state);
            // A file just opened may have sheets for others, too.
            self.begin(hands);
            task = next;
        }
    }

    /// What to do next, of files of so many bytes at most, if something may be begun.
    fn next(&self, state: &mut Waiting, most: u64) -> Option<Task> {
        let front = self.front.load(Ordering::Relaxed);
        if front == u64::MAX || state.is_full() {
            return None;
        }
        for (number, file) in &mut state.files {
            let File::Open(file) = file else { continue };
            let bytes = self.bytes(*number);
            if bytes > most {
                continue;
            }
            for (index, slot) in (0..).zip(&mut file.sheets) {
                let at = (*number, index);
                if order(at) > front
                    && let Slot::Waiting(sheet) = slot
                    // The front reads the others: so there is one of them at a time, as there always was.
                    && (bytes <= LARGE || sheet.is_light())
                    && let Slot::Waiting(sheet) = std::mem::replace(slot, Slot::Busy)
                {
                    let place = file.places[index as usize].clone();
                    return Some(Task::Read(SheetMark { at, place, file_key: file.key }, sheet));
                }
            }
        }
        let number = state.next;
        if number as usize >= self.inputs.len() || state.files.len() >= FILES_WAITING {
            return None;
        }
        let bytes = self.bytes(number);
        if bytes > most {
            return None;
        }
        if bytes > LARGE {
            let front = (front >> 32) as u32;
            let is_open = |(number, file): &(&u32, &File)| **number == front || file.is_being_read();
            let large = |(number, _): &(&u32, &File)| self.bytes(**number) > LARGE;
            if state.files.iter().filter(is_open).filter(large).count() >= self.large_at_once {
                return None;
            }
        }
        state.next += 1;
        state.files.insert(number, File::Opening);
        Some(Task::Open(number))
    }

    /// Whether the front, too, reads a file alone: where others are read beside it, lanes are of no use to few chunks.
    fn is_quick(&self, number: u32) -> bool {
        self.helpers > 0 && self.inputs.len() > 1 && self.bytes(number) <= LARGE
    }

    fn bytes(&self, number: u32) -> u64 {
        self.inputs.get(number as usize).map_or(0, |input| input.bytes)
    }

    /// Does a task. Whoever waits for it would wait for ever if a panic ended the thread without a word.
    fn perform(&self, task: Task) {
        match task {
            Task::Open(number) => {
                let file = catch_unwind(AssertUnwindSafe(|| self.open(number)))
                    .unwrap_or_else(|panic| File::Failed(Failed::Panic(panic)));
                self.lock().files.insert(number, file);
            }
            Task::Read(mark, sheet) => {
                let at = mark.at;
                let slot = match catch_unwind(AssertUnwindSafe(|| self.read(mark, *sheet))) {
                    Ok(Ok(found)) => Slot::Ready(found),
                    Ok(Err(error)) => Slot::Failed(Failed::Error(error)),
                    Err(panic) => Slot::Failed(Failed::Panic(panic)),
                };
                if let Some(own) = self.lock().slot(at) {
                    *own = slot;
                }
            }
        }
        self.changed.notify_all();
    }

    fn open(&self, number: u32) -> File {
        let (opened, sheets) = open(&self.inputs[number as usize], &self.plan.overrides);
        File::Open(Box::new(OpenFile {
            key: opened.key,
            places: opened.places.clone(),
            opened: Some(Box::new(opened)),
            sheets: sheets.into_iter().map(|sheet| Slot::Waiting(Box::new(sheet))).collect(),
        }))
    }

    /// Reads a sheet on this thread, until it ends or its turn comes.
    fn read(&self, mark: SheetMark, sheet: Sheet) -> Result<Found, Error> {
        go_on()?;
        let at = mark.at;
        let mut held = Held::new();
        let mut reading = match Reading::begin(mark, sheet, self.plan, self.bench) {
            Ok(reading) => reading,
            Err(end) => return Ok(Found::Done(end, held)),
        };
        // A quick one is done before it could be handed over.
        let is_quick = self.is_quick(at.0);
        let is_wanted = || !is_quick && order(at) <= self.front.load(Ordering::Relaxed);
        loop {
            if !reading.read_alone(self.bench, &mut held, is_wanted)? {
                return Ok(Found::Begun(reading, held));
            }
            match reading.end_pass(self.plan, self.bench) {
                Pass::Counts => break,
                Pass::Void { again } => {
                    held.cut();
                    if !again {
                        break;
                    }
                }
            }
        }
        held.close();
        Ok(Found::Done(self.end(*reading), held))
    }

    /// Closes a sheet that has been read.
    pub(super) fn end(&self, reading: Reading) -> Box<SheetEnd> {
        let path = self.inputs.get(reading.file() as usize).map(|input| input.path.as_path());
        reading.end(self.bench, path.map_or(FileState::default(), FileState::of))
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The order in which sheets have their turn.
fn order(at: (u32, u32)) -> u64 {
    u64::from(at.0) << 32 | u64::from(at.1)
}

/// What the front asks for has been given to it already: a fault of the program.
fn out_of_turn(file: u32) -> Error {
    Error::Data(vec![format!("file {file} was asked for out of its turn; this is a fault of the program")])
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::sync::mpsc;
    use std::time::Duration;

    use tempfile::TempDir;

    use super::super::reading::PANICS;
    use super::super::run;
    use super::*;
    use crate::effective::Period;
    use crate::exchange::Rates;
    use crate::ingest::Overrides;
    use crate::report::{Format, Formats};

    fn plan(inputs: Vec<PathBuf>, out: &Path, threads: usize) -> AuditPlan {
        AuditPlan {
            arguments: Vec::new(),
            inputs,
            out: Some(out.to_owned()),
            replace: false,
            overrides: Overrides::default(),
            columns_file: None,
            ship_from: None,
            period: Period { from: None, until: None },
            rules: None,
            entity_list: None,
            lists: Vec::new(),
            owners: None,
            decisions: Vec::new(),
            lines: false,
            mergeable: false,
            formats: Formats::of(&[Format::Csv]),
            fail_on: None,
            legend: None,
            matter: None,
            control: None,
            rates: Rates::default(),
            disclosure_date: None,
            sample: None,
            threads,
            quiet: true,
        }
    }

    fn book(lines: usize) -> String {
        let mut text = "Invoice,Line,Date of Export,Ship From Country,Destination,ECCN,Value\n".to_owned();
        for line in 0..lines {
            text.push_str(&format!("D{line},1,2025-06-02,US,DE,EAR99,{line}.00\n"));
        }
        text
    }

    #[test]
    fn a_panic_in_a_later_file_ends_the_run() {
        let folder = TempDir::new().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("first.csv"), book(3_000)).unwrap();
        std::fs::write(path("last.csv"), book(30)).unwrap();
        // One that is done by one thread, and one whose reading the front may take over.
        for lines in [30, 40_000] {
            std::fs::write(path(PANICS), book(lines)).unwrap();
            for threads in [1, 2, 8] {
                let inputs = ["first.csv", PANICS, "last.csv"].map(path).to_vec();
                let plan = plan(inputs, &path("out"), threads);
                let (sender, ended) = mpsc::channel();
                std::thread::spawn(move || {
                    let outcome = catch_unwind(AssertUnwindSafe(|| run(&plan).is_ok()));
                    let _ = sender.send(outcome.map_err(drop));
                });
                let outcome = ended.recv_timeout(Duration::from_secs(120));
                assert_eq!(outcome, Ok(Err(())), "{lines} lines, {threads} threads");
            }
        }
    }
}
