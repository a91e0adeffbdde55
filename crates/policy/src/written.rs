//! Syntax back to text, for fixes and for parts that are kept as written (posts, event names).

use hengjie_syntax::ast::{Argument, BinaryOp, Expr, ExprKind};

/// The expression as a person would write it. Two expressions with the same text are the same.
pub(crate) fn written(expr: &Expr) -> String {
    let mut text = String::new();
    write(expr, &mut text, 0);
    text
}

/// Deeper parts are cut: the text is for messages and comparison of short expressions.
const DEEPEST: u32 = 60;

fn write(expr: &Expr, out: &mut String, depth: u32) {
    if depth > DEEPEST {
        out.push('…');
        return;
    }
    let deeper = depth + 1;
    match &expr.kind {
        ExprKind::Number(number) => {
            out.push_str(&number.value.to_exact_decimal().unwrap_or_else(|| number.value.to_string()));
            out.push_str(&number.unit);
        }
        ExprKind::Date(date) => out.push_str(&date.to_string()),
        ExprKind::Period(period) => out.push_str(&period.to_string()),
        ExprKind::Time(time) => out.push_str(&format!("{:02}:{:02}", time.minutes / 60, time.minutes % 60)),
        ExprKind::Text(text) => out.push_str(&format!("“{text}”")),
        ExprKind::Name(name) => out.push_str(&name.text),
        ExprKind::Field(base, name) => {
            write(base, out, deeper);
            out.push('.');
            out.push_str(&name.text);
        }
        ExprKind::Call(name, arguments) => {
            out.push_str(&name.text);
            write_arguments(arguments, out, deeper);
        }
        ExprKind::Method(base, name, arguments) => {
            write(base, out, deeper);
            out.push('.');
            out.push_str(&name.text);
            write_arguments(arguments, out, deeper);
        }
        ExprKind::List(items) => write_list(items, out, deeper),
        ExprKind::If { arms, otherwise } => {
            for (condition, value) in arms {
                write_parts(out, deeper, &[("如 ", condition), (" 则 ", value)]);
                out.push(' ');
            }
            write_parts(out, deeper, &[("否则 ", otherwise)]);
        }
        ExprKind::OrNone(value, default) => write_parts(out, deeper, &[("", value), (" 无则 ", default)]),
        ExprKind::OrMissing(value, default) => write_parts(out, deeper, &[("", value), (" 缺则 ", default)]),
        ExprKind::Not(value) => write_parts(out, deeper, &[("非 ", value)]),
        ExprKind::Negate(value) => write_parts(out, deeper, &[("-", value)]),
        ExprKind::Binary(op, left, right) => {
            write_operand(left, *op, out, deeper);
            out.push_str(operator(*op));
            write_operand(right, *op, out, deeper);
        }
        ExprKind::Where(collection, condition) => {
            write_parts(out, deeper, &[("", collection), (" 其中 ", condition)]);
        }
        ExprKind::Error => out.push('…'),
    }
}

fn write_parts(out: &mut String, depth: u32, parts: &[(&str, &Expr)]) {
    for (word, part) in parts {
        out.push_str(word);
        write(part, out, depth);
    }
}

fn write_list(items: &[Expr], out: &mut String, depth: u32) {
    out.push('(');
    for (index, item) in items.iter().enumerate() {
        out.push_str(if index == 0 { "" } else { ", " });
        write(item, out, depth);
    }
    out.push(')');
}

/// Operands that are operations themselves stand in brackets unless they bind more tightly.
fn write_operand(operand: &Expr, around: BinaryOp, out: &mut String, depth: u32) {
    let bare = match &operand.kind {
        ExprKind::Binary(inner, ..) => rank(*inner) > rank(around),
        ExprKind::If { .. } | ExprKind::OrNone(..) | ExprKind::OrMissing(..) | ExprKind::Where(..) => false,
        _ => true,
    };
    out.push_str(if bare { "" } else { "(" });
    write(operand, out, depth);
    out.push_str(if bare { "" } else { ")" });
}

fn write_arguments(arguments: &[Argument], out: &mut String, depth: u32) {
    out.push('(');
    for (index, argument) in arguments.iter().enumerate() {
        out.push_str(if index == 0 { "" } else { ", " });
        write(&argument.value, out, depth);
        if let Some(alias) = &argument.alias {
            out.push_str(" 为 ");
            out.push_str(&alias.text);
        }
        if let Some(to) = &argument.to {
            write_parts(out, depth, &[(" 至 ", to)]);
        }
    }
    out.push(')');
}

fn rank(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::Or => 1,
        BinaryOp::And => 2,
        BinaryOp::Add | BinaryOp::Subtract => 4,
        BinaryOp::Multiply | BinaryOp::Divide => 5,
        _ => 3,
    }
}

fn operator(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Or => " 或 ",
        BinaryOp::And => " 且 ",
        BinaryOp::Equal => " = ",
        BinaryOp::NotEqual => " ≠ ",
        BinaryOp::Less => " < ",
        BinaryOp::LessEqual => " ≤ ",
        BinaryOp::Greater => " > ",
        BinaryOp::GreaterEqual => " ≥ ",
        BinaryOp::In => " 属于 ",
        BinaryOp::Add => " + ",
        BinaryOp::Subtract => " - ",
        BinaryOp::Multiply => " × ",
        BinaryOp::Divide => " ÷ ",
    }
}
