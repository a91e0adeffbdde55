//! Types of the columns, from the declaration or from the cells, and the rows.

use super::cell::Look;
use super::columns::Heading;
use super::interval::{Reading, is_empty};
use super::{EFFECTIVE, Grid};
use crate::checker::{Checker, count};
use crate::codes;
use crate::core::{ArticleId, Bound, Cell, Column, EnumId, Literal, Notation, Table, TableRow, Type};
use crate::limits;
use hengjie_quantity::Unit;
use hengjie_syntax::ast::{Name, TableDecl};
use hengjie_syntax::{Diagnostic, Span};

impl<'a> Checker<'a> {
    /// The table in long form; `None` when its columns have no type.
    pub(super) fn fill_table(
        &mut self,
        decl: &'a TableDecl,
        grid: &Grid,
        article: ArticleId,
    ) -> Option<Table> {
        if grid.rows.len() > limits::TABLE_ROWS {
            self.error(codes::LIMIT, decl.name.span, "表的行太多", "the table has too many rows");
            return None;
        }
        self.check_declared_columns(decl, grid);
        let mut columns = Vec::new();
        let mut cells: Vec<Vec<Cell>> = vec![Vec::new(); grid.rows.len()];
        let mut broken = false;
        for (position, heading) in grid.columns.iter().enumerate() {
            let bands = position < grid.keys || self.declared_interval(decl, heading);
            let cells_of = grid.rows.iter().map(|(_, row)| &row[position]);
            let looks: Vec<(Look, &Name)> =
                cells_of.map(|cell| (self.look(&cell.text, heading, bands), cell)).collect();
            let Some((ty, interval)) = self.column_type(decl, heading, &looks) else {
                broken = true;
                continue;
            };
            for (row, (look, place)) in cells.iter_mut().zip(&looks) {
                match self.cell(look, place, &ty, interval, heading) {
                    Some(cell) => row.push(cell),
                    None => broken = true,
                }
            }
            let notation = notation(heading, &looks);
            columns.push(Column { name: heading.name.text.clone(), ty, interval, notation });
        }
        if broken {
            return None;
        }
        let spans = grid.rows.iter().map(|(_, row)| row_span(row));
        let rows = cells.into_iter().zip(spans).map(|(cells, span)| TableRow { cells, span }).collect();
        let effective = columns.iter().position(|column| column.name == EFFECTIVE && column.ty == Type::Date);
        let mut table = Table {
            name: decl.name.text.clone(),
            columns,
            keys: count(grid.keys),
            effective: effective.map(count),
            rows,
            article,
            span: decl.name.span,
        };
        self.spread_rest(decl, &mut table);
        Some(table)
    }

    fn check_declared_columns(&mut self, decl: &TableDecl, grid: &Grid) {
        for name in decl.columns.iter().flat_map(|field| &field.names) {
            let mut headings = grid.columns.iter().map(|column| column.name.text.as_str());
            if !headings.any(|heading| heading == name.text) {
                let headings = grid.columns.iter().map(|column| column.name.text.as_str());
                let close = self.closest(&name.text, headings);
                self.unknown_name(codes::TABLE_COLUMN, name, ("列（表头里）", "column in the header"), close);
            }
        }
    }

    fn declared_interval(&self, decl: &TableDecl, heading: &Heading) -> bool {
        // Declared columns of numbers may hold bands too: 属于 行.列.
        decl.columns.iter().any(|field| field.names.iter().any(|name| name.text == heading.name.text))
    }

    /// The type of a column and whether it holds intervals.
    fn column_type(
        &mut self,
        decl: &'a TableDecl,
        heading: &Heading,
        looks: &[(Look, &Name)],
    ) -> Option<(Type, bool)> {
        let interval = looks
            .iter()
            .any(|(look, _)| matches!(look, Look::Interval(reading) if *reading != Reading::Rest));
        let declared =
            decl.columns.iter().find(|field| field.names.iter().any(|name| name.text == heading.name.text));
        if let Some(field) = declared {
            return self.read_type(&field.ty).map(|ty| (ty, interval));
        }
        let values: Vec<&(Look, &Name)> = looks
            .iter()
            .filter(|(look, _)| {
                !matches!(look, Look::Exempt | Look::Undecided | Look::Empty | Look::Interval(Reading::Rest))
            })
            .collect();
        let Some((first, _)) = values.first() else {
            return self.empty_column(heading, looks);
        };
        if interval {
            let unit = values.iter().find_map(|(look, _)| match look {
                Look::Interval(Reading::Interval { unit, .. }) => Some(unit.clone()),
                Look::Number(_, unit) => Some(unit.clone()),
                _ => None,
            });
            return Some((Type::Number(unit.unwrap_or(Unit::none())), true));
        }
        if let Some(id) = self.column_enum(heading, &values) {
            return Some((Type::Enum(id), false));
        }
        let ty = match first {
            Look::Number(_, unit) => Type::Number(self.common_unit(heading, unit, &values)),
            Look::Bool(_) => Type::Bool,
            Look::Date(_) => Type::Date,
            Look::Period(period) => Type::Period(period.grain()),
            _ => Type::Text,
        };
        Some((ty, false))
    }

