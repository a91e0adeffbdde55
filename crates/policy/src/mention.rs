//! The names an expression mentions: which attributes may have to be checked first.

use hengjie_syntax::ast::{Context, Expr, ExprKind};

/// Calls `found` for every name in an expression, also names of fields and calls.
pub(crate) fn names<'e>(expr: &'e Expr, found: &mut dyn FnMut(&'e str)) {
    // A list of places still to visit: expressions may be deep.
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        match &expr.kind {
            ExprKind::Name(name) => found(&name.text),
            ExprKind::Field(base, name) => {
                found(&name.text);
                open.push(base);
            }
            ExprKind::Call(name, arguments) => {
                found(&name.text);
                open.extend(
                    arguments.iter().flat_map(|argument| [&argument.value].into_iter().chain(&argument.to)),
                );
            }
            ExprKind::Method(base, name, arguments) => {
                found(&name.text);
                open.push(base);
                open.extend(
                    arguments.iter().flat_map(|argument| [&argument.value].into_iter().chain(&argument.to)),
                );
            }
            ExprKind::List(items) => open.extend(items),
            ExprKind::If { arms, otherwise } => {
                open.extend(arms.iter().flat_map(|(condition, value)| [condition, value]));
                open.push(otherwise);
            }
            ExprKind::OrNone(a, b)
            | ExprKind::OrMissing(a, b)
            | ExprKind::Binary(_, a, b)
            | ExprKind::Where(a, b) => {
                open.extend([a.as_ref(), b.as_ref()]);
            }
            ExprKind::Not(value) | ExprKind::Negate(value) => open.push(value),
            ExprKind::Number(_)
            | ExprKind::Date(_)
            | ExprKind::Period(_)
            | ExprKind::Time(_)
            | ExprKind::Text(_)
            | ExprKind::Error => {}
        }
    }
}

/// The names in a context.
pub(crate) fn context_names<'e>(context: &'e Context, found: &mut dyn FnMut(&'e str)) {
    names(&context.subject, found);
    if let Some(rows) = &context.rows {
        names(rows, found);
    }
}
