//! The law that holds the two evaluators together: on any document and any data they give the same values.
//!
//! Documents are generated as text, so that parser and checker take part; data are generated small and full of ties,
//! borders, zeros and gaps. A failing case prints the document, the seed and the values.

use super::engine::{Engine, RowKey};
use super::exact::{self, Exact};
use super::plan::{Computed, Ty};
use crate::dataset::{
    Column, ColumnData, Dataset, DatedColumn, FieldData, Integers, Keys, KindData, RecordPeriods,
    SuppliedParameter,
};
use crate::row;
use crate::value::Value;
use arrow_array::StringArray;
use hengjie_calendar::{Date, Grain, Period};
use hengjie_policy::core::{AttributeId, Literal, Program, Source, Type};
use hengjie_quantity::Rational;
use proptest::prelude::*;

/// Small deterministic numbers from one seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }

    fn one_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }

    fn pick<'t>(&mut self, items: &[&'t str]) -> &'t str {
        items[self.roll(items.len() as u64) as usize]
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Money,
    Points,
    Plain,
    Truth,
    Grade,
}

const HEAD: &str = "# 随机办法
```规则
制度 随机办法 版本 2020-01-01 起
名目 等级: 甲 > 乙 > 丙
资料 人员 量词 人
组别: 等级 每年
额, 任务: 金额 每年
成绩: 分 每年
占比: 比例 随日期
在岗: 是否 每年
资料 事件 量词 次 每年
经理: 人员 反称 名下事件
数额: 金额
分值: 分
属实: 是否
类别: 等级
参数 系数: 比例 = 1.5
参数 等级系数: 比例 按 等级 待定 由 人力资源部
读法 A1 算法: 一法 | 二法 取 一法 由 小组 于 2020-01-01
表 分档 键 金额档
```
| 金额档 | 每元分 | 系数列 |
|---|---|---|
| 100元以内 | 0.2分/元 | 50% |
| 超过100元至300元 | 0.3分/元 | 30% |
| 超过300元 | 0.7分/元 | 10% |
```规则
表 等级表 键 等级
```
| 等级 | 起点 | 加分 |
|---|---|---|
| 甲 | 300元 | 3分 |
| 乙 | 100元 | — |
| 丙 | 0元 | 1分 |
";

/// A document of a few random rules.
struct Writer {
    dice: Dice,
    /// Names by kind that a 人员 rule may use.
    names: Vec<(Kind, String)>,
    text: String,
}

impl Writer {
    fn name(&mut self, kind: Kind) -> Option<String> {
        let fitting: Vec<&String> =
            self.names.iter().filter(|(own, _)| *own == kind).map(|(_, name)| name).collect();
        if fitting.is_empty() {
            None
        } else {
            Some(fitting[self.dice.roll(fitting.len() as u64) as usize].clone())
        }
    }

    fn leaf(&mut self, kind: Kind) -> String {
        if self.dice.one_in(2)
            && let Some(name) = self.name(kind)
        {
            return name;
        }
        match kind {
            Kind::Money => format!("{}元", self.dice.pick(&["0", "1", "0.5", "100", "33.33", "300", "250"])),
            Kind::Points => format!("{}分", self.dice.pick(&["0", "1", "0.25", "60", "100", "2.5"])),
            Kind::Plain => self.dice.pick(&["0", "1", "50%", "0.3", "系数", "1.25", "3"]).to_owned(),
            Kind::Truth => self.dice.pick(&["在岗", "是", "否", "A1 = 一法"]).to_owned(),
            Kind::Grade => self.dice.pick(&["等级.甲", "等级.乙", "等级.丙", "组别"]).to_owned(),
        }
    }

    /// Something that is not the constant 0.
    fn divisor(&mut self, kind: Kind) -> String {
        let own = match kind {
            Kind::Money => self.dice.pick(&[
                "额",
                "任务",
                "3元",
                "100元",
                "0.7元",
                "(额 - 任务)",
                "合计(名下事件, 其.数额)",
            ]),
            _ => self.dice.pick(&["占比", "系数", "3", "0.07", "(占比 - 50%)"]),
        };
        own.to_owned()
    }

    fn expression(&mut self, kind: Kind, depth: u32) -> String {
        if depth == 0 || self.dice.one_in(6) {
            return self.leaf(kind);
        }
        let d = depth - 1;
        match kind {
            Kind::Truth => self.truth(d),
            Kind::Grade => {
                let (c, a, b) = (self.truth(d), self.expression(Kind::Grade, d), self.leaf(Kind::Grade));
                format!("(如 {c} 则 {a} 否则 {b})")
            }
            _ => self.number(kind, d),
        }
    }

