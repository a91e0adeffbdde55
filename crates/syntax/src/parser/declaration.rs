//! Declarations: 制度 适用 沿用 修改 工历 名目 资料 表单 参数 读法 表 公式 汇总.

use super::{Parsed, Parser};
use crate::ast::{
    Enumeration, EnumerationForm, FieldDecl, Fill, FormDecl, KindDecl, Name, ParameterDecl, ParameterValue,
    PointsColumns, ReadingDecl, StatementKind, TableDecl, TableSum, TotalDecl, TypeExpr,
};
use crate::diagnostic::Diagnostic;
use crate::keywords::{self, Keyword};
use crate::tree::SyntaxKind as K;

/// A line below 表单.
enum FormItem {
    Field(Box<FieldDecl>),
    Fill(Fill),
    Points(PointsColumns),
    Signatures(Vec<Name>),
}

impl Parser<'_> {
    pub(super) fn policy(&mut self) -> Parsed<StatementKind> {
        self.head_word();
        let name = self.name("制度名", "the name of the policy")?;
        self.expect_word(Keyword::Version)?;
        let from = self.date()?;
        self.eat_word(Keyword::Effective);
        Ok(StatementKind::Policy { name, from })
    }

    pub(super) fn scope(&mut self) -> Parsed<StatementKind> {
        self.head_word();
        Ok(StatementKind::Scope(self.collection()?))
    }

    pub(super) fn adopt(&mut self) -> Parsed<StatementKind> {
        self.head_word();
        let name = self.name("沿用的制度名", "the name of the adopted policy")?;
        self.expect_word(Keyword::Version)?;
        let version = self.date()?;
        self.eat_word(Keyword::Effective);
        let hash = if self.eat_word(Keyword::Fingerprint) {
            let span = self.here();
            Some(Name { text: self.string("“指纹”", "“the hash”")?, span })
        } else {
            None
        };
        Ok(StatementKind::Adopt { name, version, hash })
    }

    pub(super) fn amend(&mut self, head: Keyword) -> Parsed<StatementKind> {
        self.head_word();
        Ok(StatementKind::Amend { cite: self.citation()?, repeal: head == Keyword::Repeal })
    }

    pub(super) fn work_calendar(&mut self) -> Parsed<StatementKind> {
        self.head_word();
        Ok(StatementKind::WorkCalendar(self.name("工作日历名", "the name of the work calendar")?))
    }

    pub(super) fn enumeration(&mut self) -> Parsed<StatementKind> {
        self.head_word();
        let name = self.name("名目名", "the name of the enumeration")?;
        self.expect(K::Colon, ":")?;
        let first = self.name("名目的一项", "an item of the enumeration")?;
        let form = if self.eat_word(Keyword::Per) {
            EnumerationForm::Ladder {
                base: first, steps: self.number("档数，如 6档", "steps such as 6档")?
            }
        } else {
            self.enumeration_items(first)?
        };
        Ok(StatementKind::Enumeration(Enumeration { name, form }))
    }

    fn enumeration_items(&mut self, first: Name) -> Parsed<EnumerationForm> {
        let separator = if self.at(K::Greater) { K::Greater } else { K::Comma };
        let mut items = vec![first];
        while self.eat(separator) {
            items.push(self.name("名目的一项", "an item of the enumeration")?);
        }
        if self.at(K::Greater) || self.at(K::Comma) {
            let span = self.here();
            return self.fail(|| {
                Diagnostic::error(
                    "HJ0211",
                    span,
                    "名目要么全用“>”（从高到低），要么全用“,”（不分高低）",
                    "an enumeration uses either “>” (highest first) or “,” (no order) throughout",
                )
            });
        }
        Ok(if separator == K::Greater {
            EnumerationForm::Ordered(items)
        } else {
            EnumerationForm::Unordered(items)
        })
    }

    pub(super) fn kind_statement(&mut self) -> Option<StatementKind> {
        let head = self.line(|p| {
            p.head_word();
            let name = p.name("资料名", "the name of the kind")?;
            let mut kind = KindDecl { name, counter: None, grain: None, tree: None, fields: Vec::new() };
            loop {
                if kind.counter.is_none() && p.eat_word(Keyword::Counter) {
                    kind.counter = Some(p.name("量词，如 户", "a counter word such as 户")?);
                } else if kind.tree.is_none() && p.eat_word(Keyword::Tree) {
                    kind.tree = Some(p.name("上级栏目名", "the field that leads to the parent")?);
                } else if kind.grain.is_none()
                    && let Some(grain) = p.optional_grain()
                {
                    kind.grain = Some(grain);
                } else {
                    return Ok(kind);
                }
            }
        });
        let fields = self.items(K::Item, Self::field);
        head.map(|kind| StatementKind::Kind(KindDecl { fields, ..kind }))
    }

    pub(super) fn form_statement(&mut self) -> Option<StatementKind> {
        let head = self.line(|p| {
            p.head_word();
            let name = p.name("表单名", "the name of the form")?;
            p.expect_word(Keyword::For)?;
            let context = p.context()?;
            let inverse = if p.at_word(Keyword::Inverse) { Some(p.inverse()?) } else { None };
            Ok((name, context, inverse))
        });
        let items = self.items(K::Item, Self::form_item);
        let (name, context, inverse) = head?;
        let mut form = FormDecl {
            name,
            context,
            inverse,
            fields: Vec::new(),
            fills: Vec::new(),
            points: None,
            signatures: Vec::new(),
        };
        for item in items {
            match item {
                FormItem::Field(field) => form.fields.push(*field),
                FormItem::Fill(fill) => form.fills.push(fill),
                FormItem::Points(points) => form.points = Some(points),
                FormItem::Signatures(names) => form.signatures.extend(names),
            }
        }
        Some(StatementKind::Form(form))
    }

    fn form_item(&mut self) -> Parsed<FormItem> {
        let start = self.start();
        let word = self.word().filter(|_| !self.is_named_line());
        match word {
            Some(Keyword::Fill) => {
                self.bump_as(K::Keyword);
                let mut people = vec![self.collection()?];
                while self.eat(K::Comma) {
                    people.push(self.collection()?);
                }
                let Some(grain) = self.optional_grain() else {
                    return self.fail_expected("“每月”之类的周期", "a cadence such as “monthly”");
                };
                Ok(FormItem::Fill(Fill { people, grain, span: self.since(start) }))
            }
            Some(Keyword::Columns) => {
                self.bump_as(K::Keyword);
                self.expect_word(Keyword::FullMark)?;
                let full = self.number("满分，如 100分", "the full mark, such as 100分")?;
                Ok(FormItem::Points(PointsColumns { full, table: None, span: self.since(start) }))
            }
            Some(Keyword::Sign) => {
                self.bump_as(K::Keyword);
                Ok(FormItem::Signatures(self.names("签字的角色", "a role that signs")?))
            }
            _ => self.field().map(|field| FormItem::Field(Box::new(field))),
        }
    }

    /// `参数 NAME: type [按 names] (= expr | 待定 由 NAME)`
    pub(super) fn parameter(&mut self) -> Parsed<StatementKind> {
        self.head_word();
        let name = self.name("参数名", "the name of the parameter")?;
        self.expect(K::Colon, ":")?;
        let ty = self.type_expression()?;
        let keys = if self.eat_word(Keyword::KeyedBy) { self.parameter_keys()? } else { Vec::new() };
        let value = if self.eat_word(Keyword::Pending) {
            self.expect_word(Keyword::By)?;
            ParameterValue::Required { by: self.name("给出参数的部门", "who supplies the parameter")? }
        } else if self.eat(K::Equal) {
            ParameterValue::Given(self.value_or_error(Self::collection))
        } else {
            // The name is known all the same: who uses it has made no mistake.
            let wanted = ("“= 值”或“待定 由 部门”", "“= value” or “pending by office”");
            ParameterValue::Given(self.value_or_error(|parser| parser.fail_expected(wanted.0, wanted.1)))
        };
        Ok(StatementKind::Parameter(ParameterDecl { name, ty, keys, value }))
    }

    /// Names of 名目, or 文字.
    fn parameter_keys(&mut self) -> Parsed<Vec<Name>> {
        let mut keys = Vec::new();
        loop {
            if !self.at_name() {
                return self.fail_expected("名目名或 文字", "an enumeration or “text”");
            }
            keys.push(self.take_name(keywords::TYPES, K::TypeWord));
            if !self.eat(K::Comma) {
                return Ok(keys);
            }
        }
    }

    /// `读法 A25 分档: 整笔 | 分段 取 整笔 由 评审小组 于 2016-01-05 [据 “…”]`
    pub(super) fn reading(&mut self) -> Parsed<StatementKind> {
        self.head_word();
        let name = self.name("读法名，如 A25", "the name of the reading, such as A25")?;
        let title =
            if self.at(K::Colon) { name.clone() } else { self.name("读法的题目", "the question")? };
        self.expect(K::Colon, ":")?;
        let alternatives = self.alternatives("一种读法", "an alternative")?;
        self.expect_word(Keyword::Take)?;
        let chosen = self.name("选定的读法", "the alternative chosen")?;
        self.expect_word(Keyword::By)?;
        let by = self.name("批准者", "who approved it")?;
        self.expect_word(Keyword::On)?;
        let on = self.date()?;
        let because = if self.eat_word(Keyword::Because) {
            Some(self.string("“理由”", "“the reason”")?)
        } else {
            None
        };
        Ok(StatementKind::Reading(ReadingDecl { name, title, alternatives, chosen, by, on, because }))
    }

    /// `表 NAME 键 names [横 NAME 值 NAME] [合计 [NAME] NUM [按组 NAME]]` and column types.
    pub(super) fn table_statement(&mut self) -> Option<StatementKind> {
        let head = self.line(|p| {
            p.head_word();
            let name = p.name("表名", "the name of the table")?;
            p.expect_word(Keyword::Key)?;
            let keys = p.names("键栏目名", "a key column")?;
            let across = if p.eat_word(Keyword::Across) {
                let dimension = p.name("横向的键", "the key across the header")?;
                p.expect_word(Keyword::Cell)?;
                Some((dimension, p.name("格子的栏目名", "the name of the cells")?))
            } else {
                None
            };
            let sum = if p.eat_word(Keyword::Sum) { Some(p.table_sum()?) } else { None };
            Ok(TableDecl { name, keys, across, sum, columns: Vec::new(), table: None })
        });
        let columns = self.items(K::Item, Self::field);
        head.map(|table| StatementKind::Table(TableDecl { columns, ..table }))
    }

    fn table_sum(&mut self) -> Parsed<TableSum> {
        let column = if self.at_name() { Some(self.name("栏目名", "a column")?) } else { None };
        let total = self.number("合计数，如 100%", "the total, such as 100%")?;
        let by = if self.eat_word(Keyword::GroupedBy) {
            Some(self.name("分组的栏目", "the column to group by")?)
        } else {
            None
        };
        Ok(TableSum { column, total, by })
    }

    /// `公式 NAME(param: type, …) = expr`
    pub(super) fn formula(&mut self) -> Parsed<StatementKind> {
        self.head_word();
        let name = self.name("公式名", "the name of the formula")?;
        if keywords::find(keywords::FUNCTIONS, &name.text).is_some() {
            self.sink.report(|| {
                Diagnostic::error(
                    "HJ0212",
                    name.span,
                    format!("“{}”是内置函数，公式要用别的名称", name.text),
                    format!("“{}” is built in; give the formula another name", name.text),
                )
            });
        }
        self.expect(K::LeftParen, "(")?;
        let mut params: Vec<(Name, TypeExpr)> = Vec::new();
        loop {
            let param = self.name("参数名", "the name of a parameter")?;
            self.expect(K::Colon, ":")?;
            params.push((param, self.type_expression()?));
            if !self.eat(K::Comma) {
                break;
            }
        }
        self.expect(K::RightParen, ")")?;
        self.expect(K::Equal, "=")?;
        Ok(StatementKind::Formula { name, params, body: self.value_or_error(Self::collection) })
    }

    /// `汇总 NAME {权重合计 NUM | 最高 NUM | 最低 NUM | 四舍五入 到 NUM}`
    pub(super) fn total(&mut self) -> Parsed<StatementKind> {
        self.head_word();
        let name = self.name("汇总名", "the name of the total")?;
        let mut total =
            TotalDecl { name, posts: false, weights_sum: None, max: None, min: None, rounding: None };
        loop {
            if !total.posts && self.eat_word(Keyword::Posts) {
                total.posts = true;
            } else if total.weights_sum.is_none() && self.eat_word(Keyword::WeightsSum) {
                total.weights_sum = Some(self.number("权重合计，如 100%", "the sum of the weights")?);
            } else if total.max.is_none() && self.eat_word(Keyword::AtMost) {
                total.max = Some(self.number("最高数", "the maximum")?);
            } else if total.min.is_none() && self.eat_word(Keyword::AtLeast) {
                total.min = Some(self.number("最低数", "the minimum")?);
            } else if total.rounding.is_none()
                && let Some(rounding) = self.optional_rounding()?
            {
                total.rounding = Some(rounding);
            } else {
                return Ok(StatementKind::Total(total));
            }
        }
    }
}
