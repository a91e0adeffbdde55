//! Where a daily average comes from, as text and JSON. All parts are exact; what is printed adds up.

use super::columns::Column;
use super::figures::average_fen;
use super::{known, refused};
use crate::failure::{Failure, Outcome};
use hengjie_analytics::ledger::{AccountPart, CustomerPart, LoadNumber, TenurePart};
use hengjie_analytics::{FULL_SHARE_BP, Fold, Ledger, Watch, Window};
use hengjie_calendar::{Date, Period};
use hengjie_quantity::{Lang, Rational};
use serde_json::{Value, json};

/// Customers that are written out in text; the others are put together in one line.
const SHOWN: usize = 12;

/// An explanation.
#[derive(Debug)]
pub struct Answer {
    /// For people.
    pub text: String,
    /// For programs: every part, amounts in fen·day·bp and fen as strings.
    pub json: Value,
}

/// Explains a figure of an owner, or the balances of a customer behind it.
///
/// # Errors
/// The owner or customer is not known, the figure cannot be asked so, or a file of the ledger is damaged.
pub fn explain(
    ledger: &Ledger,
    who: &str,
    column: &Column,
    period: Period,
    known_on: Option<Date>,
    is_customer: bool,
    lang: Lang,
) -> Outcome<Answer> {
    if column.fold != Fold::Sum {
        return Err(Failure::usage(
            "解释的是合计；去掉 最大、户数",
            "sums are explained; leave out largest and count",
        ));
    }
    let known = known(ledger, known_on)?;
    let classes = ledger.classes();
    let measure = column.measure(&classes, period)?;
    let page = Page { ledger, who, column, window: measure.window, lang };
    if is_customer {
        let parts = ledger.account_parts(who, &measure.classes, measure.window, known).map_err(refused)?;
        return Ok(page.customer(&parts, known));
    }
    let parts = ledger.owner_parts(who, &measure, known, &Watch::none()).map_err(refused)?;
    Ok(page.owner(&parts, known))
}

struct Page<'a> {
    ledger: &'a Ledger,
    who: &'a str,
    column: &'a Column,
    window: Window,
    lang: Lang,
}

