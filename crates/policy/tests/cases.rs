//! Small documents and what the checker says of them: `tests/cases/*.txt`.
//!
//! A case is `=== name`, the text, `---`, the findings (or the attributes, when there are none). A text without a fence
//! is put into one. `BLESS=1` writes what comes out into the files, to be read before it is committed.

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What every case can use.
const PRELUDE: &str = "\
# 测试
```规则
制度 测试 版本 2026-01-01 起
名目 等级: 高级 > 中级 > 初级
名目 岗位: 客户经理, 柜员
名目 岗档: 等级 逐 3档
资料 区域 量词 个 树 上级
上级: 区域 反称 下级
资料 人员 量词 人
岗位: 岗位 随日期
等级: 等级 随日期
区域: 区域 随日期 反称 成员
存款: 金额 每年
任务: 金额 1元 至 100亿元 每年
贷款: 金额 每年
月存款: 金额 每月
入职日: 日期
得分: 分 0分 至 100分 每年
资料 客户 量词 户
余额: 金额 每年
美元额: 金额(美元) 每年
经理: 人员 反称 客户群
资料 事件 量词 次 每日
当事人: 人员 反称 事件记录
属实: 是否
```

## 第一条 测试

";

#[derive(Debug)]
struct Case {
    name: String,
    text: String,
    expected: String,
}

fn read(path: &Path) -> Vec<Case> {
    let content = std::fs::read_to_string(path).unwrap();
    content
        .split("=== ")
        .skip(1)
        .map(|part| {
            let (name, rest) = part.split_once('\n').unwrap();
            let (text, expected) = rest.split_once("\n---\n").unwrap_or((rest, ""));
            Case { name: name.to_owned(), text: text.to_owned(), expected: expected.trim_end().to_owned() }
        })
        .collect()
}

fn document(text: &str) -> String {
    match (text.starts_with("# "), text.contains("```")) {
        (true, _) => text.to_owned(),
        (false, true) => format!("{PRELUDE}{text}\n"),
        (false, false) => format!("{PRELUDE}```规则\n{text}\n```\n"),
    }
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn cases_give_what_they_say() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = String::new();
    for path in files() {
        let mut blessed = String::new();
        for case in read(&path) {
            let found = common::check(&document(&case.text)).trim_end().to_owned();
            blessed.push_str(&format!("=== {}\n{}\n---\n{found}\n\n", case.name, case.text));
            if found != case.expected {
                wrong.push_str(&format!("{}: {}\n{found}\n\n", path.display(), case.name));
            }
        }
        if bless {
            std::fs::write(&path, blessed.trim_end().to_owned() + "\n").unwrap();
        }
    }
    assert!(bless || wrong.is_empty(), "{wrong}");
}

/// Every code of the catalogue stands in some case, so that its message has been read.
#[test]
fn every_code_has_a_case() {
    let mut seen = BTreeSet::new();
    for path in files() {
        for case in read(&path) {
            seen.extend(case.expected.lines().filter_map(|line| line.split(' ').next().map(str::to_owned)));
        }
    }
    // Limits of size are tested in `limits.rs`.
    let exempt = [hengjie_policy::codes::LIMIT];
    let missing: Vec<&str> = hengjie_policy::codes::CATALOGUE
        .iter()
        .map(|title| title.code)
        .filter(|code| !seen.contains(*code) && !exempt.contains(code))
        .collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}
