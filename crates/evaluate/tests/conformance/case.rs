//! Reading the files of `conformance/` and making documents of their cases. The format is described in
//! `conformance/README.md`.

use hengjie_quantity::Lang;
use std::path::{Path, PathBuf};

/// What a case says about a small world.
#[derive(Debug, Default)]
pub(crate) struct World {
    /// Lines of 设.
    pub(crate) given: Vec<String>,
    /// `甲.总分 于 2026年 = 94.52分 因 第一条 -- note`
    pub(crate) expected: Vec<String>,
}

/// One case.
#[derive(Debug, Default)]
pub(crate) struct Case {
    pub(crate) file: String,
    /// Line of the title in the file.
    pub(crate) line: usize,
    pub(crate) title: String,
    pub(crate) text: Vec<String>,
    /// The documents it may adopt.
    pub(crate) parents: Vec<Vec<String>>,
    pub(crate) worlds: Vec<World>,
    /// `HJ0403 错误 2:8`, in the order of the document.
    pub(crate) problems: Vec<String>,
    /// 通过 or 不通过 for each 得 of the document.
    pub(crate) assertions: Option<Vec<String>>,
    /// The formatted fragment, keywords as written or in a language.
    pub(crate) formatted: Vec<(Option<Lang>, Vec<String>)>,
    /// Fragments with the same content hash, and with another one.
    pub(crate) same: Vec<Vec<String>>,
    pub(crate) different: Vec<Vec<String>>,
}

/// A document made of a case, and for each of its lines the line of the fragment.
pub(crate) struct Assembled {
    pub(crate) text: String,
    pub(crate) lines: Vec<Option<usize>>,
}

/// The folder of the suite.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance")
}

/// The declarations that come before every fragment without a title of its own.
pub(crate) fn prelude() -> String {
    std::fs::read_to_string(folder().join("prelude.md")).unwrap()
}

/// All cases, file by file.
pub(crate) fn all() -> Vec<Case> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder().join("cases")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().flat_map(|path| read(path)).collect()
}