    fn zero(kind: Kind) -> &'static str {
        match kind {
            Kind::Money => "0元",
            Kind::Points => "0分",
            _ => "0",
        }
    }

    fn number(&mut self, kind: Kind, d: u32) -> String {
        let quantum = match kind {
            Kind::Money => "0.01元",
            Kind::Points => "0.01分",
            _ => "0.001",
        };
        match self.dice.roll(15) {
            0 => format!("({} + {})", self.expression(kind, d), self.expression(kind, d)),
            1 => format!("({} - {})", self.expression(kind, d), self.expression(kind, d)),
            2 => format!("({} × {})", self.expression(kind, d), self.expression(Kind::Plain, d)),
            3 => {
                let (a, b, e) = (self.expression(Kind::Money, d), self.divisor(Kind::Money), self.leaf(kind));
                format!("({e} × ({a} ÷ {b} 无则 1))")
            }
            4 => format!(
                "({} ÷ {} 无则 {})",
                self.expression(kind, d),
                self.divisor(Kind::Plain),
                self.leaf(kind)
            ),
            5 => {
                let ends: &[(&str, &str)] = match kind {
                    Kind::Money => &[("0元", "100元"), ("任务", "额"), ("33.33元", "任务")],
                    Kind::Points => &[("0分", "100分"), ("60分", "成绩"), ("成绩", "150分")],
                    _ => &[("0", "1"), ("占比", "系数"), ("50%", "占比")],
                };
                let (low, high) = ends[self.dice.roll(3) as usize];
                format!("限于({}, {low} 至 {high})", self.expression(kind, d))
            }
            6 => {
                let mode = self.dice.pick(&["四舍五入", "向下", "向上", "向零", "银行家"]);
                format!("{mode}({}, {quantum})", self.expression(kind, d))
            }
            7 => format!(
                "(如 {} 则 {} 否则 {})",
                self.truth(d),
                self.expression(kind, d),
                self.expression(kind, d)
            ),
            8 => format!("最大值({}, {})", self.expression(kind, d), self.leaf(kind)),
            9 => format!("({} 缺则 {})", self.expression(kind, d), self.leaf(kind)),
            10 => self.aggregate(kind, d),
            11 => match kind {
                Kind::Points => {
                    let x = self.expression(Kind::Money, d);
                    self.dice
                        .pick(&["累进(分档, @).每元分", "@ × 查表(分档, @).每元分"])
                        .replace('@', &format!("({x})"))
                }
                Kind::Plain => {
                    let (x, g) = (self.expression(Kind::Money, d), self.expression(Kind::Grade, d));
                    if self.dice.one_in(2) {
                        format!("查表(分档, {x}).系数列")
                    } else {
                        format!("等级系数({g})")
                    }
                }
                Kind::Money => {
                    let grade = self.expression(Kind::Grade, d);
                    format!("查表(等级表, {grade}).起点")
                }
                _ => self.leaf(kind),
            },
            12 => format!("(上期({}) 无则 {})", self.expression(kind, d), self.leaf(kind)),
            13 => format!("(平均(近(3, 各年), {}) 无则 {})", self.expression(kind, d), Self::zero(kind)),
            _ => format!("绝对值({})", self.expression(kind, d)),
        }
    }

    fn aggregate(&mut self, kind: Kind, d: u32) -> String {
        let filter = self.dice.pick(&[
            "",
            " 其中 其.属实",
            " 其中 其.类别 = 等级.甲",
            " 其中 其.数额 ≥ 100元 且 其.属实",
            " 其中 其.类别 = 本人.组别",
        ]);
        let body = match kind {
            Kind::Money => "其.数额",
            Kind::Points => "其.分值",
            _ => "其.数额 ÷ 100元",
        };
        let _ = d;
        match self.dice.roll(5) {
            0 => format!("合计(名下事件{filter}, {body})"),
            1 => format!("(最大(名下事件{filter}, {body}) 无则 {})", Self::zero(kind)),
            2 => format!("(平均(名下事件{filter}, {body}) 无则 {})", Self::zero(kind)),
            3 if kind == Kind::Plain => format!("数(计数(名下事件{filter}))"),
            _ => {
                let own = match kind {
                    Kind::Money => "其.额",
                    Kind::Points => "其.成绩",
                    _ => "其.占比",
                };
                let filter = self.dice.pick(&["", " 其中 其.在岗", " 其中 其.组别 = 本人.组别"]);
                format!("(平均(人员{filter}, {own}) 无则 {})", Self::zero(kind))
            }
        }
    }

    fn truth(&mut self, d: u32) -> String {
        if d == 0 {
            return self.leaf(Kind::Truth);
        }
        let d = d - 1;
        match self.dice.roll(10) {
            0 => format!("({} 且 {})", self.truth(d), self.truth(d)),
            1 => format!("({} 或 {})", self.truth(d), self.truth(d)),
            2 => format!("非 {}", self.leaf(Kind::Truth)),
            3 | 4 => {
                let kind = [Kind::Money, Kind::Points, Kind::Plain][self.dice.roll(3) as usize];
                let op = self.dice.pick(&["=", "≠", "<", "≤", ">", "≥"]);
                format!("({} {op} {})", self.expression(kind, d), self.expression(kind, d))
            }
            5 => {
                let op = self.dice.pick(&["=", "≠", "<", "≥"]);
                format!("({} {op} {})", self.expression(Kind::Grade, d), self.leaf(Kind::Grade))
            }
            6 => format!("至少(2, {}, {}, {})", self.truth(d), self.truth(d), self.leaf(Kind::Truth)),
            7 => {
                let filter = self.dice.pick(&["其.属实", "其.数额 > 100元", "其.类别 = 等级.乙"]);
                format!("存在(名下事件 其中 {filter})")
            }
            8 => format!("({} 属于 (等级.甲, 等级.丙))", self.expression(Kind::Grade, d)),
            _ => format!("每个(名下事件, {})", self.dice.pick(&["其.属实", "其.数额 ≤ 300元"])),
        }
    }

    fn document(mut self) -> String {
        let rules = 2 + self.dice.roll(5);
        self.text.push_str("```规则\n对 人员 每年\n");
        for rule in 0..rules {
            let kind = [Kind::Money, Kind::Points, Kind::Plain, Kind::Truth, Kind::Grade]
                [self.dice.roll(5) as usize];
            let depth = 1 + self.dice.roll(4) as u32;
            let value = self.expression(kind, depth);
            let name = format!("规则{rule}");
            self.text.push_str(&format!("{name} = {value}\n"));
            if kind != Kind::Truth && self.dice.one_in(5) {
                let (other, guard) = (self.leaf(kind), self.truth(1));
                self.text.push_str(&format!("例外 {name} = {other} 当 {guard}\n"));
            }
            self.names.push((kind, name));
        }
        if self.dice.one_in(3) {
            let (first, next, guard) =
                (self.leaf(Kind::Points), self.expression(Kind::Points, 2), self.truth(1));
            self.text.push_str(&format!(
                "首期 累计 = {first}\n下期 累计 = 如 {guard} 则 {next} 否则 累计 + 1分\n"
            ));
        }
        if self.dice.one_in(2) {
            let limit = self.expression(Kind::Money, 1);
            self.text.push_str(&format!("对 人员 逐 等级表 每年\n达到 = 额 ≥ 行.起点 且 {limit} ≤ 任务\n加成 = 行.加分\n计入 = 名下事件 其中 其.数额 × 10 ≥ 行.起点\n计入数 = 计数(计入)\n计入额 = 合计(计入 其中 其.属实, 其.数额)\n对 人员 每年\n定级 = 首个(等级表 其中 达到).等级 无则 等级.丙\n"));
        }
        if self.dice.one_in(2) {
            let (a, b) = (self.expression(Kind::Points, 2), self.expression(Kind::Points, 2));
            let (one, two) = (self.dice.pick(&["20%", "37.5%"]), self.dice.pick(&["80%", "62.5%"]));
            let _ = two;
            let rest = if one == "20%" { "80%" } else { "62.5%" };
            self.text.push_str(&format!("汇总 总分 权重合计 100% 四舍五入 到 0.01分\n对 人员 每年\n甲项 = {a} 计入 总分 权重 {one}\n乙项 = {b} 计入 总分 权重 {rest}\n"));
            let second = self.expression(Kind::Money, 1);
            let group = self.dice.pick(&["", " 按组 组别"]);
            self.text.push_str(&format!(
                "排序 名次 对 人员 每年{group}\n先 总分 从高到低\n再 {second} 从低到高\n并列 {}\n",
                self.dice.pick(&["同名次", "紧排"])
            ));
            if self.dice.one_in(2) {
                let cut = self.dice.pick(&["全进", "全不取", "人定 小组"]);
                self.text.push_str(&format!(
                    "名额 档次 依 名次\n甲 取 30% 向下 限 在岗 跨线 {cut}\n乙 取 2人 跨线 {cut}\n其余 丙\n"
                ));
            } else {
                let cut = self.dice.pick(&["全进", "全不取", "人定 小组"]);
                self.text.push_str(&format!("名额 档次 依 名次\n各档 等级系数 最大余额法\n跨线 {cut}\n"));
            }
        }
        if self.dice.one_in(3) {
            self.splits();
        }
        self.text.push_str("```\n");
        self.text
    }

    /// A pool shared among everybody and an amount of everybody shared among his records, under any rounding and remainder rule.
    fn splits(&mut self) {
        let amount = self.expression(Kind::Money, 1);
        let share = self.dice.pick(&["其.占比", "其.额", "其.数额"]).replace("数额", "任务");
        let cap = self.dice.pick(&["", "", " 上限 100元", " 上限 其.任务"]);
        let clause = self.remainder("其.成绩");
        self.text.push_str(&format!(
            "对 全体 每年\n分摊 池分 将 合计(人员, 其.额) 给 人员 比重 {share}{cap} {clause}\n"
        ));
        let method = self.dice.pick(&["比重 其.分值", "比重 其.数额", "依次 其.数额 从高到低 上限 其.数额"]);
        let clause = self.remainder("其.分值");
        self.text.push_str(&format!(
            "对 人员 每年\n分摊 事件分 将 {amount} 给 名下事件 {method} {clause}\n对 人员 每年\n分到 = 合计(名下事件, 其.事件分 无则 0元)\n池后 = (池分 无则 任务) + 分到\n"
        ));
    }

    fn remainder(&mut self, key: &str) -> String {
        let mode = self.dice.pick(&["四舍五入", "向下", "向上", "向零", "银行家"]);
        let quantum = self.dice.pick(&["0.01元", "1元", "0.3元"]);
        format!("{mode} 到 {quantum} 余数 归 {key} {}", self.dice.pick(&["从高到低", "从低到高"]))
    }
}

