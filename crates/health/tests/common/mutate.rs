//! Seeded faults, as changes of documents that are clean: lists of replacements, and generators that go through tables,
//! roundings, examples and articles.

use hengjie_health::Check;

/// The document that most faults are seeded into.
pub(crate) const BANK: &str = "crates/health/tests/corpus/bank.md";
const S01: &str = "policies/s01-bank-six-grades/policy.md";
const S02: &str = "policies/s02-bank-hundred-points/policy.md";
const S04: &str = "policies/s04-telecom-tiering/policy.md";
const S06: &str = "policies/s06-tobacco-ladder/policy.md";
const TUTORIAL: &str = "docs/examples/tutorial.md";

/// One seeded fault.
pub(crate) struct Mutation {
    pub(crate) document: &'static str,
    /// The kind of fault.
    pub(crate) kind: &'static str,
    /// What was changed.
    from: String,
    to: String,
    /// The changed document.
    pub(crate) text: String,
    /// Findings any of which tells the fault.
    pub(crate) wanted: &'static [Check],
}

impl Mutation {
    /// What was changed, for people.
    pub(crate) fn name(&self) -> String {
        format!("{}: {:?} → {:?}", self.document, self.from, self.to)
    }
}

/// Collects seeded faults.
struct Seeds {
    all: Vec<Mutation>,
}

impl Seeds {
    /// Replaces a text that stands there exactly as written; the first one.
    fn one(
        &mut self,
        document: &'static str,
        kind: &'static str,
        wanted: &'static [Check],
        from: &str,
        to: &str,
    ) {
        // The widths of table columns do not matter.
        let (text, wanted_text) = (squeezed(&super::read(document)), squeezed(from));
        assert!(text.contains(&wanted_text), "{document}: {from:?} is not there");
        let text = text.replacen(&wanted_text, to, 1);
        self.all.push(Mutation { document, kind, from: from.to_owned(), to: to.to_owned(), text, wanted });
    }

    /// Several replacements of one kind in the bank document.
    fn bank(&mut self, kind: &'static str, wanted: &'static [Check], changes: &[(&str, &str)]) {
        changes.iter().for_each(|(from, to)| self.one(BANK, kind, wanted, from, to));
    }
}

/// One space before every border of a table.
fn squeezed(text: &str) -> String {
    let mut squeezed = String::new();
    for part in text.split_inclusive('|') {
        match part.strip_suffix('|') {
            Some(cell) if cell.ends_with("  ") => squeezed += &format!("{} |", cell.trim_end_matches(' ')),
            _ => squeezed += part,
        }
    }
    squeezed
}

/// Every seeded fault.
pub(crate) fn all() -> Vec<Mutation> {
    let mut seeds = Seeds { all: Vec::new() };
    weights(&mut seeds);
    bands(&mut seeds);
    cliffs(&mut seeds);
    thresholds(&mut seeds);
    reach(&mut seeds);
    units(&mut seeds);
    quotas(&mut seeds);
    rules(&mut seeds);
    numbers(&mut seeds);
    unused(&mut seeds);
    articles(&mut seeds);
    decisions(&mut seeds);
    shipped(&mut seeds);
    seeds.all
}

fn weights(seeds: &mut Seeds) {
    let wanted = &[Check::Weights];
    for (from, to) in [("30%", "35%"), ("20%", "10%"), ("15%", "20%")] {
        let from = format!("计入 总分 权重 {from}");
        seeds.bank("汇总权重不是 100%", wanted, &[(&from, &format!("计入 总分 权重 {to}"))]);
    }
    for (row, from, to) in
        [("业务", "40%", "45%"), ("协作", "30%", "35%"), ("学习", "20%", "10%"), ("纪律", "10%", "1%")]
    {
        let from = format!("| {row} | {from}  |");
        seeds.bank("权重表不是 100%", wanted, &[(&from, &format!("| {row} | {to} |"))]);
    }
}

