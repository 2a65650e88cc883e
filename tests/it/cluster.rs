//! The private cluster: made, started, killed, restarted, with the real program and the real PostgreSQL.

pub mod program;

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    os::unix::{
        fs::{DirBuilderExt, MetadataExt, PermissionsExt},
        process::CommandExt,
    },
    process::Command,
    thread::sleep,
    time::Duration,
};

use sqlx::PgConnection;

use self::program::{Folder, Program, eventually, is_running, run, send};

/// Writes numbers, one transaction each, until the database goes away; the last that was acknowledged.
async fn write_until_the_end(mut connection: PgConnection) -> i32 {
    for number in 1.. {
        let written =
            sqlx::query("INSERT INTO acknowledged VALUES ($1)").bind(number).execute(&mut connection).await;
        if written.is_err() {
            return number - 1;
        }
    }
    unreachable!("the database goes away")
}

#[actix_web::test]
async fn nothing_acknowledged_is_lost_by_kill_9() {
    let folder = Folder::new();
    let mut server = Program::start(&folder.data());
    for kill_postgres in [false, true] {
        server.wait_for("/ready", 200);
        let mut connection = folder.connect().await;
        for statement in ["DROP TABLE IF EXISTS acknowledged", "CREATE TABLE acknowledged (n integer)"] {
            sqlx::query(statement).execute(&mut connection).await.unwrap();
        }
        let writer = actix_web::rt::spawn(write_until_the_end(connection));
        actix_web::rt::time::sleep(Duration::from_millis(300)).await;
        let postgres = folder.postgres().expect("PostgreSQL runs");

        server.child.kill().unwrap();
        if kill_postgres {
            send("KILL", postgres);
        }
        server.child.wait().unwrap();
        // Another one at once, while the old PostgreSQL is still about to end.
        server = Program::start(&folder.data());
        server.wait_for("/ready", 200);

        let acknowledged = writer.await.unwrap();
        assert!(acknowledged > 0);
        assert!(!is_running(postgres), "the PostgreSQL of the killed server has ended");
        let found: i64 = sqlx::query_scalar("SELECT count(*) FROM acknowledged WHERE n <= $1")
            .bind(acknowledged)
            .fetch_one(&mut folder.connect().await)
            .await
            .unwrap();
        assert_eq!(found, i64::from(acknowledged));
    }
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    eventually("no PostgreSQL is left", || folder.postgres().is_none());
}

#[actix_web::test]
async fn what_keeps_acknowledged_changes_is_on() {
    let folder = Folder::new();
    let server = Program::start(&folder.data());
    server.wait_for("/ready", 200);

    let mut connection = folder.connect().await;
    for setting in ["fsync", "full_page_writes", "synchronous_commit", "data_checksums"] {
        let value: String = sqlx::query_scalar("SELECT current_setting($1)")
            .bind(setting)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(value, "on", "{setting}");
    }
}

#[test]
fn killed_at_any_moment_of_its_first_start_it_begins_anew() {
    let folder = Folder::new();
    for after_ms in (20..800).step_by(90) {
        let mut server = Program::start(&folder.data());
        sleep(Duration::from_millis(after_ms));
        server.child.kill().unwrap();
        server.child.wait().unwrap();
    }

    let mut server = Program::start(&folder.data());
    server.wait_for("/ready", 200);
    assert!(server.signal("INT").success());
}

#[test]
fn a_stop_ends_the_server_and_its_postgres_in_order() {
    let folder = Folder::new();
    let mut server = Program::start(&folder.data());
    server.wait_for("/live", 200);
    server.wait_for("/ready", 200);
    let mut kept_alive = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    send("TERM", server.child.id());

    // Told to go elsewhere, by an answer and not by a broken connection.
    eventually("new requests are kept away", || server.status("/ready") == Some(503));
    write!(kept_alive, "GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut answer = String::new();
    kept_alive.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.to_lowercase().contains("connection: close"), "{answer}");

    eventually("the server has ended", || server.child.try_wait().unwrap().is_some());
    assert!(server.child.wait().unwrap().success());
    assert_eq!(folder.postgres(), None);
    let pid_file = folder.data().join("postgres/data/postmaster.pid");
    assert!(!pid_file.exists(), "PostgreSQL was shut down, not killed");
}

