//! Units and quantities as people read and write them.

use hengjie_quantity::{
    BaseUnit, Currency, Lang, Rational, Unit, format_number, format_percent, format_quantity, parse_quantity,
    parse_quantity_cell, parse_quantity_with, parse_unit, parse_unit_with,
};
use proptest::prelude::*;

fn decimal(text: &str) -> Rational {
    Rational::parse_decimal(text).unwrap_or_else(|| unreachable!("not a decimal: {text}"))
}

/// The multiplier and the unit text, for short tables of cases.
fn read(run: &str) -> Option<(String, String)> {
    parse_unit(run).map(|(multiplier, unit)| (multiplier.to_string(), unit.to_string()))
}

#[test]
fn unit_runs() {
    let cases = [
        ("元", "1", "元"),
        ("人民币元", "1", "元"),
        ("千元", "1000", "元"),
        ("万元", "10000", "元"),
        ("百万元", "1000000", "元"),
        ("亿元", "100000000", "元"),
        ("万亿元", "1000000000000", "元"),
        ("万美元", "10000", "美元"),
        ("亿美元", "100000000", "美元"),
        ("CNY", "1", "元"),
        ("JPY", "1", "日元"),
        ("%", "0.01", "比例"),
        ("％", "0.01", "比例"),
        ("‰", "0.001", "比例"),
        ("‱", "0.0001", "比例"),
        ("个百分点", "0.01", "比例"),
        ("百分点", "0.01", "比例"),
        ("个基点", "0.0001", "比例"),
        ("万", "10000", "比例"),
        ("亿", "100000000", "比例"),
        ("分", "1", "分"),
        ("points", "1", "分"),
        ("年", "12", "个月"),
        ("个季度", "3", "个月"),
        ("个月", "1", "个月"),
        ("周", "7", "天"),
        ("日", "1", "天"),
        ("工作日", "1", "个工作日"),
        ("小时", "60", "分钟"),
        ("岁", "1", "岁"),
        ("years_old", "1", "岁"),
        ("户", "1", "户"),
        ("万户", "10000", "户"),
        ("万箱", "10000", "箱"),
        ("名", "1", "人"),
        ("万位", "10000", "人"),
        ("人次", "1", "人次"),
        ("分户", "1", "分户"),
        ("个", "1", "个"),
        ("元/户", "1", "元/户"),
        ("万元／户", "10000", "元/户"),
        ("元/分", "1", "元/分"),
        ("元/万元", "0.0001", "比例"),
        ("CNY/户", "1", "元/户"),
    ];
    for (run, multiplier, unit) in cases {
        assert_eq!(read(run), Some((multiplier.to_owned(), unit.to_owned())), "{run}");
    }
    for wrong in ["", "月", "万月", "万分", "万年", "百", "千", "十", "元户", "元/", "/户", "元 ", "斤", "角"]
    {
        assert_eq!(read(wrong), None, "{wrong}");
    }
}

#[test]
fn declared_counters() {
    let extra = ["斤".to_owned(), "元".to_owned(), String::new()];
    let (multiplier, unit) = parse_unit_with("万斤", &extra).unwrap();
    assert_eq!((multiplier, unit), (Rational::from(10_000), Unit::of(BaseUnit::count("斤"))));
    assert_eq!(parse_unit_with("元", &extra).unwrap().1, Unit::money(Currency::Cny));
    assert_eq!(parse_unit_with("", &extra), None);
    assert_eq!(parse_quantity_with("3斤", &extra).unwrap().unit.to_string(), "斤");
}

#[test]
fn unit_algebra() {
    let (yuan, house) = (Unit::money(Currency::Cny), Unit::of(BaseUnit::count("户")));
    let rate = yuan.divide(&house);
    assert_eq!(rate.multiply(&house), yuan);
    assert_eq!(house.multiply(&rate), yuan);
    assert_eq!(rate.divide(&rate), Unit::none());
    assert_eq!((rate.to_string(), rate.en()), ("元/户".to_owned(), "CNY/户".to_owned()));
    assert_eq!(rate.single(), None);
    assert_eq!(yuan.currency(), Some(Currency::Cny));
    assert_eq!(Unit::none().divide(&house).to_string(), "1/户");
    assert_eq!(house.multiply(&house).to_string(), "户^2");
    assert_eq!(yuan.multiply(&house).to_string(), "元·户");
    assert_eq!((Unit::none().to_string(), Unit::none().en()), ("比例".to_owned(), "ratio".to_owned()));
    let json = serde_json::to_string(&rate).unwrap();
    assert_eq!(serde_json::from_str::<Unit>(&json).unwrap(), rate);
    let disordered = r#"[[{"count":"户"},-2],[{"currency":"CNY"},1],[{"count":"户"},1],["day",0]]"#;
    assert_eq!(serde_json::from_str::<Unit>(disordered).unwrap(), rate);
}