fn status(dice: &mut Dice, len: usize, gaps: bool) -> Option<Vec<u8>> {
    gaps.then(|| (0..len).map(|_| if dice.one_in(12) { 4 } else { u8::from(dice.one_in(25)) * 2 }).collect())
}

fn numbers(dice: &mut Dice, len: usize, values: &[i64], places: i32, gaps: bool) -> Column {
    let values: Vec<i64> = (0..len).map(|_| values[dice.roll(values.len() as u64) as usize]).collect();
    let data = ColumnData::Number { values: Integers::I64(values.into()), scale: Rational::pow10(-places) };
    Column { data, status: status(dice, len, gaps), origin: None, heading: String::new(), same: false }
}

fn column(dice: &mut Dice, name: &str, len: usize, owners: u64, gaps: bool) -> Column {
    if dice.one_in(8) {
        return Column { same: true, ..own_values(dice, name, 1, owners, gaps) };
    }
    own_values(dice, name, len, owners, gaps)
}

fn own_values(dice: &mut Dice, name: &str, len: usize, owners: u64, gaps: bool) -> Column {
    let blank = |data| Column { data, status: None, origin: None, heading: String::new(), same: false };
    match name {
        "额" | "任务" | "数额" => {
            numbers(dice, len, &[0, 1, 100, 3333, 10_000, 10_001, 29_999, 30_000, 65_000, -500], 2, gaps)
        }
        "成绩" | "分值" => numbers(dice, len, &[0, 1, 25, 50, 60, 100, 333], 1, gaps),
        "占比" => numbers(dice, len, &[0, 1, 3, 10, 33, 50, 100], 2, gaps),
        "在岗" | "属实" => {
            let data = ColumnData::Bool((0..len).map(|_| dice.one_in(2)).collect());
            Column { status: status(dice, len, gaps), ..blank(data) }
        }
        "经理" => blank(ColumnData::Object((0..len).map(|_| dice.roll(owners.max(1)) as u32).collect())),
        _ => {
            let data = ColumnData::Enum((0..len).map(|_| dice.roll(3) as u16).collect());
            Column { status: status(dice, len, gaps), ..blank(data) }
        }
    }
}