    /// Zeros without a unit take the unit of the others.
    fn common_unit(&self, heading: &Heading, first: &Unit, values: &[&(Look, &Name)]) -> Unit {
        if let Some((_, unit)) = &heading.unit {
            return unit.clone();
        }
        let with_unit = values.iter().find_map(|(look, _)| match look {
            Look::Number(_, unit) if !unit.is_none() => Some(unit.clone()),
            _ => None,
        });
        let zero_first = first.is_none();
        with_unit.filter(|_| zero_first).unwrap_or(first.clone())
    }

    fn empty_column(&mut self, heading: &Heading, looks: &[(Look, &Name)]) -> Option<(Type, bool)> {
        if let Some((_, unit)) = &heading.unit {
            return Some((Type::Number(unit.clone()), false));
        }
        let span = looks.first().map_or(heading.name.span, |_| heading.name.span);
        self.report(
            Diagnostic::error(
                codes::TABLE_COLUMN,
                span,
                format!("列“{}”没有一格有值，看不出类型", heading.name.text),
                format!("no cell of `{}` has a value, so its type is unknown", heading.name.text),
            )
            .help(
                format!("在“表 …”下面写：{}: 类型，或在表头写单位", heading.name.text),
                format!("write below 表 …: {}: type, or a unit in the heading", heading.name.text),
            ),
        );
        None
    }

