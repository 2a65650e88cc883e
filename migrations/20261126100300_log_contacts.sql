-- When and how somebody was asked for comment on a claim, and what came of it. Readers see it, but for the note.
CREATE TABLE claimant_contacts (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    claim_id uuid NOT NULL,
    whom text NOT NULL, -- as they were called then: who speaks for somebody changes
    channel text, -- NULL: nobody was asked
    asked_on date,
    deadline date,
    outcome text NOT NULL,
    reason text NOT NULL DEFAULT '', -- why nobody was asked
    answer text NOT NULL DEFAULT '', -- in their words, or what they said
    note text NOT NULL DEFAULT '', -- for members: what was asked, and where
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    removed_at timestamptz,
    row_version integer NOT NULL DEFAULT 1,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT claimant_contacts_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT claimant_contacts_claim FOREIGN KEY (desk_id, claim_id) REFERENCES claims (desk_id, id),
    CONSTRAINT claimant_contacts_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT claimant_contacts_whom_length CHECK (char_length(btrim(whom)) BETWEEN 1 AND 200),
    CONSTRAINT claimant_contacts_channel_known CHECK (
        channel IN ('email', 'phone', 'letter', 'message', 'form', 'in_person', 'press_office', 'other')
    ),
    CONSTRAINT claimant_contacts_outcome_known CHECK (
        outcome IN ('waiting', 'replied', 'no_reply', 'refused', 'not_attempted')
    ),
    CONSTRAINT claimant_contacts_asked_whole CHECK (
        num_nulls(channel, asked_on) = CASE outcome WHEN 'not_attempted' THEN 2 ELSE 0 END
        AND (outcome <> 'not_attempted' OR deadline IS NULL)
    ),
    CONSTRAINT claimant_contacts_deadline_after CHECK (deadline >= asked_on),
    CONSTRAINT claimant_contacts_not_asked_with_reason CHECK ((outcome = 'not_attempted') = (btrim(reason) <> '')),
    CONSTRAINT claimant_contacts_replied_with_words CHECK (outcome <> 'replied' OR btrim(answer) <> ''),
    CONSTRAINT claimant_contacts_words_length CHECK (
        char_length(reason) <= 1000 AND char_length(answer) <= 5000 AND char_length(note) <= 5000
    )
);
CREATE INDEX claimant_contacts_claim ON claimant_contacts (desk_id, claim_id, id);
CREATE TRIGGER claimant_contacts_event_each BEFORE UPDATE ON claimant_contacts
    FOR EACH ROW EXECUTE FUNCTION check_event();
CREATE TRIGGER claimant_contacts_stay BEFORE DELETE ON claimant_contacts
    FOR EACH ROW EXECUTE FUNCTION refuse_change('claimant_contacts_stay');

GRANT SELECT, INSERT, UPDATE ON claimant_contacts TO factdesk_app;