/// None to three entries for everybody, some on the first day of a year and some before the history begins.
fn dated(dice: &mut Dice, name: &str, len: usize, owners: u64, gaps: bool) -> FieldData {
    let known = [(2022, 6, 1), (2023, 1, 1), (2024, 1, 1), (2024, 7, 15), (2025, 12, 31)];
    let (mut offsets, mut days) = (vec![0_u32], Vec::new());
    for _ in 0..len {
        let own = known.iter().filter(|_| dice.one_in(2)).take(3);
        days.extend(own.filter_map(|&(year, month, day)| Date::new(year, month, day)));
        offsets.push(days.len() as u32);
    }
    let values = own_values(dice, name, days.len(), owners, gaps);
    FieldData::Dated(DatedColumn { offsets, days, values })
}

fn dataset(program: &Program, dice: &mut Dice) -> Dataset {
    let gaps = dice.one_in(3);
    let years: Vec<Period> =
        [2023, 2024, 2025].iter().filter_map(|&year| Period::new(Grain::Year, year)).collect();
    let people = dice.roll(14);
    let mut data =
        Dataset { horizon: Date::new(2023, 1, 1).zip(Date::new(2025, 12, 31)), ..Dataset::default() };
    data.readings = vec![dice.one_in(2).then_some(1)];
    for kind in &program.kinds {
        let records = !kind.grains.is_empty();
        let len = if !records {
            people as usize
        } else if people == 0 {
            0
        } else {
            dice.roll(30) as usize
        };
        let fields = kind.fields.iter().map(|field| match field.time {
            hengjie_policy::core::FieldTime::Every(_) => FieldData::Periodic(
                years
                    .iter()
                    .filter(|_| !dice.one_in(20))
                    .copied()
                    .collect::<Vec<_>>()
                    .into_iter()
                    .map(|year| (year, column(dice, &field.name, len, people, gaps)))
                    .collect(),
            ),
            hengjie_policy::core::FieldTime::Dated => dated(dice, &field.name, len, people, gaps),
            hengjie_policy::core::FieldTime::Static => {
                FieldData::Static(column(dice, &field.name, len, people, gaps))
            }
        });
        let fields = fields.collect();
        let periods = records.then(|| {
            if dice.one_in(5) {
                return RecordPeriods::Same(years[dice.roll(3) as usize]);
            }
            RecordPeriods::Each((0..len).map(|_| years[dice.roll(3) as usize]).collect())
        });
        let keys = Keys::Text(StringArray::from((0..len).map(|i| format!("号{i}")).collect::<Vec<_>>()));
        data.kinds.push(KindData {
            len,
            keys,
            names: None,
            fields,
            periods,
            origin: crate::dataset::Origin::None,
        });
    }
    let parameter = program.parameters.iter().position(|p| p.name == "等级系数").unwrap_or(0);
    let Some(Type::Enum(grade)) = program.parameters.get(parameter).and_then(|p| p.keys.first()).cloned()
    else {
        return data;
    };
    let shares = [[20, 30, 50], [10, 45, 45], [0, 50, 50]][dice.roll(3) as usize];
    for (item, share) in shares.into_iter().enumerate() {
        if gaps && dice.one_in(15) {
            continue;
        }
        data.parameters.push(SuppliedParameter {
            parameter: hengjie_policy::core::ParameterId(parameter as u32),
            keys: vec![Literal::Enum(grade, item as u32)],
            value: Literal::Number(Rational::new(share, 100).unwrap_or(Rational::ONE)),
            from: None,
            by: String::new(),
            because: String::new(),
            origin: None,
        });
    }
    data
}