fn bands(seeds: &mut Seeds) {
    seeds.bank(
        "查表区间有空档",
        &[Check::Gap],
        &[
            ("| 1000万元以上不足3000万元", "| 1001万元以上不足3000万元"),
            ("| 1000万元以上不足3000万元", "| 超过1000万元不足3000万元"),
            ("| 3000万元以上不足5000万元", "| 3000.01万元以上不足5000万元"),
            ("| 5000万元以上 ", "| 超过5000万元 "),
            ("| 5户以上不足10户  |", "| 6户以上不足10户 |"),
            ("| 10户以上不足20户 |", "| 10户以上不足19户 |"),
            ("| 20户以上         |", "| 21户以上 |"),
            ("| 20户以上         |", "| 20户以上不足100户 |"),
        ],
    );
    seeds.bank(
        "累进区间有空档",
        &[Check::Gap],
        &[
            ("| 超过100万元至500万元 |", "| 超过110万元至500万元 |"),
            ("| 超过500万元至900万元 |", "| 超过510万元至900万元 |"),
            ("| 超过900万元          |", "| 超过1000万元 |"),
        ],
    );
    seeds.bank(
        "两段都适用",
        &[Check::Overlap],
        &[
            (
                "## 第五条 不良得分\n",
                "## 第五条之一 双键\n\n```规则\n表 双键 键 甲, 乙\n```\n| 甲 | 乙 | 得分 |\n| --- | --- | --- |\n| 不足10户 | 不足10户 | 1分 |\n| 不足10户 | 5户以上 | 2分 |\n| 10户以上 | 不足5户 | 3分 |\n```规则\n对 人员 每年\n双键得分 = 查表(双键, 新增户数, 新增户数).得分 无则 0分\n```\n\n## 第五条 不良得分\n",
            ),
            (
                "## 第五条 不良得分\n",
                "## 第五条之一 双键\n\n```规则\n表 双键 键 甲, 乙\n```\n| 甲 | 乙 | 得分 |\n| --- | --- | --- |\n| 1000万元以内 | 不足10户 | 1分 |\n| 1000万元以上 | 不足5户 | 2分 |\n| 超过1000万元 | 5户以上 | 3分 |\n```规则\n对 人员 每年\n双键得分 = 查表(双键, 存款日均, 新增户数).得分 无则 0分\n```\n\n## 第五条 不良得分\n",
            ),
        ],
    );
}

fn cliffs(seeds: &mut Seeds) {
    seeds.bank(
        "多做反而少得",
        &[Check::Cliff],
        &[
            // Whole amounts at the rate of their band.
            ("累进(贷款提成, 其.余额)", "其.余额 × (查表(贷款提成, 其.余额).提成率 无则 0%)"),
            // A score that falls in a higher band.
            ("| 5000万元以上             | 100分 |", "| 5000万元以上 | 85分 |"),
            ("| 3000万元以上不足5000万元 | 90分  |", "| 3000万元以上不足5000万元 | 70分 |"),
            ("| 1000万元以上不足3000万元 | 80分  |", "| 1000万元以上不足3000万元 | 95分 |"),
            ("| 10户以上不足20户 | 90分  |", "| 10户以上不足20户 | 75分 |"),
            ("| 20户以上         | 100分 |", "| 20户以上 | 88分 |"),
            // A reward that ends above a limit.
            ("限于(任务完成率 × 100分, 0分 至 150分)", "如 任务完成率 > 150% 则 100分 否则 限于(任务完成率 × 100分, 0分 至 150分)"),
            ("合计(名下贷款, 累进(贷款提成, 其.余额))", "合计(名下贷款 其中 其.余额 ≤ 1000万元, 累进(贷款提成, 其.余额))"),
            ("最大值(100分 - 最大值(不良率 - 2%, 0%) × 500分, 0分)", "如 不良率 > 30% 则 50分 否则 最大值(100分 - 最大值(不良率 - 2%, 0%) × 500分, 0分)"),
            ("任务完成率 = 如 存款任务 > 0元 则 存款日均 ÷ 存款任务 无则 1 否则 1", "任务完成率 = 如 存款任务 > 0元 则 (如 存款日均 > 2000万元 则 存款日均 ÷ 存款任务 × 0.5 否则 存款日均 ÷ 存款任务) 无则 1 否则 1"),
        ],
    );
}

