//! Small changes of something genuine, as an input describes them.

/// These bytes after the edits: three bytes of the input each, namely what, where, and with which byte.
pub(crate) fn edited(bytes: &[u8], edits: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for edit in edits.chunks_exact(3) {
        let &[what, at, with] = edit else { continue };
        let at = usize::from(at) % (bytes.len() + 1);
        match what % 5 {
            0 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= with;
                }
            }
            1 => bytes.insert(at, with),
            2 if at < bytes.len() => {
                bytes.remove(at);
            }
            3 => bytes.truncate(at),
            _ => {
                let (from, to) = (at, bytes.len().min(at + usize::from(with) % 32));
                bytes.extend_from_within(from..to);
            }
        }
    }
    bytes
}