impl Page<'_> {
    fn owner(&self, parts: &[CustomerPart], known: LoadNumber) -> Answer {
        let total: i128 = parts.iter().map(CustomerPart::attributed).sum();
        let mut lines = vec![self.heading(self.lang.pick("客户经理", "owner"), total)];
        let counted: Vec<&CustomerPart> =
            parts.iter().filter(|part| part.counts && part.attributed() != 0).collect();
        for part in counted.iter().take(SHOWN) {
            lines.extend(self.customer_lines(part));
        }
        let rest = counted.get(SHOWN..).unwrap_or_default();
        if !rest.is_empty() {
            let sum: i128 = rest.iter().map(|part| part.attributed()).sum();
            lines.push(self.rest(rest.len(), sum));
        }
        let left_out = parts.iter().filter(|part| !part.counts).count();
        if left_out > 0 {
            lines.push(match self.lang {
                Lang::Zh => format!("不计：{left_out} 户，单户日均不到 {}", self.threshold()),
                Lang::En => {
                    format!("left out: {left_out}, with a daily average below {}", self.threshold())
                }
            });
        }
        let customers: Vec<Value> = parts.iter().map(|part| self.customer_json(part)).collect();
        let json = json!({
            "owner": self.who, "figure": self.column.name, "days": self.window.days(), "known": known,
            "fen_days_bp": total.to_string(), "average_fen": average_fen(total, self.window.days()).to_string(),
            "customers": customers,
        });
        Answer { text: lines.join("\n"), json }
    }

    fn customer(&self, parts: &[AccountPart], known: LoadNumber) -> Answer {
        let fen_days =
            |part: &AccountPart| part.balances.iter().map(|balance| balance.fen_days()).sum::<i128>();
        let total: i128 = parts.iter().map(fen_days).sum();
        let mut lines =
            vec![self.heading(self.lang.pick("客户", "customer"), total * i128::from(FULL_SHARE_BP))];
        for part in parts.iter().filter(|part| !part.balances.is_empty()) {
            let sum = self.fen_days(fen_days(part));
            lines.push(match self.lang {
                Lang::Zh => format!("账户 {}：积数 {sum}", part.account),
                Lang::En => format!("account {}: balance-days {sum}", part.account),
            });
            for balance in &part.balances {
                let days = self.days(balance.days);
                let (amount, sum) =
                    (self.yuan(i128::from(balance.balance_fen)), self.fen_days(balance.fen_days()));
                lines.push(format!(
                    "  {days}  {amount} × {} = {sum}  {}",
                    balance.days.days(),
                    self.source(balance.load)
                ));
            }
        }
        let accounts: Vec<Value> = parts
            .iter()
            .map(|part| {
                let balances: Vec<Value> = part
                    .balances
                    .iter()
                    .map(|balance| {
                        json!({
                            "from": day(balance.days.from), "to": day(balance.days.to), "balance_fen": balance.balance_fen.to_string(),
                            "fen_days": balance.fen_days().to_string(), "load": balance.load,
                        })
                    })
                    .collect();
                json!({ "account": part.account, "fen_days": fen_days(part).to_string(), "balances": balances })
            })
            .collect();
        let json = json!({
            "customer": self.who, "figure": self.column.name, "days": self.window.days(), "known": known,
            "fen_days": total.to_string(), "accounts": accounts,
        });
        Answer { text: lines.join("\n"), json }
    }

    /// `客户经理 10003，存款日均，2025-01-01 至 2025-12-31（365 天）：1,234.56元`, and how it is divided.
    fn heading(&self, kind: &str, total: i128) -> String {
        let (name, days) = (&self.column.name, self.window.days());
        let average = self.yuan(average_fen(total, days));
        let sum = self.fen_days_bp(total);
        match self.lang {
            Lang::Zh => format!(
                "{kind} {}，{name}，{}：{average}\n＝ 积数 {sum} ÷ {days} 天，四舍五入到分",
                self.who,
                self.days(self.window)
            ),
            Lang::En => format!(
                "{kind} {}, {name}, {}: {average}\n= balance-days {sum} ÷ {days} days, rounded half up to fen",
                self.who,
                self.days(self.window)
            ),
        }
    }

    fn customer_lines(&self, part: &CustomerPart) -> Vec<String> {
        let whole =
            self.yuan(average_fen(part.whole_fen_days * i128::from(FULL_SHARE_BP), self.window.days()));
        let sum = self.fen_days_bp(part.attributed());
        let mut lines = vec![match self.lang {
            Lang::Zh => format!("客户 {}：积数 {sum}，整户日均 {whole}", part.customer),
            Lang::En => {
                format!("customer {}: balance-days {sum}, the whole customer averages {whole}", part.customer)
            }
        }];
        lines.extend(part.tenures.iter().map(|tenure| self.tenure(tenure)));
        lines
    }

    fn tenure(&self, tenure: &TenurePart) -> String {
        let (days, share) = (self.days(tenure.days), percent(tenure.share_bp));
        let whole = self.fen_days(tenure.fen_days);
        let own = self.fen_days_bp(tenure.fen_days * i128::from(tenure.share_bp));
        format!("  {days}  {whole} × {share} = {own}")
    }

    fn rest(&self, count: usize, sum: i128) -> String {
        let sum = self.fen_days_bp(sum);
        match self.lang {
            Lang::Zh => format!("另有 {count} 户：积数 {sum}（--json 列出全部）"),
            Lang::En => format!("{count} more customers: balance-days {sum} (--json lists all)"),
        }
    }

    fn customer_json(&self, part: &CustomerPart) -> Value {
        let tenures: Vec<Value> = part
            .tenures
            .iter()
            .map(|tenure| {
                json!({
                    "from": day(tenure.days.from), "to": day(tenure.days.to), "share_bp": tenure.share_bp,
                    "fen_days": tenure.fen_days.to_string(),
                })
            })
            .collect();
        json!({
            "customer": part.customer, "counts": part.counts, "whole_fen_days": part.whole_fen_days.to_string(),
            "fen_days_bp": part.attributed().to_string(), "tenures": tenures,
        })
    }

    /// Both ends included, as people write them.
    fn days(&self, window: Window) -> String {
        let (from, to, days) = (day(window.from), day(window.to - 1), window.days());
        match self.lang {
            Lang::Zh => format!("{from} 至 {to}（{days} 天）"),
            Lang::En => format!("{from} to {to} ({days} days)"),
        }
    }

    /// 元·天 with both decimals.
    fn fen_days(&self, fen_days: i128) -> String {
        self.fen_days_bp(fen_days * i128::from(FULL_SHARE_BP))
    }

    /// 元·天, exact: a fen and a basis point make six decimals.
    fn fen_days_bp(&self, fen_days_bp: i128) -> String {
        let exact = Rational::from(fen_days_bp) * Rational::pow10(-6);
        let text = exact.to_exact_decimal().unwrap_or_default();
        format!("{}{}", grouped(&text), self.lang.pick("元·天", " yuan·days"))
    }

    /// The file that reported a balance.
    fn source(&self, load: LoadNumber) -> String {
        let Some(load) = self.ledger.loads().get(load as usize - 1) else { return String::new() };
        match self.lang {
            Lang::Zh => format!("{}，{} 登记", load.name, day(load.recorded)),
            Lang::En => format!("{}, recorded {}", load.name, day(load.recorded)),
        }
    }

    /// `1,234.56元`.
    fn yuan(&self, fen: i128) -> String {
        let (sign, fen) = (if fen < 0 { "-" } else { "" }, fen.abs());
        let number = grouped(&format!("{}.{:02}", fen / 100, fen % 100));
        format!("{sign}{number}{}", self.lang.pick("元", " yuan"))
    }

    fn threshold(&self) -> String {
        self.yuan(i128::from(self.column.at_least_fen.unwrap_or(0)))
    }
}

fn day(day: i32) -> String {
    Date::from_days(day).map_or_else(|| day.to_string(), |date| date.to_string())
}

fn percent(share_bp: i32) -> String {
    let (whole, rest) = (share_bp / 100, share_bp % 100);
    if rest == 0 { format!("{whole}%") } else { format!("{whole}.{rest:02}%") }
}

/// Thousands of the whole part apart.
fn grouped(number: &str) -> String {
    let (sign, number) = number.strip_prefix('-').map_or(("", number), |number| ("-", number));
    let (whole, rest) =
        number.split_once('.').map_or((number, String::new()), |(whole, rest)| (whole, format!(".{rest}")));
    let groups: Vec<&str> = (0..whole.len().div_ceil(3))
        .rev()
        .map(|group| &whole[whole.len().saturating_sub(3 * group + 3)..whole.len() - 3 * group])
        .collect();
    format!("{sign}{}{rest}", groups.join(","))
}
