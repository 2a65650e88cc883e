-- One-time links with which a password is set that was lost. Whoever runs the server makes them.
CREATE TABLE password_links (
    token_hash bytea PRIMARY KEY, -- SHA-256 of the 32 random bytes in the link
    account_id uuid NOT NULL REFERENCES accounts,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT password_links_token_hash_length CHECK (octet_length(token_hash) = 32)
);
CREATE INDEX password_links_account ON password_links (account_id);
GRANT SELECT, INSERT, DELETE ON password_links TO factdesk_app;
