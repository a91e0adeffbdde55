//! Does the ledger say what its sources say? Everything is computed again and compared.

use super::Ledger;
use super::cuts::read_cuts;
use super::files;
use super::manifest::{LoadNumber, path_of};
use super::points::days_until;
use crate::changes::Watch;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use hengjie_facts::Fault;
use rayon::prelude::*;

/// What was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Files whose bytes are those that were written.
    pub files: usize,
    /// Sums that came out again.
    pub sums: usize,
}

impl Ledger {
    /// Compares the hash of every file, and computes every boundary and cut again from the history and the movements.
    ///
    /// # Errors
    /// A file is missing or not as it was written, a sum comes out differently, or the work was cancelled.
    pub fn verify(&self, watch: &Watch<'_>) -> Result<Verdict, Vec<Fault>> {
        let files = self.manifest.files();
        let faults: Vec<Fault> = files.par_iter().filter_map(|file| self.changed(file)).collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut sums = 0;
        let mut faults = Vec::new();
        for ownership in &self.manifest.ownerships {
            let cuts = read_cuts(&self.folder, &ownership.cuts).map_err(|fault| vec![fault])?;
            let again = self.cut_sums(&cuts.at, ownership.after, watch)?;
            sums += again.len();
            faults.extend((again != cuts.fen_days).then(|| self.differs(&ownership.cuts)));
        }
        for boundaries in self.manifest.boundaries.chunks(12) {
            let days: Vec<i32> = boundaries.iter().map(|boundary| boundary.day).collect();
            let read = self.sums_of_history(&days, &[], watch)?.days;
            for (boundary, mut again) in boundaries.iter().zip(read) {
                self.add_movements(&mut again, boundary.day, boundary.after).map_err(|fault| vec![fault])?;
                let columns =
                    files::read(&self.folder, &boundary.file, &["fen_days"]).map_err(|fault| vec![fault])?;
                let written = columns[0].as_primitive::<Int64Type>().values();
                sums += written.len();
                let is_same = written.iter().eq(&again[..written.len()])
                    && again[written.len()..].iter().all(|sum| *sum == 0);
                faults.extend((!is_same).then(|| self.differs(&boundary.file)));
            }
        }
        if faults.is_empty() { Ok(Verdict { files: files.len(), sums }) } else { Err(faults) }
    }

    fn add_movements(&self, sums: &mut [i64], day: i32, after: LoadNumber) -> Result<(), Fault> {
        for load in self.loads().iter().take(after as usize) {
            for (line, moved, fen) in self.movements(load)?.iter() {
                sums[line as usize] += fen * days_until(day, moved);
            }
        }
        Ok(())
    }

    /// A file that is not as it was written.
    fn changed(&self, file: &files::FileRef) -> Option<Fault> {
        let path = path_of(&self.folder, file);
        match files::hash_of(&path) {
            Ok(sha256) if sha256 == file.sha256 => None,
            Ok(_) => Some(files::damaged(&path, &"SHA-256")),
            Err(_) => Some(files::damaged(&path, &"not found")),
        }
    }

    fn differs(&self, file: &files::FileRef) -> Fault {
        let fault = Fault::error(
            "HJ1727",
            "重算的积数与账簿里的不同",
            "balance-days computed again differ from those of the ledger",
        );
        crate::columns::in_file(&path_of(&self.folder, file), fault).help(
            "账簿不能再用；用 sources 里的文件重新建账，并报告这个问题",
            "do not use the ledger; build it again from the files in sources, and report this",
        )
    }
}
