//! The commands and their arguments.

mod change;
mod ledger;
mod pay;
mod store;

use crate::texts::Text;
use clap::{Arg, ArgAction, Command, value_parser};
use hengjie_quantity::Lang;
use std::ffi::OsString;
use std::path::PathBuf;

/// The language: `--lang` before all, then the environment, then Chinese.
pub(crate) fn language(words: &[OsString], environment: impl Fn(&str) -> Option<String>) -> Lang {
    let mut words = words.iter().filter_map(|word| word.to_str());
    while let Some(word) = words.next() {
        let tag = match word.strip_prefix("--lang") {
            Some("") => words.next(),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        };
        if let Some(lang) = tag.and_then(Lang::parse) {
            return lang;
        }
    }
    let variables = ["HENGJIE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];
    variables.into_iter().filter_map(environment).find_map(|tag| Lang::parse(&tag)).unwrap_or_default()
}

/// All commands.
pub(crate) fn command(lang: Lang) -> Command {
    let builder = Builder { lang };
    let root = Command::new("hengjie")
        .version(env!("CARGO_PKG_VERSION"))
        .about(Text::About.text(lang))
        .after_help(Text::AfterHelp.text(lang))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .subcommand_help_heading(Text::Commands.text(lang))
        .arg(builder.flag("version", Text::Version).short('V').action(ArgAction::Version))
        .arg(builder.option("lang", Text::LangArg).value_name("zh|en").global(true).value_parser(lang_word))
        .arg(builder.flag("json", Text::JsonArg).global(true));
    let root = [
        builder.new_policy(),
        builder.check(),
        builder.fmt(),
        builder.template(),
        builder.import(),
        builder.store(),
        builder.ownership(),
        builder.run(),
        builder.replay(),
        builder.compare(),
        builder.explain(),
        builder.distance(),
        builder.readings(),
        builder.diff(),
        builder.whatif(),
        builder.test(),
        builder.health(),
        builder.coverage(),
        builder.params(),
        builder.ledger(),
        builder.pay(),
        builder.demo(),
        builder.serve(),
        builder.lsp(),
        builder.completions(),
    ]
    .into_iter()
    .fold(root, |root, command| root.subcommand(builder.finish(command)));
    // For the console, not for people.
    let root = root.subcommand(Command::new("import-worker").hide(true));
    builder.finish(root)
}

/// How a command is used, without the English words that the library puts there.
fn chinese_usage(under: &str, command: &Command) -> String {
    let path = match command.get_name() {
        "hengjie" => "hengjie".to_owned(),
        name => format!("hengjie {under}{name}"),
    };
    let usage = command.clone().bin_name(path).render_usage().to_string();
    let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage);
    usage.replace("[OPTIONS]", "[选项]").replace("<COMMAND>", "<命令>")
}

fn lang_word(word: &str) -> Result<String, String> {
    Lang::parse(word).map(|lang| lang.code().to_owned()).ok_or_else(|| "zh, en".to_owned())
}

struct Builder {
    lang: Lang,
}

impl Builder {
    /// Words that all commands share.
    fn finish(&self, command: Command) -> Command {
        self.finish_under("", command)
    }

    /// The same for a command of a command: `under` is the outer one with a space.
    fn finish_under(&self, under: &str, command: Command) -> Command {
        let template =
            format!("{{about}}\n\n{} {{usage}}\n\n{{all-args}}{{after-help}}\n", Text::Usage.text(self.lang));
        let help = self.flag("help", Text::Help).short('h').action(ArgAction::Help);
        let command = command.help_template(template).disable_help_flag(true).arg(help);
        match self.lang {
            Lang::En => command,
            Lang::Zh => {
                let usage = chinese_usage(under, &command);
                command.override_usage(usage)
            }
        }
    }

    fn named(&self, name: &'static str, about: Text) -> Command {
        Command::new(name).about(about.text(self.lang))
    }

    fn flag(&self, name: &'static str, help: Text) -> Arg {
        let heading = Text::Options.text(self.lang);
        Arg::new(name).long(name).action(ArgAction::SetTrue).help(help.text(self.lang)).help_heading(heading)
    }

    fn option(&self, name: &'static str, help: Text) -> Arg {
        let heading = Text::Options.text(self.lang);
        Arg::new(name).long(name).help(help.text(self.lang)).help_heading(heading)
    }

    fn path(&self, name: &'static str, value: &'static str, help: Text) -> Arg {
        self.option(name, help).value_name(value).value_parser(value_parser!(PathBuf))
    }

