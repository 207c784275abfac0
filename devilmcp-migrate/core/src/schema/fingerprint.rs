//! A whole structure as one value.

use std::hash::{Hash, Hasher};

use super::Schema;
use crate::digest::Digest;

impl Schema {
    /// One value for the whole structure. Equal structures have equal fingerprints in one version of this crate; it is
    /// compiled into a program, and never stored.
    pub fn fingerprint(&self) -> Digest {
        let mut bytes = Bytes::default();
        self.hash(&mut bytes);
        Digest::of_bytes(&bytes.0)
    }
}

/// What is to be hashed, in a form that is the same on the machine that compiles and on the one that runs.
#[derive(Default)]
struct Bytes(Vec<u8>);

impl Hasher for Bytes {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Lengths, and which variant it is. Nearly all are small, and each byte costs: SHA-256 may be compiled without
    /// optimisation.
    fn write_usize(&mut self, number: usize) {
        match u8::try_from(number) {
            Ok(small) if small < u8::MAX => self.0.push(small),
            _ => {
                self.0.push(u8::MAX);
                self.0.extend_from_slice(&(number as u64).to_le_bytes());
            }
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.0.push(byte);
    }

    fn finish(&self) -> u64 {
        // Nobody asks: the bytes themselves are taken.
        0
    }
}
