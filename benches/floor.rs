//! The floor that an audit of delimited text is measured against: the csv crate reads every record of the file as bytes,
//! and SHA-256 of the file is computed, on one thread.
//!
//! `cargo bench --bench floor -- FILE.csv`

use std::fs::File;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// Passes bytes on and digests them.
struct Digesting<R> {
    inner: R,
    digest: Sha256,
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.digest.update(&buffer[..count]);
        Ok(count)
    }
}

#[expect(clippy::print_stdout, reason = "a measurement says what it counted")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(path) = std::env::args().skip(1).find(|argument| !argument.starts_with("--")) else {
        println!("floor: name a CSV file");
        return Ok(());
    };
    let file = Digesting { inner: File::open(path)?, digest: Sha256::new() };
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .buffer_capacity(1 << 18)
        .from_reader(file);
    let mut record = csv::ByteRecord::new();
    let (mut records, mut bytes) = (0u64, 0usize);
    while reader.read_byte_record(&mut record)? {
        records += 1;
        bytes += record.as_slice().len();
    }
    let digest = reader.into_inner().digest.finalize();
    println!("{records} records, {bytes} bytes of cells, SHA-256 begins {:02x}{:02x}", digest[0], digest[1]);
    Ok(())
}