/// Does the column's lane hold exactly the row evaluator's value?
fn same(column: &Computed<'_>, lane: usize, value: &Value) -> bool {
    if column.state(lane) != value.status() as u8 {
        return false;
    }
    let int = column.data.int(lane);
    match (value, &column.ty) {
        (Value::Number(value), Ty::Number(numeric)) => {
            let held = Rational::from(int) * numeric.scale.rational();
            let error = Rational::from(numeric.error) * numeric.scale.rational();
            let close = (&held - value).abs() <= error;
            let exact = match (&column.plan, &column.fractions) {
                (Some(plan), _) => exact::at(plan, lane) == Exact::Number(value.clone()),
                (None, Some(fractions)) => fractions[lane] == *value,
                (None, None) => held == *value,
            };
            close && exact
        }
        (Value::Bool(value), _) => (int != 0) == *value,
        (Value::Enum(_, code) | Value::Object(_, code) | Value::Row(_, code), _) => int == i128::from(*code),
        (Value::Date(day), _) => int == i128::from(day.days()),
        (Value::Period(period), _) => int == i128::from(period.ordinal()),
        (_, _) => !value.is_present(),
    }
}

/// Compares every value of every attribute; returns how many there were.
pub(crate) fn compare_all(program: &Program, data: &Dataset) -> Result<usize, String> {
    let mut rows = row::Evaluator::new(program, data);
    let mut engine = Engine::new(program, data);
    let mut compared = 0;
    for (place, attribute) in program.attributes.iter().enumerate() {
        let id = AttributeId(place as u32);
        if matches!(attribute.ty.base, Type::Collection(_) | Type::Text) {
            continue;
        }
        let keys = match attribute.context.rows.as_ref().map(|rows| &rows.source) {
            None => vec![(RowKey::None, None)],
            Some(Source::Rows(table)) => (0..program.tables[table.index()].rows.len() as u32)
                .map(|row| (RowKey::Row(row), Some(Value::Row(*table, row))))
                .collect(),
            Some(_) => continue,
        };
        let years = (2023..=2025).map(|year| {
            attribute
                .context
                .grain
                .and_then(|grain| Period::new(grain, year).filter(|_| grain == Grain::Year))
        });
        for period in years {
            for (key, row) in &keys {
                let column =
                    engine.column(id, *key, period).map_err(|e| format!("{}: {}", attribute.name, e.0))?;
                for lane in 0..column.data.len() {
                    let value = rows.value(id, lane as u32, row.clone(), period);
                    compared += 1;
                    if !same(&column, lane, &value) {
                        let held = (column.state(lane), column.data.int(lane), &column.ty);
                        return Err(format!(
                            "{} {key:?} {period:?} 第{lane}人：逐行 {value:?}，按列 {held:?}\n退回：{:?}",
                            attribute.name, engine.fallbacks
                        ));
                    }
                }
            }
        }
    }
    Ok(compared)
}

