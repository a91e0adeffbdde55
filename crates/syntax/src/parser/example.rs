//! Examples: 设 and 得.

use super::{Parsed, Parser};
use crate::ast::{ExampleBlock, Expectation, ExpectationKind, Expr, Given, GivenKind, Name};
use crate::diagnostic::Diagnostic;
use crate::keywords::Keyword;
use crate::span::Span;
use crate::tree::SyntaxKind as K;

impl Parser<'_> {
    /// All lines of an examples fence, added to `block`.
    pub(super) fn examples(&mut self, block: &mut ExampleBlock) {
        while !self.at_end() {
            if self.at_line_end() {
                self.bump();
                continue;
            }
            match self.word() {
                Some(Keyword::Given) => {
                    let given = self.line(|p| p.node(K::Statement, Self::given));
                    block.givens.extend(given);
                }
                Some(Keyword::Expect) => {
                    let expectation = self.line(|p| p.node(K::Statement, Self::expectation));
                    block.expectations.extend(expectation);
                }
                _ => _ = self.line(Self::fail_not_example),
            }
        }
    }

    fn fail_not_example(&mut self) -> Parsed<()> {
        let span = self.here();
        self.fail(|| {
            Diagnostic::error(
                "HJ0213",
                span,
                "示例里的每一句以“设”或“得”开头",
                "every statement of an example begins with “given” or “expect”",
            )
            .help("规则写在 ```规则 块里", "rules belong in a ```rules fence")
        })
    }

    fn given(&mut self) -> Parsed<Given> {
        let start = self.start();
        self.bump_as(K::Keyword);
        let has_more = self.ahead(1).is_some_and(super::name::is_name);
        let kind = match self.word().filter(|_| has_more) {
            Some(Keyword::Parameter) => self.given_parameter()?,
            Some(Keyword::Reading) => self.given_reading()?,
            Some(Keyword::Decision) => self.given_decision()?,
            _ => self.given_facts()?,
        };
        Ok(Given { kind, span: self.since(start) })
    }

    /// `设 参数 NAME[(key, …)] = expr`
    fn given_parameter(&mut self) -> Parsed<GivenKind> {
        self.bump_as(K::Keyword);
        let name = self.name("参数名", "the name of a parameter")?;
        let keys = if self.at(K::LeftParen) {
            let (arguments, _) = self.arguments()?;
            arguments.into_iter().map(|argument| argument.value).collect()
        } else {
            Vec::new()
        };
        self.expect(K::Equal, "=")?;
        Ok(GivenKind::Parameter { name, keys, value: self.expression()? })
    }

    /// `设 读法 NAME = alternative`
    fn given_reading(&mut self) -> Parsed<GivenKind> {
        self.bump_as(K::Keyword);
        let name = self.name("读法名", "the name of a reading")?;
        self.expect(K::Equal, "=")?;
        Ok(GivenKind::Reading { name, alternative: self.name("一种读法", "an alternative")? })
    }

    /// `设 人定 ATTRIBUTE[(row)] SUBJECT [于 period] = expr`
    fn given_decision(&mut self) -> Parsed<GivenKind> {
        self.bump_as(K::Keyword);
        let attribute = self.name("指标名", "the name of a figure")?;
        let row = self.optional_row()?;
        let subject = self.name("对象", "a subject")?;
        let when = self.optional_when()?;
        self.expect(K::Equal, "=")?;
        Ok(GivenKind::Decision { attribute, row, subject, when, value: self.expression()? })
    }

    /// `KIND SUBJECT [评 SUBJECT] [于 period]: NAME = expr, …` or `KIND [于 period]` above a table.
    fn given_facts(&mut self) -> Parsed<GivenKind> {
        let kind = self.name("资料名", "the name of a kind")?;
        if self.at_line_end() || self.at_word(Keyword::On) && !self.names_subject() {
            return Ok(GivenKind::Table {
                kind,
                when: self.optional_when()?,
                table: empty_table(self.after_last()),
            });
        }
        let subject = self.name("对象", "a subject")?;
        let of = if self.eat_word(Keyword::RatingOf) {
            Some(self.name("被评的对象", "the subject that is rated")?)
        } else {
            None
        };
        let when = self.optional_when()?;
        let mut values = Vec::new();
        // A record without fields says only that it exists.
        if !self.at_line_end() {
            self.expect(K::Colon, ":")?;
            values.push(self.fact()?);
            while self.eat(K::Comma) {
                values.push(self.fact()?);
            }
        }
        Ok(GivenKind::Facts { kind, subject, of, when, values })
    }

    /// Whether 于 at the current token is the name of a subject: `设 人员 于: …`.
    fn names_subject(&self) -> bool {
        self.ahead(1).is_some_and(|next| next.kind == K::Colon)
    }

    fn fact(&mut self) -> Parsed<(Name, Expr)> {
        let name = self.name("栏目名", "the name of a field")?;
        self.expect(K::Equal, "=")?;
        Ok((name, self.expression()?))
    }

    /// `于 period`, if it is here.
    fn optional_when(&mut self) -> Parsed<Option<Expr>> {
        if self.eat_word(Keyword::On) { self.sum().map(Some) } else { Ok(None) }
    }

    /// `(row)`, if it is here; several keys are joined by `/`.
    fn optional_row(&mut self) -> Parsed<Option<Name>> {
        if !self.eat(K::LeftParen) {
            return Ok(None);
        }
        let mut row = self.row_key()?;
        while self.eat(K::Comma) || self.eat(K::Divide) {
            let next = self.row_key()?;
            row = Name { text: format!("{}/{}", row.text, next.text), span: row.span.to(next.span) };
        }
        self.expect(K::RightParen, ")")?;
        Ok(Some(row))
    }

    /// A name, or a number or date as it is written.
    fn row_key(&mut self) -> Parsed<Name> {
        if matches!(self.kind(), Some(K::Number | K::Date | K::Period)) {
            let span = self.bump();
            return Ok(Name { text: crate::chars::half_width_text(span.text(self.text)), span });
        }
        self.name("行的键", "the key of a row")
    }

    fn expectation(&mut self) -> Parsed<Expectation> {
        let start = self.start();
        self.bump_as(K::Keyword);
        let is_table = self.at_line_end()
            || (matches!(self.word(), Some(Keyword::On | Keyword::Under))
                && self.ahead(1).is_none_or(|next| next.kind != K::Dot));
        let kind = if is_table { self.expected_table()? } else { self.expected_value()? };
        Ok(Expectation { kind, span: self.since(start) })
    }

    fn expected_table(&mut self) -> Parsed<ExpectationKind> {
        let when = self.optional_when()?;
        let because = self.optional_because()?;
        Ok(ExpectationKind::Table { when, table: empty_table(self.after_last()), because })
    }

    /// `SUBJECT.NAME[(row)] [于 period] = expr [因 CITE]`
    fn expected_value(&mut self) -> Parsed<ExpectationKind> {
        let subject = self.name("对象", "a subject")?;
        self.expect(K::Dot, ".")?;
        let attribute = self.name("指标名", "the name of a figure")?;
        let row = self.optional_row()?;
        let when = self.optional_when()?;
        self.expect(K::Equal, "=")?;
        let value = self.expression()?;
        let because = self.optional_because()?;
        Ok(ExpectationKind::Value { subject, attribute, row, when, value, because })
    }

    fn optional_because(&mut self) -> Parsed<Option<Name>> {
        if self.eat_word(Keyword::Under) { self.citation().map(Some) } else { Ok(None) }
    }
}

/// Stands for the Markdown table below the fence until that has been read.
pub(crate) fn empty_table(span: Span) -> crate::ast::MarkdownTable {
    crate::ast::MarkdownTable { header: Vec::new(), rows: Vec::new(), span }
}
