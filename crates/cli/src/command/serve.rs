//! `hengjie serve`: the console, on this machine only.

use super::{path, paths};
use crate::Ending;
use crate::print::Printer;
use clap::ArgMatches;
use hengjie_app::Failure;
use hengjie_app::console::access::Actor;
use hengjie_app::console::{Asking, Console, Refusal};
use hengjie_app::document;
use hengjie_facts::Bilingual;
use hengjie_server::{Opened, now, serve};
use hengjie_store::Store;
use std::io::{BufRead, IsTerminal};
use std::path::{Path, PathBuf};
use tokio::runtime::Runtime;

/// Name of the data file in a folder.
const FILE: &str = "hengjie.db";

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    let folder = matches.get_one::<PathBuf>("folder").cloned().unwrap_or_else(|| PathBuf::from("."));
    let address = matches.get_one::<String>("store").cloned().unwrap_or_else(|| address(&folder));
    let port = matches.get_one::<u16>("port").copied().unwrap_or(8080);
    let served = runtime().and_then(|runtime| {
        runtime.block_on(async {
            let console = open(&address, &folder).await?;
            if matches.contains_id("policy") {
                add(&console, matches, printer).await?;
            }
            let printer = *printer;
            // Ctrl-C ends the program; what was acknowledged is on the disk.
            let listening =
                serve(console, port, move |opened| announce(opened, printer), std::future::pending());
            listening.await.map_err(|error| port_taken(port, &error))
        })
    });
    match served {
        Ok(()) => Ending::Done,
        Err(failure) => printer.failure(&failure),
    }
}

/// Where a folder keeps the console.
pub(super) fn address(folder: &Path) -> String {
    folder.join(FILE).display().to_string()
}

pub(super) fn runtime() -> Result<Runtime, Failure> {
    Runtime::new().map_err(|error| unusable("运行环境", "the runtime", &error.to_string()))
}

/// Opens the console of a store; `home` is for files that are handed in and for new fact stores.
pub(super) async fn open(address: &str, home: &Path) -> Result<Console, Failure> {
    if !home.is_dir() {
        let shown = home.display();
        return Err(Failure::Usage(Bilingual::new(
            format!("没有文件夹 {shown}；hengjie demo --out {shown} 生成一个演示的，或者先建好它"),
            format!(
                "there is no folder {shown}; hengjie demo --out {shown} makes a demonstration, or create it"
            ),
        )));
    }
    let store = Store::open(address).await;
    let store = store.map_err(|error| {
        unusable(&format!("存储 {address}"), &format!("the store {address}"), &error.to_string())
    })?;
    Console::open(store, &whole(home), std::env::current_exe().ok(), &now()).await.map_err(refused)
}

/// Whoever has started the program, for one write.
pub(super) fn asking(key: String, printer: &Printer) -> Asking {
    Asking { actor: Actor::owner(), lang: printer.lang, at: now(), key }
}

/// A refusal of the console as a failure of the command.
pub(super) fn refused(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Failure(failure) => failure,
        refusal => {
            let text = |lang| refusal.trouble(lang).message;
            Failure::Usage(Bilingual::new(text(hengjie_quantity::Lang::Zh), text(hengjie_quantity::Lang::En)))
        }
    }
}

/// Adds the document of the arguments, with its facts.
async fn add(console: &Console, matches: &ArgMatches, printer: &Printer) -> Result<(), Failure> {
    let policy = document::open(path(matches, "policy"))?;
    let facts = whole(path(matches, "data"));
    let parameters: Vec<PathBuf> = paths(matches, "params").iter().map(|path| whole(path)).collect();
    let id = id(&policy.path);
    let asking = asking(format!("serve {id} {}", now()), printer);
    let name = policy.program.name.clone();
    console.put_document(&asking, &id, &name, &policy, &facts, &parameters).await.map(|_| ()).map_err(refused)
}

/// The name of a document in addresses: of its folder, or of its file.
pub(super) fn id(policy: &Path) -> String {
    let stem = policy.file_stem().filter(|stem| *stem != "policy");
    let folder = whole(policy).parent().and_then(Path::file_name).map(std::ffi::OsStr::to_owned);
    stem.map(std::ffi::OsStr::to_owned).or(folder).unwrap_or_default().to_string_lossy().into_owned()
}

/// A path that is the same from every folder.
pub(super) fn whole(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Says where the console is; on a terminal, Enter gives another link.
fn announce(opened: Opened, printer: Printer) {
    let link = move || match opened.link() {
        Ok(link) => printer.line(format!(
            "{} {link}",
            printer.pick("控制台（链接只能用一次）：", "Console (this link works once):")
        )),
        Err(error) => printer.aside(error.to_string()),
    };
    link();
    printer.line(
        printer.pick("按回车得一个新链接，按 Ctrl-C 停止。", "Press Enter for a new link, Ctrl-C to stop."),
    );
    if std::io::stdin().is_terminal() {
        std::thread::spawn(move || {
            std::io::stdin().lock().lines().map_while(Result::ok).for_each(|_| link())
        });
    }
}

fn port_taken(port: u16, error: &std::io::Error) -> Failure {
    let reason = hengjie_facts::io_reason(error);
    Failure::Usage(Bilingual::new(
        format!("端口 {port} 用不了：{}。换一个：--port 8081", reason.zh),
        format!("port {port} cannot be used: {}. Take another: --port 8081", reason.en),
    ))
}

fn unusable(zh: &str, en: &str, reason: &str) -> Failure {
    Failure::Unreadable(Bilingual::new(
        format!("{zh}用不了：{reason}"),
        format!("{en} cannot be used: {reason}"),
    ))
}