    fn positional(&self, name: &'static str, value: &'static str, help: Text) -> Arg {
        let heading = Text::Arguments.text(self.lang);
        Arg::new(name).value_name(value).help(help.text(self.lang)).help_heading(heading)
    }

    fn policy(&self) -> Arg {
        self.positional("policy", self.lang.pick("制度", "POLICY"), Text::Policy)
            .required(true)
            .value_parser(value_parser!(PathBuf))
    }

    fn files(&self, help: Text) -> Arg {
        let files =
            self.positional("files", self.lang.pick("文件", "FILE"), help).required(true).num_args(1..);
        files.value_parser(value_parser!(PathBuf))
    }

    fn parameters(&self) -> Arg {
        self.path("params", self.lang.pick("文件", "FILE"), Text::Params)
            .num_args(1..)
            .action(ArgAction::Append)
    }

    fn period(&self) -> Arg {
        self.option("period", Text::Period)
            .value_name(self.lang.pick("期间", "PERIOD"))
            .action(ArgAction::Append)
    }

    fn reading(&self) -> Arg {
        self.option("reading", Text::Reading)
            .value_name(self.lang.pick("读法=取法", "NAME=ALTERNATIVE"))
            .action(ArgAction::Append)
    }

    fn data(&self) -> Arg {
        self.path("data", self.lang.pick("文件夹|工作簿.xlsx", "DIR|FILE.xlsx"), Text::Data).required(true)
    }

    fn known_at(&self) -> Arg {
        self.day("known-at", Text::KnownAt)
    }

    fn new_policy(&self) -> Command {
        let folder = self.positional("folder", self.lang.pick("文件夹", "DIR"), Text::NewFolder);
        let from = self.option("from", Text::NewFrom).value_name(self.lang.pick("示范制度", "SAMPLE"));
        let name = self.option("name", Text::NewName).value_name(self.lang.pick("名称", "NAME"));
        let list = self.flag("list", Text::NewList).conflicts_with_all(["folder", "from", "name"]);
        self.named("new", Text::New)
            .arg(folder.required_unless_present("list").value_parser(value_parser!(PathBuf)))
            .args([from, name, list])
    }

    fn check(&self) -> Command {
        let files = self.files(Text::CheckFiles).required(false).required_unless_present("explain");
        let explain = self.option("explain", Text::CheckExplain).value_name("CODE");
        self.named("check", Text::Check).arg(files).arg(explain)
    }

    fn fmt(&self) -> Command {
        let to = self.option("to", Text::FmtTo).value_name("zh|en").value_parser(lang_word);
        self.named("fmt", Text::Fmt)
            .arg(self.files(Text::FmtFiles))
            .arg(self.flag("check", Text::FmtCheck))
            .arg(to)
    }

    fn template(&self) -> Command {
        self.named("template", Text::Template)
            .arg(self.policy())
            .arg(self.path("out", self.lang.pick("文件夹", "DIR"), Text::TemplateOut).required(true))
            .arg(
                self.option("only", Text::OnlyTemplate)
                    .value_name(self.lang.pick("项目", "NAMES"))
                    .action(ArgAction::Append),
            )
    }

    fn run(&self) -> Command {
        let threads = self
            .option("threads", Text::Threads)
            .value_name("N")
            .value_parser(value_parser!(u16).range(1..=1024));
        self.named("run", Text::Run)
            .arg(self.policy())
            .arg(self.data())
            .arg(self.known_at())
            .arg(self.parameters())
            .arg(self.period())
            .arg(
                self.option("only", Text::Only)
                    .value_name(self.lang.pick("项目", "NAMES"))
                    .action(ArgAction::Append),
            )
            .arg(self.reading())
            .arg(self.path("out", self.lang.pick("文件", "FILE"), Text::Out))
            .arg(
                self.option("format", Text::FormatArg)
                    .value_name(self.lang.pick("格式", "FORMAT"))
                    .value_parser(["xlsx", "csv", "json", "parquet"])
                    .hide_possible_values(true),
            )
            .arg(threads)
    }

    fn replay(&self) -> Command {
        let record =
            self.positional("record", self.lang.pick("运行记录", "RECORD"), Text::Record).required(true);
        self.named("replay", Text::Replay).arg(record.value_parser(value_parser!(PathBuf))).arg(self.path(
            "data",
            self.lang.pick("文件夹|工作簿.xlsx", "DIR|FILE.xlsx"),
            Text::ReplayData,
        ))
    }

