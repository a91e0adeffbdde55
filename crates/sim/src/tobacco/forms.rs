//! The yearly assessment: superiors, subordinates and colleagues fill in a form about everybody on the ladder.

use super::staff::{Bureau, Person};
use super::{LAST, YEARS};
use crate::calendar::{year_end, year_text};
use crate::folder::{Decisions, Folder};
use crate::random::{Random, SIGMA};
use crate::table::{Table, points, row, text};
use crate::{Options, SimError};

/// Writes the forms and the decisions about qualification.
pub(super) fn write(folder: &mut Folder, options: &Options, bureau: &Bureau) -> Result<(), SimError> {
    let columns =
        [text("编号"), text("期间"), text("对象"), text("填写人"), text("评价关系"), points("得分")];
    let mut table = folder.large("岗位等级考核表", "每年上级、下级、同事的评分", &columns)?;
    let mut decisions = folder.decisions("营销中心")?;
    let mut open = 0;
    for year in YEARS {
        let mut random = Random::new(options.seed, "tobacco forms", year as u64);
        for (position, person) in bureau.people.iter().enumerate() {
            if person.is_manager() || !person.is_there(year_end(year)) {
                continue;
            }
            assess(&mut table, &mut random, bureau, position, year)?;
            if year == LAST && open < 2 && position % 90 == 50 {
                open += 1;
                continue;
            }
            qualify(&mut decisions, &mut random, person, year)?;
        }
    }
    folder.finish(table)?;
    super::registers::hire(folder, options, &mut decisions)?;
    folder.finish(decisions.table)
}

/// All forms about somebody in a year.
fn assess(
    table: &mut Table,
    random: &mut Random,
    bureau: &Bureau,
    position: usize,
    year: i32,
) -> Result<(), SimError> {
    let person = &bureau.people[position];
    let quality = match person.fails {
        Some(fails) if fails == year => 5_300,
        _ => random.around(8_060 + person.skill.clamp(-2 * SIGMA, 2 * SIGMA) * 480 / SIGMA, 330),
    };
    let Some(department) = person.department else { return Ok(()) };
    for (other_position, other) in bureau.members(department, year_end(year)) {
        if other_position == position {
            continue;
        }
        let (relation, deviation) = if person.above == Some(other_position) {
            ("上级评价", 220)
        } else if other.above == Some(position) {
            ("下级评价", 350)
        } else {
            ("同事评价", 380)
        };
        // Everybody is strict or mild in an own way; marks are given in halves.
        let mark =
            random.around(quality + ((other.skill * 120) >> 16), deviation).clamp(3_000, 10_000) / 50 * 50;
        let key = format!("K{:07}", table.rows() + 1);
        table.row(&row![key, year_text(year), &person.key, &other.key, relation, mark])?;
    }
    Ok(())
}

fn qualify(
    decisions: &mut Decisions,
    random: &mut Random,
    person: &Person,
    year: i32,
) -> Result<(), SimError> {
    let (value, because) = match random.chance(9_750) {
        true => ("是", "知识和能力达到从业要求"),
        false => ("否", "知识和能力还要提高"),
    };
    decisions.take("基本资格", &person.key, "", &year_text(year), value, because)
}
