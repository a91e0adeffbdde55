//! Dates, tenure, periods and intervals, checked over the whole calendar where that is cheap.

use hengjie_calendar::{Date, Grain, HalfOpen, Period};
use proptest::prelude::*;

fn date(text: &str) -> Date {
    Date::parse(text).unwrap_or_else(|| unreachable!("not a date: {text}"))
}

fn period(text: &str) -> Period {
    Period::parse(text).unwrap_or_else(|| unreachable!("not a period: {text}"))
}

fn every_day() -> impl Iterator<Item = Date> {
    (Date::MIN.days()..=Date::MAX.days()).filter_map(Date::from_days)
}

fn any_date() -> impl Strategy<Value = Date> {
    (Date::MIN.days()..=Date::MAX.days()).prop_filter_map("range", Date::from_days)
}

#[test]
fn every_day_agrees_with_its_parts() {
    let (mut previous, mut count) = ((1899, 12, 31), 0);
    for day in every_day() {
        let parts = day.year_month_day();
        assert!(parts > previous);
        assert_eq!(parts, (day.year(), day.month(), day.day()));
        assert_eq!(Date::new(parts.0, parts.1, parts.2), Some(day));
        let civil = jiff::civil::date(parts.0 as i16, parts.1 as i8, parts.2 as i8);
        assert_eq!(day.weekday(), civil.weekday().to_monday_one_offset() as u8);
        assert_eq!(Date::parse(&day.to_string()), Some(day));
        (previous, count) = (parts, count + 1);
    }
    assert_eq!((count, previous), (109_938, (2200, 12, 31)));
}

#[test]
fn date_text() {
    for text in
        ["2026-01-05", "2026-1-5", "2026/1/5", "2026/01/05", "20260105", "2026年1月5日", "2026年01月05日"]
    {
        assert_eq!(Date::parse(text), Date::new(2026, 1, 5), "{text}");
    }
    let wrong = [
        "",
        "2026",
        "2026-01",
        "2026-02-29",
        "2026-13-01",
        "2026-00-01",
        "2026-1/5",
        "26-01-05",
        "2026-001-05",
        " 2026-01-05",
        "2026-01-05 ",
        "2026010",
        "2026年1月5",
        "1899-12-31",
        "2201-01-01",
        "2026-+1-05",
        "2026--5",
    ];
    for text in wrong {
        assert_eq!(Date::parse(text), None, "{text}");
    }
    assert_eq!((date("1900-01-01"), date("2200-12-31")), (Date::MIN, Date::MAX));
    assert_eq!(serde_json::to_string(&date("2026/1/5")).unwrap(), "\"2026-01-05\"");
    assert_eq!(serde_json::from_str::<Date>("\"2026-01-05\"").unwrap(), date("2026-01-05"));
    assert!(serde_json::from_str::<Date>("\"2026-02-30\"").is_err());
}

#[test]
fn month_ends_and_leap_days() {
    assert_eq!(date("2026-01-31").add_months(1), Some(date("2026-02-28")));
    assert_eq!(date("2024-01-31").add_months(1), Some(date("2024-02-29")));
    assert_eq!(date("2024-02-29").add_months(-12), Some(date("2023-02-28")));
    assert_eq!(date("2026-03-31").add_months(-1), Some(date("2026-02-28")));
    assert_eq!(date("2200-12-01").add_months(1), None);
    assert_eq!(date("1900-01-01").add_months(-1), None);
    assert_eq!(date("2026-01-01").add_months(i32::MAX), None);
    assert_eq!(date("2026-01-01").add_days(i32::MIN), None);
    assert_eq!(date("2100-02-01").last_of_month(), date("2100-02-28"));
    assert_eq!(date("2200-12-31").last_of_month(), Date::MAX);
    assert_eq!(Date::days_between(date("2026-01-01"), date("2027-01-01")), 365);
}

