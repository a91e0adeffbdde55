//! Commands about fact stores: import, store, ownership.

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
        let (source, file) = (self.lang.pick("文件夹|文件", "DIR|FILE"), self.lang.pick("文件", "FILE"));
        self.named("import", Text::Import)
            .arg(self.policy())
            .arg(self.path("data", source, Text::ImportData).required(true))
            .arg(self.store_option())
            .arg(self.day("recorded-on", Text::RecordedOn).required(true))
            .arg(self.by())
            .arg(self.path("mapping", file, Text::ImportMapping))
            .arg(self.path("control", file, Text::ImportControl))
            .arg(self.path("rejects", file, Text::ImportRejects))
            .arg(self.flag("all-or-nothing", Text::AllOrNothing))
            .arg(self.flag("withdraw", Text::Withdraw))
    }

    pub(super) fn ownership(&self) -> Command {
        let (source, file) = (self.lang.pick("文件夹|文件", "DIR|FILE"), self.lang.pick("文件", "FILE"));
        let table = self.lang.pick("表", "TABLE");
        self.named("ownership", Text::Ownership)
            .arg(self.policy())
            .arg(self.store_option())
            .arg(self.path("data", source, Text::OwnershipData).requires("recorded-on"))
            .arg(self.day("recorded-on", Text::RecordedOn).requires("data"))
            .arg(self.by())
            .arg(self.path("mapping", file, Text::ImportMapping))
            .arg(self.path("rejects", file, Text::ImportRejects))
            .arg(self.flag("all-or-nothing", Text::AllOrNothing))
            .arg(self.flag("withdraw", Text::OwnershipWithdraw))
            .arg(self.flag("uncovered", Text::Uncovered).conflicts_with("data"))
            .arg(self.day("on", Text::OwnershipOn))
            .arg(self.known_at().conflicts_with("data"))
            .arg(self.option("of", Text::OwnershipOf).value_name(self.lang.pick("编号", "KEY")))
            .arg(self.option("role", Text::OwnershipRole).value_name(self.lang.pick("身份", "ROLE")))
            .arg(
                self.option("where", Text::OwnershipWhere)
                    .value_name(self.lang.pick("列=值", "COLUMN=VALUE")),
            )
            .arg(self.option("objects", Text::OwnershipObjects).value_name(table))
            .arg(self.option("owners", Text::OwnershipOwners).value_name(table))
            .arg(self.path("out", file, Text::OwnershipOut).conflicts_with("data"))
    }

    fn by(&self) -> Arg {
        self.option("by", Text::ImportBy).value_name(self.lang.pick("谁", "WHO"))
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