    fn compare(&self) -> Command {
        let record = |name: &'static str, value: &'static str, help: Text| {
            self.positional(name, value, help).required(true).value_parser(value_parser!(PathBuf))
        };
        self.named("compare", Text::Compare)
            .arg(record("old", self.lang.pick("上次", "OLD"), Text::CompareOld))
            .arg(record("new", self.lang.pick("这次", "NEW"), Text::CompareNew))
            .arg(self.path("out", self.lang.pick("文件", "FILE"), Text::ChangeOut))
    }

    fn explain(&self) -> Command {
        self.named("explain", Text::Explain)
            .arg(self.policy())
            .arg(self.positional("person", self.lang.pick("谁", "PERSON"), Text::Person).required(true))
            .arg(self.positional("value", self.lang.pick("项目", "VALUE"), Text::Value))
            .arg(self.data())
            .arg(self.known_at())
            .arg(self.parameters())
            .arg(self.period())
            .arg(self.reading())
            .arg(self.option("row", Text::Row).value_name(self.lang.pick("行", "ROW")))
    }

    fn test(&self) -> Command {
        self.named("test", Text::Test).arg(self.files(Text::TestFiles))
    }

    fn health(&self) -> Command {
        let only = self.option("only", Text::OnlyChecks).value_name("NAMES").action(ArgAction::Append);
        self.named("health", Text::Health)
            .arg(self.policy())
            .arg(self.path("data", self.lang.pick("文件夹|工作簿.xlsx", "DIR|FILE.xlsx"), Text::HealthData))
            .arg(self.parameters())
            .arg(self.period().requires("data"))
            .arg(self.reading().requires("data"))
            .arg(only)
    }

    fn coverage(&self) -> Command {
        let folder = self.positional("folder", self.lang.pick("文件夹", "DIR"), Text::CoverageFolder);
        self.named("coverage", Text::Coverage)
            .arg(folder.required(true).value_parser(value_parser!(PathBuf)))
            .arg(self.path("out", self.lang.pick("文件.md", "FILE.md"), Text::CoverageOut))
    }

    fn params(&self) -> Command {
        self.named("params", Text::ParamsCommand).arg(self.policy()).arg(self.parameters())
    }

    fn demo(&self) -> Command {
        let scale = self
            .option("scale", Text::DemoScale)
            .value_name("N")
            .value_parser(value_parser!(u32).range(1..=100));
        self.named("demo", Text::Demo)
            .arg(self.path("out", self.lang.pick("文件夹", "DIR"), Text::DemoOut))
            .arg(self.path("policies", self.lang.pick("文件夹", "DIR"), Text::DemoPolicies))
            .arg(scale)
    }

    fn serve(&self) -> Command {
        let folder = self.positional("folder", self.lang.pick("文件夹", "DIR"), Text::ServeFolder);
        let port = self.option("port", Text::ServePort).value_name("N").value_parser(value_parser!(u16));
        let store = self.option("store", Text::ServeStore).value_name("URL");
        let policy =
            self.path("policy", self.lang.pick("制度", "POLICY"), Text::ServePolicy).requires("data");
        let data = self.path("data", self.lang.pick("资料", "FACTS"), Text::Data).requires("policy");
        self.named("serve", Text::Serve).arg(folder.value_parser(value_parser!(PathBuf))).args([
            port,
            store,
            policy,
            data,
            self.parameters(),
        ])
    }

    fn lsp(&self) -> Command {
        self.named("lsp", Text::Lsp)
    }

    fn completions(&self) -> Command {
        let shell = self.positional("shell", "SHELL", Text::Shell).required(true);
        self.named("completions", Text::Completions)
            .arg(shell.value_parser(value_parser!(clap_complete::Shell)).hide_possible_values(true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_consistent() {
        command(Lang::Zh).debug_assert();
        command(Lang::En).debug_assert();
    }

    #[test]
    fn the_language_of_the_arguments_wins() {
        let words = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
        let check = |text: &str, variable: &'static str, value: &'static str| {
            language(&words(text), |name| (name == variable).then(|| value.to_owned()))
        };
        assert_eq!(check("hengjie check --lang en", "LANG", "zh_CN.UTF-8"), Lang::En);
        assert_eq!(check("hengjie --lang=zh check", "LANG", "en_US.UTF-8"), Lang::Zh);
        assert_eq!(check("hengjie check", "LANG", "en_US.UTF-8"), Lang::En);
        assert_eq!(check("hengjie check", "LANG", "C.UTF-8"), Lang::Zh);
        assert_eq!(check("hengjie check --lang", "HENGJIE_LANG", "en"), Lang::En);
    }
}
