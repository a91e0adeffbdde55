//! What a number counts: base units and their products.

use std::fmt::{self, Write};

use serde::{Deserialize, Serialize};

use crate::Lang;

/// A currency the engine knows. There is no conversion between currencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    /// Renminbi yuan, 元 or 人民币元.
    Cny,
    /// United States dollar, 美元.
    Usd,
    /// Euro, 欧元.
    Eur,
    /// Hong Kong dollar, 港元.
    Hkd,
    /// Japanese yen, 日元.
    Jpy,
    /// Pound sterling, 英镑.
    Gbp,
}

impl Currency {
    /// Every currency.
    pub const ALL: [Currency; 6] =
        [Currency::Cny, Currency::Usd, Currency::Eur, Currency::Hkd, Currency::Jpy, Currency::Gbp];

    /// The ISO 4217 code.
    pub fn code(self) -> &'static str {
        match self {
            Currency::Cny => "CNY",
            Currency::Usd => "USD",
            Currency::Eur => "EUR",
            Currency::Hkd => "HKD",
            Currency::Jpy => "JPY",
            Currency::Gbp => "GBP",
        }
    }

    /// The Chinese word; 元 for renminbi.
    pub fn zh(self) -> &'static str {
        match self {
            Currency::Cny => "元",
            Currency::Usd => "美元",
            Currency::Eur => "欧元",
            Currency::Hkd => "港元",
            Currency::Jpy => "日元",
            Currency::Gbp => "英镑",
        }
    }

    /// The currency that a Chinese word, an ISO code or `yuan` names; `None` for other words.
    pub fn parse(word: &str) -> Option<Currency> {
        match word {
            "人民币元" | "yuan" => Some(Currency::Cny),
            _ => Currency::ALL.into_iter().find(|currency| currency.zh() == word || currency.code() == word),
        }
    }
}

/// One thing that can be counted or measured. Other units of a family are multiples of the one named here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BaseUnit {
    /// Money, in the main unit of its currency (yuan, not fen).
    Currency(Currency),
    /// A score point, 分. Never the hundredth of a yuan, which has no unit here: write 0.01元.
    Point,
    /// Things counted with a counter word such as 户 or 笔, in its canonical spelling (see [`BaseUnit::count`]).
    Count(String),
    /// A month, 个月; 个季度 is 3 and 年 is 12 of them.
    Month,
    /// A calendar day, 天 or 日; 周 is 7 of them.
    Day,
    /// A working day, 个工作日; not convertible to days without a holiday calendar.
    Workday,
    /// A minute, 分钟; 小时 is 60 of them.
    Minute,
    /// A year of a person's age, 岁.
    AgeYear,
}

impl BaseUnit {
    /// The count unit of a counter word; 名 and 位 become their synonym 人.
    pub fn count(word: &str) -> BaseUnit {
        BaseUnit::Count(if matches!(word, "名" | "位") { "人" } else { word }.to_owned())
    }

    /// The Chinese word, as written after a number.
    pub fn zh(&self) -> &str {
        match self {
            BaseUnit::Currency(currency) => currency.zh(),
            BaseUnit::Point => "分",
            BaseUnit::Count(word) => word,
            BaseUnit::Month => "个月",
            BaseUnit::Day => "天",
            BaseUnit::Workday => "个工作日",
            BaseUnit::Minute => "分钟",
            BaseUnit::AgeYear => "岁",
        }
    }

    /// The English word (plural); a counter word has no English form and stays as it is.
    pub fn en(&self) -> &str {
        match self {
            BaseUnit::Currency(currency) => currency.code(),
            BaseUnit::Point => "points",
            BaseUnit::Count(word) => word,
            BaseUnit::Month => "months",
            BaseUnit::Day => "days",
            BaseUnit::Workday => "workdays",
            BaseUnit::Minute => "minutes",
            BaseUnit::AgeYear => "years_old",
        }
    }

    /// The word in `lang`.
    pub fn word(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.en(),
        }
    }
}

/// A product of base units with exponents, such as 元/户. The empty product is a plain number or ratio (比例).
///
/// Factors are sorted and their exponents are never 0, so equal units compare equal. Serialized as a list of
/// `[base, exponent]` pairs.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<(BaseUnit, i8)>", into = "Vec<(BaseUnit, i8)>")]
pub struct Unit {
    factors: Vec<(BaseUnit, i8)>,
}

impl Unit {
    /// The unit of plain numbers and ratios.
    pub const fn none() -> Unit {
        Unit { factors: Vec::new() }
    }

    /// The unit that is one base unit.
    pub fn of(base: BaseUnit) -> Unit {
        Unit { factors: vec![(base, 1)] }
    }

