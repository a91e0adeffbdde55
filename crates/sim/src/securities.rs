//! A securities branch: regions, monthly and quarterly appraisal forms, accounts, outlets of partner banks.

mod business;
mod forms;

use crate::calendar::{any_day, day};
use crate::folder::Folder;
use crate::names::People;
use crate::random::Random;
use crate::table::{Cell, points, row, text};
use crate::{FolderSummary, Options, ProgressFn, SimError};
use hengjie_calendar::Date;
use std::ops::Range;
use std::path::Path;

/// Regions at scale 1.
const REGIONS: usize = 8;

/// Quarters with data: the last of 2024, so that the first of 2025 has one before it, and those of 2025.
const QUARTERS: [(i32, u8); 5] = [(2024, 4), (2025, 1), (2025, 2), (2025, 3), (2025, 4)];

const REMARKS: [&str; 4] = [
    "一个营业部的各区域；2025 年四个季度的季评和十二个月的月评，另有 2024 年四季度供同分比较。",
    "一名客户经理没有交 2025 年四季度的互评：那个区域几个人的季度得分和名次待补，其他区域不受影响。",
    "有人一个月不及格而待岗培训，有人连续两个月不及格而解除合同，有一名区域经理季度不及格而转岗。",
    "县域区只有一名客户经理，没有互评，权重在其余方面分摊。",
];

const NAMES: [&str; 8] = ["城东区", "城西区", "城南区", "城北区", "高新区", "滨江区", "老城区", "县域区"];

/// What somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Post {
    Head,
    Assistant,
    Manager,
    Director,
    TeamOffice,
    General,
}

impl Post {
    fn word(self) -> &'static str {
        match self {
            Self::Head => "区域经理",
            Self::Assistant => "区域经理助理",
            Self::Manager => "客户经理",
            Self::Director => "市场营销部总监",
            Self::TeamOffice => "团队管理岗",
            Self::General => "营业部总经理",
        }
    }
}

/// Somebody of the branch.
#[derive(Debug, Clone)]
struct Person {
    key: String,
    /// Position of the region; none for the staff of the branch.
    region: Option<usize>,
    post: Post,
    from: Date,
    /// First day after leaving.
    until: Option<Date>,
    /// First day of another post.
    moves: Option<(Date, Post)>,
    skill: i64,
    /// The first of the months (from January 2025, as 1) with a failing score, and how many.
    fails: Option<(u8, u8)>,
}

impl Person {
    /// The post on a day.
    fn post_on(&self, date: Date) -> Option<Post> {
        if date < self.from || self.until.is_some_and(|until| until <= date) {
            return None;
        }
        Some(self.moves.filter(|(since, _)| *since <= date).map_or(self.post, |(_, post)| post))
    }
}

/// The branch.
#[derive(Debug)]
struct Branch {
    regions: Vec<Region>,
    staff: Vec<Person>,
}

#[derive(Debug)]
struct Region {
    key: String,
    name: String,
    skill: i64,
    /// Positions of its people, also of those who have left.
    staff: Range<usize>,
}

/// Writes the folder.
pub(crate) fn write(
    folder: &Path,
    options: &Options,
    progress: &ProgressFn<'_>,
) -> Result<FolderSummary, SimError> {
    let title = "某证券营业部：客户经理职责及考核";
    let mut folder = Folder::create(folder, "securities", title, "s16-securities-appraisal", options.scale)?;
    let branch = branch(options);
    write_people(&mut folder, options, &branch)?;
    write_regions(&mut folder, options, &branch)?;
    progress("证券", 1, 3);
    forms::write(&mut folder, options, &branch)?;
    progress("证券", 2, 3);
    business::write(&mut folder, options, &branch)?;
    progress("证券", 3, 3);
    folder.close(&REMARKS)
}

fn branch(options: &Options) -> Branch {
    let mut random = Random::new(options.seed, "securities", 0);
    let mut branch = Branch { regions: Vec::new(), staff: Vec::new() };
    for (post, number) in [(Post::General, 1), (Post::Director, 1), (Post::TeamOffice, 2)] {
        for _ in 0..number {
            branch.add(&mut random, None, post);
        }
    }
    for number in 0..REGIONS * options.scale as usize {
        branch.add_region(&mut random, number);
    }
    branch
}

impl Branch {
    fn add(&mut self, random: &mut Random, region: Option<usize>, post: Post) -> usize {
        let key = format!("G{:04}", self.staff.len() + 1);
        let from = any_day(random, day(2014, 3, 1), day(2024, 8, 30));
        let skill = random.normal();
        self.staff.push(Person { key, region, post, from, until: None, moves: None, skill, fails: None });
        self.staff.len() - 1
    }