/// Whatever few attributes are asked for, and whatever is inlined, computed together and let go for it: the values that are
/// shown are those of the row evaluator.
fn compare_some(program: &Program, data: &Dataset, dice: &mut Dice) -> Result<(), String> {
    let wanted = (0..=dice.roll(2)).map(|_| AttributeId(dice.roll(program.attributes.len() as u64) as u32));
    let request = super::Request {
        attributes: wanted.collect(),
        periods: (2023..=2025).filter_map(|year| Period::new(Grain::Year, year)).collect(),
        places: 6,
    };
    let mut rows = row::Evaluator::new(program, data);
    for column in super::evaluate(program, data, &request, &|_, _| true).columns {
        let definition = &program.attributes[column.attribute.index()];
        let row = match (&definition.context.rows, column.row) {
            (Some(rows), Some(row)) => match rows.source {
                Source::Rows(table) => Some(Value::Row(table, row)),
                _ => None,
            },
            _ => None,
        };
        let len = definition.context.kind.map_or(1, |kind| data.kinds[kind.index()].len);
        for lane in 0..len {
            let value = rows.value(column.attribute, lane as u32, row.clone(), column.period);
            let state = column.status.as_ref().map_or(0, |states| states[lane]);
            let is_same = match (&column.data, &value) {
                _ if state != value.status() as u8 => false,
                (super::ResultData::Number { values, places, .. }, Value::Number(value)) => {
                    let quantum = Rational::pow10(-(*places as i32));
                    let shown = Rational::from(values.get(lane)) * quantum.clone();
                    value.round_to(&quantum, hengjie_quantity::Rounding::HalfUp) == Some(shown)
                }
                (super::ResultData::Bool(values), Value::Bool(value)) => values[lane] == *value,
                (super::ResultData::Code(values), Value::Enum(_, code) | Value::Row(_, code)) => {
                    i64::from(values[lane]) == i64::from(*code)
                }
                _ => true,
            };
            if !is_same {
                return Err(format!(
                    "只要 {request:?}：{} 第{lane}人：逐行 {value:?}，按列 {column:?}",
                    definition.name
                ));
            }
        }
    }
    Ok(())
}

fn text_of(seed: u64) -> String {
    let writer = Writer {
        dice: Dice(seed),
        names: [
            (Kind::Money, "额"),
            (Kind::Money, "任务"),
            (Kind::Points, "成绩"),
            (Kind::Plain, "占比"),
            (Kind::Truth, "在岗"),
            (Kind::Grade, "组别"),
        ]
        .map(|(kind, name)| (kind, name.to_owned()))
        .to_vec(),
        text: HEAD.to_owned(),
    };
    writer.document()
}