#[test]
fn a_postgres_that_ends_is_started_again() {
    let folder = Folder::new();
    let mut server = Program::start(&folder.data());
    server.wait_for("/ready", 200);

    for signal in ["KILL", "INT"] {
        let postgres = folder.postgres().unwrap();
        send(signal, postgres);
        eventually("there is a new one", || folder.postgres().is_some_and(|new| new != postgres));
        server.wait_for("/ready", 200);
    }

    assert!(server.signal("INT").success());
}

#[test]
fn a_second_process_uses_the_same_postgres_and_takes_over() {
    let folder = Folder::new();
    let mut first = Program::start(&folder.data());
    first.wait_for("/ready", 200);
    let postgres = folder.postgres();

    assert!(run(&folder.data(), &["migrate"]).status.success());
    let second = Program::start(&folder.data());
    second.wait_for("/ready", 200);
    assert_eq!(folder.postgres(), postgres);

    first.signal("INT");
    eventually("the second one has started its own", || {
        folder.postgres().is_some_and(|new| Some(new) != postgres)
    });
    second.wait_for("/ready", 200);
}

#[test]
fn processes_that_start_together_share_one_postgres() {
    let folder = Folder::new();
    let servers: Vec<_> = (0..4).map(|_| Program::start(&folder.data())).collect();

    for server in &servers {
        server.wait_for("/ready", 200);
    }
}

#[test]
fn a_folder_that_only_its_owner_enters_is_good_enough() {
    let folder = Folder::new();
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o700)).unwrap();

    for _ in 0..2 {
        let mut server = Program::start(&folder.data());
        server.wait_for("/ready", 200);
        server.child.kill().unwrap();
        server.child.wait().unwrap();
    }

    let mut server = Program::start(&folder.data());
    server.wait_for("/ready", 200);
    assert!(server.signal("INT").success());
}

#[test]
fn a_path_too_long_for_a_socket_is_good_enough() {
    let folder = Folder::new();
    let long = folder.0.join("a".repeat(100));
    fs::DirBuilder::new().mode(0o711).create(&long).unwrap();
    let data = long.join("data");

    let mut server = Program::start(&data);
    server.wait_for("/ready", 200);
    assert!(run(&data, &["migrate"]).status.success());
    assert!(server.signal("INT").success());
}

#[test]
fn a_half_made_cluster_is_made_again() {
    let folder = Folder::new();
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o711)
        .create(folder.data().join("postgres/data.new/base"))
        .unwrap();

    let output = run(&folder.data(), &["migrate"]);

    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(folder.data().join("postgres/data/PG_VERSION").exists());
    let left = fs::read_dir(folder.data().join("postgres")).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "data and socket, and not {left:?}");
}

#[test]
fn a_stale_file_with_the_number_of_another_process_is_no_obstacle() {
    let folder = Folder::new();
    assert!(run(&folder.data(), &["migrate"]).status.success());
    let pid_file = folder.data().join("postgres/data/postmaster.pid");
    let owner = fs::metadata(folder.data().join("postgres")).unwrap();
    let mut other = Command::new("sleep").arg("60").uid(owner.uid()).spawn().unwrap();
    fs::write(&pid_file, format!("{}\n/elsewhere\n0\n5432\n/elsewhere\n\n  1 1\nready\n", other.id()))
        .unwrap();

    let output = run(&folder.data(), &["migrate"]);

    other.kill().unwrap();
    other.wait().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_cluster_of_another_version_is_refused_by_name() {
    let folder = Folder::new();
    assert!(run(&folder.data(), &["migrate"]).status.success());
    fs::write(folder.data().join("postgres/data/PG_VERSION"), "9\n").unwrap();

    let output = run(&folder.data(), &["migrate"]);

    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(said.contains("was written by PostgreSQL 9, which is not on this machine"), "{said}");
}
