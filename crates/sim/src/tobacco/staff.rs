//! The people of the bureau over ten years.

use super::{LAST, YEARS};
use crate::Options;
use crate::calendar::{any_day, day, year_end};
use crate::names::People;
use crate::random::Random;
use hengjie_calendar::Date;
use std::ops::Range;

/// Departments at scale 1, and people in each who are on the ladder.
const DEPARTMENTS: usize = 15;
const MEMBERS: usize = 12;

/// Grades, lowest first, with the years, the degree and the title that they ask for.
const GRADES: [(&str, i32, usize, usize); 10] = [
    ("初级第一层次", 1, 1, 1),
    ("初级第二层次", 2, 1, 1),
    ("初级第三层次", 3, 1, 1),
    ("中级第一层次", 4, 2, 2),
    ("中级第二层次", 5, 2, 2),
    ("中级第三层次", 6, 3, 2),
    ("中级第四层次", 7, 3, 2),
    ("高级资格", 8, 3, 3),
    ("技师", 9, 3, 3),
    ("高级技师", 10, 3, 3),
];

const DEGREES: [&str; 5] = ["其他学历", "中专含高中", "大专", "本科", "研究生"];
const TITLES: [&str; 4] = ["无职称", "初级职称", "中级职称", "高级职称"];
const PLACES: [&str; 15] = [
    "城区一",
    "城区二",
    "城区三",
    "东郊",
    "西郊",
    "南郊",
    "北郊",
    "江北",
    "开发区",
    "临江县",
    "青石县",
    "白云县",
    "龙泉县",
    "金沙县",
    "长桥县",
];

/// The post of heads.
const MANAGEMENT: &str = "专业管理岗";

/// A department.
#[derive(Debug)]
pub(super) struct Department {
    pub(super) key: String,
    pub(super) name: String,
    /// Positions of its people, also of those who have left.
    people: Range<usize>,
}

