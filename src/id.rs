//! Typed identifiers: UUIDs of version 7, so that they sort by the time they were made. No two share a type.

/// Declares an identifier type.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[derive(serde::Serialize, serde::Deserialize, sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(uuid::Uuid);

        impl $name {
            /// A new identifier, later than every one made before it by this process.
            #[must_use]
            #[expect(clippy::new_without_default, reason = "a default would not be a new one each time one looks")]
            pub fn new() -> Self {
                Self(uuid::Uuid::now_v7())
            }

            /// The bare UUID, for what is about things of any kind.
            #[must_use]
            pub fn uuid(self) -> uuid::Uuid {
                self.0
            }
        }

        impl From<uuid::Uuid> for $name {
            fn from(uuid: uuid::Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$name> for uuid::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// A desk.
    DeskId;
    /// A person's account on this server.
    AccountId;
    /// An invitation to a desk.
    InvitationId;
    /// An entry in the record of changes.
    EventId;
    /// A person, organisation or outlet that speaks or publishes.
    AgentId;
    /// A text under scrutiny.
    ArticleId;
    /// One immutable state of an article's text.
    VersionId;
    /// Bytes as they came in at some time.
    SnapshotId;
    /// Something that came in, or is on its way, and is no article yet.
    IntakeId;
    /// A feed or sitemap that a desk follows.
    FeedId;
    /// A statement somebody wants checked.
    ClaimId;
    /// One place where a claim was made.
    AppearanceId;
    /// What somebody found in a text besides what they marked.
    FindingId;
    /// A cited document.
    SourceId;
    /// A copy of a source as it was at one moment.
    CopyId;
    /// A copy of a source in an archive outside.
    OutsideCopyId;
    /// A source's passage that bears on a claim.
    EvidenceId;
    /// Evidence that bears on a claim only together.
    EvidenceSetId;
    /// What has to be known to judge a claim.
    QuestionId;
    /// What evidence says to a question.
    AnswerId;
    /// A desk's set of ratings.
    ScaleId;
    /// One state of a scale.
    ScaleVersionId;
    /// One round of judging a claim.
    RoundId;
    /// A way in which a desk decides.
    PolicyId;
    /// One person's judgement in a round.
    AssessmentId;
    /// A claim to learn on.
    TrainingClaimId;
    /// Why a published verdict was replaced or withdrawn.
    CorrectionId;
    /// One time that somebody was asked for comment.
    ContactId;
    /// What a member says about a claim.
    CommentId;
    /// Something that a reader wrote about a published claim.
    ReportId;
}