fn read(path: &Path) -> Vec<Case> {
    let file = path.file_name().unwrap().to_string_lossy().into_owned();
    let content = std::fs::read_to_string(path).unwrap();
    let mut cases: Vec<Case> = Vec::new();
    let mut section = String::new();
    for (number, line) in content.lines().enumerate() {
        if let Some(title) = line.strip_prefix("=== ") {
            section.clear();
            cases.push(Case {
                file: file.clone(),
                line: number + 1,
                title: title.trim().to_owned(),
                ..Case::default()
            });
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        match line.strip_prefix("--- ") {
            Some(name) => {
                section = name.trim().to_owned();
                case.open(&section);
            }
            None => case.add(&section, line),
        }
    }
    cases
}

impl Case {
    /// A section begins.
    fn open(&mut self, section: &str) {
        match section {
            "设" => self.worlds.push(World::default()),
            "得" if self.worlds.last().is_none_or(|world| !world.expected.is_empty()) => {
                self.worlds.push(World::default());
            }
            "得" | "问题" => {}
            "上级" => self.parents.push(Vec::new()),
            "断言" => self.assertions = Some(Vec::new()),
            "整理" => self.formatted.push((None, Vec::new())),
            "整理 zh" => self.formatted.push((Some(Lang::Zh), Vec::new())),
            "整理 en" => self.formatted.push((Some(Lang::En), Vec::new())),
            "同指纹" => self.same.push(Vec::new()),
            "异指纹" => self.different.push(Vec::new()),
            other => panic!("{}:{} {}: no such section: {other}", self.file, self.line, self.title),
        }
    }

    /// A line of a section.
    fn add(&mut self, section: &str, line: &str) {
        let verbatim = matches!(section, "" | "上级" | "整理" | "整理 zh" | "整理 en" | "同指纹" | "异指纹");
        if !verbatim && line.trim().is_empty() {
            return;
        }
        let line = line.to_owned();
        let target = match section {
            "设" => self.worlds.last_mut().map(|world| &mut world.given),
            "得" => self.worlds.last_mut().map(|world| &mut world.expected),
            "问题" => Some(&mut self.problems),
            "断言" => self.assertions.as_mut(),
            "上级" => self.parents.last_mut(),
            "整理" | "整理 zh" | "整理 en" => self.formatted.last_mut().map(|(_, lines)| lines),
            "同指纹" => self.same.last_mut(),
            "异指纹" => self.different.last_mut(),
            _ => Some(&mut self.text),
        };
        target.into_iter().for_each(|lines| lines.push(line.clone()));
    }

    /// `file:line title`
    pub(crate) fn name(&self) -> String {
        format!("{}:{} {}", self.file, self.line, self.title)
    }

    /// A case of the formatter, which never asks what a document means.
    pub(crate) fn only_formatting(&self) -> bool {
        !self.formatted.is_empty() && self.worlds.is_empty() && self.problems.is_empty()
    }

    /// The whole document of a fragment and the worlds of the case.
    pub(crate) fn document(&self, prelude: &str, fragment: &[String]) -> Assembled {
        let end = fragment.iter().rposition(|line| !line.trim().is_empty()).map_or(0, |last| last + 1);
        let fragment = &fragment[..end];
        let mut lines: Vec<(String, Option<usize>)> = Vec::new();
        if !fragment.first().is_some_and(|line| line.starts_with("# ")) {
            lines.extend(prelude.lines().map(|line| (line.to_owned(), None)));
        }
        if is_verbatim(fragment) {
            lines.extend(fragment.iter().enumerate().map(|(at, line)| (line.clone(), Some(at + 1))));
        } else {
            lines.extend(fenced(fragment, "规则"));
        }
        for world in &self.worlds {
            let expected = world.expected.iter().map(|line| Expected::read(line).statement());
            let statements: Vec<String> = world.given.iter().cloned().chain(expected).collect();
            lines.push((String::new(), None));
            lines.extend(fenced(&statements, "示例").into_iter().map(|(line, _)| (line, None)));
        }
        let text = lines.iter().map(|(line, _)| format!("{line}\n")).collect();
        Assembled { text, lines: lines.into_iter().map(|(_, from)| from).collect() }
    }
}

/// A fragment that brings its own fences, or is a whole document.
fn is_verbatim(fragment: &[String]) -> bool {
    fragment.first().is_some_and(|line| line.starts_with("# "))
        || fragment.iter().any(|line| line.starts_with("```"))
}

/// Puts statements into fences: headings, quotes and table rows stand outside.
fn fenced(lines: &[String], word: &str) -> Vec<(String, Option<usize>)> {
    let mut out = Vec::new();
    let mut inside = false;
    for (at, line) in lines.iter().enumerate() {
        let statement = !line.starts_with(['|', '#', '>']);
        if statement != inside {
            out.push((if statement { format!("```{word}") } else { "```".to_owned() }, None));
            inside = statement;
        }
        out.push((line.clone(), Some(at + 1)));
    }
    if inside {
        out.push(("```".to_owned(), None));
    }
    out
}

/// An expectation taken apart.
pub(crate) struct Expected {
    /// `甲.总分 于 2026年`
    place: String,
    /// `94.52分`, `100/3分`, `高级`, `待补`
    pub(crate) value: String,
    article: Option<String>,
}

impl Expected {
    pub(crate) fn read(line: &str) -> Self {
        let line = line.split(" -- ").next().unwrap_or(line).trim();
        let (place, value) =
            line.split_once(" = ").unwrap_or_else(|| panic!("an expectation needs ` = `: {line}"));
        let (value, article) = match value.split_once(" 因 ") {
            Some((value, article)) => (value, Some(article.trim().to_owned())),
            None => (value, None),
        };
        Self { place: place.trim().to_owned(), value: value.trim().to_owned(), article }
    }

    /// The same as a statement of the language.
    fn statement(&self) -> String {
        let value = match fraction(&self.value) {
            Some((numerator, denominator, unit)) => format!("{numerator}{unit} ÷ {denominator}"),
            None => self.value.clone(),
        };
        let article = self.article.as_ref().map(|article| format!(" 因 {article}")).unwrap_or_default();
        format!("得 {} = {value}{article}", self.place)
    }
}

/// `100/3分` as `100`, `3` and `分`.
pub(crate) fn fraction(text: &str) -> Option<(&str, &str, &str)> {
    let (numerator, rest) = text.split_once('/')?;
    let number = |c: char| c.is_ascii_digit();
    if numerator.is_empty() || !numerator.trim_start_matches('-').chars().all(number) {
        return None;
    }
    let end = rest.find(|c: char| !number(c)).unwrap_or(rest.len());
    (end > 0).then(|| (numerator, &rest[..end], &rest[end..]))
}
