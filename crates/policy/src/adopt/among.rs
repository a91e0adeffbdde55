//! Choosing the adopted document among files.

use super::{Adoption, Parent, statements};
use hengjie_calendar::Date;
use hengjie_syntax::Message;
use hengjie_syntax::ast::StatementKind;

/// The adopted document among files: the one of that name and version, else the newest of that name; `None` without one.
///
/// # Errors
/// Two files are both it.
pub fn among(files: impl IntoIterator<Item = Parent>, wanted: &Adoption) -> Result<Option<Parent>, Message> {
    let mut found: Vec<(Date, Parent)> = Vec::new();
    for file in files {
        if let Some(version) = version_of(&file.text, &wanted.name) {
            found.push((version, file));
        }
    }
    let mut fitting = found.iter().filter(|(version, _)| *version == wanted.version);
    match (fitting.next(), fitting.next()) {
        (Some((_, one)), Some((_, other))) => Err(Message::new(
            format!(
                "“{}”版本 {} 有两份：{}、{}；只留一份",
                wanted.name, wanted.version, one.file, other.file
            ),
            format!(
                "`{}` of {} stands twice: {}, {}; keep one",
                wanted.name, wanted.version, one.file, other.file
            ),
        )),
        (Some((_, parent)), None) => Ok(Some(parent.clone())),
        (None, _) => Ok(found.into_iter().max_by_key(|(version, _)| *version).map(|(_, parent)| parent)),
    }
}

/// The version of a text that is the policy of this name.
fn version_of(text: &str, name: &str) -> Option<Date> {
    // Reading a whole document takes a moment; most files do not even have the name.
    if !text.contains(name) {
        return None;
    }
    let document = hengjie_syntax::parse(text).document;
    statements(&document).find_map(|(_, statement)| match &statement.kind {
        StatementKind::Policy { name: own, from } if own.text == name => Some(*from),
        _ => None,
    })
}
