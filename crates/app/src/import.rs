//! Bringing in what others keep: tables of records, entries, and the public *Online Retail* data.
//!
//! A file is read and checked as a whole; every fault is listed with its line, and nothing is done
//! while there is one.

pub mod retail;
pub mod table;

/// What is wrong with a line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file as named.
    pub file: String,
    /// The line, from 1; 0 = the whole file.
    pub line: u64,
    /// What is wrong, and what to do.
    pub message: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.message),
            line => write!(f, "{} line {line}: {}", self.file, self.message),
        }
    }
}

/// Why nothing was imported, or not all.
#[derive(Debug)]
pub enum ImportError {
    /// The files are at fault: everything that is wrong.
    Faults(Vec<Fault>),
    /// The engine refused, or the database failed.
    Engine(lotbook_engine::Error),
}

impl From<lotbook_engine::Error> for ImportError {
    fn from(error: lotbook_engine::Error) -> Self {
        Self::Engine(error)
    }
}

impl ImportError {
    /// One fault of the whole.
    pub fn one(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Faults(vec![Fault { file: file.into(), line: 0, message: message.into() }])
    }
}

/// Who imports, and what is told meanwhile.
pub struct Importer<'i> {
    /// The engine.
    pub engine: &'i lotbook_engine::Engine,
    /// As whom; its key and `dry_run` are set as needed.
    pub request: lotbook_engine::write::Request,
    /// Hears how many lines are done, of how many.
    pub tell: &'i mut dyn FnMut(u64, u64),
}
