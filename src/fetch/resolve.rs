//! From names to addresses, once for each hop, all of them looked at.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};

use reqwest::dns::{Name, Resolve, Resolving};
use url::Host;

use super::{Allowed, Reason, Target};

/// How many addresses of a name are tried.
const TRIED: usize = 8;

/// The addresses to connect to. One that may not be connected to spoils them all.
///
/// # Errors
/// [`Reason::Unreachable`] when the name has none, [`Reason::NotAllowed`].
pub async fn addresses<L>(target: &Target, allowed: &Allowed, look_up: &L) -> Result<Vec<SocketAddr>, Reason>
where
    L: AsyncFn(String) -> std::io::Result<Vec<IpAddr>>,
{
    let found = match target.host() {
        Some(Host::Ipv4(address)) => vec![address.into()],
        Some(Host::Ipv6(address)) => vec![address.into()],
        Some(Host::Domain(name)) => look_up(name.to_owned()).await.map_err(|_| Reason::Unreachable)?,
        None => return Err(Reason::NotAllowed),
    };
    let port = target.port();
    if found.is_empty() {
        return Err(Reason::Unreachable);
    }
    if !found.iter().all(|address| allowed.connection(*address, port)) {
        return Err(Reason::NotAllowed);
    }
    Ok(found.into_iter().take(TRIED).map(|address| SocketAddr::new(address, port)).collect())
}

/// Asks the system.
///
/// # Errors
/// When the name is not known, or nobody answers.
pub async fn by_the_system(name: String) -> std::io::Result<Vec<IpAddr>> {
    let found = tokio::task::spawn_blocking(move || {
        (name.as_str(), 0).to_socket_addrs().map(|found| found.map(|address| address.ip()).collect())
    });
    found.await.map_err(std::io::Error::other)?
}

/// Knows no name. What is connected to was looked up and judged before; anything else is nowhere.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;

impl Resolve for Nothing {
    fn resolve(&self, _: Name) -> Resolving {
        Box::pin(async { Err("this name was not judged".into()) })
    }
}
