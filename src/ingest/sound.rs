//! Sound records taken apart by their marks.
//!
//! What sound text is and where its marks stand, `marks` knows; a text that is not sound is left to `records`.
#![expect(clippy::inline_always, reason = "what uses vectors must stand in the function compiled for them")]

use fearless_simd::{Level, dispatch};

use super::marks::{BLOCK, BLOCKS, Window};
use crate::source::Batch;

/// How many marks are written down at once.
const STEP: usize = 8;

/// Takes the records of a sound text apart into a batch. `rewritten` takes the text of cells with doubled quotes, which
/// stands behind the text itself.
pub(super) fn take_apart(
    text: &[u8],
    windows: &[Window],
    first_line: u32,
    batch: &mut Batch,
    rewritten: &mut Vec<u8>,
) {
    batch.begin_row(first_line, 1, false);
    let rows = Rows {
        text,
        batch,
        rewritten,
        // One cell goes on from the window before; of the stops, the last few may not be.
        starts: vec![0; BLOCKS * BLOCK + 1],
        stops: vec![0; BLOCKS * BLOCK + STEP],
        doubled: Vec::new(),
        cells: 0,
        line: first_line,
        row_line: first_line,
    };
    dispatch!(Level::new(), _ => rows.all(windows));
}

/// Writes down where the bits of a window stand, one behind the other; gives how many there are.
#[inline(always)]
fn write_down(window: &[u64; BLOCKS], mut base: u32, places: &mut [u32]) -> usize {
    let mut count = 0;
    for &bits in window {
        let (mut rest, mut at) = (bits, count);
        // Always a few together, whether there are as many or not: that is quicker than to ask after each.
        while let Some(places) = places.get_mut(at..at + STEP) {
            for place in places {
                *place = base + rest.trailing_zeros();
                rest &= rest.wrapping_sub(1);
            }
            at += STEP;
            if rest == 0 {
                break;
            }
        }
        count += bits.count_ones() as usize;
        base += BLOCK as u32;
    }
    count
}

/// The rows being made; the last is begun before its record is seen.
struct Rows<'t> {
    text: &'t [u8],
    batch: &'t mut Batch,
    rewritten: &'t mut Vec<u8>,
    /// Where the text of each cell of a window begins, the one that goes on from the window before first.
    starts: Vec<u32>,
    /// The place behind the first byte that is no part of it.
    stops: Vec<u32>,
    /// The numbers of cells with doubled quotes.
    doubled: Vec<u32>,
    /// How many cells have begun.
    cells: u32,
    /// The physical line that a block begins on, and that of the last row.
    line: u32,
    row_line: u32,
}

impl Rows<'_> {
    #[inline(always)]
    fn all(mut self, windows: &[Window]) {
        for (index, window) in windows.iter().enumerate() {
            let base = (index * BLOCKS * BLOCK) as u32;
            let count = write_down(&window.stops, base, &mut self.stops);
            // Most cells begin right behind what ends the one before.
            self.starts[1..=count].copy_from_slice(&self.stops[..count]);
            self.begin(base, window);
            let places = self.starts[..count].iter().zip(&self.stops[..count]);
            self.batch.mark_cells(places.map(|(&start, &behind)| (start, behind - 1)));
            self.starts[0] = self.starts[count];
            self.rewrite_doubled();
        }
    }

    /// Sees where the other cells of a window begin, and begins a row behind each that ends in it.
    #[inline(always)]
    fn begin(&mut self, mut base: u32, window: &Window) {
        let marked = self.batch.cell_count();
        let (mut cells, mut line) = (self.cells, self.line);
        for block in 0..BLOCKS {
            let (starts, feeds) = (window.starts[block], window.feeds[block]);
            let mut apart = starts & !window.stops[block];
            while apart != 0 {
                let before = (starts & (apart ^ (apart - 1))).count_ones() - 1;
                self.starts[(cells - marked + before) as usize] = base + apart.trailing_zeros();
                apart &= apart - 1;
            }
            if window.doubled[block] != 0 {
                self.see_doubled(window.doubled[block], starts, cells);
            }
            let mut ends = window.row_ends[block];
            while ends != 0 {
                let up_to = ends ^ (ends - 1);
                let next_line = line + (feeds & up_to).count_ones();
                if next_line - self.row_line > 1 {
                    self.batch.end_row(next_line - self.row_line, None);
                }
                self.row_line = next_line;
                if ((base + ends.trailing_zeros()) as usize) < self.text.len() - 1 {
                    self.batch.begin_row_at(next_line, cells + (starts & up_to).count_ones());
                }
                ends &= ends - 1;
            }
            line += feeds.count_ones();
            cells += starts.count_ones();
            base += BLOCK as u32;
        }
        (self.cells, self.line) = (cells, line);
    }

    /// Keeps the numbers of the cells in which such bytes stand; so many have begun before.
    fn see_doubled(&mut self, mut doubled: u64, starts: u64, before: u32) {
        while doubled != 0 {
            let up_to = doubled ^ (doubled - 1);
            let cell = before + (starts & up_to).count_ones() - 1;
            if self.doubled.last() != Some(&cell) {
                self.doubled.push(cell);
            }
            doubled &= doubled - 1;
        }
    }

    /// Writes cells with doubled quotes anew, but one that goes on.
    fn rewrite_doubled(&mut self) {
        let known = self.batch.cell_count();
        let whole = self.doubled.partition_point(|&cell| cell < known);
        for cell in self.doubled.drain(..whole) {
            let place = self.batch.place_of(cell);
            let start = self.text.len() + self.rewritten.len();
            push_without_doubled_quotes(&self.text[place], self.rewritten);
            self.batch.move_cell(cell, start..self.text.len() + self.rewritten.len());
        }
    }
}

/// Adds the text of a quoted cell with one quote for each doubled one.
fn push_without_doubled_quotes(text: &[u8], onto: &mut Vec<u8>) {
    let mut second = false;
    for &byte in text {
        second = byte == b'"' && !second;
        if !second {
            onto.push(byte);
        }
    }
}