/// Cells of 等级标准 and 等级系数 that go against the grade.
fn thresholds(seeds: &mut Seeds) {
    let wanted = &[Check::Threshold];
    let rows = [
        ("| 高级 | 5000万元 |", "| 高级 | 8500万元 |"),
        ("| 中级 | 3000万元 |", "| 中级 | 5500万元 |"),
        ("| 初级 | 1000万元 |", "| 初级 | 3500万元 |"),
        ("| 6000万元 | 20户 |", "| 9500万元 | 20户 |"),
        ("| 4000万元 | 12户 |", "| 6500万元 | 12户 |"),
        ("| 1500万元 | 6户  |", "| 4500万元 | 6户 |"),
        ("| 20户 | 90分 |", "| 35户 | 90分 |"),
        ("| 12户 | 80分 |", "| 25户 | 80分 |"),
        ("| 80分 | 3年  |", "| 92分 | 3年 |"),
        ("| 70分 | 1年  |", "| 85分 | 1年 |"),
        ("| 90分 | 5年  |", "| 90分 | 9年 |"),
        ("| 80分 | 3年  |", "| 80分 | 6年 |"),
    ];
    seeds.bank("门槛不随等级", wanted, &rows);
    let coefficients = [
        ("| 高级 | 2    |", "| 高级 | 2.6 |"),
        ("| 中级 | 1.5  |", "| 中级 | 2.1 |"),
        ("| 初级 | 1.2  |", "| 初级 | 1.6 |"),
        ("| 见习 | 0.8  |", "| 见习 | 1.3 |"),
        ("| 1.9  | 1.8  |", "| 1.3 | 1.8 |"),
        ("| 1.1  | 1    |", "| 1.45 | 1 |"),
    ];
    seeds.bank("系数不随等级", wanted, &coefficients);
    seeds.bank(
        "两级门槛相同",
        wanted,
        &[("| 高级 | 5000万元 |", "| 高级 | 8000万元 |"), ("| 中级 | 3000万元 |", "| 中级 | 1000万元 |")],
    );
}

fn reach(seeds: &mut Seeds) {
    seeds.bank(
        "谁也够不到",
        &[Check::Unreachable, Check::DeadBranch],
        &[
            ("| 95分 | 8年  |", "| 115分 | 8年  |"),
            ("| 95分 | 8年  |", "| 95分 | 45年  |"),
            ("| 首席 | 8000万元 | 9000万元 |", "| 首席 | 8000亿元 | 9000万元 |"),
            ("| 9000万元 | 30户 |", "| 9000万元 | 30000户 |"),
            ("名目 评价: 优秀 > 良好", "名目 评价: 特优 > 优秀 > 良好"),
            ("名目 评价: 优秀 > 良好 > 合格 > 不合格", "名目 评价: 优秀 > 良好 > 合格 > 待观察 > 不合格"),
            (
                "丙档 取 20% 四舍五入 跨线 全进\n其余 丁档",
                "丙档 取 20% 四舍五入 限 总分 > 110分 跨线 全进\n其余 丁档",
            ),
        ],
    );
    seeds.bank(
        "分支走不到",
        &[Check::DeadBranch],
        &[
            ("如 总分 ≥ 80分 则 良好", "如 总分 ≥ 95分 则 良好"),
            ("如 总分 ≥ 60分 则 合格", "如 总分 ≥ 90分 则 合格"),
            ("如 总分 ≥ 90分 则 优秀", "如 总分 > 110分 则 优秀"),
            ("如 总分 ≥ 90分 则 优秀", "如 总分 ≥ 0分 则 优秀"),
            ("如 行.方面 = 学习 则 学习分", "如 行.方面 = 业务 则 学习分"),
            ("如 存款任务 > 0元 则", "如 存款任务 > 2000亿元 则"),
        ],
    );
}

