-- Who works on a claim just now: one person for each claim, until a minute after they were last heard of. It warns others and
-- stops nobody. Nothing is recorded of it: it says where people look, not what they change.
CREATE TABLE presences (
    desk_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    account_id uuid NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    taken_from uuid, -- from whom it was taken over before their minute was out
    PRIMARY KEY (desk_id, claim_id),
    CONSTRAINT presences_claim FOREIGN KEY (desk_id, claim_id) REFERENCES claims (desk_id, id),
    CONSTRAINT presences_member FOREIGN KEY (desk_id, account_id) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT presences_taken_from_member FOREIGN KEY (desk_id, taken_from) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT presences_end CHECK (until > since),
    CONSTRAINT presences_taken_from_another CHECK (taken_from <> account_id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON presences TO factdesk_app;
