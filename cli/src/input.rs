//! What people hand over.

use std::path::Path;
use std::{fs, io};

/// Whether `-` stands for standard input here.
pub(crate) fn is_standard(file: &Path) -> bool {
    file == Path::new("-")
}

/// The text of a file, or of standard input for `-`.
pub(crate) fn read(file: &Path) -> Result<String, String> {
    let text =
        if is_standard(file) { io::read_to_string(io::stdin()) } else { fs::read_to_string(file) };
    text.map_err(|error| format!("{}: {error}", file.display()))
}
