//! For whom and when, and types.

use super::{Parsed, Parser};
use crate::ast::{Context, FieldDecl, FieldTime, TypeExpr};
use crate::keywords::{self, Keyword};
use crate::tree::SyntaxKind as K;

impl Parser<'_> {
    /// `coll [逐 coll [为 NAME]] [每季 {, 每月}]`
    pub(super) fn context(&mut self) -> Parsed<Context> {
        self.node(K::Context, |p| {
            let start = p.start();
            let subject = p.collection()?;
            let mut rows = None;
            let mut row_name = None;
            if p.eat_word(Keyword::Per) {
                let argument = p.row_collection()?;
                rows = Some(argument.value);
                row_name = argument.alias;
            }
            let mut grains: Vec<_> = p.optional_grain().into_iter().collect();
            while !grains.is_empty() && p.eat(K::Comma) {
                match p.optional_grain() {
                    Some(grain) => grains.push(grain),
                    None => return p.fail_expected("“每月”之类的周期", "a cadence such as “monthly”"),
                }
            }
            Ok(Context { subject, rows, row_name, grains, span: p.since(start) })
        })
    }

    /// `NAME [(NAME)] [expr 至 expr] [每月 | 随日期]`
    pub(super) fn type_expression(&mut self) -> Parsed<TypeExpr> {
        self.node(K::TypeExpr, |p| {
            let start = p.start();
            if !p.at_name() {
                return p.fail_expected("类型，如 金额、比例、分", "a type such as money, ratio or points");
            }
            let name = p.take_name(keywords::TYPES, K::TypeWord);
            let mut argument = None;
            if p.eat(K::LeftParen) {
                argument = Some(p.type_argument()?);
                p.expect(K::RightParen, ")")?;
            }
            let mut range = None;
            if p.begins_range() {
                let low = p.sum()?;
                p.expect_word(Keyword::To)?;
                range = Some((low, p.sum()?));
            }
            let time = if p.eat_word(Keyword::Dated) {
                FieldTime::Dated
            } else {
                p.optional_grain().map_or(FieldTime::Static, FieldTime::Every)
            };
            Ok(TypeExpr { name, argument, range, time, span: p.since(start) })
        })
    }

    /// The word inside `计数(户)`, `金额(美元)`, `期间(每月)`.
    fn type_argument(&mut self) -> Parsed<crate::ast::Name> {
        if let Some(word) = self.word().filter(|word| word.position() == keywords::Position::Cadence) {
            let span = self.bump_as(K::Keyword);
            return Ok(crate::ast::Name { text: word.zh().to_owned(), span });
        }
        self.name("类型括号里的单位或周期", "a unit or a cadence inside the brackets of the type")
    }

    fn begins_range(&self) -> bool {
        match self.kind() {
            Some(K::Number | K::Date | K::Minus | K::LeftParen) => true,
            Some(K::Name | K::QuotedName) => self.ahead(1).is_some_and(|next| next.word == Some(Keyword::To)),
            _ => false,
        }
    }

    /// `names: type [反称 NAME] [主键]`
    pub(super) fn field(&mut self) -> Parsed<FieldDecl> {
        let start = self.start();
        let names = self.names("栏目名", "the name of a field")?;
        self.expect(K::Colon, ":")?;
        let ty = self.type_expression()?;
        let mut inverse = None;
        let mut is_key = false;
        loop {
            match self.word() {
                Some(Keyword::Inverse) => inverse = Some(self.inverse()?),
                Some(Keyword::PrimaryKey) => is_key = self.eat_word(Keyword::PrimaryKey),
                _ => break,
            }
        }
        Ok(FieldDecl { names, ty, inverse, is_key, span: self.since(start) })
    }

    /// `反称 NAME`
    pub(super) fn inverse(&mut self) -> Parsed<crate::ast::Name> {
        self.expect_word(Keyword::Inverse)?;
        self.name("反称的名称", "the name of the inverse collection")
    }
}
