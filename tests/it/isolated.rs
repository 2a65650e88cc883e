//! Processes of our own: what they may, and that nothing of theirs hurts the server.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use factdesk::{
    articles::intake::{How, Received, Refused, read, read_apart},
    isolated::{Broken, Isolated, Limits, MIB, Work},
};
use time::OffsetDateTime;

/// A program that does what a line of shell says, in place of ours.
struct Program(PathBuf);

impl Program {
    fn new(line: &str) -> Self {
        let path = std::env::temp_dir().join(format!("factdesk-isolated-{}", uuid::Uuid::new_v4().simple()));
        let mut file = fs::File::create(&path).unwrap();
        writeln!(file, "#!/bin/sh\n{line}").unwrap();
        file.set_permissions(fs::Permissions::from_mode(0o700)).unwrap();
        Self(path)
    }

    async fn run(&self, work: Work) -> Result<String, Broken> {
        let answer = Isolated::new(&self.0).run::<String>(work, &"head", b"bytes").await?;
        Ok(answer.head + &String::from_utf8(answer.bytes).unwrap())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[actix_web::test]
async fn an_answer_comes_back_and_the_environment_does_not_go_there() {
    let program = Program::new(
        r#"cat >/dev/null; printf '\000\000\000\002""%s' "$*|$DATABASE_URL$FACTDESK_DATA$HOME""#,
    );

    assert_eq!(program.run(Work::Fetch).await.unwrap(), "isolated fetch|");
}

#[actix_web::test]
async fn one_that_ends_without_an_answer_is_a_plain_reason() {
    for line in ["exit 3", "kill -9 $$", "kill -11 $$", "printf nonsense", "true", "cat >/dev/null; exit 1"] {
        let broken = Program::new(line).run(Work::Fetch).await.unwrap_err();
        assert!(matches!(broken, Broken::Crashed(_)), "{line}: {broken:?}");
    }
    let missing = Isolated::new("/no/such/program").run::<String>(Work::Fetch, &"", b"").await.unwrap_err();
    assert!(matches!(missing, Broken::Unavailable(_)), "{missing:?}");
}

#[actix_web::test]
async fn an_answer_without_an_end_is_cut() {
    let begun = Instant::now();
    let broken = Program::new("exec cat /dev/zero").run(Work::Fetch).await.unwrap_err();

    assert!(matches!(broken, Broken::Crashed(_)), "{broken:?}");
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[actix_web::test]
async fn it_ends_with_whoever_waits_for_it() {
    let marker =
        std::env::temp_dir().join(format!("factdesk-isolated-{}.pid", uuid::Uuid::new_v4().simple()));
    let program =
        Program::new(&format!("echo $$ >{0}.new; /bin/mv {0}.new {0}; exec /bin/sleep 60", marker.display()));
    let isolated = Isolated::new(&program.0);

    let waiting = tokio::time::timeout(Duration::from_secs(2), async {
        tokio::join!(isolated.run::<String>(Work::Fetch, &"", b""), async {
            while !marker.exists() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
    });
    assert!(waiting.await.is_err());

    let pid = fs::read_to_string(&marker).unwrap();
    let stat = format!("/proc/{}/stat", pid.trim());
    let begun = Instant::now();
    while fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z ")) {
        assert!(begun.elapsed() < Duration::from_secs(5), "it still runs");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    fs::remove_file(marker).unwrap();
}

#[actix_web::test]
async fn no_more_than_four_fetch_at_once() {
    let folder = std::env::temp_dir().join(format!("factdesk-isolated-{}", uuid::Uuid::new_v4().simple()));
    fs::create_dir(&folder).unwrap();
    let line = format!(
        r#"cat >/dev/null; : >{0}/$$; set -- {0}/*; echo $# >>{0}.most; sleep 0.2; rm {0}/$$; printf '\000\000\000\002""'"#,
        folder.display()
    );
    let program = Program::new(&format!("PATH=/usr/bin:/bin; {line}"));
    let isolated = Isolated::new(&program.0);

    let runs = (0..12).map(|_| isolated.run::<String>(Work::Fetch, &"", b""));
    for answer in futures_util::future::join_all(runs).await {
        answer.unwrap();
    }

    let most = format!("{}.most", folder.display());
    let seen: Vec<usize> =
        fs::read_to_string(&most).unwrap().lines().map(|line| line.parse().unwrap()).collect();
    assert_eq!((seen.len(), seen.into_iter().max()), (12, Some(4)));
    fs::remove_dir(folder).unwrap();
    fs::remove_file(most).unwrap();
}

/// The process limits itself before it reads a byte.
#[test]
fn the_process_has_taken_its_rights_away_before_it_reads() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_factdesk"))
        .args(["isolated", "fetch"])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let expected = Limits::of(Work::Fetch);
    let wanted = [
        ("Max core file size", 0),
        ("Max file size", 0),
        ("Max open files", expected.files),
        ("Max cpu time", expected.cpu_s),
        ("Max address space", expected.memory),
    ];
    let begun = Instant::now();
    loop {
        let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
        let holds = |(name, most): &(&str, u64)| {
            let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
            let mut values = line[name.len()..].split_whitespace();
            values.next() == Some(&most.to_string()) && values.next() == Some(&most.to_string())
        };
        if wanted.iter().all(holds) {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(5), "{limits}");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(fs::read(format!("/proc/{}/environ", child.id())).unwrap().is_empty());
    assert!(expected.memory < 1025 * MIB);
    drop(child.stdin.take());
    assert!(!child.wait().unwrap().success());
}

#[actix_web::test]
async fn a_file_is_read_there_as_it_is_here() {
    let isolated = Isolated::new(env!("CARGO_BIN_EXE_factdesk"));
    let received = |bytes: &'static [u8]| Received::new(How::File, bytes, OffsetDateTime::UNIX_EPOCH);
    let page = received("<!doctype html><title>Größe</title><p>Ein Satz.<p>Noch <b>einer</b>.".as_bytes());

    let (there, here) = (read_apart(&isolated, &page).await.unwrap(), read(&page).unwrap());

    assert_eq!(there.imported, here.imported);
    assert_eq!((there.format, there.charset), (here.format, here.charset));
    assert_eq!(read_apart(&isolated, &received(b"\x89PNG\r\n\x1a\n")).await.err(), Some(Refused::Picture));
}

#[actix_web::test]
async fn a_reader_that_dies_is_a_refusal_in_words() {
    let received = Received::new(How::File, "words", OffsetDateTime::UNIX_EPOCH);
    for line in ["kill -9 $$", "kill -6 $$", "exit 101"] {
        let program = Program::new(line);
        let refused = read_apart(&Isolated::new(&program.0), &received).await.err();
        assert_eq!(refused, Some(Refused::Unreadable), "{line}");
    }
}
