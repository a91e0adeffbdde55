//! Collections: kinds, inverses, tables, lists, filters, trees, holders of a post.

use super::conditions::into_collection;
use super::members::collection;
use super::scope::{Place, Scope};
use super::substitute_subject;
use crate::checker::Checker;
use crate::codes;
use crate::core::{
    Collection, Expr, ExprKind, FieldRef, Filter, KindId, Source, TableId, Type, ValueType, VariableId,
};
use crate::symbols::Used;
use crate::typed::Typed;
use hengjie_syntax::ast::{self, Argument, Name};
use hengjie_syntax::{Diagnostic, Span};

impl<'a> Checker<'a> {
    /// All subjects of a kind.
    pub(super) fn all_of_kind(&mut self, scope: &Scope<'a>, kind: KindId, span: Span) -> Typed {
        if scope.place == Place::Constant {
            self.not_constant(span);
            return Typed::unknown(span);
        }
        let name = Name { text: self.kind_name(kind), span };
        self.records(scope, Source::AllOf(kind), kind, &name, span)
    }

    /// The rows of a table.
    pub(super) fn all_rows(&mut self, table: TableId, span: Span) -> Typed {
        self.used.insert(Used::Table(table));
        collection(Source::Rows(table), Type::Row(table), span)
    }

    /// `coll 其中 cond`
    pub(super) fn infer_where(
        &mut self,
        scope: &Scope<'a>,
        source: &'a ast::Expr,
        condition: &'a ast::Expr,
        alias: Option<&Name>,
        span: Span,
    ) -> Typed {
        let base = match &source.kind {
            ast::ExprKind::Where(inner, first) => self.infer_where(scope, inner, first, alias, source.span),
            _ => self.infer(scope, source, None),
        };
        let Some(mut typed) = self.collection_of(base) else {
            // The condition is not looked at: without its elements every name in it would be a second mistake.
            return Typed::unknown(span);
        };
        let inner = self.element_scope(scope, &typed, alias);
        let condition = self.infer(&inner, condition, Some(&Type::Bool));
        let condition = self.truth(condition);
        if let ExprKind::Collection(found) = &mut typed.expr.kind {
            // 前(n, …) counts before this filter: it becomes a source of its own.
            if found.take.is_some() {
                let element = found.element.clone();
                let whole = Box::new((**found).clone());
                let source = Source::If { arms: Vec::new(), otherwise: Some(whole) };
                **found = Collection { source, filters: Vec::new(), take: None, element };
            }
            let variable = VariableId(scope.depth);
            found.filters.push(Filter { variable, condition: condition.settle(&Type::Bool) });
        }
        typed.expr.span = span;
        typed
    }

