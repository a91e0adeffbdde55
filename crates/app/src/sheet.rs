//! Result tables from rows: for reports that are not results of attributes.

use arrow_array::StringArray;
use hengjie_facts::{Integers, ResultColumn, ResultTable, ResultValues, Status};
use hengjie_quantity::{Rational, Rounding};

/// A table being filled.
#[derive(Debug)]
pub(crate) struct Sheet {
    name: String,
    columns: Vec<(String, Cells)>,
}

#[derive(Debug)]
enum Cells {
    Text(Vec<String>),
    /// With so many places.
    Number(Vec<Option<Rational>>, u32),
}

impl Sheet {
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), columns: Vec::new() }
    }

    /// A column of texts.
    pub(crate) fn text(mut self, heading: &str, cells: impl IntoIterator<Item = String>) -> Self {
        self.columns.push((heading.to_owned(), Cells::Text(cells.into_iter().collect())));
        self
    }

    /// A column of whole numbers.
    pub(crate) fn count(self, heading: &str, cells: impl IntoIterator<Item = usize>) -> Self {
        self.number(heading, 0, cells.into_iter().map(|count| Some(Rational::from(count as u64))))
    }

    /// A column of whole numbers; empty where there is none.
    pub(crate) fn counted(self, heading: &str, cells: impl IntoIterator<Item = Option<usize>>) -> Self {
        self.number(
            heading,
            0,
            cells.into_iter().map(|count| count.map(|count| Rational::from(count as u64))),
        )
    }

    /// A column of numbers; empty where there is none.
    pub(crate) fn number(
        mut self,
        heading: &str,
        places: u32,
        cells: impl IntoIterator<Item = Option<Rational>>,
    ) -> Self {
        self.columns.push((heading.to_owned(), Cells::Number(cells.into_iter().collect(), places)));
        self
    }

    pub(crate) fn table(self) -> ResultTable {
        let column = |(heading, cells): (String, Cells)| match cells {
            Cells::Text(texts) => {
                let texts: StringArray = texts.into_iter().map(Some).collect();
                ResultColumn::new(heading, "", ResultValues::Text(texts))
            }
            Cells::Number(numbers, places) => numbers_column(heading, &numbers, places),
        };
        ResultTable { name: self.name, columns: self.columns.into_iter().map(column).collect() }
    }
}

fn numbers_column(heading: String, numbers: &[Option<Rational>], places: u32) -> ResultColumn {
    let scale = Rational::pow10(i32::try_from(places).unwrap_or(0));
    let whole = |number: &Option<Rational>| {
        let scaled = number.as_ref().map(|number| number * &scale);
        scaled.and_then(|scaled| scaled.round_to(&Rational::ONE, Rounding::HalfUp)?.to_i128()).unwrap_or(0)
    };
    let status = |number: &Option<Rational>| match number {
        Some(_) => Status::Present as u8,
        None => Status::None as u8,
    };
    let values = Integers::narrowest(numbers.iter().map(whole).collect());
    ResultColumn {
        status: Some(numbers.iter().map(status).collect()),
        ..ResultColumn::new(heading, "", ResultValues::Number { values, places })
    }
}