#[test]
fn quantities_are_read() {
    let cases = [
        ("2.5亿元", "250000000", "元"),
        ("２．５ 万元", "25000", "元"),
        ("-3%", "-0.03", "比例"),
        ("3 years", "36", "个月"),
        ("120", "120", "比例"),
        (" 12户 ", "12", "户"),
    ];
    for (text, value, unit) in cases {
        let quantity = parse_quantity(text).unwrap();
        assert_eq!((quantity.value.to_string().as_str(), quantity.unit.to_string().as_str()), (value, unit));
    }
    for wrong in ["", "元", "1,234元", "3年6个月", "1.元", "12x"] {
        assert_eq!(parse_quantity(wrong), None, "{wrong}");
    }
}

#[test]
fn cells_allow_separators() {
    for (text, value) in [("1,234.50元", "1234.5"), ("-1，234，567元", "-1234567"), ("1234元", "1234")] {
        assert_eq!(parse_quantity_cell(text).unwrap().value.to_string(), value);
    }
    for wrong in ["12,34元", "1234,567元", ",123", "1,234,", "1.234,5", "1,,234"] {
        assert_eq!(parse_quantity_cell(wrong), None, "{wrong}");
    }
}

#[test]
fn quantities_are_written() {
    let cases = [
        ("110000000", "元", "1.1亿元", "CNY 110,000,000"),
        ("12345", "元", "1.2345万元", "CNY 12,345"),
        ("-250000000", "美元", "-2.5亿美元", "USD -250,000,000"),
        ("123456789", "元", "12345.6789万元", "CNY 123,456,789"),
        ("123456789.5", "元", "123456789.50元", "CNY 123,456,789.50"),
        ("500", "元", "500元", "CNY 500"),
        ("1234.5", "元", "1234.50元", "CNY 1,234.50"),
        ("0.125", "元", "0.125元", "CNY 0.125"),
        ("0", "元", "0元", "CNY 0"),
        ("500", "元/户", "500元/户", "CNY 500/户"),
        ("92.55", "分", "92.55分", "92.55 points"),
        ("120", "分", "120分", "120 points"),
        ("1", "分", "1分", "1 point"),
        ("36", "个月", "3年", "3 years"),
        ("12", "个月", "1年", "1 year"),
        ("6", "个月", "6个月", "6 months"),
        ("0", "个月", "0个月", "0 months"),
        ("1.5", "个月", "1.5个月", "1.5 months"),
        ("7", "天", "7天", "7 days"),
        ("120", "分钟", "2小时", "2 hours"),
        ("45", "岁", "45岁", "45 years old"),
        ("5000", "户", "5000户", "5,000 户"),
        ("5", "户/人", "5户/人", "5 户/人"),
    ];
    for (value, unit, zh, en) in cases {
        let unit = parse_unit(unit).unwrap().1;
        assert_eq!(format_quantity(&decimal(value), &unit, Lang::Zh), zh);
        assert_eq!(format_quantity(&decimal(value), &unit, Lang::En), en);
    }
    let third = Rational::new(100_000, 3).unwrap();
    assert_eq!(format_quantity(&third, &Unit::money(Currency::Cny), Lang::Zh), "≈33333.333333元");
    assert_eq!(format_quantity(&-&third, &Unit::money(Currency::Cny), Lang::En), "CNY ≈-33,333.333333");
    let per_house = Unit::none().divide(&Unit::of(BaseUnit::count("户")));
    assert_eq!(format_quantity(&decimal("0.5"), &per_house, Lang::Zh), "0.5/户");
    assert_eq!(format_quantity(&decimal("1234.5"), &Unit::none(), Lang::En), "1,234.5");
    assert_eq!(format_number(&decimal("1234.50")), "1234.5");
    assert_eq!(format_percent(&decimal("0.125")), "12.5%");
    assert_eq!(format_percent(&Rational::new(2, 3).unwrap()), "≈66.666667%");
}

#[test]
fn languages() {
    for (tag, lang) in
        [("zh", Lang::Zh), ("zh_CN.UTF-8", Lang::Zh), ("ZH-Hans", Lang::Zh), ("en_US", Lang::En)]
    {
        assert_eq!(Lang::parse(tag), Some(lang));
    }
    assert_eq!((Lang::parse("C"), Lang::parse(""), Lang::parse("french")), (None, None, None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn written_quantities_are_read_back(digits in any::<i64>(), places in 0_i32..8, run in 0_usize..8) {
        let run = ["元", "分", "户", "个月", "分钟", "元/户", "美元", "个工作日"][run];
        let (value, unit) = (Rational::from(digits) * Rational::pow10(-places), parse_unit(run).unwrap().1);
        let written = format_quantity(&value, &unit, Lang::Zh);
        let read = parse_quantity(&written).unwrap();
        prop_assert_eq!((read.value, read.unit), (value, unit));
    }
}
