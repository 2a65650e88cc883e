//! The closed sets that describe claims and appearances.

use crate::codes::codes;

codes! {
    /// What a claim is about; the nine types of `AVeriTeC` and the fact-checking literature.
    ClaimType {
        EventProperty = "event_property", "event or property";
        Numerical = "numerical", "numerical";
        Quote = "quote", "quotation";
        Causal = "causal", "cause and effect";
        Position = "position", "somebody’s position";
        MediaPublishing = "media_publishing", "image or recording";
        MediaAnalysis = "media_analysis", "what an image or recording shows";
        Speculative = "speculative", "about the future";
        Opinion = "opinion", "opinion";
    }

    /// In what a claim was made.
    Medium {
        WebArticle = "web_article", "web article";
        SocialPost = "social_post", "social media post";
        Speech = "speech", "speech";
        Interview = "interview", "interview";
        Debate = "debate", "debate";
        Broadcast = "broadcast", "broadcast";
        Video = "video", "video";
        Audio = "audio", "audio";
        Image = "image", "image";
        Advertisement = "advertisement", "advertisement";
        Print = "print", "print";
        Report = "report", "report";
        ChatMessage = "chat_message", "chat message";
        Other = "other", "another medium";
    }

    /// How the speaker stands to the claim in one appearance.
    Attitude {
        Asserts = "asserts", "asserts it";
        Reports = "reports", "reports that somebody else said it";
        Denies = "denies", "denies it";
        Questions = "questions", "questions it";
        Satirises = "satirises", "satirises it";
    }

    /// Why a claim is not checked.
    DeclineReason {
        Opinion = "opinion", "It is an opinion";
        Prediction = "prediction", "It is a prediction";
        Satire = "satire", "It is satire";
        TooVague = "too_vague", "It is too vague";
        OutOfScope = "out_of_scope", "It is not ours to check";
        NotAClaim = "not_a_claim", "It claims nothing";
        AlreadyChecked = "already_checked", "It has been checked already";
    }
}
