//! Where records are kept.

use super::mongo::Mongo;
use super::reader::{Faulted, Reader};
use super::setting::{Group, Setting, Unset};
use std::path::PathBuf;

static DATA_DIR: Setting = Setting {
    name: "DATA_DIR",
    flag: "data-dir",
    value: "PATH",
    unset: Unset::Default("./data"),
    help: "The directory of the database's files; it is made where it is missing.",
};

pub(super) static GROUP: Group = Group { heading: "Store", settings: &[&DATA_DIR] };

/// Where records are kept.
#[derive(Clone, Debug)]
pub struct Store {
    /// The directory of the database's files.
    pub data_dir: PathBuf,
    /// MongoDB, which is used instead where it is given.
    pub mongo: Option<Mongo>,
}

impl Store {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Faulted> {
        let data_dir = reader.value(&DATA_DIR, |text| Ok(PathBuf::from(text)));
        let mongo = Mongo::read(reader);
        Ok(Self { data_dir: data_dir?, mongo: mongo? })
    }
}