#[test]
fn tenure() {
    let cases = [
        ("2024-02-29", "2025-02-27", 11, 0),
        ("2024-02-29", "2025-02-28", 12, 1),
        ("2024-02-29", "2028-02-28", 47, 3),
        ("2024-02-29", "2028-02-29", 48, 4),
        ("2026-01-31", "2026-02-27", 0, 0),
        ("2026-01-31", "2026-02-28", 1, 0),
        ("2026-01-31", "2026-04-30", 3, 0),
        ("2026-02-28", "2026-03-27", 0, 0),
        ("2026-02-28", "2026-03-28", 1, 0),
        ("2023-07-01", "2026-07-01", 36, 3),
        ("2023-07-02", "2026-06-30", 35, 2),
        ("2026-01-05", "2026-01-05", 0, 0),
        ("2026-02-28", "2026-01-31", -1, 0),
    ];
    for (from, to, months, years) in cases {
        let got =
            (Date::full_months_between(date(from), date(to)), Date::full_years_between(date(from), date(to)));
        assert_eq!(got, (months, years), "{from} {to}");
    }
}

#[test]
fn period_text() {
    let cases = [
        ("2026年", "2026", Grain::Year),
        ("2026年上半年", "2026H1", Grain::HalfYear),
        ("2026年下半年", "2026H2", Grain::HalfYear),
        ("2026年1季", "2026Q1", Grain::Quarter),
        ("2026年3月", "2026-03", Grain::Month),
        ("2026年12月", "2026-12", Grain::Month),
        ("2026年第5周", "2026W05", Grain::Week),
        ("2020年第53周", "2020W53", Grain::Week),
        ("2026-01-05", "2026-01-05", Grain::Day),
    ];
    for (zh, en, grain) in cases {
        let read = period(zh);
        assert_eq!((read.grain(), read.to_string().as_str(), read.en().as_str()), (grain, zh, en));
        assert_eq!(period(en), read);
    }
    for text in ["2026年第1季度", "2026年1季度", "2026年一季度", "2026年第一季度", "2026年一季"]
    {
        assert_eq!(period(text), period("2026Q1"), "{text}");
    }
    assert_eq!(period("2026年5周"), period("2026W05"));
    assert_eq!(period("2026年1月5日"), period("2026-01-05"));
    let wrong = [
        "",
        "2026Q5",
        "2026Q0",
        "2026H3",
        "2026年13月",
        "2026-13",
        "2026-3",
        "2026年0月",
        "2026年第54周",
        "2025年第53周",
        "2026W5",
        "1899年",
        "2201年",
        "2026年第3月",
        "202年",
        "2026年五季",
        "年",
        "2026Q",
        "二〇二六年",
    ];
    for text in wrong {
        assert_eq!(Period::parse(text), None, "{text}");
    }
    assert_eq!(serde_json::to_string(&period("2026Q1")).unwrap(), "\"2026年1季\"");
    assert_eq!(serde_json::from_str::<Period>("\"2026Q1\"").unwrap(), period("2026年1季"));
}

#[test]
fn ordinals() {
    for (text, ordinal) in [("2026", 2026), ("2026H2", 4053), ("2026Q1", 8104), ("2026-03", 24_314)] {
        assert_eq!(period(text).ordinal(), ordinal);
    }
    assert_eq!(period("1970-01-01").ordinal(), 0);
    assert_eq!(period("1970W01").ordinal(), 0);
    assert_eq!(Period::containing(Grain::Week, date("1969-12-28")).ordinal(), -1);
    for grain in Grain::ALL {
        assert_eq!(Period::new(grain, i32::MAX), None);
        assert_eq!(Period::new(grain, i32::MIN), None);
    }
}

#[test]
fn every_period_round_trips() {
    for grain in Grain::ALL {
        let mut current = Some(Period::containing(grain, Date::MIN));
        assert_eq!(current.and_then(|first| first.prev()), None);
        assert_eq!(current.map(|first| first.first_day()), Some(Date::MIN));
        let mut expected = Date::MIN.days();
        while let Some(here) = current {
            assert_eq!(here.first_day().days(), expected);
            assert!(here.contains(here.first_day()) && here.contains(here.last_day()));
            assert_eq!(Period::parse(&here.to_string()), Some(here));
            assert_eq!(Period::parse(&here.en()), Some(here));
            assert_eq!(Period::new(grain, here.ordinal()), Some(here));
            expected = here.last_day().days() + 1;
            current = here.next();
        }
        assert_eq!(expected, Date::MAX.days() + 1);
    }
}

