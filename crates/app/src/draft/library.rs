//! The sample policies as the program carries them, and the blank.

use crate::failure::{Failure, Outcome};
use crate::names::{nearest, suggestion};
use hengjie_facts::Bilingual;
use hengjie_quantity::Lang;
use std::path::Path;

/// The word for no sample at all.
pub const BLANK: &str = "blank";

/// All samples, and the page that lists them with a line each: `policies/README.md`.
#[derive(Debug, Clone, Copy)]
pub struct Library {
    /// By name.
    pub samples: &'static [Sample],
    /// Two tables, Chinese and English, with a row for every folder.
    pub index: &'static str,
}

/// One sample policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// Its folder: `s02-bank-hundred-points`.
    pub name: &'static str,
    /// Name and text of every file: the document, those it adopts, parameters for demonstration.
    pub files: &'static [(&'static str, &'static str)],
}

impl Sample {
    /// What stands before the first hyphen: `s02`.
    #[must_use]
    pub fn number(&self) -> &'static str {
        self.name.split('-').next().unwrap_or(self.name)
    }
}

impl Library {
    /// What a sample is, in one line.
    #[must_use]
    pub fn about(&self, sample: &Sample) -> Bilingual {
        let link = format!("| [`{}`]", sample.name);
        let mut rows = self.index.lines().filter(|line| line.starts_with(&link)).map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let cell = |at: usize| cells.get(at).copied().unwrap_or_default();
            (cell(2), cell(3))
        });
        let (who, what) = rows.next().unwrap_or_default();
        let (who_en, what_en) = rows.next().unwrap_or_default();
        Bilingual::new(format!("{who}：{what}"), format!("{who_en}: {what_en}"))
    }

    /// The sample of a folder or number; `None` for the blank.
    ///
    /// # Errors
    /// [`Failure::Usage`] with the nearest names.
    pub fn find(&self, wanted: &str) -> Outcome<Option<&'static Sample>> {
        let wanted = wanted.trim().to_ascii_lowercase();
        if matches!(wanted.as_str(), BLANK | "空白") {
            return Ok(None);
        }
        let found = self.samples.iter().find(|sample| sample.name == wanted || sample.number() == wanted);
        match found {
            Some(sample) => Ok(Some(sample)),
            None => Err(self.unknown(&wanted)),
        }
    }

    /// Writes every sample into a folder of its own name, over what stands there.
    ///
    /// # Errors
    /// [`Failure::Unwritable`].
    pub fn unpack(&self, folder: &Path) -> Outcome<()> {
        for sample in self.samples {
            let home = folder.join(sample.name);
            std::fs::create_dir_all(&home).map_err(|error| super::unwritable(&home, &error))?;
            for (name, text) in sample.files {
                let file = home.join(name);
                std::fs::write(&file, text).map_err(|error| super::unwritable(&file, &error))?;
            }
        }
        Ok(())
    }

    fn unknown(&self, wanted: &str) -> Failure {
        let names = self.samples.iter().flat_map(|sample| [sample.number(), sample.name]).chain([BLANK]);
        let (zh, en) = suggestion(&nearest(wanted, names.map(str::to_owned)));
        Failure::usage(
            format!("没有示范制度“{wanted}”{zh}。hengjie new --list 列出全部"),
            format!("there is no sample policy `{wanted}`{en}. hengjie new --list shows all"),
        )
    }
}

/// Name and text of the files to start from.
pub(super) fn files(sample: Option<&Sample>, lang: Lang) -> Vec<(String, String)> {
    let blank = lang.pick(include_str!("blank.zh.md"), include_str!("blank.en.md"));
    let blank = [(super::POLICY, blank)];
    let files = sample.map_or(blank.as_slice(), |sample| sample.files);
    let mut files: Vec<(String, String)> =
        files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect();
    files.sort_by_key(|(file, _)| file != super::POLICY);
    files
}
