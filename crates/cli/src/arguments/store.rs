//! Commands about fact stores: import, store.

use super::Builder;
use crate::texts::Text;
use clap::{Arg, ArgAction, Command, value_parser};
use std::path::PathBuf;

impl Builder {
    /// A day.
    pub(super) fn day(&self, name: &'static str, help: Text) -> Arg {
        self.option(name, help).value_name(self.lang.pick("日期", "DATE"))
    }

    pub(super) fn import(&self) -> Command {
        self.named("import", Text::Import)
            .arg(self.policy())
            .arg(
                self.path("data", self.lang.pick("文件夹|工作簿.xlsx", "DIR|FILE.xlsx"), Text::ImportData)
                    .required(true),
            )
            .arg(self.store_option())
            .arg(self.day("recorded-on", Text::RecordedOn).required(true))
            .arg(self.option("by", Text::ImportBy).value_name(self.lang.pick("谁", "WHO")))
            .arg(self.path("mapping", self.lang.pick("文件", "FILE"), Text::ImportMapping))
            .arg(self.path("control", self.lang.pick("文件", "FILE"), Text::ImportControl))
            .arg(self.path("rejects", self.lang.pick("文件", "FILE"), Text::ImportRejects))
            .arg(self.flag("all-or-nothing", Text::AllOrNothing))
            .arg(self.flag("withdraw", Text::Withdraw))
    }

    pub(super) fn store(&self) -> Command {
        let store = self
            .positional("store", self.lang.pick("资料库", "STORE"), Text::StoreFolder)
            .required(true)
            .value_parser(value_parser!(PathBuf));
        self.named("store", Text::Store).arg(store)
    }

    pub(super) fn store_option(&self) -> Arg {
        self.path("store", self.lang.pick("文件夹", "DIR"), Text::StoreFolder)
            .required(true)
            .action(ArgAction::Set)
    }
}
