//! Who stands in a result table: the subjects that have any result at all.

use hengjie_evaluate::value::Status;

/// The subjects of one table in one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lanes {
    /// All of so many.
    All(usize),
    /// These, in data order.
    Some(Vec<u32>),
}

impl Lanes {
    /// Leaves out the subjects whose every result is 无: they are outside 适用 and outside every context.
    pub(super) fn with_results(subjects: usize, columns: &[Option<&[u8]>]) -> Self {
        if columns.iter().any(Option::is_none) {
            return Self::All(subjects);
        }
        let has_result = |subject: &u32| {
            let state =
                |column: &Option<&[u8]>| column.and_then(|states| states.get(*subject as usize)).copied();
            columns.iter().any(|column| state(column) != Some(Status::None as u8))
        };
        let kept: Vec<u32> = (0..u32::try_from(subjects).unwrap_or(u32::MAX)).filter(has_result).collect();
        if kept.len() == subjects { Self::All(subjects) } else { Self::Some(kept) }
    }

    /// Number of rows.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::All(len) => *len,
            Self::Some(kept) => kept.len(),
        }
    }

    /// The values of the subjects that are kept.
    pub(super) fn pick<T: Copy>(&self, values: Vec<T>) -> Vec<T> {
        match self {
            Self::All(_) => values,
            Self::Some(kept) => kept.iter().filter_map(|&at| values.get(at as usize).copied()).collect(),
        }
    }

    /// The positions that are kept.
    pub(super) fn positions(&self) -> Box<dyn Iterator<Item = usize> + '_> {
        match self {
            Self::All(len) => Box::new(0..*len),
            Self::Some(kept) => Box::new(kept.iter().map(|&at| at as usize)),
        }
    }
}
