//! Events and penalties of a year.

use super::{Files, Manager, per_sigma};
use crate::SimError;
use crate::calendar::{any_day, day, workday, year_text};
use crate::random::Random;
use crate::table::row;
use hengjie_calendar::Date;

/// An entry in the register of events.
#[derive(Debug, Clone, Default)]
struct Event {
    kind: &'static str,
    /// In 1/100.
    points: Option<i64>,
    is_own_fault: Option<bool>,
    is_grave: Option<bool>,
    is_counted: Option<bool>,
    series: Option<&'static str>,
    obtained: Option<Date>,
    fine: Option<i64>,
    source: &'static str,
}

/// Faults in quality and style, with how often they occur.
const FAULTS: [((&str, &str), usize); 8] = [
    (("主管自查差错", "信贷主管自查台账"), 35),
    (("检查差错", "整改通知书"), 20),
    (("资料缺漏", "档案检查报告"), 10),
    (("逾期未整改", "整改跟踪表"), 5),
    (("不良习惯", "考勤和督办记录"), 8),
    (("无故缺席", "培训签到表"), 5),
    (("迟到早退", "会议签到表"), 14),
    (("客户举报", "监察保卫部核查报告"), 3),
];

const PENALTIES: [(&str, usize); 9] = [
    ("优质客户流失", 5),
    ("损害形象", 5),
    ("其他下调", 3),
    ("严重失误", 2),
    ("违规放贷", 2),
    ("丧失诉讼时效", 1),
    ("其他直降", 1),
    ("弄虚作假", 1),
    ("法律处罚", 1),
];

impl Files {
    /// Everything that is registered about somebody in a year.
    pub(super) fn events(&mut self, random: &mut Random, manager: &Manager<'_>) -> Result<(), SimError> {
        let mut events = Vec::new();
        for _ in 0..random.count((2_700 - per_sigma(manager.person.skill, 900)).max(300)) {
            events.push(fault(random));
        }
        // Every twentieth outlet has somebody about whom customers complain again and again.
        let complaints =
            if manager.outlet.number % 20 == 11 && manager.position == 8 { 3 } else { random.count(240) };
        for _ in 0..complaints {
            let is_own_fault = Some(random.chance(7_000) || complaints == 3);
            events.push(Event {
                kind: "客户投诉", is_own_fault, source: "投诉处理单", ..Event::default()
            });
        }
        for _ in 0..random.count(330) {
            let points = Some(random.between(1, 6) * 100);
            events.push(Event {
                kind: "违规积分", points, source: "违规积分通知书", ..Event::default()
            });
        }
        events.extend(merits(random, manager));
        for event in events {
            let is_true = event.kind == "职称资格" || random.chance(9_000);
            self.event(random, manager, &event, is_true)?;
        }
        Ok(())
    }

    fn event(
        &mut self,
        random: &mut Random,
        manager: &Manager<'_>,
        event: &Event,
        is_true: bool,
    ) -> Result<(), SimError> {
        let key = format!("E{:06}", self.events.rows() + 1);
        let first = manager.person.from.max(day(manager.year, 1, 4));
        let date = workday(any_day(random, first, day(manager.year, 12, 28)));
        self.events.row(&row![
            &key,
            date,
            &manager.person.key,
            event.kind,
            event.points,
            is_true,
            event.is_own_fault,
            event.is_grave,
            event.is_counted,
            event.series,
            event.obtained,
            event.fine,
            event.source,
        ])?;
        if event.kind != "客户举报" || !is_true {
            return Ok(());
        }
        let (person, year) = (&manager.person.key, year_text(manager.year));
        if event.points.is_none() {
            let points = format!("{}分", random.between(15, 25));
            self.decisions.take_by("监察保卫部", "作风扣分", person, &key, &year, &points, "按情节认定")?;
        }
        if event.is_grave == Some(true) && event.fine.is_none() {
            let fine = format!("{}00元", random.between(5, 20));
            self.decisions.take("作风罚款", person, &key, &year, &fine, "影响较大")?;
        }
        Ok(())
    }

    /// At most one penalty in a year.
    pub(super) fn penalty(&mut self, random: &mut Random, manager: &Manager<'_>) -> Result<(), SimError> {
        let is_open = manager.place == 1 && manager.outlet.number % 13 == 3 && manager.position == 5;
        if !is_open && !random.chance(280) {
            return Ok(());
        }
        let kind = if is_open { "损害形象" } else { random.weighted(&PENALTIES) };
        let levels = match kind {
            "损害形象" if !is_open => Some(random.weighted(&[(1, 6), (2, 3), (3, 1)])),
            "其他下调" => Some(random.weighted(&[(1, 6), (2, 3), (4, 1)])),
            _ => None,
        };
        let key = format!("P{:04}", self.penalties.rows() + 1);
        let first = manager.person.from.max(day(manager.year, 1, 8));
        let date = any_day(random, first, day(manager.year, 12, 24));
        let is_true = is_open || random.chance(9_200);
        let source = random.pick(&["监察保卫部处理决定", "审计稽核部审计报告"]);
        self.penalties.row(&row![key, date, &manager.person.key, kind, levels, is_true, *source])
    }
}

fn fault(random: &mut Random) -> Event {
    let (kind, source) = random.weighted(&FAULTS);
    if kind != "客户举报" {
        return Event { kind, source, ..Event::default() };
    }
    let is_grave = random.chance(2_500);
    Event {
        kind,
        source,
        points: random.chance(7_500).then(|| random.between(15, 25) * 100),
        is_grave: Some(is_grave),
        fine: (is_grave && random.chance(5_000)).then(|| random.between(5, 20) * 10_000),
        ..Event::default()
    }
}

/// Titles, certificates, commendations and losses recovered.
fn merits(random: &mut Random, manager: &Manager<'_>) -> Vec<Event> {
    let person = manager.person;
    let mut events = Vec::new();
    let points = match person.title {
        "高级职称" => 300,
        "中级职称" => 200,
        "初级职称" => 100,
        _ => 0,
    };
    if points > 0 {
        let series = random.weighted(&[("经济系列", 6), ("会计系列", 3), ("银行职业系列", 1)]);
        let (points, series, obtained) = (Some(points), Some(series), Some(person.titled));
        events.push(Event {
            kind: "职称资格",
            points,
            series,
            obtained,
            source: "职称证书",
            ..Event::default()
        });
    }
    for _ in 0..person.certificates {
        let is_counted = random.chance(1_000).then_some(true);
        let obtained = Some(any_day(random, day(2010, 5, 1), day(2023, 12, 20)));
        events.push(Event {
            kind: "专业证书", is_counted, obtained, source: "合格证书", ..Event::default()
        });
    }
    let merit = |kind, obtained, source| Event { kind, obtained, source, ..Event::default() };
    if random.chance(600) {
        let obtained = any_day(random, day(manager.year - 1, 2, 1), day(manager.year - 1, 12, 30));
        events.push(merit("上年表彰", Some(obtained), "市级表彰文件"));
    }
    if random.chance(450) {
        let obtained = any_day(random, day(manager.year, 2, 1), day(manager.year, 12, 20));
        events.push(merit("当年表彰", Some(obtained), "行业协会表彰文件"));
    }
    if random.chance(700) {
        events.push(merit("挽回损失", None, "风险处置报告"));
    }
    events
}
