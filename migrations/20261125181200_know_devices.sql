-- Browsers in which an account has signed in before: guessing from elsewhere does not slow these down.
CREATE TABLE known_devices (
    token_hash bytea NOT NULL, -- SHA-256 of the 32 random bytes in the cookie
    account_id uuid NOT NULL REFERENCES accounts,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    PRIMARY KEY (token_hash, account_id),
    CONSTRAINT known_devices_token_hash_length CHECK (octet_length(token_hash) = 32)
);
CREATE INDEX known_devices_account ON known_devices (account_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON known_devices TO factdesk_app;

-- Addresses of the server's own, as far as a desk could have their name.
ALTER TABLE desks DROP CONSTRAINT desks_slug_free;
ALTER TABLE desks ADD CONSTRAINT desks_slug_free CHECK (slug NOT IN (
    'about', 'account', 'accounts', 'admin', 'annotations', 'api', 'assets', 'demo-sign-in', 'desks', 'docs', 'export',
    'feeds', 'help', 'hypothesis', 'invitations', 'live', 'login', 'logout', 'metrics', 'new-password', 'ready', 'robots',
    'search', 'setup', 'sign-in', 'sign-out', 'sitemap', 'static', 'www'
));
