//! The one form of a document.

#![expect(clippy::expect_used, reason = "a helper of tests may fail")]

mod common;

use common::syntax_of;
use hengjie_quantity::Lang;
use hengjie_syntax::format::{FormatOptions, format};
use hengjie_syntax::parse;

const DOCUMENT: &str = include_str!("documents/证券客户经理.md");

/// Formats a fence body; checks that the meaning and a second run stay the same.
fn check(body: &str, language: Option<Lang>) -> String {
    let text = format!("# 标题  \n\n散文，不动  。\n```规则\n{body}\n```\n");
    let formatted = checked(&text, language);
    let body = formatted.split_once("```规则\n").or_else(|| formatted.split_once("```rules\n"));
    let body = body.expect("the fence stays").1;
    body.strip_suffix("```\n").expect("the fence ends").to_owned()
}

fn checked(text: &str, language: Option<Lang>) -> String {
    let options = FormatOptions { language };
    let formatted = format(text, &options);
    assert_eq!(syntax_of(&parse(&formatted)), syntax_of(&parse(text)), "the meaning stays\n{formatted}");
    assert_eq!(format(&formatted, &options), formatted, "a second run changes nothing");
    formatted
}

#[test]
fn spaces_and_marks() {
    insta::assert_snapshot!(check(
        "对　人员  每年
得分＝限于（100分+（存款日均÷存款任务-100%）÷ 1 个百分点×2分，0分 至 150分）计入 总分 权重 60%。
 负 = -甲 - -乙 × -(丙)
逻辑 = 非 甲 且 ( 乙 或 丙 ) 且 丁 属于 ( 一 、二 )
名 = 「 A 类 」 . 份额 + f ( x ) . 列
文 = \"双引号\"
日 = 2026年1月5日
码 = 3 USD + 5 points + ３ 万元
例外 名 = 一 当 A25 = 甲 优先于 第七条（二）1
大 = a>=b 且 c!=d",
        None
    ));
}

#[test]
fn line_breaks() {
    insta::assert_snapshot!(check(
        "


-- 开头的说明
对 人员 每年   —— 每年一次


长 = 甲 +
乙 -
      丙
级 = 如 甲 则 一 如 乙 则 二 否则 三
单 = 如 甲 则 一
否则 二
参 = 限于(甲,
乙 至 丙
)
逗 = f(甲
, 乙)
释 = 甲 + -- 先加
乙
-- 单独一行
- 丙 -- 末尾
值 =
  3
定 = 甲 当
乙 计入
总分
----------
尾 = 1
-- 结尾

",
        None
    ));
}

#[test]
fn comments_stand_in_one_column() {
    insta::assert_snapshot!(check(
        "资料 客户
余额: 金额 -- 日均
不良率: 比例 0% 至 100%     -- 五级分类
等级: 等级

户数: 计数(户)-- 年末
-- 单独一行
这一栏的名称很长很长很长很长很长很长很长很长很长很长很长很长很长: 金额 -- 不对齐
短: 金额 -- 短",
        None
    ));
}

#[test]
fn faulty_lines_stay() {
    insta::assert_snapshot!(check(
        "对 人员 每年
  坏=甲   乙
好=甲+乙
  未完=(甲+乙
串=“甲
# 井
附=3",
        None
    ));
}

#[test]
fn into_english_and_back() {
    let english = check(
        "适用 人员 其中 岗位 属于 (甲, 乙)
参数 比例: 比例 待定 由 总行
对 人员 逐 表格 每季
级 = 如 行.值 ≥ 3户 且 非 上期(免) 则 最大值(合计(客户 其中 其.余额 > 0元, 其.余额), 0元) 无则 0元 否则 人定(小组, 日期)
名额 分布 依 名次
甲 取 15% 向下 跨线 人定 小组
任务 周报 由 经理 每周六 08:30 交 周报",
        Some(Lang::En),
    );
    insta::assert_snapshot!(english);
    insta::assert_snapshot!(check(english.trim_end(), Some(Lang::Zh)));
}

#[test]
fn tables_are_aligned() {
    let text = "```规则\n表 等级标准 键 等级\n```\n|等级|存款日均（万元）|备注 a\\|b|\n|:-|-:|---|\n|「A 类」|8000|—\n| 高级 | 1,000 |  |\n\n| 散文 | 表 |\n|-|-|\n";
    insta::assert_snapshot!(checked(text, None));
}

#[test]
fn a_whole_document() {
    let formatted = checked(DOCUMENT, None);
    let english = checked(DOCUMENT, Some(Lang::En));
    assert_eq!(checked(&english, Some(Lang::Zh)), formatted, "there and back");
    insta::assert_snapshot!(formatted);
    insta::assert_snapshot!(english);
}