fn units(seeds: &mut Seeds) {
    seeds.bank(
        "科目不合同类",
        &[Check::Unit],
        &[
            ("| 初级 | 甲项 | 存款类 | 1000万元 |", "| 初级 | 甲项 | 贷款类 | 1000万元 |"),
            ("| 中级 | 丙项 | 结算类 | 1000万元 |", "| 中级 | 丙项 | 贷款类 | 1000万元 |"),
            ("| 高级 | 乙项 | 贷款类 | 6000万元 |", "| 高级 | 乙项 | 存款类 | 6000万元 |"),
            ("| 首席 | 丙项 | 结算类 | 3000万元 |", "| 首席 | 丙项 | 户数类 | 3000万元 |"),
        ],
    );
    seeds.bank(
        "少写了万或写错了百分号",
        &[Check::Magnitude],
        &[
            ("| 高级 | 5000万元 |", "| 高级 | 5000元 |"),
            ("| 中级 | 3000万元 |", "| 中级 | 3000元 |"),
            ("| 初级 | 1000万元 |", "| 初级 | 1000元 |"),
            ("| 见习 | 300万元  |", "| 见习 | 300元 |"),
            ("| 首席 | 8000万元 | 9000万元 |", "| 首席 | 8000亿元 | 9000万元 |"),
            ("| 中级 | 乙项 | 贷款类 | 4000万元 |", "| 中级 | 乙项 | 贷款类 | 4000元 |"),
            ("| 超过100万元至500万元 | 0.2%   |", "| 超过100万元至500万元 | 2 |"),
        ],
    );
}

fn quotas(seeds: &mut Seeds) {
    let wanted = &[Check::Quota];
    seeds.bank(
        "名额对不上",
        wanted,
        &[
            ("先进 取 10% 四舍五入", "先进 取 80% 四舍五入"),
            ("较好 取 30% 四舍五入", "较好 取 90% 四舍五入"),
            ("乙档 取 50% 四舍五入", "乙档 取 70% 四舍五入"),
            ("乙档 取 50% 四舍五入", "乙档 取 60% 四舍五入"),
            ("丙档 取 20% 四舍五入 跨线 全进\n其余 丁档", "丙档 取 20% 四舍五入 跨线 全进"),
            ("丙档 取 20% 四舍五入 跨线 全进\n其余 丁档", "丙档 取 30% 向下 跨线 全进"),
            ("丙档 取 20% 四舍五入 跨线 全进\n其余 丁档", "丙档 取 30% 四舍五入 跨线 全进\n其余 丁档"),
        ],
    );
}

fn rules(seeds: &mut Seeds) {
    seeds.bank(
        "没有规则可用",
        &[Check::NoRule],
        &[
            ("\n补贴 = 100元 当 序列 = 小微", ""),
            ("\n补贴 = 300元 当 序列 = 公司", ""),
            ("补贴 = 300元 当 序列 = 公司", "补贴 = 300元 当 序列 = 公司 且 新增户数 ≥ 1户"),
            ("补贴 = 100元 当 序列 = 小微", "补贴 = 100元 当 序列 = 小微 且 满意度 ≥ 60分"),
            (
                "## 第十四条 补贴\n",
                "## 第十四条之一 补助\n\n```规则\n表 补助表 键 等级\n```\n| 等级 | 金额 |\n| --- | --- |\n| 首席 | 400元 |\n| 高级 | 300元 |\n| 中级 | 200元 |\n| 初级 | 100元 |\n```规则\n对 人员 每年\n补助 = 查表(补助表, 拟聘等级).金额\n```\n\n## 第十四条 补贴\n",
            ),
            (
                "## 第十四条 补贴\n",
                "## 第十四条之一 餐补\n\n```规则\n表 餐补表 键 序列\n```\n| 序列 | 金额 |\n| --- | --- |\n| 公司 | 400元 |\n| 零售 | 300元 |\n```规则\n对 人员 每年\n餐补 = 查表(餐补表, 序列).金额\n```\n\n## 第十四条 补贴\n",
            ),
        ],
    );
    seeds.bank(
        "一事算两次",
        &[Check::DoubleCount],
        &[
            ("其.属实 且 其.类别 = 表彰, 500元)", "其.属实 且 其.类别 ≠ 投诉, 500元)"),
            ("其.属实 且 其.类别 = 差错, 200元)", "其.属实 且 其.类别 属于 (差错, 表彰), 200元)"),
            ("其.属实 且 其.类别 = 差错, 200元)", "其.属实, 200元)"),
            (
                "不良得分 = 最大值(100分 - 最大值(不良率 - 2%, 0%) × 500分, 0分)",
                "不良得分 = 最大值(100分 - 最大值(不良率 - 2%, 0%) × 500分 - 投诉扣分, 0分)",
            ),
        ],
    );
}