    fn add_region(&mut self, random: &mut Random, number: usize) {
        let round = number / REGIONS;
        let name = format!(
            "{}{}",
            NAMES[number % REGIONS],
            if round == 0 { String::new() } else { (round + 1).to_string() }
        );
        let first = self.staff.len();
        let head = self.add(random, Some(number), Post::Head);
        let is_tiny = number % REGIONS == 7;
        if !is_tiny && random.chance(8_000) {
            self.add(random, Some(number), Post::Assistant);
        }
        let managers = if is_tiny { 1 } else { random.between(9, 12) };
        for _ in 0..managers {
            self.add(random, Some(number), Post::Manager);
        }
        self.troubles(random, number, head);
        let (key, skill, staff) = (format!("R{:03}", number + 1), random.normal(), first..self.staff.len());
        self.regions.push(Region { key, name, skill, staff });
    }

    /// What goes wrong in a region, by its number.
    fn troubles(&mut self, random: &mut Random, region: usize, head: usize) {
        let last = self.staff.len() - 1;
        match region % REGIONS {
            0 => {
                // Fails twice in a row and is dismissed.
                self.staff[last].fails = Some((5, 2));
                self.staff[last].until = Some(day(2025, 7, 15));
            }
            1 | 4 => self.staff[last].fails = Some((if region % REGIONS == 1 { 3 } else { 9 }, 1)),
            2 => {
                // The head fails in the second quarter; a manager takes over.
                self.staff[head].moves = Some((day(2025, 7, 1), Post::Manager));
                self.staff[head].skill = -4 << 16;
                self.staff[last].moves = Some((day(2025, 7, 1), Post::Head));
                self.staff[last].skill = 1 << 16;
            }
            5 => {
                let newcomer = self.add(random, Some(region), Post::Manager);
                self.staff[newcomer].from = day(2025, 4, 1);
                self.staff[last].until = Some(day(2025, 9, 30));
            }
            _ => {}
        }
    }

    /// The people of a region with a post on a day.
    fn members(&self, region: usize, post: Post, date: Date) -> impl Iterator<Item = &Person> {
        self.staff[self.regions[region].staff.clone()]
            .iter()
            .filter(move |person| person.post_on(date) == Some(post))
    }

    /// The people with a post of the branch.
    fn holders(&self, post: Post) -> impl Iterator<Item = &Person> {
        self.staff.iter().filter(move |person| person.post == post)
    }
}

fn write_people(folder: &mut Folder, options: &Options, branch: &Branch) -> Result<(), SimError> {
    let mut names = People::new(options.seed, "securities people");
    let mut people = folder.small("人员", "营业部全部营销人员", &["编号", "名称"].map(text))?;
    let mut changes =
        folder.small("人员_随日期", "岗位和区域的变动", &["编号", "自", "岗位", "区域"].map(text))?;
    for person in &branch.staff {
        people.row(&row![&person.key, names.name()])?;
        let region = person.region.map(|region| branch.regions[region].key.as_str());
        changes.row(&row![&person.key, person.from.to_string(), person.post.word(), region])?;
        if let Some((since, post)) = person.moves {
            changes.row(&row![&person.key, since.to_string(), post.word(), Cell::Empty])?;
        }
        if let Some(until) = person.until {
            changes.row(&row![&person.key, until.to_string(), "—", "—"])?;
        }
    }
    folder.finish(people)?;
    folder.finish(changes)
}

fn write_regions(folder: &mut Folder, options: &Options, branch: &Branch) -> Result<(), SimError> {
    let mut random = Random::new(options.seed, "securities regions", 0);
    let mut regions = folder.small("区域", "每个区域一个营销团队", &["编号", "名称"].map(text))?;
    let columns = [text("编号"), text("期间"), points("团队考试成绩")];
    let mut marks = folder.small("区域_每季", "团队考试成绩，只有测评加考试的读法才用", &columns)?;
    for region in &branch.regions {
        regions.row(&row![&region.key, &region.name])?;
        for year in [2024, 2025] {
            for quarter in 1..=4 {
                let mark =
                    random.around(8_200 + ((region.skill * 400) >> 16), 500).clamp(4_000, 10_000) / 50 * 50;
                marks.row(&row![&region.key, crate::calendar::quarter_text(year, quarter), mark])?;
            }
        }
    }
    folder.finish(regions)?;
    folder.finish(marks)
}
