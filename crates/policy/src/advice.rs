//! What to do about a finding whose message does not say it: one sentence per code.

use crate::codes;

/// What to do in general about a code, in Chinese and English.
pub(crate) fn advice(code: &str) -> Option<(&'static str, &'static str)> {
    let found = ADVICE.iter().find(|(of, _, _)| *of == code);
    found.map(|(_, zh, en)| (*zh, *en))
}

const ADVICE: &[(&str, &str, &str)] = &[
    (
        codes::UNKNOWN_NAME,
        "核对名称；资料的字段在“资料”下面声明，条文没有给出的数写成“参数”",
        "check the spelling; fields are declared under 资料, figures the text does not give are parameters (参数)",
    ),
    (codes::DUPLICATE_NAME, "给其中一个换个名称", "give one of them another name"),
    (
        codes::UNKNOWN_MEMBER,
        "核对名称；没有声明的先声明",
        "check the spelling; declare it first if it is new",
    ),
    (
        codes::NOT_HERE,
        "换成这条规则里有的对象，或把规则写到合适的“对 …”下面",
        "use what this rule is about, or write the rule below a 对 line that has it",
    ),
    (
        codes::OTHER_PERIOD,
        "别的周期的值用 于(期间, 值)、上期(值) 取，或对 各月(本年) 这样的期间合计、平均",
        "values of other periods come from 于(period, value), 上期(value), or a sum or mean over periods such as 各月(本年)",
    ),
    (
        codes::UNKNOWN_TYPE,
        "类型有金额、比例、数、分、计数(户)、是否、文字、编号、日期、期间(每月)、个月等，或名目、资料的名称",
        "types are 金额, 比例, 数, 分, 计数(户), 是否, 文字, 编号, 日期, 期间(每月), 个月 …, or the name of a 名目 or 资料",
    ),
    (
        codes::WRONG_CALL,
        "写法见语言手册的“函数”",
        "the language reference lists all functions with an example",
    ),
    (
        codes::KEYED_PARAMETER,
        "按声明的键逐个写，如 岗位工资(高级)",
        "write one value per declared key, such as 岗位工资(高级)",
    ),
    (codes::UNUSED, "用到规则里，或者删去", "use it in a rule, or remove it"),
    (
        codes::UNIT_MISMATCH,
        "两边用同一个单位；按每一户计就写 500元/户 × 户数，去掉单位写 数(x)",
        "use one unit on both sides; a price per customer is 500元/户 × customers, 数(x) drops the unit",
    ),
    (
        codes::NOT_ORDERED,
        "名目要分高低，声明时从高到低用 > 连接：名目 等级: 高级 > 中级",
        "a 名目 has an order when its items are joined from the highest by >: 名目 等级: 高级 > 中级",
    ),
    (
        codes::QUANTUM,
        "例如：四舍五入(金额, 0.01元)、向下(户数, 1户)",
        "for example: 四舍五入(amount, 0.01元), 向下(customers, 1户)",
    ),
    (
        codes::NOT_CONSTANT,
        "写一个数、日期或名目的项，如 60分；随人随期变化的写在规则里",
        "write a number, a date or an item, such as 60分; what depends on people or periods belongs into a rule",
    ),
    (
        codes::NOT_A_COLLECTION,
        "集合是资料、反称、表、各月(本年)、历期、上溯(…) 等；判断是不是其中之一写：岗位 属于 (甲, 乙)",
        "collections are kinds, inverses, tables, 各月(本年), 历期, 上溯(…) …; to ask for one of several items write: x 属于 (a, b)",
    ),
    (
        codes::NOT_A_NUMBER,
        "取它的一个数，如 其.余额，或者数个数：计数(…)",
        "take a number of it, such as 其.余额, or count: 计数(…)",
    ),
    (
        codes::CYCLE,
        "其中一处改用上一期的值：上期(…)，或用“首期”“下期”写成逐期传下去的值",
        "let one of them use the period before, 上期(…), or write a value that is passed on, with 首期 and 下期",
    ),
    (
        codes::CONTEXT,
        "写：对 资料名 [其中 条件] 每年，或：对 全体 每年",
        "write: 对 KIND [其中 CONDITION] 每年, or: 对 全体 每年",
    ),
    (
        codes::WEIGHTS,
        "核对各条的权重；本来就不是这个数的，改“权重合计”",
        "check the weights; if they are right, change 权重合计",
    ),
    (
        codes::CONTRIBUTION,
        "计入同一汇总的各条，对象、周期、单位都要相同",
        "all that goes into one total has the same subjects, period and unit",
    ),
    (
        codes::READING_UNUSED,
        "用“当 读法 = 取法”给每种取法写规则，或去掉没有区别的取法",
        "write rules with 当 reading = alternative, or remove the alternatives that make no difference",
    ),
    (
        codes::PARENT,
        "上级制度放在同一个文件夹里，或者放在旁边的文件夹里；写：沿用 名称 版本 2026-01-01",
        "put the parent into the same folder or the folder of another policy beside it; write: 沿用 NAME 版本 2026-01-01",
    ),
    (
        codes::AMENDMENT,
        "写上级制度里标题的第一个词，如：修改 第三条；一条只改一次",
        "write the first word of the heading in the parent, such as: 修改 第三条; replace an article once",
    ),
    (
        codes::UNTYPED,
        "给其中一条写上不依赖别条的值",
        "give one of them a value that depends on none of the others",
    ),
    (
        codes::NO_TABLE,
        "表格写在这一段的下面，正好一行各栏的满分",
        "put the table below, with one row of maxima",
    ),
    (
        codes::CELL,
        "按这一列的类型和单位写；不考核写“—”，还没定写“待定”",
        "write it in the type and unit of the column; — is not assessed, 待定 not yet decided",
    ),
    (
        codes::DUPLICATE_ROW,
        "删去一行，或补上区别它们的键",
        "remove one of them, or add the key that tells them apart",
    ),
    (
        codes::INTERVALS_GAP,
        "把两段接上（上一段“以内”，下一段“超过”），或加一行“其余”",
        "let the bands meet (以内, then 超过), or add a row 其余",
    ),
    (
        codes::TABLE_SUM,
        "核对这一列的数，或改要求的合计",
        "check the numbers of the column, or the sum that is asked for",
    ),
    (
        codes::ROW_LENGTH,
        "每行的格数要和表头一样；不考核的格写“—”",
        "every row has as many cells as the heading; — is not assessed",
    ),
    (codes::CELL_UNIT, "换成要求的单位", "write it in the unit that is asked for"),
    (codes::REST_ROW, "写明这一行的键", "name the keys of this row"),
    (
        codes::EXAMPLE_NAME,
        "核对名称；示例里可以设资料、规则、参数、读法、人定和表单",
        "check the spelling; examples give facts, rules, parameters, readings, decisions and forms",
    ),
    (
        codes::EXAMPLE_VALUE,
        "按类型和单位写，如 80分、是、2026-01-05",
        "write it in its type and unit, such as 80分, 是, 2026-01-05",
    ),
    (codes::EXAMPLE_PERIOD, "在后面写期间，如 于 2026年", "add the period, such as 于 2026年"),
    (
        codes::EXAMPLE_BECAUSE,
        "换成定出这个值的条款，或去掉“因 …”",
        "name the article that gives the value, or leave 因 out",
    ),
    (
        codes::EXAMPLE_ROW,
        "逐行的规则写明行，如 符合(高级)；别的规则不带括号",
        "name the row of a rule with rows, such as 符合(高级); other rules take no brackets",
    ),
    (codes::PROCEDURE_VALUE, "例如：5个工作日、3人、1次", "for example: 5个工作日, 3人, 1次"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_is_about_known_codes_and_told_once() {
        for (place, (code, _, _)) in ADVICE.iter().enumerate() {
            assert!(codes::title(code).is_some(), "{code}");
            assert!(!ADVICE[..place].iter().any(|(other, _, _)| other == code), "{code}");
        }
    }
}