fn numbers(seeds: &mut Seeds) {
    seeds.bank(
        "没有舍入",
        &[Check::Rounding],
        &[
            ("汇总 总分 最低 0分 最高 110分 四舍五入 到 0.01分", "汇总 总分 最低 0分 最高 110分"),
            ("汇总 奖金 四舍五入 到 0.01元", "汇总 奖金"),
            (
                "四舍五入(加权平均(素质权重, 方面得分, 其.权重) 无则 0分, 0.01分)",
                "加权平均(素质权重, 方面得分, 其.权重) 无则 0分",
            ),
            ("四舍五入 到 0.01分", "四舍五入 到 0.001分"),
            ("汇总 奖金 四舍五入 到 0.01元", "汇总 奖金 四舍五入 到 0.0001元"),
        ],
    );
    seeds.bank(
        "分母可能为零",
        &[Check::Divisor],
        &[
            (
                "## 第十四条 补贴\n",
                "## 第十四条之一 户均\n\n```规则\n对 人员 每年\n户均存款 = 存款日均 ÷ 新增户数\n```\n\n## 第十四条 补贴\n",
            ),
            (
                "表彰奖 = 合计(名下事件 其中 其.属实 且 其.类别 = 表彰, 500元) 计入 奖金",
                "表彰奖 = 合计(名下事件 其中 其.属实 且 其.类别 = 表彰, 500元) 计入 奖金\n户均奖 = 存款日均 ÷ 数(新增户数) 计入 奖金",
            ),
            (
                "## 第十四条 补贴\n",
                "## 第十四条之一 人均\n\n```规则\n对 全体 每年\n人均户数 = 合计(人员, 其.新增户数) ÷ 计数(人员 其中 其.序列 = 小微)\n```\n\n## 第十四条 补贴\n",
            ),
        ],
    );
    seeds.bank(
        "没有下限或封顶白写",
        &[Check::Limit],
        &[
            (
                "最大值(100分 - 最大值(不良率 - 2%, 0%) × 500分, 0分)",
                "100分 - 最大值(不良率 - 2%, 0%) × 500分",
            ),
            ("最大值(满意度 - 投诉扣分, 0分)", "满意度 - 投诉扣分"),
            ("最高 110分", "最高 150分"),
            ("限于(任务完成率 × 100分, 0分 至 150分)", "限于(任务完成率 × 100分, 0分 至 120分)"),
        ],
    );
}

