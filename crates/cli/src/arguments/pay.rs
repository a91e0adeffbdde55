//! The commands of the pay ledger.

use super::Builder;
use crate::texts::Text;
use clap::{Arg, Command};

impl Builder {
    pub(super) fn pay(&self) -> Command {
        let commands = [self.pay_post(), self.pay_balance(), self.pay_explain(), self.pay_close()];
        let root = self
            .named("pay", Text::Pay)
            .subcommand_required(true)
            .arg_required_else_help(true)
            .disable_help_subcommand(true)
            .subcommand_help_heading(Text::Commands.text(self.lang));
        commands.into_iter().fold(root, |root, command| root.subcommand(self.finish_under("pay ", command)))
    }

    fn pay_post(&self) -> Command {
        self.named("post", Text::PayPost)
            .arg(self.policy())
            .arg(self.data())
            .arg(self.parameters())
            .arg(self.period())
            .arg(self.pay_ledger())
            .args(self.posting())
            .arg(self.flag("show", Text::PayShow))
    }

    fn pay_balance(&self) -> Command {
        self.named("balance", Text::PayBalance)
            .arg(self.pay_ledger())
            .arg(self.flag("by-item", Text::PayByItem))
    }

    fn pay_explain(&self) -> Command {
        self.named("explain", Text::PayExplain)
            .arg(self.positional("person", self.lang.pick("谁", "PERSON"), Text::Person).required(true))
            .arg(self.positional("value", self.lang.pick("项目", "VALUE"), Text::Value))
            .arg(self.pay_ledger())
    }

    fn pay_close(&self) -> Command {
        let year = self.positional("year", self.lang.pick("年份", "YEAR"), Text::PayYear).required(true);
        self.named("close", Text::PayClose).arg(year).arg(self.pay_ledger()).args(self.posting())
    }

    fn pay_ledger(&self) -> Arg {
        self.path("ledger", self.lang.pick("文件.csv", "FILE.csv"), Text::PayLedger).required(true)
    }

    /// Who, when and why.
    fn posting(&self) -> [Arg; 3] {
        [
            self.option("on", Text::PayOn).value_name(self.lang.pick("日期", "DATE")).required(true),
            self.option("by", Text::PayBy).value_name(self.lang.pick("谁", "NAME")).required(true),
            self.option("because", Text::PayBecause).value_name(self.lang.pick("缘由", "REASON")),
        ]
    }
}
