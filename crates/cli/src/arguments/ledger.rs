//! Commands of the ledger.

use super::Builder;
use crate::texts::Text;
use clap::{Arg, ArgAction, Command, value_parser};
use std::path::PathBuf;

impl Builder {
    pub(super) fn ledger(&self) -> Command {
        let commands = [
            self.ledger_build(),
            self.ledger_load(),
            self.ledger_average(),
            self.ledger_explain(),
            self.named("show", Text::LedgerShow).arg(self.ledger_folder()),
            self.named("verify", Text::LedgerVerify).arg(self.ledger_folder()),
        ];
        let command = self
            .named("ledger", Text::Ledger)
            .subcommand_required(true)
            .arg_required_else_help(true)
            .disable_help_subcommand(true)
            .subcommand_help_heading(Text::Commands.text(self.lang));
        commands
            .into_iter()
            .fold(command, |ledger, command| ledger.subcommand(self.finish_under("ledger ", command)))
    }

    fn ledger_folder(&self) -> Arg {
        self.positional("ledger", self.lang.pick("账簿", "LEDGER"), Text::LedgerFolder)
            .required(true)
            .value_parser(value_parser!(PathBuf))
    }

    fn recorded(&self) -> Arg {
        self.day("recorded-on", Text::LedgerRecorded)
    }

    fn column(&self) -> Arg {
        self.option("column", Text::LedgerColumn)
            .value_name(self.lang.pick("名称=种类", "NAME=KIND"))
            .action(ArgAction::Append)
    }

    fn ledger_known_at(&self) -> Arg {
        self.day("known-at", Text::LedgerKnownAt)
    }

    fn one_period(&self) -> Arg {
        self.option("period", Text::LedgerPeriod).value_name(self.lang.pick("期间", "PERIOD")).required(true)
    }

    fn ledger_build(&self) -> Command {
        self.named("build", Text::LedgerBuild)
            .arg(self.ledger_folder())
            .arg(self.path("from", self.lang.pick("文件夹", "DIR"), Text::LedgerFrom).required(true))
            .arg(self.recorded())
    }

    fn ledger_load(&self) -> Command {
        let file = self.lang.pick("文件", "FILE");
        self.named("load", Text::LedgerLoad)
            .arg(self.ledger_folder())
            .arg(self.files(Text::LedgerFiles).required(false).required_unless_present("ownership"))
            .arg(self.path("ownership", file, Text::LedgerOwnership))
            .arg(self.recorded())
    }

    fn ledger_average(&self) -> Command {
        let by =
            self.option("by", Text::LedgerBy).value_name(self.lang.pick("客户经理|客户", "owner|customer"));
        let file = self.lang.pick("文件", "FILE");
        self.named("average", Text::LedgerAverage)
            .arg(self.ledger_folder())
            .arg(self.one_period())
            .arg(self.column())
            .arg(by.value_parser(["客户经理", "客户", "owner", "customer"]).hide_possible_values(true))
            .arg(self.ledger_known_at())
            .arg(self.path("into", file, Text::LedgerInto))
            .arg(self.path("out", file, Text::LedgerOut))
    }

    fn ledger_explain(&self) -> Command {
        let customer =
            self.option("customer", Text::LedgerCustomer).value_name(self.lang.pick("客户号", "CUSTOMER"));
        self.named("explain", Text::LedgerExplain)
            .arg(self.ledger_folder())
            .arg(
                self.positional("person", self.lang.pick("客户经理", "OWNER"), Text::LedgerPerson)
                    .required_unless_present("customer"),
            )
            .arg(customer)
            .arg(self.one_period())
            .arg(self.column())
            .arg(self.ledger_known_at())
    }
}