fn unused(seeds: &mut Seeds) {
    seeds.bank(
        "资料没有用到",
        &[Check::UnusedField],
        &[
            (
                "不良率: 比例 0% 至 100% 每年\n",
                "不良率: 比例 0% 至 100% 每年\n逾期率: 比例 0% 至 100% 每年\n",
            ),
            ("满意度: 分 0分 至 100分 每年\n", "满意度, 忠诚度: 分 0分 至 100分 每年\n"),
            ("余额: 金额 0元 至 100亿元\n", "余额, 抵押额: 金额 0元 至 100亿元\n"),
            ("属实: 是否\n", "属实, 已复核: 是否\n"),
            ("在岗年限: 年 0年 至 40年 每年\n", "在岗年限: 年 0年 至 40年 每年\n入行日: 日期\n"),
        ],
    );
    seeds.bank(
        "声明了没有用到",
        &[Check::Unused],
        &[
            ("参数 奖金基数: 金额 = 1万元", "参数 奖金基数: 金额 = 1万元\n参数 调节系数: 比例 = 1"),
            ("参数 奖金基数: 金额 = 1万元", "参数 奖金基数: 金额 = 1万元\n公式 折半(x: 金额) = x × 0.5"),
            ("读法 甲一 排名范围", "读法 甲二 计分口径: 存量 | 增量 取 存量 由 考评小组 于 2026-01-05 据 “条文写余额”\n读法 甲一 排名范围"),
            ("如 甲一 = 全行 则 “全行” 否则 “序列内”", "“全行”"),
            ("表 户数计分 键 新增户数", "表 旧计分 键 新增户数\n```\n| 新增户数 | 得分 |\n| --- | --- |\n| 不足5户 | 60分 |\n| 5户以上 | 80分 |\n```规则\n表 户数计分 键 新增户数"),
        ],
    );
}

fn articles(seeds: &mut Seeds) {
    let text = super::read(BANK);
    // The example of an article is lost.
    for start in [
        "得 甲.存款得分 = 90分",
        "得 甲.户数得分 = 90分",
        "得 甲.不良得分 = 95分",
        "得 甲.年度评价 = 良好",
        "得 甲.补贴 = 200元",
    ] {
        let line = text.find(start).unwrap();
        let from = text[..line].rfind("```示例").unwrap();
        let to = line + text[line..].find("```\n").unwrap() + 4;
        seeds.bank("条款没有示例", &[Check::NoExample], &[(&text[from..to], "")]);
    }
    for prose in [
        "每介绍一名新客户奖励 200 元。",
        "全年缺勤超过 5% 的不得评先。",
        "单笔授信不得超过 1,000 万元。",
        "每次迟到扣 2 分。",
    ] {
        let added = format!("## 第十五条 其他\n\n{prose}\n\n## 第十四条 补贴\n");
        seeds.bank("条文有数没有规则", &[Check::NoRuleHere], &[("## 第十四条 补贴\n", &added)]);
    }
    seeds.bank(
        "示例不符",
        &[Check::Example],
        &[
            ("得 甲.户数得分 = 90分", "得 甲.户数得分 = 80分"),
            ("得 甲.不良得分 = 95分", "得 甲.不良得分 = 96分"),
            ("得 甲.贷款奖 = 5000元", "得 甲.贷款奖 = 6000元"),
            ("得 甲.拟聘等级 = 高级", "得 甲.拟聘等级 = 首席"),
        ],
    );
    seeds.bank(
        "说明过时",
        &[Check::Stale, Check::Cliff, Check::Gap],
        &[
            ("## 第十四条 补贴\n", "## 第十四条 补贴\n> 体检：断崖；鼓励小额\n"),
            ("## 第二条 存款得分\n", "## 第二条 存款得分\n> 体检：空档；没有空档了\n"),
            ("## 第二条 存款得分\n", "## 第二条 存款得分\n> 体检：断涯；写错了名称\n"),
        ],
    );
}