fn one_case(seed: u64) -> Result<(usize, bool), String> {
    let text = text_of(seed);
    let compiled = hengjie_policy::compile(&text);
    let Some(program) = compiled.program else {
        let errors: Vec<_> = compiled
            .diagnostics
            .iter()
            .filter(|d| d.severity == hengjie_syntax::Severity::Error)
            .map(|d| (d.span.text(&text).to_owned(), d.message.zh.clone()))
            .collect();
        return Err(format!("检查未通过：{errors:#?}\n{text}"));
    };
    let data = dataset(&program, &mut Dice(seed ^ 0xDA7A));
    compare_all(&program, &data)
        .and_then(|count| compare_some(&program, &data, &mut Dice(seed ^ 0x50E)).map(|()| (count, true)))
        .map_err(|difference| format!("种子 {seed}\n{difference}\n{text}"))
}

#[test]
fn columns_and_rows_agree_on_random_documents() {
    let cases: u32 =
        std::env::var("HENGJIE_AGREEMENT_CASES").ok().and_then(|v| v.parse().ok()).unwrap_or(300);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    runner.run(&any::<u64>(), |seed| one_case(seed).map(|_| ()).map_err(TestCaseError::fail)).unwrap();
}

/// A change of one fact, parameter or reading.
fn change_something(session: &mut super::Session<'_>, program: &Program, dice: &mut Dice) {
    if dice.one_in(6) && !program.readings.is_empty() {
        let taken = dice.one_in(2).then(|| dice.roll(2) as u32);
        return session.take_reading(hengjie_policy::core::ReadingId(0), taken);
    }
    if dice.one_in(6) && !program.parameters.is_empty() {
        let Type::Number(_) = program.parameters[0].ty else { return };
        return session.set_parameter(SuppliedParameter {
            parameter: hengjie_policy::core::ParameterId(0),
            keys: Vec::new(),
            value: Literal::Number(Rational::from(dice.roll(5) as i128)),
            from: None,
            by: String::new(),
            because: String::new(),
            origin: None,
        });
    }
    let kind = dice.roll(program.kinds.len() as u64) as usize;
    if program.kinds[kind].fields.is_empty() || session.data().kinds[kind].len == 0 {
        return;
    }
    let field = dice.roll(program.kinds[kind].fields.len() as u64) as usize;
    let subject = dice.roll(session.data().kinds[kind].len as u64) as u32;
    let period = Period::new(Grain::Year, 2023 + dice.roll(3) as i32);
    let value = match &program.kinds[kind].fields[field].ty {
        _ if dice.one_in(5) => Value::missing(crate::value::Gap::Fact {
            field: hengjie_policy::core::FieldRef {
                kind: hengjie_policy::core::KindId(kind as u32),
                field: field as u32,
            },
            subject,
            period,
        }),
        Type::Number(_) => {
            let (num, den) = (dice.roll(70_000) as i128, 1 + dice.roll(4) as i128);
            Value::Number(Rational::new(num, den).unwrap())
        }
        Type::Bool => Value::Bool(dice.one_in(2)),
        Type::Enum(of) => Value::Enum(*of, dice.roll(3) as u32),
        Type::Object(of) => {
            let count = session.data().kinds[of.index()].len.max(1);
            Value::Object(*of, dice.roll(count as u64) as u32)
        }
        _ => return,
    };
    let field = hengjie_policy::core::FieldRef {
        kind: hengjie_policy::core::KindId(kind as u32),
        field: field as u32,
    };
    let at = crate::dataset::FactPlace { field, subject, period };
    session.change(at, &value).unwrap();
}

/// After any change a session gives what a fresh run gives.
fn session_case(seed: u64) -> Result<(), String> {
    let text = text_of(seed);
    let Some(program) = hengjie_policy::compile(&text).program else { return Ok(()) };
    let mut dice = Dice(seed ^ 0x5E55);
    let request = super::Request {
        attributes: program.order.clone(),
        periods: (2023..=2025).filter_map(|year| Period::new(Grain::Year, year)).collect(),
        places: 6,
    };
    let mut session = super::Session::new(&program, dataset(&program, &mut Dice(seed ^ 0xDA7A)));
    for _ in 0..5 {
        let kept = session.results(&request);
        let fresh = super::evaluate(&program, session.data(), &request, &|_, _| true);
        for (kept, fresh) in kept.columns.iter().zip(&fresh.columns) {
            if format!("{kept:?}") != format!("{fresh:?}") {
                return Err(format!("种子 {seed}\n{kept:?}\n{fresh:?}\n{text}"));
            }
        }
        if kept.columns.len() != fresh.columns.len() || kept.row_by_row.len() != fresh.row_by_row.len() {
            return Err(format!("种子 {seed}: {:?} {:?}\n{text}", kept.row_by_row, fresh.row_by_row));
        }
        change_something(&mut session, &program, &mut dice);
    }
    Ok(())
}

