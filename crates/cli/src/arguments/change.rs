//! Commands about changes: distance, readings, diff, what-if.

use super::Builder;
use crate::texts::Text;
use clap::{ArgAction, Command, value_parser};
use std::path::PathBuf;

impl Builder {
    pub(super) fn distance(&self) -> Command {
        self.named("distance", Text::Distance)
            .arg(self.policy())
            .arg(self.positional("person", "PERSON", Text::Person).required_unless_present("warn"))
            .arg(self.positional("value", "VALUE", Text::DistanceValue))
            .arg(self.data())
            .arg(self.known_at())
            .arg(self.parameters())
            .arg(self.period())
            .arg(self.reading())
            .arg(self.option("row", Text::Row).value_name("ROW"))
            .arg(self.option("to", Text::DistanceTo).value_name("GOAL"))
            .arg(self.option("change", Text::DistanceChange).value_name("FIELDS").action(ArgAction::Append))
            .arg(self.flag("warn", Text::DistanceWarn).conflicts_with_all(["person", "value", "row", "to"]))
    }

    pub(super) fn readings(&self) -> Command {
        self.named("readings", Text::Readings)
            .arg(self.policy())
            .arg(self.data())
            .arg(self.known_at())
            .arg(self.parameters())
            .arg(self.period())
            .arg(self.option("only", Text::Only).value_name("NAMES").action(ArgAction::Append))
            .arg(self.reading())
            .arg(self.path("out", "FILE", Text::ChangeOut))
    }

    pub(super) fn whatif(&self) -> Command {
        let many = |name: &'static str, value: &'static str, help: Text| {
            self.option(name, help).value_name(value).action(ArgAction::Append)
        };
        self.named("whatif", Text::WhatIf)
            .arg(self.policy())
            .arg(self.data())
            .arg(self.known_at())
            .arg(self.parameters())
            .arg(self.period())
            .arg(many("only", "NAMES", Text::Only))
            .arg(self.reading())
            .arg(many("set", "KIND.KEY.FIELD=VALUE", Text::WhatIfSet))
            .arg(many("param", "NAME=VALUE", Text::WhatIfParameter))
            .arg(
                self.path("policy-file", "NEW.md", Text::WhatIfPolicy)
                    .long("policy")
                    .conflicts_with_all(["set", "param"]),
            )
            .arg(self.path("out", "FILE", Text::ChangeOut))
    }

    pub(super) fn diff(&self) -> Command {
        let version = |name: &'static str, value: &'static str, help: Text| {
            self.positional(name, value, help).required(true).value_parser(value_parser!(PathBuf))
        };
        self.named("diff", Text::Diff)
            .arg(version("old", "OLD", Text::DiffOld))
            .arg(version("new", "NEW", Text::DiffNew))
            .arg(self.path("data", "DIR|FILE.xlsx", Text::DiffData))
            .arg(self.known_at().requires("data"))
            .arg(self.parameters().requires("data"))
            .arg(self.period().requires("data"))
            .arg(self.reading().requires("data"))
            .arg(self.path("out", "FILE", Text::DiffOut).action(ArgAction::Append))
    }
}