    /// The scope of an element of a collection: with what its filters and 适用 say.
    pub(super) fn element_scope(&self, scope: &Scope<'a>, typed: &Typed, alias: Option<&Name>) -> Scope<'a> {
        let ExprKind::Collection(found) = &typed.expr.kind else { return scope.with_element(None, None) };
        let alias = alias.map(|name| name.text.clone());
        if let Type::Period(grain) = found.element {
            let mut inner = scope.in_period(Some(grain)).with_element(Some(found.element.clone()), alias);
            inner.any_period = false;
            return inner;
        }
        let mut inner = scope.with_element(Some(found.element.clone()), alias);
        if let (Source::AllOf(kind), true) = (&found.source, super::facts::is_population(found)) {
            let element = Expr {
                kind: ExprKind::Variable(VariableId(scope.depth)),
                ty: ValueType { base: found.element.clone(), optional: false },
                span: typed.span(),
            };
            for part in self.population_filter(Some(*kind)) {
                inner.learn(&substitute_subject(&part, &element));
            }
        }
        for filter in &found.filters {
            inner.learn(&filter.condition);
        }
        inner
    }

    /// A collection; anything else is an error. `None` after an error.
    pub(crate) fn collection_of(&mut self, typed: Typed) -> Option<Typed> {
        match typed.base().cloned() {
            Some(Type::Collection(_)) => Some(typed),
            None => {
                if typed.known == crate::typed::Known::Nothing {
                    self.error(
                        codes::NOT_A_COLLECTION,
                        typed.span(),
                        "这里需要集合",
                        "a collection is needed here",
                    );
                }
                None
            }
            Some(Type::Object(_)) => Some(one_element(typed)),
            Some(other) => {
                let (zh, en) = self.type_name(&other);
                self.report(
                    Diagnostic::error(
                        codes::NOT_A_COLLECTION,
                        typed.span(),
                        format!("这里需要集合，写的是{zh}"),
                        format!("a collection is needed here, found {en}"),
                    )
                    .help(
                        "集合是：资料、反称、表、各月(…)、历期、上溯(…) 等",
                        "collections are: kinds, inverses, tables, 各月(…), 历期, 上溯(…) …",
                    ),
                );
                None
            }
        }
    }

    /// `(a, b, c)`: a list of objects or of collections of one kind.
    pub(super) fn infer_list(&mut self, scope: &Scope<'a>, items: &'a [ast::Expr], span: Span) -> Typed {
        let mut element: Option<Type> = None;
        let mut list = Vec::new();
        for item in items {
            let typed = self.infer(scope, item, element.as_ref());
            if typed.is_unknown() {
                return Typed::unknown(span);
            }
            let typed = self.present(typed);
            match typed.base().cloned() {
                Some(base @ Type::Object(_)) => match &element {
                    Some(first) if *first != base => {
                        let first = first.clone();
                        self.expect_same(&first, &typed);
                        return Typed::unknown(span);
                    }
                    _ => element = Some(base),
                },
                _ => {
                    self.error(
                        codes::NOT_A_COLLECTION,
                        typed.span(),
                        "括号里的一列只能是对象；“属于”后面才能列举名目",
                        "a list holds objects; items are listed only behind 属于",
                    );
                    return Typed::unknown(span);
                }
            }
            list.push(typed.expr);
        }
        match element {
            Some(element) => collection(Source::List(list), element, span),
            None => Typed::unknown(span),
        }
    }

    /// 上溯(x), 下属(x): along the tree field of a kind.
    pub(super) fn infer_tree(
        &mut self,
        scope: &Scope<'a>,
        name: &'a Name,
        arguments: &'a [Argument],
        span: Span,
    ) -> Typed {
        let [argument] = arguments else {
            return self.wrong_call(
                name,
                "要写一个参数：树的字段，如 上溯(上级)",
                "needs one argument: the tree field",
            );
        };
        let base = self.infer(scope, &argument.value, None);
        if base.is_unknown() {
            return Typed::unknown(span);
        }
        // 上溯(上级) is from the subject along 上级; 上溯(其.上级) from the element.
        let found = match base.expr.kind {
            ExprKind::Field(of, field) if self.kinds[field.kind.index()].tree == Some(field.field) => {
                Some((of, field))
            }
            kind => match &base.expr.ty.base {
                Type::Object(kind_id) => self.kinds[kind_id.index()].tree.map(|field| {
                    let field = FieldRef { kind: *kind_id, field };
                    (Box::new(Expr { kind, ty: base.expr.ty.clone(), span }), field)
                }),
                _ => None,
            },
        };
        let Some((of, field)) = found else {
            self.report(
                Diagnostic::error(
                    codes::NOT_A_COLLECTION,
                    span,
                    format!("“{}”里要写树的字段", name.text),
                    format!("`{}` needs the field of a tree", name.text),
                )
                .help("在资料里声明：资料 机构 量词 家 树 上级", "declare it: 资料 机构 量词 家 树 上级"),
            );
            return Typed::unknown(span);
        };
        let source = if name.text == "上溯" {
            Source::Ancestors { of, field }
        } else {
            Source::Descendants { of, field }
        };
        collection(source, Type::Object(field.kind), span)
    }

    /// 任职者(post): the people who hold a post.
    pub(super) fn infer_holders(&mut self, name: &Name, arguments: &'a [Argument], span: Span) -> Typed {
        let post = match arguments {
            [Argument { value: ast::Expr { kind: ast::ExprKind::Name(post), .. }, .. }] => post,
            [Argument { value: ast::Expr { kind: ast::ExprKind::Field(_, post), .. }, .. }] => post,
            _ => return self.wrong_call(name, "要写一个岗位名", "needs the name of a post"),
        };
        let mut found = Vec::new();
        for (id, item) in self.names.items.get(&post.text).cloned().unwrap_or_default() {
            let plain = self.kinds.iter().enumerate().filter(|(_, kind)| kind.form.is_none());
            for (kind, declared) in plain {
                for (field, _) in
                    declared.fields.iter().enumerate().filter(|(_, field)| field.ty == Type::Enum(id))
                {
                    let kind = KindId(crate::checker::count(kind));
                    found.push((FieldRef { kind, field: crate::checker::count(field) }, item));
                }
            }
        }
        match found.as_slice() {
            [(field, item)] => {
                let (field, item) = (*field, *item);
                if let Type::Enum(id) = self.kinds[field.kind.index()].fields[field.field as usize].ty {
                    self.note_item(id, item, post.span);
                }
                collection(Source::Holders { field, item }, Type::Object(field.kind), span)
            }
            [] => {
                self.report(
                    Diagnostic::error(
                        codes::UNKNOWN_NAME,
                        post.span,
                        format!("没有哪种资料的字段以“{}”为岗位", post.text),
                        format!("no kind has a field whose 名目 contains the post `{}`", post.text),
                    )
                    .help("把它加进岗位的名目", "add it to the 名目 of posts"),
                );
                Typed::unknown(span)
            }
            _ => {
                self.error(
                    codes::AMBIGUOUS_NAME,
                    post.span,
                    format!("不止一个字段以“{}”为岗位", post.text),
                    format!("several fields may hold the post `{}`", post.text),
                );
                Typed::unknown(span)
            }
        }
    }

    /// 前(n, coll)
    pub(super) fn infer_take(
        &mut self,
        scope: &Scope<'a>,
        name: &'a Name,
        arguments: &'a [Argument],
        span: Span,
    ) -> Typed {
        let [number, source] = arguments else {
            return self.wrong_call(name, "要写：前(个数, 集合)", "write: 前(number, collection)");
        };
        let number = self.infer_count(scope, &number.value);
        let Some(mut typed) = self.infer_collection(scope, source) else { return Typed::unknown(span) };
        if let ExprKind::Collection(found) = &mut typed.expr.kind {
            found.take = Some(Box::new(number.expr));
        }
        typed.expr.span = span;
        typed
    }

    /// An argument that is a collection, with 为 and 其中. `None` after an error.
    pub(super) fn infer_collection(&mut self, scope: &Scope<'a>, argument: &'a Argument) -> Option<Typed> {
        let typed = match &argument.value.kind {
            ast::ExprKind::Where(inner, condition) => {
                self.infer_where(scope, inner, condition, argument.alias.as_ref(), argument.value.span)
            }
            _ => self.infer(scope, &argument.value, None),
        };
        self.collection_of(typed)
    }
}

/// One object as a collection.
fn one_element(typed: Typed) -> Typed {
    let span = typed.span();
    let element = typed.expr.ty.base.clone();
    collection(Source::List(vec![typed.expr]), element, span)
}

/// One object as a collection expression.
pub(crate) fn list_of(expr: Expr) -> Expr {
    let (element, span) = (expr.ty.base.clone(), expr.span);
    collection(Source::List(vec![expr]), element, span).expr
}

/// The collection inside a typed expression, or an empty list.
pub(super) fn unwrap_collection(typed: Typed) -> Collection {
    let element = match typed.base() {
        Some(Type::Collection(element)) => element.as_ref().clone(),
        _ => Type::Bool,
    };
    into_collection(typed).unwrap_or(Collection {
        source: Source::List(Vec::new()),
        filters: Vec::new(),
        take: None,
        element,
    })
}