#[test]
fn a_session_agrees_with_a_fresh_run() {
    let cases: u64 =
        std::env::var("HENGJIE_AGREEMENT_CASES").ok().and_then(|v| v.parse().ok()).unwrap_or(300);
    for seed in 0..cases / 3 {
        session_case(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
            .unwrap_or_else(|difference| panic!("{difference}"));
    }
}

/// A document on many data sets; fields as in the random documents.
fn agree_on(rules: &str) {
    let text = format!("# 办法\n```规则\n制度 办法 版本 2020-01-01 起\n{rules}\n```\n");
    let compiled = hengjie_policy::compile(&text);
    let program = compiled.program.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
    for seed in 0..60 {
        let data = dataset(&program, &mut Dice(seed));
        compare_all(&program, &data).unwrap_or_else(|difference| panic!("{seed}: {difference}"));
    }
}

#[test]
fn groups_by_a_mark_that_leavers_lack() {
    let rules = "名目 等级: 甲 > 乙 > 丙\n资料 人员 量词 人\n组别: 等级 每年\n在岗: 是否 每年\n成绩: 分 每年\n\
         对 人员 每年\n留任 = 在岗 且 (有(成绩) 缺则 否) 缺则 否\n参评 = 留任 且 (组别 ≥ 丙 缺则 否)\n\
         同组人数 = 计数(人员 其中 其.参评 且 其.组别 = 本人.组别)\n\
         同组均分 = 平均(人员 其中 其.参评 且 其.组别 = 本人.组别, 其.成绩) 无则 0分\n\
         都高 = 每个(人员 其中 其.参评 且 其.组别 = 本人.组别, 其.成绩 > 10分)\n\
         有高 = 存在(人员 其中 其.在岗 且 其.组别 = 本人.组别, 其.成绩 > 10分)";
    agree_on(rules);
    // and by columns, also where some lack the mark
    let text = format!("# 办法\n```规则\n制度 办法 版本 2020-01-01 起\n{rules}\n```\n");
    let program = hengjie_policy::compile(&text).program.unwrap();
    let request = super::Request {
        attributes: program.order.clone(),
        periods: Period::new(Grain::Year, 2024).into_iter().collect(),
        places: 6,
    };
    let by_row: usize = (0..60)
        .map(|seed| {
            let data = dataset(&program, &mut Dice(seed));
            let results = super::evaluate(&program, &data, &request, &|_, _| true);
            results.row_by_row.iter().filter(|(name, ..)| name != "有高").count()
        })
        .sum();
    // only where a mark is 免
    assert!(by_row < 10, "{by_row} of 180");
}

#[test]
fn an_endless_constant_stays_exact() {
    agree_on(
        "资料 人员 量词 人\n在岗: 是否 每年\n成绩: 分 每年\n\
         对 人员 每年\n均 = (平均(人员 其中 其.在岗, 其.成绩) 无则 0分)\n\
         项 = ((100分 ÷ 0.07 无则 均) 缺则 60分)\n零 = 成绩 ÷ (计数(人员 其中 其.成绩 > 1000分) ÷ 1人)\n整 = 四舍五入(项 + 均, 0.01分)",
    );
}

#[test]
fn dividing_by_a_constant_zero_keeps_what_is_missing() {
    agree_on(
        "资料 人员 量词 人\n成绩: 分 每年\n参数 零: 分 = 0分\n\
         对 人员 每年\n比 = (成绩 ÷ 零 无则 1)\n有比 = 有(成绩 ÷ 零)",
    );
}

/// A quotient whose scale happens to be that of the places shown was shown rounded down.
#[test]
fn an_inexact_column_is_shown_exactly() {
    one_case(1_439_973_299_687_724_277).unwrap_or_else(|difference| panic!("{difference}"));
}

#[test]
fn one_seed() {
    if let Some(seed) = std::env::var("HENGJIE_SEED").ok().and_then(|v| v.parse().ok()) {
        let program = hengjie_policy::compile(&text_of(seed)).program.unwrap();
        let data = dataset(&program, &mut Dice(seed ^ 0xDA7A));
        for (kind, facts) in program.kinds.iter().zip(&data.kinds) {
            println!("{} {} {:?}", kind.name, facts.len, facts.periods);
            for (field, column) in kind.fields.iter().zip(&facts.fields) {
                println!("  {} {column:?}", field.name);
            }
        }
        one_case(seed).map(|_| ()).unwrap_or_else(|e| panic!("{e}"));
    }
}
