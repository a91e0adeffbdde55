//! One data folder: its tables, the decisions, and the page that says what is in it.

use crate::table::{Column, Finished, Format, Table, row, text};
use crate::{FolderSummary, SimError};
use std::fs;
use std::path::{Path, PathBuf};

/// Every way to write a table.
const ENDINGS: [&str; 4] = ["csv", "xlsx", "parquet", "json"];

/// A folder in the making.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// The organisation.
    title: &'static str,
    /// The folder of the policy document.
    policy: &'static str,
    scale: u32,
    done: Vec<Finished>,
}

impl Folder {
    pub(crate) fn create(
        parent: &Path,
        name: &str,
        title: &'static str,
        policy: &'static str,
        scale: u32,
    ) -> Result<Self, SimError> {
        let path = parent.join(name);
        fs::create_dir_all(&path).map_err(|error| SimError::file(&path, error))?;
        Ok(Self { path, title, policy, scale, done: Vec::new() })
    }

    /// A table of a few rows.
    pub(crate) fn small(
        &self,
        name: &str,
        note: &'static str,
        columns: &[Column],
    ) -> Result<Table, SimError> {
        self.table(name, note, Format::Csv, columns)
    }

    /// A table of many rows: text that people can open at scale 1, Parquet beyond.
    pub(crate) fn large(
        &self,
        name: &str,
        note: &'static str,
        columns: &[Column],
    ) -> Result<Table, SimError> {
        let format = if self.scale == 1 { Format::Csv } else { Format::Parquet };
        self.table(name, note, format, columns)
    }

    /// A table that somebody keeps in Excel as long as it fits.
    pub(crate) fn sheet(
        &self,
        name: &str,
        note: &'static str,
        columns: &[Column],
    ) -> Result<Table, SimError> {
        let format = if self.scale == 1 { Format::Excel } else { Format::Parquet };
        self.table(name, note, format, columns)
    }

    /// A table that a system exports.
    pub(crate) fn export(
        &self,
        name: &str,
        note: &'static str,
        columns: &[Column],
    ) -> Result<Table, SimError> {
        self.table(name, note, Format::Parquet, columns)
    }

    fn table(
        &self,
        name: &str,
        note: &'static str,
        format: Format,
        columns: &[Column],
    ) -> Result<Table, SimError> {
        // A table may have one file only.
        for ending in ENDINGS {
            let path = self.path.join(format!("{name}.{ending}"));
            if path.exists() {
                fs::remove_file(&path).map_err(|error| SimError::file(&path, error))?;
            }
        }
        Table::create(&self.path, name, note, format, columns)
    }

    /// The table of decisions.
    pub(crate) fn decisions(&self, by: &'static str) -> Result<Decisions, SimError> {
        let columns = ["事项", "对象", "行", "期间", "决定", "由", "理由", "依据"].map(text);
        Ok(Decisions {
            table: self.small("人定", "由人决定的事项，写明谁决定、为什么", &columns)?, by
        })
    }

    /// Completes a table.
    pub(crate) fn finish(&mut self, table: Table) -> Result<(), SimError> {
        self.done.push(table.finish()?);
        Ok(())
    }

    /// Writes the page about the folder; `remarks` say what a reader should look for.
    pub(crate) fn close(self, remarks: &[&str]) -> Result<FolderSummary, SimError> {
        let mut page = format!("# {}\n\n演示数据，人员、客户和数字都是虚构的。", self.title);
        page.push_str("在装有制度的文件夹里这样计算：\n\n```sh\n");
        let (policy, name) =
            (self.policy, self.path.file_name().unwrap_or_default().to_string_lossy().into_owned());
        page.push_str(&format!(
            "hengjie run policies/{policy} --data {name} --params policies/{policy}/parameters.demo.csv\n"
        ));
        page.push_str("```\n\n");
        page.push_str("| 文件 | 行数 | 内容 |\n|---|---:|---|\n");
        for table in &self.done {
            page.push_str(&format!("| {} | {} | {} |\n", table.file, table.rows, table.note));
        }
        page.push_str("\n空格表示还不知道（待补），`—` 表示从那天起没有。\n\n");
        remarks.iter().for_each(|remark| page.push_str(&format!("- {remark}\n")));
        let path = self.path.join("说明.md");
        fs::write(&path, page).map_err(|error| SimError::file(&path, error))?;
        let tables = self.done.into_iter().map(|table| (table.file, table.rows)).collect();
        Ok(FolderSummary {
            path: self.path,
            title: self.title.to_owned(),
            policy: self.policy.to_owned(),
            tables,
        })
    }
}

/// Decisions in the making.
#[derive(Debug)]
pub(crate) struct Decisions {
    pub(crate) table: Table,
    /// Who decides, unless said otherwise.
    by: &'static str,
}

impl Decisions {
    /// A decision about a subject.
    pub(crate) fn take(
        &mut self,
        what: &str,
        subject: &str,
        place: &str,
        period: &str,
        value: &str,
        because: &str,
    ) -> Result<(), SimError> {
        let by = self.by;
        self.take_by(by, what, subject, place, period, value, because)
    }

    /// A decision that another office takes.
    #[expect(clippy::too_many_arguments, reason = "one argument for each cell of the row")]
    pub(crate) fn take_by(
        &mut self,
        by: &str,
        what: &str,
        subject: &str,
        place: &str,
        period: &str,
        value: &str,
        because: &str,
    ) -> Result<(), SimError> {
        let evidence = format!("{by}会议纪要");
        self.table.row(&row![what, subject, place, period, value, by, because, evidence])
    }
}