/// Somebody.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) key: String,
    pub(super) name: String,
    /// None for the head of the marketing centre.
    pub(super) department: Option<usize>,
    pub(super) post: &'static str,
    /// Position of the superior.
    pub(super) above: Option<usize>,
    pub(super) from: Date,
    /// First day after leaving.
    pub(super) until: Option<Date>,
    pub(super) marketing: Date,
    pub(super) education: &'static str,
    pub(super) graduation: Option<(Date, &'static str)>,
    /// Titles with their first days, the first one from the start.
    pub(super) titles: Vec<(Date, &'static str)>,
    pub(super) bad_record: Option<Date>,
    /// The rung at the start.
    pub(super) rung: String,
    pub(super) skill: i64,
    /// The year in which the assessment fails.
    pub(super) fails: Option<i32>,
}

impl Person {
    /// Heads of departments are not on the ladder.
    pub(super) fn is_manager(&self) -> bool {
        self.post == MANAGEMENT
    }

    /// Is somebody there on a day?
    pub(super) fn is_there(&self, date: Date) -> bool {
        self.from <= date && self.until.is_none_or(|until| until > date)
    }
}

/// The bureau.
#[derive(Debug)]
pub(super) struct Bureau {
    pub(super) departments: Vec<Department>,
    pub(super) people: Vec<Person>,
}

impl Bureau {
    pub(super) fn new(options: &Options) -> Self {
        let mut bureau = Self { departments: Vec::new(), people: Vec::new() };
        let mut names = People::new(options.seed, "tobacco people");
        let mut random = Random::new(options.seed, "tobacco centre", 0);
        let centre = bureau.add(&mut random, &mut names, None, MANAGEMENT, None, day(2009, 3, 1));
        for number in 0..DEPARTMENTS * options.scale as usize {
            let mut random = Random::new(options.seed, "tobacco", number as u64);
            bureau.add_department(&mut random, &mut names, number, centre);
        }
        bureau
    }

    /// The people of a department who are there on a day.
    pub(super) fn members(&self, department: usize, date: Date) -> impl Iterator<Item = (usize, &Person)> {
        let all = self.departments[department].people.clone();
        all.map(|position| (position, &self.people[position]))
            .filter(move |(_, person)| person.is_there(date))
    }

    fn add_department(&mut self, random: &mut Random, names: &mut People, number: usize, centre: usize) {
        let (round, place) = (number / PLACES.len(), PLACES[number % PLACES.len()]);
        let round = if round == 0 { String::new() } else { format!("第{}", round + 1) };
        let first = self.people.len();
        let head = self.add(random, names, Some(number), MANAGEMENT, Some(centre), day(2011, 1, 1));
        // In two of three departments a manager leads the two seat clerks.
        let mut lead = None;
        for place in 0..MEMBERS {
            let is_clerk = place >= MEMBERS - 2;
            let above = lead.filter(|_| is_clerk && number % 3 != 2).unwrap_or(head);
            let from = any_day(random, day(2006, 1, 10), day(2015, 6, 30));
            let post = if is_clerk { "座席员" } else { "客户经理" };
            let position = self.add(random, names, Some(number), post, Some(above), from);
            lead = lead.or(Some(position));
            if place > 0 && random.chance(2_300) {
                self.replace(random, names, position);
            }
        }
        let people = first..self.people.len();
        if number % 5 == 1 {
            self.fail(random, people.clone());
        }
        self.departments.push(Department {
            key: format!("D{:03}", number + 1),
            name: format!("{place}{round}营销部"),
            people,
        });
    }

    fn add(
        &mut self,
        random: &mut Random,
        names: &mut People,
        department: Option<usize>,
        post: &'static str,
        above: Option<usize>,
        from: Date,
    ) -> usize {
        let years = (day(2016, 1, 1).days() - from.days()) / 365;
        let degree = random.weighted(&[(1, 22), (2, 45), (3, 30), (4, 3)]);
        let title = match years {
            ..=0 => 0,
            1..=4 => random.weighted(&[(0, 3), (1, 7)]),
            5..=7 => random.weighted(&[(0, 1), (1, 7), (2, 3)]),
            _ => random.weighted(&[(1, 5), (2, 5), (3, 1)]),
        };
        let graduation = (degree == 2 && random.chance(2_500))
            .then(|| (any_day(random, day(2016, 6, 30).max(from), day(2024, 7, 15)), DEGREES[3]));
        self.people.push(Person {
            key: format!("G{:04}", self.people.len() + 1),
            name: names.name(),
            department,
            post,
            above,
            from,
            until: None,
            marketing: from,
            education: DEGREES[degree],
            graduation,
            titles: titles(random, from, title),
            bad_record: random
                .chance(120)
                .then(|| any_day(random, day(2018, 1, 1).max(from), day(LAST, 11, 1))),
            rung: rung(random, years, degree, title),
            skill: random.normal(),
            fails: None,
        });
        self.people.len() - 1
    }

    /// Somebody leaves and a beginner comes.
    fn replace(&mut self, random: &mut Random, names: &mut People, position: usize) {
        let leaver = &mut self.people[position];
        let last = any_day(random, day(2016, 3, 1), day(LAST, 3, 30));
        leaver.until = Some(last);
        let Person { department, post, above, .. } = *leaver;
        let comes = any_day(random, last, last.max(day(last.year(), 12, 20)));
        self.add(random, names, department, post, above, comes);
    }

    /// One of a department fails an assessment; the contract is not renewed.
    fn fail(&mut self, random: &mut Random, people: Range<usize>) {
        let is_candidate = |person: &&mut Person| {
            person.until.is_none() && person.from < day(2016, 1, 1) && !person.is_manager()
        };
        let candidate = self.people[people].iter_mut().rev().find(is_candidate);
        if let Some(person) = candidate {
            let year = random.between(2018, i64::from(LAST)) as i32;
            person.fails = Some(year);
            person.until = (year < LAST).then(|| day(year + 1, 3, 1));
        }
    }
}

/// The titles of somebody, the first one from the first day.
fn titles(random: &mut Random, from: Date, mut title: usize) -> Vec<(Date, &'static str)> {
    let mut titles = vec![(from, TITLES[title])];
    for year in YEARS {
        let years = year - from.year();
        let chance = match (title, years) {
            (0, 1..) => 5_500,
            (1, 4..) => 1_400,
            (2, 8..) => 600,
            _ => 0,
        };
        if random.chance(chance) {
            title += 1;
            titles.push((any_day(random, day(year, 2, 1), year_end(year)), TITLES[title]));
        }
    }
    titles
}

/// The rung of somebody at the start: what years, degree and title allow, or a little less.
fn rung(random: &mut Random, years: i32, degree: usize, title: usize) -> String {
    let allowed = GRADES.iter().rposition(|(_, years_needed, degree_needed, title_needed)| {
        years >= *years_needed && degree >= *degree_needed && title >= *title_needed
    });
    match allowed {
        None => format!("{}1档", GRADES[0].0),
        Some(highest) => {
            let grade = highest.saturating_sub(random.weighted(&[(0, 5), (1, 3), (2, 2)]));
            format!("{}{}档", GRADES[grade].0, random.between(1, 6))
        }
    }
}