fn decisions(seeds: &mut Seeds) {
    seeds.bank(
        "读法没有定",
        &[Check::Reading],
        &[
            (" 据 “条文写全行排名”", ""),
            ("全行 | 序列内 取 全行", "全行 | 序列内 | 待议 取 待议"),
            ("由 考评小组 于 2026-01-05", "由 待明确 于 2026-01-05"),
        ],
    );
    seeds.bank(
        "参数没有给",
        &[Check::Parameter],
        &[("参数 奖金基数: 金额 = 1万元", "参数 奖金基数: 金额 待定 由 人力资源部")],
    );
    seeds.one(
        BANK,
        "参数没有给",
        &[Check::Parameter],
        "名额 评先 依 名次\n先进 取 10% 四舍五入",
        "参数 先进比例: 比例 待定 由 考评小组\n名额 评先 依 名次\n先进 取 先进比例 四舍五入",
    );
    seeds.one(
        BANK,
        "参数没有给",
        &[Check::Parameter],
        "补贴 = 300元 当 序列 = 公司",
        "参数 公司补贴: 金额 待定 由 人力资源部\n对 人员 每年\n补贴 = 公司补贴 当 序列 = 公司",
    );
}

/// Faults of the shipped documents.
fn shipped(seeds: &mut Seeds) {
    seeds.one(S01, "门槛不随等级", &[Check::Threshold], "| 1.8亿元  | 5000万元 |", "| 2.2亿元  | 5000万元 |");
    seeds.one(S01, "门槛不随等级", &[Check::Threshold], "| 500万美元  |", "| 1500万美元  |");
    seeds.one(
        S01,
        "门槛不随等级",
        &[Check::Threshold],
        "| 客户经理     | 200元  |",
        "| 客户经理     | 280元  |",
    );
    seeds.one(
        S01,
        "少写了万或写错了百分号",
        &[Check::Magnitude, Check::Threshold],
        "| 3800万元 | —        | 7200万元 |",
        "| 3800元 | —        | 7200万元 |",
    );
    seeds.one(S01, "读法没有定", &[Check::Reading], " 据 “条文写进一步提高”", "");
    seeds.one(
        S02,
        "没有下限或封顶白写",
        &[Check::Limit],
        "满意得分 = 最大值(100分 - 投诉扣分, 0分)",
        "满意得分 = 100分 - 投诉扣分",
    );
    seeds.one(S02, "没有舍入", &[Check::Rounding], "取 两位小数 由 评审小组", "取 不取整 由 评审小组");
    seeds.one(S02, "多做反而少得", &[Check::Cliff], " 据 “条文以单笔余额分档”", "");
    seeds.one(
        S02,
        "一事算两次",
        &[Check::DoubleCount],
        "查表(事件标准, 其.类别).归组 = 投诉事件, 查表(事件标准, 其.类别).每次分值)\n满意得分",
        "查表(事件标准, 其.类别).归组 属于 (投诉事件, 质量事件), 查表(事件标准, 其.类别).每次分值)\n满意得分",
    );
    seeds.one(
        S04,
        "名额对不上",
        &[Check::Quota],
        "中级 取 50% 向下 限 中级资格",
        "中级 取 90% 向下 限 中级资格",
    );
    seeds.one(S04, "没有舍入", &[Check::Rounding], "汇总 应发工资 四舍五入 到 0.01元", "汇总 应发工资");
    seeds.one(
        S04,
        "没有舍入",
        &[Check::Rounding],
        "取 两位小数 由 省公司人力资源部",
        "取 不取整 由 省公司人力资源部",
    );
    seeds.one(S04, "读法没有定", &[Check::Reading], " 据 “比例是上限，高级缺人不扩大中级”", "");
    seeds.one(S06, "没有舍入", &[Check::Rounding], "四舍五入(加权平均(评价组, 方面均分, 评价权重(其.评价关系)) 无则 人定(市局人力资源科, 0分 至 100分), 0.01分)", "加权平均(评价组, 方面均分, 评价权重(其.评价关系)) 无则 人定(市局人力资源科, 0分 至 100分)");
    seeds.one(
        TUTORIAL,
        "资料没有用到",
        &[Check::UnusedField],
        "新增户数: 计数(户) 每年\n",
        "新增户数, 流失户数: 计数(户) 每年\n",
    );
    seeds.one(
        TUTORIAL,
        "分支走不到",
        &[Check::DeadBranch],
        "如 存款任务 > 0元 则",
        "如 存款任务 > 0元 且 存款任务 < 0元 则",
    );
}
