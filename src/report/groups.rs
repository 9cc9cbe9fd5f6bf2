//! The groups of reviews, as reports read them: one after the other, so that they may stand on disk.

use std::io;

use crate::finding::Disposition;
use crate::run::GroupRecord;

/// Groups of reviews in the order of their first finding, read anew by each report that prints them.
pub trait Groups: std::fmt::Debug {
    /// How many there are.
    fn count(&self) -> usize;

    /// Hands over each until `visit` wants no more.
    ///
    /// # Errors
    /// When they stand on disk and cannot be read.
    fn each(&self, visit: &mut dyn FnMut(GroupRecord) -> bool) -> io::Result<()>;
}

impl Groups for Vec<GroupRecord> {
    fn count(&self) -> usize {
        self.iter().filter(|group| group.disposition == Disposition::Review).count()
    }

    fn each(&self, visit: &mut dyn FnMut(GroupRecord) -> bool) -> io::Result<()> {
        let mut reviews = self.iter().filter(|group| group.disposition == Disposition::Review);
        reviews.all(|group| visit(group.clone()));
        Ok(())
    }
}
