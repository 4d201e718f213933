//! Takes the built web UI into the binary, if it has been built: `web/dist` as a table of files.
//!
//! Node.js is not called here. A server built without the UI has a page that says how to get it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let dist = root.join("../../web/dist");
    // The folder is there in every checkout (it holds a file that git keeps), else cargo would take its
    // absence for a change with every build.
    println!("cargo:rerun-if-changed={}", dist.display());
    let mut files = Vec::new();
    collect(&dist, &mut files);
    files.sort();
    let mut table = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(&dist).expect("it was found below").to_string_lossy().replace('\\', "/");
        let is_packed = file.extension().is_some_and(|ending| ending == "br" || ending == "gz");
        if is_packed || name.starts_with('.') {
            continue;
        }
        let packed = |ending: &str| -> Option<PathBuf> {
            let path = dist.join(format!("{name}.{ending}"));
            path.is_file().then_some(path)
        };
        let bytes = |path: &Path| {
            let path = path.canonicalize().expect("it was found");
            format!("include_bytes!({:?})", path.to_str().expect("paths of sources are text"))
        };
        let option = |path: Option<PathBuf>| path.map_or("None".to_owned(), |path| format!("Some({})", bytes(&path)));
        writeln!(
            table,
            "    File {{ path: {:?}, body: {}, br: {}, gz: {} }},",
            format!("/{name}"),
            bytes(file),
            option(packed("br")),
            option(packed("gz")),
        )
        .expect("a string takes everything");
    }
    table.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("web.rs"), table).expect("cargo's folder can be written");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            println!("cargo:rerun-if-changed={}", path.display());
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}
