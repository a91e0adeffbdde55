//! Why the system or a library could not do something, in both languages: people who read Chinese are not shown English.

use crate::bilingual::Bilingual;
use std::io;

/// Why a file cannot be read or written.
#[must_use]
pub fn io_reason(error: &io::Error) -> Bilingual {
    use io::ErrorKind as K;
    let (zh, en) = match error.kind() {
        K::NotFound => ("没有这个文件或文件夹", "there is no such file or folder"),
        K::PermissionDenied => ("没有权限", "no permission"),
        K::IsADirectory => ("这是文件夹，不是文件", "it is a folder, not a file"),
        K::NotADirectory => ("路径里有一段不是文件夹", "a part of the path is no folder"),
        K::AlreadyExists => ("已经有同名的文件", "a file has that name already"),
        K::StorageFull => ("磁盘满了", "the disk is full"),
        K::QuotaExceeded => ("磁盘配额用完了", "the disk quota is used up"),
        K::FileTooLarge => ("文件超过系统的上限", "the file is larger than the system allows"),
        K::ReadOnlyFilesystem => ("磁盘是只读的", "the disk is read-only"),
        K::ResourceBusy | K::ExecutableFileBusy | K::WouldBlock => {
            ("文件正被别的程序使用", "another program is using the file")
        }
        K::InvalidFilename | K::InvalidInput => ("文件名不能这样写", "files cannot have this name"),
        K::InvalidData => ("内容不是文字", "the content is no text"),
        K::TimedOut
        | K::NetworkDown
        | K::HostUnreachable
        | K::NetworkUnreachable
        | K::StaleNetworkFileHandle => ("网络盘没有回应", "the network drive does not answer"),
        K::UnexpectedEof => ("文件提前结束", "the file ends too early"),
        K::OutOfMemory => ("内存不够", "out of memory"),
        _ => {
            let text = error.to_string();
            return Bilingual::new(format!("系统给出的原因是 {text}"), text);
        }
    };
    Bilingual::new(zh, en)
}

/// What is wrong with a JSON text, without the place.
pub(crate) fn json_reason(error: &serde_json::Error) -> Bilingual {
    use serde_json::error::Category;
    let text = error.to_string();
    let en = text.rfind(" at line ").and_then(|at| text.get(..at)).unwrap_or(&text).to_owned();
    let zh = match error.classify() {
        Category::Eof => "没有写完，缺少括号或引号".to_owned(),
        Category::Syntax => "不是正确的 JSON，检查这里的引号、逗号和括号".to_owned(),
        Category::Io => "读不了".to_owned(),
        Category::Data => data_reason(&en).unwrap_or_else(|| "这里的值类型不对".to_owned()),
    };
    Bilingual::new(zh, en)
}

/// A message of the reader about a name: those are all the forms in which it speaks of names.
fn data_reason(text: &str) -> Option<String> {
    let names: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    let (first, rest) = names.split_first()?;
    let rest = rest.join("、");
    if text.starts_with("unknown field") && rest.is_empty() {
        Some(format!("不认识「{first}」"))
    } else if text.starts_with("unknown field") {
        Some(format!("不认识「{first}」，这里可以写：{rest}"))
    } else if text.starts_with("missing field") {
        Some(format!("缺少「{first}」"))
    } else if text.starts_with("duplicate field") {
        Some(format!("「{first}」写了两次"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::mapping::Mapping;

    #[test]
    fn what_is_wrong_with_a_mapping_is_said_in_chinese() {
        let check = |text: &str, zh: &str| {
            let found = Mapping::from_json(text).unwrap_err().zh;
            assert!(found.ends_with(zh), "{text}: {found}");
            assert!(!found.contains(" at line "), "{found}");
        };
        check(r#"{"table": {}}"#, "不认识「table」，这里可以写：tables");
        check(
            r#"{"tables": {"甲": {"colums": {}}}}"#,
            "不认识「colums」，这里可以写：source、sheet、columns、constant、key",
        );
        check(r#"{"tables": {"甲": {"columns": {"a": {"unit": "元"}}}}}"#, "缺少「to」");
        check(r#"{"tables": {"甲": {"columns": {"a": 5}}}}"#, "这里的值类型不对");
        check(
            r#"{"tables": {"甲": {"columns": {"a": "b",}}}}"#,
            "不是正确的 JSON，检查这里的引号、逗号和括号",
        );
        check(r#"{"tables": {"甲": "#, "没有写完，缺少括号或引号");
    }
}
