-- What somebody has typed into a form and not sent yet: theirs alone, and gone when it is sent. So it has no event.
CREATE TABLE drafts (
    desk_id uuid NOT NULL,
    account_id uuid NOT NULL,
    form text NOT NULL, -- where the form is sent, and after a # what tells it from others that are sent there
    page text NOT NULL, -- where it stands
    title text NOT NULL, -- of that page
    fields json NOT NULL, -- name, label, what it was typed over, and what was typed
    submission uuid, -- the form's own key: once it stands in submissions, the form was taken
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (desk_id, account_id, form),
    CONSTRAINT drafts_member FOREIGN KEY (desk_id, account_id) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT drafts_form_length CHECK (form ~ '^/' AND char_length(form) <= 500),
    CONSTRAINT drafts_page_length CHECK (page ~ '^/' AND char_length(page) <= 2000),
    CONSTRAINT drafts_title_length CHECK (char_length(title) <= 500),
    CONSTRAINT drafts_fields_size CHECK (json_typeof(fields) = 'array' AND octet_length(fields::text) <= 1048576)
);
CREATE INDEX drafts_latest ON drafts (desk_id, account_id, saved_at DESC);

GRANT SELECT, INSERT, UPDATE, DELETE ON drafts TO factdesk_app;