    /// The 名目 that has all names of a column: the one with the column's name first.
    fn column_enum(&self, heading: &Heading, values: &[&(Look, &Name)]) -> Option<EnumId> {
        let names: Option<Vec<&str>> = values
            .iter()
            .map(|(look, _)| match look {
                Look::Text(text) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        let names = names?;
        let has_all = |id: EnumId| {
            names.iter().all(|name| {
                self.names.items.get(*name).is_some_and(|ids| ids.iter().any(|(found, _)| *found == id))
            })
        };
        // Under the name of a 名目, a word that is no item is a slip of the pen.
        let most = |id: EnumId| {
            let items = &self.enums[id.index()].items;
            2 * names.iter().filter(|name| items.iter().any(|item| item == *name)).count() > names.len()
        };
        let own = self.names.enumeration(&heading.name.text).filter(|id| has_all(*id) || most(*id));
        own.or_else(|| {
            let mut fitting = (0..self.enums.len()).map(|id| EnumId(count(id))).filter(|id| has_all(*id));
            // Items of several 名目: which one is meant cannot be told.
            match (fitting.next(), fitting.next()) {
                (Some(id), None) => Some(id),
                _ => None,
            }
        })
    }

    /// A cell of a column.
    fn cell(
        &mut self,
        look: &Look,
        place: &Name,
        ty: &Type,
        interval: bool,
        heading: &Heading,
    ) -> Option<Cell> {
        match look {
            Look::Exempt => Some(Cell::Exempt),
            Look::Undecided => Some(Cell::Undecided),
            Look::Empty => {
                self.report(
                    Diagnostic::error(
                        codes::CELL,
                        place.span,
                        format!("列“{}”有空格", heading.name.text),
                        format!("an empty cell in `{}`", heading.name.text),
                    )
                    .help(
                        "不考核写“—”，还没定写“待定”",
                        "write — for not assessed, 待定 for not yet decided",
                    ),
                );
                None
            }
            Look::Interval(reading) => self.interval_cell(reading, place, ty),
            Look::Number(value, unit) if interval => {
                self.check_unit(ty, unit, value.is_zero(), place)?;
                let bound = Bound { value: value.clone(), inclusive: true };
                Some(Cell::Interval { low: Some(bound.clone()), high: Some(bound) })
            }
            Look::Number(value, unit) if matches!(ty, Type::Number(_)) => {
                self.check_unit(ty, unit, value.is_zero(), place)?;
                Some(Cell::Value(Literal::Number(value.clone())))
            }
            Look::Text(text) if matches!(ty, Type::Enum(_)) => self.enum_cell(text, place, ty),
            Look::Number(..) | Look::Bool(_) | Look::Period(_) | Look::Date(_) if *ty == Type::Text => {
                Some(Cell::Value(Literal::Text(place.text.clone())))
            }
            other => self.plain_cell(other, place, ty, heading),
        }
    }

    fn plain_cell(&mut self, look: &Look, place: &Name, ty: &Type, heading: &Heading) -> Option<Cell> {
        let literal = look.literal()?;
        let fits = matches!(
            (&literal, ty),
            (Literal::Bool(_), Type::Bool) | (Literal::Text(_), Type::Text) | (Literal::Date(_), Type::Date)
        ) || matches!((&literal, ty), (Literal::Period(period), Type::Period(grain)) if period.grain() == *grain);
        if fits {
            return Some(Cell::Value(literal));
        }
        let (zh, en) = self.type_name(ty);
        self.error(
            codes::CELL,
            place.span,
            format!("列“{}”是{zh}，这一格“{}”读不成", heading.name.text, place.text),
            format!("`{}` is {en}; the cell `{}` cannot be read so", heading.name.text, place.text),
        );
        None
    }

    fn enum_cell(&mut self, text: &str, place: &Name, ty: &Type) -> Option<Cell> {
        let Type::Enum(id) = ty else { return None };
        let items = &self.enums[id.index()].items;
        match items.iter().position(|item| item == text) {
            Some(ordinal) => {
                self.note_item(*id, count(ordinal), place.span);
                Some(Cell::Value(Literal::Enum(*id, count(ordinal))))
            }
            None => {
                let close = self.closest(text, items.iter().map(String::as_str));
                let owner = self.enums[id.index()].name.clone();
                let (zh, en) = (format!("名目“{owner}”"), format!("`{owner}`"));
                let name = Name { text: text.to_owned(), span: place.span };
                self.unknown_in(codes::CELL, &name, (&zh, &en), ("项", "item"), close);
                None
            }
        }
    }

    fn check_unit(&mut self, ty: &Type, found: &Unit, zero: bool, place: &Name) -> Option<()> {
        let Type::Number(wanted) = ty else { return Some(()) };
        if wanted == found || (zero && found.is_none()) {
            return Some(());
        }
        self.error(
            codes::CELL_UNIT,
            place.span,
            format!("这一列以“{wanted}”计，“{}”的单位是“{found}”", place.text),
            format!("this column is in {}; `{}` is in {}", wanted.en(), place.text, found.en()),
        );
        None
    }

    fn interval_cell(&mut self, reading: &Reading, place: &Name, ty: &Type) -> Option<Cell> {
        match reading {
            Reading::Rest => Some(Cell::Interval { low: None, high: None }),
            Reading::Interval { low, high, unit } => {
                self.check_unit(ty, unit, false, place)?;
                if is_empty(low.as_ref(), high.as_ref()) {
                    self.error(
                        codes::CELL,
                        place.span,
                        format!("区间“{}”里没有数", place.text),
                        format!("the interval `{}` is empty", place.text),
                    );
                    return None;
                }
                Some(Cell::Interval { low: low.clone(), high: high.clone() })
            }
            Reading::Ambiguous(amount) => {
                let within = place.text.replace(&format!("{amount}以下"), &format!("{amount}以内"));
                self.report(
                    Diagnostic::error(
                        codes::BELOW,
                        place.span,
                        format!("“{}”含不含{amount}？", place.text),
                        format!("does `{}` include {amount}?", place.text),
                    )
                    .help(
                        format!("含就写“{amount}以内”，不含就写“不足{amount}”"),
                        format!("write `{amount}以内` (included) or `不足{amount}` (not included)"),
                    )
                    .fix(
                        place.span,
                        within,
                        "含本数：改成“以内”",
                        "included: change to 以内",
                    ),
                );
                None
            }
            Reading::TwoUnits(low, high) => {
                self.error(
                    codes::CELL_UNIT,
                    place.span,
                    format!("区间两端单位不同：“{low}”与“{high}”"),
                    format!("the borders have different units: {} and {}", low.en(), high.en()),
                );
                None
            }
            Reading::Other => None,
        }
    }
}

/// How the numbers of a column are written.
fn notation(heading: &Heading, looks: &[(Look, &Name)]) -> Notation {
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '，' | '-' | '+' | '．');
    let of = |(look, place): &(Look, &Name)| match look {
        Look::Number(..) => {
            let unit = place.text.trim().trim_matches('`').trim_start_matches(is_digit);
            Some(match &heading.unit {
                Some((_, quantity)) if unit.is_empty() => Notation::of_unit(heading_word(quantity)),
                _ => Notation::of_unit(unit),
            })
        }
        _ => None,
    };
    Notation::common(looks.iter().filter_map(of))
}

/// The word that stands for the unit of a heading: without a unit only `%` can stand there.
fn heading_word(unit: &Unit) -> &'static str {
    if unit.is_none() { "%" } else { "—" }
}

/// The place of a row.
fn row_span(row: &[Name]) -> Span {
    row.first().zip(row.last()).map_or(Span::new(0, 0), |(first, last)| first.span.to(last.span))
}