#[test]
fn iso_weeks() {
    for (day, week) in [
        ("2027-01-03", "2026年第53周"),
        ("2027-01-04", "2027年第1周"),
        ("2025-12-29", "2026年第1周"),
        ("2026-01-04", "2026年第1周"),
        ("2200-12-31", "2201年第1周"),
    ] {
        assert_eq!(Period::containing(Grain::Week, date(day)).to_string(), week);
    }
    assert_eq!(period("2201W01").last_day(), Date::MAX);
    assert_eq!(Period::parse("2201W02"), None);
}

#[test]
fn finer_periods() {
    let count = |text: &str, grain| period(text).periods_of(grain).count();
    assert_eq!(count("2026", Grain::Month), 12);
    assert_eq!(count("2026", Grain::Quarter), 4);
    assert_eq!(count("2026", Grain::HalfYear), 2);
    assert_eq!(count("2026", Grain::Year), 1);
    assert_eq!(count("2026-02", Grain::Day), 28);
    assert_eq!(count("2026Q1", Grain::Year), 0);
    assert_eq!(count("2026Q4", Grain::Year), 0);
    let weeks: Vec<String> = period("2026-03").periods_of(Grain::Week).map(|week| week.en()).collect();
    assert_eq!(weeks, ["2026W09", "2026W10", "2026W11", "2026W12", "2026W13"]);
    assert!(period("2026").contains_period(&period("2026Q4")));
    assert!(!period("2026-03").contains_period(&period("2026W09")));
    assert!(!period("2026Q1").contains_period(&period("2026")));
}

#[test]
fn grain_words() {
    for grain in Grain::ALL {
        assert_eq!(Grain::from_keyword(grain.zh()), Some(grain));
        assert_eq!(Grain::from_keyword(grain.en()), Some(grain));
        assert_eq!(Grain::from_noun(grain.noun_zh()), Some(grain));
    }
    assert_eq!(Grain::from_keyword("每旬"), None);
    assert!(Grain::ALL.is_sorted());
}

#[test]
fn intervals() {
    let (a, b, c) = (date("2026-01-01"), date("2026-06-01"), date("2026-12-01"));
    let (early, late, open) = (HalfOpen::new(a, Some(b)), HalfOpen::new(b, Some(c)), HalfOpen::new(b, None));
    assert!(!early.overlaps(&late) && late.overlaps(&open) && !open.overlaps(&early));
    assert_eq!(HalfOpen::new(a, None).intersect(&late), Some(late));
    assert_eq!(open.intersect(&open), Some(open));
    let empty = HalfOpen::new(b, Some(b));
    assert!(empty.is_empty() && !empty.contains(b) && !empty.overlaps(&HalfOpen::new(a, None)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn complete_months_are_the_most_that_fit(from in any_date(), to in any_date()) {
        let (from, to) = (from.min(to), from.max(to));
        let months = Date::full_months_between(from, to);
        prop_assert!(from.add_months(months).is_some_and(|day| day <= to));
        prop_assert!(from.add_months(months + 1).is_none_or(|day| day > to));
        prop_assert_eq!(Date::full_months_between(to, from), -months);
        prop_assert_eq!(from.add_days(Date::days_between(from, to)), Some(to));
    }

    #[test]
    fn days_are_in_one_period(day in any_date(), index in 0_usize..6, steps in -40_i32..40) {
        let here = Period::containing(Grain::ALL[index], day);
        prop_assert!(here.first_day() <= day && day <= here.last_day() && here.contains(day));
        if let Some(there) = here.offset(steps) {
            prop_assert_eq!(there.offset(-steps), Some(here));
            prop_assert_eq!(there.contains(day), steps == 0);
            prop_assert_eq!(there.cmp(&here), steps.cmp(&0));
        }
    }

    #[test]
    fn finer_periods_end_inside(day in any_date(), coarse in 0_usize..6, fine in 0_usize..6) {
        let whole = Period::containing(Grain::ALL[coarse], day);
        let parts: Vec<Period> = whole.periods_of(Grain::ALL[fine]).collect();
        prop_assert!(parts.iter().all(|part| whole.contains(part.last_day())));
        prop_assert_eq!(parts.is_empty(), fine > coarse || (fine == 1 && parts.is_empty()));
        if fine <= coarse && fine != 1 {
            prop_assert_eq!(parts.first().map(|part| part.first_day()), Some(whole.first_day()));
            prop_assert_eq!(parts.last().map(|part| part.last_day()), Some(whole.last_day()));
        }
    }
}
