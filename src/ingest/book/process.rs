//! A reader in a process of its own: this program, called by itself, under limits of memory and time.
//!
//! Formats whose readers hold a whole file in memory, or have been seen to panic or hang on damaged ones, are read there:
//! what ends the reader ends no run. Where the program has not said that it can be called so (in tests of the library),
//! a thread does the same without the limits.

use std::ffi::OsString;
use std::io::{BufReader, BufWriter, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};

use super::super::encoding::Encoding;
use super::super::fault::FileFault;
use super::super::limits::{Limits, RAISE};
use super::sink::{Event, Sink, Want};
use super::{BookFormat, REPAIR, read, wire};
use crate::guarded::guarded;

/// The name of the hidden command by which the program calls itself.
pub const COMMAND: &str = "read-workbook";

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Says that this program answers to [`COMMAND`]: from now on, formats that need it are read in a process of their own.
pub fn isolate_readers(program: PathBuf) {
    // The first word counts; there is only one program.
    let _ = PROGRAM.set(program);
}

/// Events that may wait to be taken.
const QUEUE: usize = 2;

/// What is to be read, and how.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) format: BookFormat,
    pub(crate) path: PathBuf,
    pub(crate) shown_as: String,
    pub(crate) want: Want,
    pub(crate) limits: Limits,
    pub(crate) encoding: Option<Encoding>,
}

impl Request {
    fn arguments(&self) -> [OsString; 7] {
        let want = match self.want {
            Want::Survey => "survey".to_owned(),
            Want::Sheet(index) => index.to_string(),
        };
        [
            COMMAND.into(),
            self.format.key().into(),
            want.into(),
            self.limits.factor().to_string().into(),
            self.encoding.map_or("-", Encoding::name).into(),
            self.shown_as.clone().into(),
            self.path.clone().into(),
        ]
    }

    fn from_arguments(arguments: &[OsString]) -> Option<Self> {
        let [format, want, factor, encoding, shown_as, path] = arguments else { return None };
        Some(Self {
            format: BookFormat::from_key(format.to_str()?)?,
            want: match want.to_str()? {
                "survey" => Want::Survey,
                index => Want::Sheet(index.parse().ok()?),
            },
            limits: Limits::raised(factor.to_str()?.parse().ok()?),
            encoding: Encoding::from_name(encoding.to_str()?),
            shown_as: shown_as.to_string_lossy().into_owned(),
            path: path.into(),
        })
    }

    /// Reads, telling `emit`; a panic of the reader is a fault.
    fn answer(&self, emit: &mut dyn FnMut(Event) -> bool) {
        let outcome = guarded(|| {
            let mut sink = Sink::new(self.want, &self.shown_as, emit);
            if let Err(damaged) = read(self, &mut sink) {
                sink.damaged(&damaged);
            }
            sink.end_sheet();
        });
        if outcome.is_none() {
            let what = "the file is damaged in a way that stopped its reader";
            emit(Event::Fault(FileFault::new(&self.shown_as, what, REPAIR)));
        }
        emit(Event::End);
    }
}

/// The hidden command: reads a workbook and tells what it finds on standard output. False where it was not called by
/// this program.
pub fn serve_reader(arguments: &[OsString]) -> bool {
    let Some(request) = Request::from_arguments(arguments) else { return false };
    limit_memory(request.limits.memory());
    let mut out = BufWriter::new(std::io::stdout().lock());
    // A reader that nobody listens to ends.
    request.answer(&mut |event| wire::write(&event, &mut out).and_then(|()| out.flush()).is_ok());
    true
}

/// Asks the system for no more memory than this; where it knows no such limit, only the reader's own hold.
fn limit_memory(bytes: u64) {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        // Where the system refuses, a lower limit holds already.
        let limit = Rlimit { current: Some(bytes), maximum: Some(bytes) };
        let _ = setrlimit(Resource::As, limit);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = bytes;
}

/// Events of a reader at work.
pub(crate) struct Feed {
    events: Receiver<Event>,
    child: Option<Child>,
    request: Request,
    bytes: u64,
}

impl Feed {
    /// Sets a reader to work.
    pub(crate) fn start(request: &Request) -> Result<Self, FileFault> {
        let bytes = std::fs::metadata(&request.path).map_or(0, |metadata| metadata.len());
        let (sender, events) = sync_channel(QUEUE);
        let Some(program) = PROGRAM.get() else {
            let own = request.clone();
            std::thread::spawn(move || own.answer(&mut |event| sender.send(event).is_ok()));
            return Ok(Self { events, child: None, request: request.clone(), bytes });
        };
        let mut command = Command::new(program);
        command.args(request.arguments()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let failed = |why: String| {
            let what = format!("this program could not start a process to read it ({why})");
            FileFault::new(&request.shown_as, what, "Save the file as .xlsx or CSV UTF-8 and audit that")
        };
        let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
        let Some(output) = child.stdout.take() else { return Err(failed("it has no output".into())) };
        std::thread::spawn(move || {
            let mut output = BufReader::with_capacity(1 << 16, output);
            while let Some(event) = wire::read(&mut output) {
                let last = matches!(event, Event::End);
                if sender.send(event).is_err() || last {
                    break;
                }
            }
        });
        Ok(Self { events, child: Some(child), request: request.clone(), bytes })
    }

    /// The next event; a fault where the reader died or said nothing for too long.
    pub(crate) fn next(&mut self) -> Result<Event, FileFault> {
        let patience = self.request.limits.silence(self.bytes);
        match self.events.recv_timeout(patience) {
            Ok(event) => Ok(event),
            Err(RecvTimeoutError::Timeout) => {
                self.end();
                let what = format!(
                    "its reader found nothing for {} seconds and was stopped: the file is damaged or made to be slow",
                    patience.as_secs()
                );
                Err(self.fault(what, "Open it in Excel, save it as .xlsx, and audit that file"))
            }
            Err(RecvTimeoutError::Disconnected) => {
                self.end();
                let memory = self.request.limits.memory() >> 20;
                let what = format!(
                    "its reader ended early: it needs more than the {memory} MiB of memory it may use, or is damaged"
                );
                Err(self.fault(what, &format!("Save it as .xlsx and audit that file. {RAISE}")))
            }
        }
    }

    fn fault(&self, what: String, next_step: &str) -> FileFault {
        FileFault::new(&self.request.shown_as, what, next_step)
    }

    fn end(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_survives_the_command_line() {
        let request = Request {
            format: BookFormat::Ods,
            path: "a b.ods".into(),
            shown_as: "x/a b.ods".into(),
            want: Want::Sheet(3),
            limits: Limits::raised(4),
            encoding: Encoding::from_name("windows-1252"),
        };
        let read = Request::from_arguments(&request.arguments()[1..]).unwrap();
        assert_eq!(format!("{read:?}"), format!("{request:?}"));
        assert!(Request::from_arguments(&["ods".into()]).is_none());
    }
}
