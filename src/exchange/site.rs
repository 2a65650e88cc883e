//! Where exports and public pages are from: the desk, as everybody outside sees it, and the addresses of what it has.

use url::Url;

use crate::base_url::BaseUrl;
use crate::id::{AppearanceId, ArticleId, ClaimId, DeskId};
use crate::policies::Rules;

/// A desk and the addresses of its things, for use outside of this server.
#[derive(Clone, Debug)]
pub struct Site {
    /// Where the server is, without a slash at the end.
    pub base: BaseUrl,
    pub desk: DeskId,
    pub slug: String,
    pub name: String,
    /// BCP 47.
    pub language: String,
    /// How it decides now; everything that leaves the desk says so.
    pub rules: Rules,
    /// Under which licence what is published can be used, where the desk says so.
    pub licence: Option<String>,
    /// The desk's own pages about how it works, where it has some.
    pub methodology: Option<String>,
    pub corrections: Option<String>,
    /// The end of the record of changes that an export shows, as `batch:hash`; empty for a single document.
    pub head: String,
}

impl Site {
    /// The desk's public front.
    #[must_use]
    pub fn home(&self) -> String {
        self.url("")
    }

    /// The address of something of this desk, as in `site.url("/exports")`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}/{}{path}", self.base.as_str(), self.slug)
    }

    /// A claim's public page.
    #[must_use]
    pub fn claim(&self, claim: ClaimId) -> String {
        self.url(&format!("/claims/{claim}"))
    }

    /// One of the verdicts that were published on a claim.
    #[must_use]
    pub fn verdict(&self, claim: ClaimId, number: i32) -> String {
        self.url(&format!("/claims/{claim}/verdicts/{number}"))
    }

    /// A version of an article, as its offsets count it.
    #[must_use]
    pub fn version(&self, article: ArticleId, number: i32) -> String {
        self.url(&format!("/articles/{article}/versions/{number}"))
    }

    /// A mark as a W3C annotation.
    #[must_use]
    pub fn annotation(&self, appearance: AppearanceId) -> String {
        self.url(&format!("/annotations/{appearance}"))
    }

    /// Where readers learn how the desk decides.
    #[must_use]
    pub fn method(&self) -> String {
        self.methodology.clone().unwrap_or_else(|| self.url("/method"))
    }

    /// Where readers find what was corrected.
    #[must_use]
    pub fn correction_list(&self) -> String {
        self.corrections.clone().unwrap_or_else(|| self.url("/corrections"))
    }

    /// Whether an address is on this server. Readers of `ClaimReview` drop appearances on the reviewer's own.
    #[must_use]
    pub fn is_own(&self, address: &str) -> bool {
        let host = |address: &str| Some(Url::parse(address).ok()?.host_str()?.to_owned());
        host(address).is_some_and(|theirs| host(self.base.as_str()).is_some_and(|ours| ours == theirs))
    }
}
