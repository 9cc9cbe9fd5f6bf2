//! Work handed to several threads and taken back in order, without anyone waiting on anyone for ever.
//!
//! One producer takes a permit a piece of work; the in-order taker, on the same thread, gives it back. Workers never
//! wait. One thread means that the calling thread does all of it. Where results are heavy, fewer pieces are under way.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc;

/// Bytes of results that may wait to be taken, as far as those before them tell.
const WAITING: usize = 6 << 20;

/// The threads of a run.
pub(super) struct Lanes {
    pool: Option<rayon::ThreadPool>,
    permits: usize,
    helpers: usize,
}

/// Threads that can be given something of their own to do, until whoever gave it is done as well.
pub(super) struct Hands<'a, 's>(Option<&'a rayon::Scope<'s>>);

impl<'s> Hands<'_, 's> {
    /// Has a thread do this when one is free; it may give others something to do in turn. With one thread, nobody does it.
    pub(super) fn start(&self, task: impl FnOnce(&Hands<'_, 's>) + Send + 's) {
        if let Some(scope) = self.0 {
            scope.spawn(move |scope| task(&Hands(Some(scope))));
        }
    }
}

impl Lanes {
    /// Lanes for this many threads.
    pub(super) fn new(threads: usize) -> Result<Self, String> {
        if threads <= 1 {
            return Ok(Self { pool: None, permits: 1, helpers: 0 });
        }
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|index| format!("audit-{index}"))
            .build()
            .map_err(|error| format!("could not start {threads} threads ({error}); try --threads 1"))?;
        // Pieces are small; enough of them wait that no thread falls asleep between two.
        Ok(Self { pool: Some(pool), permits: 6 * threads, helpers: threads - 1 })
    }

    /// Does two things, at once where there are threads for it.
    pub(super) fn both<A: Send, B: Send>(
        &self,
        one: impl FnOnce() -> A + Send,
        other: impl FnOnce() -> B + Send,
    ) -> (A, B) {
        match &self.pool {
            Some(pool) => pool.join(one, other),
            None => (one(), other()),
        }
    }

    /// Does something beside everything else, where there is a thread for it; else not at all.
    pub(super) fn ahead(&self, task: impl FnOnce() + Send + 'static) {
        if let Some(pool) = &self.pool {
            pool.spawn(task);
        }
    }

    /// How many threads may be busy for long with something else: one is always left to [`Lanes::run`].
    pub(super) fn helpers(&self) -> usize {
        self.helpers
    }

    /// Does `body` on this thread, which may give something to do to the others; what they do is done when it returns.
    pub(super) fn with_hands<'s, R>(&self, body: impl FnOnce(&Hands<'_, 's>) -> R) -> R {
        match &self.pool {
            Some(pool) => pool.in_place_scope(|scope| body(&Hands(Some(scope)))),
            None => body(&Hands(None)),
        }
    }

    /// Produces pieces one after the other, works on them on any thread, and takes the results in order. The first
    /// error of producer or taker ends the run; pieces under way are finished and dropped. `weigh` says how many bytes a
    /// result holds.
    pub(super) fn run<P: Send, R: Send, E>(
        &self,
        mut produce: impl FnMut() -> Result<Option<P>, E>,
        work: impl Fn(P) -> R + Sync,
        weigh: impl Fn(&R) -> usize,
        mut take: impl FnMut(R) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(pool) = &self.pool else {
            while let Some(piece) = produce()? {
                take(work(piece))?;
            }
            return Ok(());
        };
        let (sender, results) = mpsc::channel::<(u64, std::thread::Result<R>)>();
        let work = &work;
        pool.in_place_scope(|scope| {
            let mut waiting: BTreeMap<u64, std::thread::Result<R>> = BTreeMap::new();
            let (mut handed_out, mut taken) = (0u64, 0u64);
            let mut finished = false;
            let mut permits = self.permits;
            loop {
                while !finished && (handed_out - taken) < permits as u64 {
                    match produce()? {
                        Some(piece) => {
                            let (sender, number) = (sender.clone(), handed_out);
                            handed_out += 1;
                            scope.spawn(move |_| {
                                // A worker that panics still answers: whoever waits for it would wait for ever. The
                                // receiver is gone only when the run has ended with an error.
                                let result = catch_unwind(AssertUnwindSafe(|| work(piece)));
                                let _ = sender.send((number, result));
                            });
                        }
                        None => finished = true,
                    }
                }
                if finished && taken == handed_out {
                    return Ok(());
                }
                // Every piece handed out sends exactly one result.
                let Ok((number, result)) = results.recv() else { return Ok(()) };
                waiting.insert(number, result);
                while let Some(result) = waiting.remove(&taken) {
                    taken += 1;
                    if let Ok(result) = &result {
                        let least = self.permits.div_ceil(6) + 1;
                        permits = (WAITING / weigh(result).max(1)).clamp(least, self.permits);
                    }
                    take(result.unwrap_or_else(|panic| resume_unwind(panic)))?;
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_at_any_number_of_threads() {
        for threads in [1, 2, 8] {
            let lanes = Lanes::new(threads).unwrap();
            let mut next = 0u64;
            let mut taken = Vec::new();
            let outcome: Result<(), ()> = lanes.run(
                || {
                    next += 1;
                    Ok((next <= 500).then_some(next))
                },
                |piece| {
                    // Uneven work, so that threads overtake each other.
                    (0..(piece % 7) * 2_000).fold(piece, |sum, n| std::hint::black_box(sum ^ n ^ n))
                },
                // Light and heavy ones by turns.
                |piece| *piece as usize % 3 * WAITING,
                |piece| {
                    taken.push(piece);
                    Ok(())
                },
            );
            assert_eq!(outcome, Ok(()));
            assert_eq!(taken, (1..=500).collect::<Vec<_>>(), "{threads} threads");
        }
    }

    #[test]
    fn a_panicking_worker_ends_the_run_and_does_not_hang_it() {
        for threads in [1, 2] {
            let (sender, ended) = mpsc::channel();
            std::thread::spawn(move || {
                let outcome = catch_unwind(|| {
                    let lanes = Lanes::new(threads).unwrap();
                    let mut next = 0;
                    lanes.run(
                        || {
                            next += 1;
                            Ok::<_, ()>((next <= 50).then_some(next))
                        },
                        |piece| assert_ne!(piece, 7, "a fault of the program"),
                        |()| 0,
                        |()| Ok(()),
                    )
                });
                let _ = sender.send(outcome.is_err());
            });
            let panicked = ended.recv_timeout(std::time::Duration::from_secs(20));
            assert_eq!(panicked, Ok(true), "{threads} threads");
        }
    }

    #[test]
    fn an_error_ends_the_run() {
        let lanes = Lanes::new(2).unwrap();
        let outcome = lanes.run(|| Ok(Some(1)), |piece| piece, |_| 0, |_| Err("full"));
        assert_eq!(outcome, Err("full"));
    }
}
