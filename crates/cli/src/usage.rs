//! What is wrong with the arguments, in the user's language.

use crate::Ending;
use crate::texts::Text;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use hengjie_quantity::Lang;
use std::io::Write;

/// Prints help, version or what is wrong with the arguments.
pub(crate) fn report(error: &Error, lang: Lang) -> Ending {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // Nobody reads a closed pipe.
            let _ = write!(std::io::stdout(), "{error}");
            Ending::Done
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            eprint!("{error}");
            Ending::Usage
        }
        _ if lang == Lang::En => {
            eprint!("{error}");
            Ending::Usage
        }
        _ => {
            eprintln!("{}{}", Text::ErrorWord.text(lang), chinese(error));
            eprintln!("{}", Text::SeeHelp.text(lang));
            Ending::Usage
        }
    }
}

/// The message in Chinese.
fn chinese(error: &Error) -> String {
    let all = crate::arguments::command(Lang::Zh);
    let commands: Vec<&str> = all.get_subcommands().map(clap::Command::get_name).collect();
    let word = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let argument = word(ContextKind::InvalidArg);
    let value = word(ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument => {
            let suggested = word(ContextKind::SuggestedArg);
            let hint = if suggested.is_empty() { String::new() } else { format!("；是不是 {suggested}") };
            format!("没有“{argument}”这个选项{hint}")
        }
        ErrorKind::InvalidSubcommand => {
            let suggested = word(ContextKind::SuggestedSubcommand);
            let hint = match suggested.is_empty() {
                true => format!("；有：{}", commands.join("、")),
                false => format!("；是不是 {suggested}"),
            };
            format!("没有“{}”这个命令{hint}", word(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => format!("缺少：{argument}"),
        ErrorKind::MissingSubcommand => "要写一个命令".to_owned(),
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 后面要写一个值"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let valid = word(ContextKind::ValidValue);
            let hint = if valid.is_empty() { String::new() } else { format!("；可以写：{valid}") };
            format!("{argument} 不能是“{value}”{hint}")
        }
        ErrorKind::ArgumentConflict => format!("{argument} 不能重复，也不能和别的选项一起用"),
        ErrorKind::TooManyValues => format!("{argument} 后面多了“{value}”"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => format!("{argument} 后面的值个数不对"),
        ErrorKind::InvalidUtf8 => "参数里有不是 UTF-8 的字".to_owned(),
        _ => error.to_string(),
    }
}
