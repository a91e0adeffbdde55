//! Documents between two versions: some articles as they were, the others as they are.

use crate::replay::record::KeptFile;
use hengjie_policy::adopt::Parent;
use hengjie_syntax::{PieceKind, scan};
use std::collections::BTreeSet;

/// An article of a file: heading, and which one of that heading.
type Name = (usize, String, usize);

/// Two versions of a document with all that they adopt, cut into articles.
#[derive(Debug)]
pub(super) struct Versions {
    /// By file of the new version: its articles in order, those that are gone behind what they stood behind.
    files: Vec<Vec<Article>>,
    /// How the files are called.
    names: Vec<String>,
}

#[derive(Debug)]
struct Article {
    name: Name,
    old: Option<String>,
    new: Option<String>,
}

impl Versions {
    /// Cuts two versions. `None` when one has another number of files than the other: then nothing lies between them.
    pub(super) fn of(old: &[KeptFile], new: &[KeptFile]) -> Option<Self> {
        if old.len() != new.len() {
            return None;
        }
        let text = |file: &KeptFile| file.text.clone().unwrap_or_default();
        let pairs = old.iter().zip(new).enumerate();
        let files = pairs.map(|(at, (old, new))| merged(articles(at, &text(old)), articles(at, &text(new))));
        Some(Self { files: files.collect(), names: new.iter().map(|file| file.file.clone()).collect() })
    }

    /// The articles that differ, in the order of the new document: position of the file, heading.
    pub(super) fn changed(&self) -> Vec<Name> {
        let all = self.files.iter().flatten();
        all.filter(|article| article.differs()).map(|article| article.name.clone()).collect()
    }

    /// Text of the document and of what it adopts, with some articles of the new version.
    pub(super) fn text(&self, taken: &BTreeSet<Name>) -> (String, Vec<Parent>) {
        let of = |articles: &Vec<Article>| -> String {
            let text = |article: &Article| {
                let is_new = taken.contains(&article.name) || !article.differs();
                let of = if is_new { &article.new } else { &article.old };
                of.clone().unwrap_or_default()
            };
            articles.iter().map(text).collect()
        };
        let mut texts = self.files.iter().map(of);
        let own = texts.next().unwrap_or_default();
        let parent = |(text, file): (String, &String)| Parent { file: file.clone(), text };
        (own, texts.zip(self.names.iter().skip(1)).map(parent).collect())
    }
}

impl Article {
    /// Is it another one? Blank lines behind it are no difference.
    fn differs(&self) -> bool {
        let text = |text: &Option<String>| text.as_ref().map(|text| text.trim_end().to_owned());
        text(&self.old) != text(&self.new)
    }
}

/// A text as articles: each heading with what stands below it, and what stands before the first.
fn articles(file: usize, text: &str) -> Vec<(Name, String)> {
    let mut found: Vec<(Name, String)> = vec![((file, String::new(), 0), String::new())];
    for piece in scan(text) {
        let body = text.get(piece.span.start as usize..piece.span.end as usize).unwrap_or_default();
        if matches!(piece.kind, PieceKind::Heading(_)) {
            let heading = body.trim().trim_start_matches('#').trim().to_owned();
            let same = found.iter().filter(|((_, known, _), _)| *known == heading).count();
            found.push(((file, heading, same), String::new()));
        }
        if let Some((_, text)) = found.last_mut() {
            text.push_str(body);
        }
    }
    found
}

fn merged(old: Vec<(Name, String)>, new: Vec<(Name, String)>) -> Vec<Article> {
    let find = |of: &[(Name, String)], name: &Name| {
        of.iter().find(|(known, _)| known == name).map(|(_, text)| text.clone())
    };
    let mut all: Vec<Article> = new
        .iter()
        .map(|(name, text)| Article { name: name.clone(), old: find(&old, name), new: Some(text.clone()) })
        .collect();
    let mut before: Option<&Name> = None;
    for (name, text) in &old {
        if find(&new, name).is_none() {
            let at = before.and_then(|before| all.iter().position(|article| article.name == *before));
            let article = Article { name: name.clone(), old: Some(text.clone()), new: None };
            all.insert(at.map_or(0, |at| at + 1), article);
        }
        before = Some(name);
    }
    all
}

/// The heading of an article as people cite it.
pub(super) fn heading((_, heading, _): &Name) -> &str {
    heading
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> Vec<KeptFile> {
        vec![KeptFile { file: "policy.md".to_owned(), sha256: String::new(), text: Some(text.to_owned()) }]
    }

    #[test]
    fn all_taken_is_the_new_text_and_none_taken_has_every_old_article() {
        let old = "# 办法\n\n前言\n\n## 第一条\n甲\n\n## 第二条\n乙\n\n## 第三条\n丙\n";
        let new = "# 办法\n\n前言\n\n## 第一条\n甲甲\n\n## 第三条\n丙\n\n## 第四条\n丁\n";
        let versions = Versions::of(&kept(old), &kept(new)).unwrap();
        let changed = versions.changed();
        let headings: Vec<&str> = changed.iter().map(heading).collect();
        assert_eq!(headings, ["第一条", "第二条", "第四条"]);
        assert_eq!(versions.text(&changed.iter().cloned().collect()).0, new);
        assert_eq!(versions.text(&BTreeSet::new()).0.trim_end(), old.trim_end());
        let first = versions.text(&changed[..1].iter().cloned().collect()).0;
        assert_eq!(first.trim_end(), old.replace('甲', "甲甲").trim_end());
    }
}
