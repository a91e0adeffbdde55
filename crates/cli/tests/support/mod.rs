//! A folder with a policy and its facts, and the binary running in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// A copy of `tests/world` that a test may spoil.
pub struct World {
    folder: TempDir,
}

/// What the binary did.
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// Everything it said.
    pub fn text(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

impl World {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/world"), folder.path());
        Self { folder }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn write(&self, name: &str, text: &str) {
        self.write_bytes(name, text.as_bytes());
    }

    pub fn write_bytes(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    pub fn append(&self, name: &str, text: &str) {
        self.write(name, &(self.read(name) + text));
    }

    pub fn remove(&self, name: &str) {
        std::fs::remove_file(self.path(name)).unwrap();
    }

    pub fn replace(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "{from} is not in {name}");
        self.write(name, &text.replacen(from, to, 1));
    }

    /// Runs the binary in the folder.
    pub fn run(&self, words: &[&str]) -> Run {
        self.run_with(&[], words)
    }

    /// Runs the binary in the folder, with variables of the environment.
    pub fn run_with(&self, variables: &[(&str, &str)], words: &[&str]) -> Run {
        let output = self.command(words).envs(variables.iter().copied()).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Run { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hengjie"));
        command.args(words).current_dir(self.folder.path()).env_clear().stdin(Stdio::null());
        command
    }

    /// Runs the binary, sends it Ctrl-C after some milliseconds and waits for its end.
    pub fn interrupt(&self, words: &[&str], millis: u64) -> Option<i32> {
        let mut child = self.command(words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(millis));
        let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(sent.success(), "the run ended before it could be interrupted");
        child.wait().unwrap().code()
    }

    /// Compares exit code and words with the snapshot of a name.
    pub fn snapshot(&self, name: &str, words: &[&str]) {
        let run = self.run(words);
        let code = run.code.map_or("signal".to_owned(), |code| code.to_string());
        let mut text = format!("$ hengjie {}\nexit {code}\n", words.join(" "));
        for (title, said) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
            if !said.is_empty() {
                text += &format!("---- {title}\n{}", settled(said));
            }
        }
        compare(name, &text);
    }

    /// Compares the text files of a folder with the snapshot of a name.
    pub fn snapshot_files(&self, name: &str, folder: &str) {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(self.path(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| !file.file_name().unwrap().to_string_lossy().starts_with('.'));
        files.sort();
        let mut text = String::new();
        for file in files {
            text += &format!("---- {}\n", file.file_name().unwrap().to_string_lossy());
            if file.extension().is_some_and(|ending| ending == "csv") {
                let content = std::fs::read_to_string(&file).unwrap();
                text += &content.replace(['\u{feff}', '\r'], "");
            }
        }
        compare(name, &settled(&text));
    }

    /// Nothing was written beside the documents and facts.
    pub fn assert_untouched(&self) {
        assert!(!self.path("out").exists());
        assert_eq!(self.hidden(), Vec::<String>::new());
    }

    /// Hidden files that were left behind.
    pub fn hidden(&self) -> Vec<String> {
        let names = std::fs::read_dir(self.folder.path()).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
        names.filter(|name| name.starts_with(".hengjie-")).collect()
    }
}

/// Without what differs from run to run: durations and hashes.
fn settled(text: &str) -> String {
    let mut settled = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(|character: char| character.is_ascii_hexdigit()) {
        settled.push_str(&rest[..at]);
        let word =
            rest[at..].find(|character: char| !character.is_ascii_hexdigit()).unwrap_or(rest.len() - at);
        settled.push_str(if word >= 16 { "HASH" } else { &rest[at..at + word] });
        rest = &rest[at + word..];
    }
    settled.push_str(rest);
    settled
        .lines()
        .map(|line| match (line.find("；用时 "), line.rfind(" s").filter(|_| line.contains("undecided; ")))
        {
            (Some(at), _) => line[..at].to_owned(),
            (None, Some(_)) => line[..line.rfind("; ").unwrap_or(line.len())].to_owned(),
            (None, None) => line.to_owned(),
        })
        .map(|line| line + "\n")
        .collect()
}

fn compare(name: &str, text: &str) {
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, text);
    });
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
