//! Finding the documents that a document adopts: beside it in its folder, or as the `policy.md` of a folder beside its own.

use hengjie_policy::adopt::{Adoption, Parent, among};
use hengjie_syntax::Message;
use std::path::{Path, PathBuf};

/// Files that are looked at.
const FILES: usize = 1_000;

/// Finds what a document adopts. `own` is the path of the document itself, `from` that of the document that adopts, when it is
/// another one.
pub(super) fn find(own: &Path, wanted: &Adoption, from: &str) -> Result<Parent, Message> {
    let child = if from.is_empty() { own } else { Path::new(from) };
    // A file that cannot be read, or is too large, is none of ours; that the parent is missing is said below.
    let files = candidates(child).into_iter().filter_map(|path| {
        let text = super::read_text(&path).ok()?;
        Some(Parent { file: path.display().to_string(), text })
    });
    among(files, wanted)?.ok_or_else(|| missing(child, wanted))
}

fn missing(child: &Path, wanted: &Adoption) -> Message {
    let folder = folder(child);
    let shown = folder.display();
    Message::new(
        format!("找不到制度“{}”：看过 {shown} 里的 .md 文件和它旁边各文件夹的 policy.md", wanted.name),
        format!(
            "there is no policy `{}` among the .md files of {shown} and the policy.md of the folders beside it",
            wanted.name
        ),
    )
}

/// The Markdown files of the folder of a document and the documents of the folders beside it, by name.
fn candidates(child: &Path) -> Vec<PathBuf> {
    let folder = folder(child);
    let mut here: Vec<PathBuf> = list(&folder);
    here.retain(|path| {
        path.extension().is_some_and(|ending| ending == "md") && path.file_name() != child.file_name()
    });
    let beside = folder.canonicalize().ok().and_then(|folder| Some((folder.parent()?.to_owned(), folder)));
    if let Some((above, own)) = beside {
        // As people would write it: `../s06/policy.md`.
        let shown = folder.join("..");
        let mut others = list(&above);
        others.retain(|path| *path != own && path.join("policy.md").is_file());
        here.extend(others.iter().filter_map(|path| Some(shown.join(path.file_name()?).join("policy.md"))));
    }
    here.truncate(FILES);
    here
}

fn folder(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn list(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}
