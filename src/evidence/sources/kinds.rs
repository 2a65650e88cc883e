//! The closed sets that describe sources.

use crate::codes::codes;

codes! {
    /// What kind of knowledge a source is.
    SourceClass {
        PrimaryData = "primary_data", "Primary data";
        OfficialRecord = "official_record", "Official record";
        PeerReviewed = "peer_reviewed", "Peer-reviewed work";
        Expert = "expert", "Expert";
        NewsReport = "news_report", "News report";
        FactCheck = "fact_check", "Fact-check";
        Eyewitness = "eyewitness", "Eyewitness";
        ReferenceWork = "reference_work", "Reference work";
        SocialPost = "social_post", "Social media post";
        AiOutput = "ai_output", "Output of an AI system";
        Other = "other", "Other";
    }

    /// In what form a source is.
    SourceMedium {
        WebText = "web_text", "web page";
        WebTable = "web_table", "table on the web";
        Pdf = "pdf", "PDF";
        Image = "image", "image";
        Video = "video", "video";
        Audio = "audio", "audio";
        Metadata = "metadata", "metadata";
        Interview = "interview", "interview";
        Document = "document", "document";
        Other = "other", "other";
    }

    /// Who can get at a source. A confidential one is counted in public, and never named.
    Access {
        Open = "open", "open to everybody";
        Paywalled = "paywalled", "behind a paywall";
        Offline = "offline", "not on the web";
        Confidential = "confidential", "confidential";
    }
}
