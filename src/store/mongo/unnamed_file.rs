//! A file for readers of this process that take nothing but a path.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// A file without a name: nobody else finds it, and nothing of it stays, however the process ends.
pub(super) struct UnnamedFile(File);

impl UnnamedFile {
    /// One with this content, in memory where the system has a place there.
    pub(super) fn holding(text: &str) -> io::Result<Self> {
        Self::make(Path::new("/dev/shm"), text).or_else(|_| Self::make(&std::env::temp_dir(), text))
    }

    fn make(dir: &Path, text: &str) -> io::Result<Self> {
        let path = dir.join(format!("holdergraph-{}", Uuid::new_v4()));
        let mut file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
        fs::remove_file(&path)?;
        file.write_all(text.as_bytes())?;
        file.rewind()?;
        Ok(Self(file))
    }

    /// Where it is read, while this value lives: once, as some systems share the position.
    pub(super) fn path(&self) -> PathBuf {
        PathBuf::from(format!("/dev/fd/{}", self.0.as_raw_fd()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_by_its_path_and_has_no_name() {
        let file = UnnamedFile::holding("some text").unwrap();
        assert_eq!(fs::read_to_string(file.path()).unwrap(), "some text");
        let path = file.path();
        let target = fs::read_link(&path).unwrap();
        assert!(!target.exists(), "{}", target.display());
        drop(file);
    }
}