    /// The unit of money in `currency`.
    pub fn money(currency: Currency) -> Unit {
        Unit::of(BaseUnit::Currency(currency))
    }

    /// Whether this is the unit of plain numbers and ratios.
    pub fn is_none(&self) -> bool {
        self.factors.is_empty()
    }

    /// The factors, sorted by base unit, with non-zero exponents.
    pub fn factors(&self) -> &[(BaseUnit, i8)] {
        &self.factors
    }

    /// The base unit when the unit is exactly one of them to the power 1; `None` otherwise.
    pub fn single(&self) -> Option<&BaseUnit> {
        match self.factors.as_slice() {
            [(base, 1)] => Some(base),
            _ => None,
        }
    }

    /// The currency when the unit is plain money; `None` otherwise.
    pub fn currency(&self) -> Option<Currency> {
        match self.single() {
            Some(BaseUnit::Currency(currency)) => Some(*currency),
            _ => None,
        }
    }

    /// The unit of a product. Exponents stop at the limits of `i8`, far above any real unit.
    pub fn multiply(&self, other: &Unit) -> Unit {
        self.combine(other, 1)
    }

    /// The unit of a quotient. Exponents stop at the limits of `i8`, far above any real unit.
    pub fn divide(&self, other: &Unit) -> Unit {
        self.combine(other, -1)
    }

    fn combine(&self, other: &Unit, sign: i8) -> Unit {
        let mut result = self.clone();
        for (base, exponent) in &other.factors {
            result.add_factor(base.clone(), exponent.saturating_mul(sign));
        }
        result
    }

    fn add_factor(&mut self, base: BaseUnit, exponent: i8) {
        match self.factors.binary_search_by(|(known, _)| known.cmp(&base)) {
            Ok(place) => {
                let sum = self.factors[place].1.saturating_add(exponent);
                if sum == 0 {
                    self.factors.remove(place);
                } else {
                    self.factors[place].1 = sum;
                }
            }
            Err(place) if exponent != 0 => self.factors.insert(place, (base, exponent)),
            Err(_) => {}
        }
    }

    /// The English text: `CNY`, `points`, `CNY/户`, `ratio` for a plain number.
    pub fn en(&self) -> String {
        self.text(Lang::En)
    }

    /// The text in `lang`; in Chinese it equals `Display`.
    pub fn text(&self, lang: Lang) -> String {
        if self.is_none() {
            return lang.pick("比例", "ratio").to_owned();
        }
        let mut text = String::new();
        for (base, exponent) in self.factors.iter().filter(|(_, exponent)| *exponent > 0) {
            if !text.is_empty() {
                text.push('·');
            }
            push_power(&mut text, base, exponent.unsigned_abs(), lang);
        }
        if text.is_empty() {
            text.push('1');
        }
        text + &self.divisor_text(lang)
    }

    /// The part that starts with `/`, for example `/户`; empty when nothing divides.
    pub(crate) fn divisor_text(&self, lang: Lang) -> String {
        let mut text = String::new();
        for (base, exponent) in self.factors.iter().filter(|(_, exponent)| *exponent < 0) {
            text.push('/');
            push_power(&mut text, base, exponent.unsigned_abs(), lang);
        }
        text
    }

    /// The currency when money to the power 1 is the only factor that is not divided by, as in 元/户.
    pub(crate) fn leading_currency(&self) -> Option<Currency> {
        let mut positive = self.factors.iter().filter(|(_, exponent)| *exponent > 0);
        match (positive.next(), positive.next()) {
            (Some((BaseUnit::Currency(currency), 1)), None) => Some(*currency),
            _ => None,
        }
    }
}

fn push_power(text: &mut String, base: &BaseUnit, power: u8, lang: Lang) {
    text.push_str(base.word(lang));
    if power > 1 {
        // Writing to a String cannot fail.
        let _ = write!(text, "^{power}");
    }
}

impl From<BaseUnit> for Unit {
    fn from(base: BaseUnit) -> Self {
        Unit::of(base)
    }
}

impl From<Vec<(BaseUnit, i8)>> for Unit {
    /// Accepts factors in any order, repeated or with exponent 0, and brings them to the sorted form.
    fn from(factors: Vec<(BaseUnit, i8)>) -> Self {
        let mut unit = Unit::none();
        for (base, exponent) in factors {
            unit.add_factor(base, exponent);
        }
        unit
    }
}

impl From<Unit> for Vec<(BaseUnit, i8)> {
    fn from(unit: Unit) -> Self {
        unit.factors
    }
}

impl fmt::Display for Unit {
    /// The Chinese text: `元`, `分`, `元/户`, `个月`, `比例` for a plain number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::Zh))
    }
}
