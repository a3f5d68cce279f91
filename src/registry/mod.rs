//! Throw-away: the ports alone.
pub mod ports;
