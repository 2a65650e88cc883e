//! The interfaces of archives outside, and how each is asked.

use std::fmt;

use serde_json::json;
use url::Url;

use super::Provider;
use crate::fetch::call::Call;

/// The archives that this server may hand sources to.
#[derive(Clone, Debug, Default)]
pub struct Archives {
    wayback: Option<Service>,
    perma: Option<Service>,
}

/// One archive's interface, and the key to it.
#[derive(Clone)]
pub struct Service {
    pub provider: Provider,
    /// Its origin, without a slash at the end.
    base: String,
    key: String,
}

/// The key is nobody's business, and stays out of logs.
impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service")
            .field("provider", &self.provider)
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}

impl Archives {
    /// Those for which there is a key. An empty key, as compose files leave it, is none.
    #[must_use]
    pub fn new(wayback: (&Url, Option<&str>), perma: (&Url, Option<&str>)) -> Self {
        let service = |provider, (base, key): (&Url, Option<&str>)| {
            let key = key.map(str::trim).filter(|key| !key.is_empty())?;
            let base = base.as_str().trim_end_matches('/').to_owned();
            Some(Service { provider, base, key: key.to_owned() })
        };
        Self { wayback: service(Provider::Wayback, wayback), perma: service(Provider::Perma, perma) }
    }

    /// The archive of that provider.
    #[must_use]
    pub fn get(&self, provider: Provider) -> Option<&Service> {
        match provider {
            Provider::Wayback => self.wayback.as_ref(),
            Provider::Perma => self.perma.as_ref(),
            Provider::Other => None,
        }
    }

    /// Those that can be asked.
    pub fn providers(&self) -> impl Iterator<Item = Provider> + '_ {
        [&self.wayback, &self.perma].into_iter().flatten().map(|service| service.provider)
    }
}

impl Service {
    /// Asks for a copy of an address. Wayback: “Save Page Now 2”,
    /// <https://docs.google.com/document/d/1Nsv52MvSjbLb2PCpHlat0gkzw0EvtSgpKHu4mk0MnrA>; Perma:
    /// <https://perma.cc/docs/developer>.
    #[must_use]
    pub fn hand_on(&self, address: &str, title: Option<&str>) -> Call {
        if self.provider == Provider::Perma {
            let mut body = json!({ "url": address });
            if let Some(title) = title {
                body["title"] = json!(title);
            }
            self.call("/v1/archives/").sending("application/json", body.to_string())
        } else {
            let body = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("url", address)
                .append_pair("skip_first_archive", "1")
                .finish();
            self.call("/save").sending("application/x-www-form-urlencoded", body)
        }
    }

    /// Asks how far it is.
    #[must_use]
    pub fn look(&self, receipt: &str) -> Call {
        match self.provider {
            Provider::Perma => self.call(&format!("/v1/archives/{receipt}/")),
            _ => self.call(&format!("/save/status/{receipt}")),
        }
    }

    fn call(&self, path: &str) -> Call {
        let scheme = match self.provider {
            Provider::Perma => "ApiKey",
            _ => "LOW",
        };
        Call::to(format!("{}{path}", self.base))
            .with("accept", "application/json")
            .with("authorization", &format!("{scheme} {}", self.key))
    }
}
