//! How something is read from its files once more.

use std::fmt;
use std::sync::Arc;

/// The reading itself, as it is shared.
type Read<T> = dyn Fn() -> Result<T, String> + Send + Sync;

/// Reads something from its files once more. What is wrong with them is told in words that name the setting and hold
/// nothing of their content.
pub struct Reread<T>(Arc<Read<T>>);

impl<T> Reread<T> {
    /// It is read like this.
    pub fn by(read: impl Fn() -> Result<T, String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// What is there now.
    ///
    /// # Errors
    /// It cannot be used; the text says why, and what would be right.
    pub fn read(&self) -> Result<T, String> {
        (self.0)()
    }
}

impl<T: 'static> Reread<T> {
    /// The same, and something made of it.
    pub fn then<U>(self, make: impl Fn(T) -> Result<U, String> + Send + Sync + 'static) -> Reread<U> {
        Reread::by(move || self.read().and_then(&make))
    }
}

impl<T> Clone for Reread<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// Nothing of what it reads.
impl<T> fmt::Debug for Reread<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reread")
    }
}
