//! Messages on the wire: a header with the length in bytes, an empty line, JSON.

use serde_json::Value;
use std::io::{BufRead, Read, Write};

/// Bytes of one message; a document of 256 MB could not be edited in any editor.
const MESSAGE_BYTES: usize = 256 * 1024 * 1024;

/// Bytes of one header line.
const HEADER_BYTES: u64 = 4096;

/// Why no message could be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FrameError {
    /// The bytes of a whole message are no JSON; the next message can be read.
    Json(String),
    /// It is not known where the next message begins.
    Lost(&'static str, &'static str),
}

/// Reads one message; `None` at the end of the input.
pub(crate) fn read(input: &mut impl BufRead) -> Option<Result<Value, FrameError>> {
    let mut length = None;
    let mut lines = 0_usize;
    loop {
        let mut line = Vec::new();
        match input.by_ref().take(HEADER_BYTES).read_until(b'\n', &mut line) {
            Ok(0) if lines == 0 => return None,
            Ok(0) | Err(_) => return Some(Err(cut())),
            Ok(_) => {}
        }
        lines += 1;
        if !line.ends_with(b"\n") || lines > 64 {
            return Some(Err(no_header()));
        }
        let Ok(text) = std::str::from_utf8(&line) else { return Some(Err(no_header())) };
        let text = text.trim_end();
        if text.is_empty() {
            break;
        }
        let Some((name, value)) = text.split_once(':') else { return Some(Err(no_header())) };
        if name.trim().eq_ignore_ascii_case("content-length") {
            length = value.trim().parse::<usize>().ok();
        }
    }
    let Some(length) = length.filter(|length| *length <= MESSAGE_BYTES) else {
        return Some(Err(FrameError::Lost(
            "消息头里没有可用的 Content-Length",
            "the header has no usable Content-Length",
        )));
    };
    let mut body = Vec::new();
    match input.by_ref().take(length as u64).read_to_end(&mut body) {
        Ok(read) if read == length => {}
        _ => return Some(Err(cut())),
    }
    Some(serde_json::from_slice(&body).map_err(|error| FrameError::Json(error.to_string())))
}

/// Writes one message.
///
/// # Errors
/// The reader has gone.
pub(crate) fn write(output: &mut impl Write, message: &Value) -> std::io::Result<()> {
    let body = message.to_string();
    write!(output, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    output.flush()
}

fn cut() -> FrameError {
    FrameError::Lost("消息不完整，输入已经结束", "the input ended inside a message")
}

fn no_header() -> FrameError {
    FrameError::Lost(
        "不是语言服务器协议的消息头（应为 Content-Length: 字节数）",
        "not a header of the language server protocol (Content-Length: BYTES)",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8]) -> Vec<String> {
        let mut input = std::io::Cursor::new(bytes);
        std::iter::from_fn(|| read(&mut input))
            .take(4)
            .map(|found| match found {
                Ok(value) => value.to_string(),
                Err(FrameError::Json(_)) => "json".to_owned(),
                Err(FrameError::Lost(_, en)) => en.to_owned(),
            })
            .collect()
    }

    #[test]
    fn messages_follow_one_another() {
        assert_eq!(check(b"Content-Length: 2\r\n\r\n{}content-length:1\n\n7"), ["{}", "7"]);
    }

    #[test]
    fn bad_json_does_not_lose_the_next_message() {
        assert_eq!(check(b"Content-Length: 2\r\n\r\n{xContent-Length: 2\r\n\r\n[]"), ["json", "[]"]);
    }

    #[test]
    fn lost_messages_are_told() {
        let cut = "the input ended inside a message";
        assert_eq!(check(b"Content-Length: 9\r\n\r\n{}"), [cut]);
        assert_eq!(check(b"Content-Length: 9\r\n"), [cut]);
        assert_eq!(check(b"Length: 2\r\n\r\n{}")[0], "the header has no usable Content-Length");
        assert_eq!(
            check(b"Content-Length: 99999999999999999999\r\n\r\n{}")[0],
            "the header has no usable Content-Length"
        );
        assert!(check(b"hello\n")[0].starts_with("not a header"));
        assert!(check(&[0xff; 9000])[0].starts_with("not a header"));
    }
}
