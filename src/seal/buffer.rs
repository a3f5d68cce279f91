//! A buffer for plaintext: no copy of it is left behind where it grows or ends.

use std::io;
use zeroize::Zeroizing;

/// Bytes that are wiped when dropped, and when they move to a larger place.
pub(crate) struct Buffer(Zeroizing<Vec<u8>>);

impl Buffer {
    /// An empty buffer with room for so many bytes.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self(Zeroizing::new(Vec::with_capacity(bytes)))
    }

    /// Adds bytes at the end.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        let needed = self.0.len() + bytes.len();
        if needed > self.0.capacity() {
            // A plain Vec would leave its old place as it is.
            let mut larger = Vec::with_capacity(needed.max(2 * self.0.capacity()));
            larger.extend_from_slice(&self.0);
            self.0 = Zeroizing::new(larger);
        }
        self.0.extend_from_slice(bytes);
    }

    /// What was added after the first `start` bytes.
    pub(crate) fn after(&mut self, start: usize) -> &mut [u8] {
        let start = start.min(self.0.len());
        self.0.split_at_mut(start).1
    }

    /// The bytes, no longer wiped: for what is plaintext no more.
    pub(crate) fn release(mut self) -> Vec<u8> {
        std::mem::take(&mut *self.0)
    }
}

impl io::Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.push(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_buffer_holds_what_was_added_however_it_grew(
            pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..20),
            capacity in 0_usize..64,
        ) {
            let mut buffer = Buffer::with_capacity(capacity);
            for piece in &pieces {
                buffer.push(piece);
            }
            let all = pieces.concat();
            let half = all.len() / 2;
            prop_assert_eq!(&*buffer.after(half), &all[half..]);
            prop_assert!(buffer.after(all.len() + 1).is_empty());
            prop_assert_eq!(buffer.release(), all);
        }
    }
}
