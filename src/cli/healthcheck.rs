//! `factdesk healthcheck`.

use std::{
    io::{self, Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    time::Duration,
};

const LIMIT: Duration = Duration::from_secs(5);

/// Why the server is not ready.
#[derive(Debug, thiserror::Error)]
pub enum Unhealthy {
    /// Nobody answers.
    #[error("The server at {0} does not answer: {1}.")]
    Silent(SocketAddr, #[source] io::Error),
    /// The answer is another one.
    #[error("The server at {0} is not ready: it answers {1:?}.")]
    NotReady(SocketAddr, String),
}

/// Asks `/ready` of the server that listens on an address.
pub fn run(listen: SocketAddr) -> Result<(), Unhealthy> {
    let address = reachable(listen);
    let answer = ask(address).map_err(|error| Unhealthy::Silent(address, error))?;
    let status = answer.lines().next().unwrap_or_default();
    if status.starts_with("HTTP/1.1 200 ") {
        Ok(())
    } else {
        Err(Unhealthy::NotReady(address, status.to_owned()))
    }
}

/// Who listens on every address of the machine is reached on its own.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

fn ask(address: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, LIMIT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    write!(stream, "GET /ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(4096).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
