-- People, their sessions, and the desks they belong to. These tables are shared by all desks, except
-- memberships and invitations, which belong to one.

-- Refuses any change of a row that must stay as it was written. The first argument names the rule.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'restrict_violation',
        CONSTRAINT = TG_ARGV[0],
        MESSAGE = format('%s: rows of %s are never changed or removed', TG_ARGV[0], TG_TABLE_NAME);
END
$$;

CREATE TABLE accounts (
    id uuid PRIMARY KEY,
    handle text NOT NULL,
    display_name text NOT NULL,
    created_at timestamptz NOT NULL,
    disabled_at timestamptz,
    CONSTRAINT accounts_handle_unique UNIQUE (handle),
    CONSTRAINT accounts_handle_form CHECK (handle ~ '^[a-z0-9][a-z0-9._-]{1,39}$'),
    CONSTRAINT accounts_display_name_length CHECK (char_length(display_name) BETWEEN 1 AND 100)
);

-- Apart from accounts, so that no listing of people can join a password hash by mistake.
CREATE TABLE credentials (
    account_id uuid PRIMARY KEY REFERENCES accounts,
    password_hash text NOT NULL,
    changed_at timestamptz NOT NULL
);

CREATE TABLE sessions (
    token_hash bytea PRIMARY KEY, -- SHA-256 of the 32 random bytes in the cookie
    account_id uuid NOT NULL REFERENCES accounts,
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    idle_until timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    user_agent text NOT NULL DEFAULT '',
    CONSTRAINT sessions_token_hash_length CHECK (octet_length(token_hash) = 32),
    CONSTRAINT sessions_end_after_start CHECK (ends_at > created_at)
);
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_end ON sessions (ends_at);

-- Token buckets that slow guessing down; one row for each name or network that failed lately.
CREATE TABLE throttles (
    bucket text PRIMARY KEY,
    tokens double precision NOT NULL,
    filled_at timestamptz NOT NULL
);

-- The one-time link of the first start, and any later one that `factdesk account` prints.
CREATE TABLE setup_links (
    token_hash bytea PRIMARY KEY,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);

CREATE TABLE desks (
    id uuid PRIMARY KEY,
    slug text NOT NULL,
    name text NOT NULL,
    language text NOT NULL DEFAULT 'en', -- BCP 47
    review_policy text NOT NULL DEFAULT 'second_person',
    methodology_url text,
    corrections_url text,
    scale_id uuid, -- the scale that new rounds of judging take
    created_at timestamptz NOT NULL,
    row_version integer NOT NULL DEFAULT 1,
    CONSTRAINT desks_slug_unique UNIQUE (slug),
    CONSTRAINT desks_slug_form CHECK (slug ~ '^[a-z0-9][a-z0-9-]{1,39}$'),
    CONSTRAINT desks_slug_free CHECK (slug NOT IN ('api', 'live', 'ready', 'static', 'hypothesis', 'sign-in', 'sign-out', 'setup', 'account', 'invitations', 'about', 'help', 'desks')),
    CONSTRAINT desks_name_length CHECK (char_length(name) BETWEEN 1 AND 100),
    CONSTRAINT desks_review_policy_known CHECK (review_policy IN ('second_person', 'single'))
);

CREATE TABLE memberships (
    desk_id uuid NOT NULL REFERENCES desks,
    account_id uuid NOT NULL REFERENCES accounts,
    roles text[] NOT NULL, -- empty once the person has left
    created_at timestamptz NOT NULL,
    row_version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (desk_id, account_id),
    CONSTRAINT memberships_roles_known CHECK (
        roles <@ ARRAY['annotator', 'fact_checker', 'reviewer', 'editor', 'admin', 'auditor']
    )
);
CREATE INDEX memberships_account ON memberships (account_id);

CREATE TABLE invitations (
    desk_id uuid NOT NULL REFERENCES desks,
    id uuid NOT NULL,
    token_hash bytea NOT NULL,
    roles text[] NOT NULL,
    note text NOT NULL DEFAULT '',
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    accepted_by uuid,
    accepted_at timestamptz,
    withdrawn_at timestamptz,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT invitations_token_unique UNIQUE (desk_id, token_hash),
    CONSTRAINT invitations_creator FOREIGN KEY (desk_id, created_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT invitations_guest FOREIGN KEY (desk_id, accepted_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT invitations_roles_known CHECK (
        cardinality(roles) > 0
        AND roles <@ ARRAY['annotator', 'fact_checker', 'reviewer', 'editor', 'admin', 'auditor']
    ),
    CONSTRAINT invitations_accepted_whole CHECK ((accepted_by IS NULL) = (accepted_at IS NULL))
);

-- Who asks, and what they are at the desk they ask at: one row when the desk exists, with the account
-- empty for a reader. Inlined by the planner, so that any statement can check the session on its way.
CREATE FUNCTION viewer(token bytea, desk_slug text, now timestamptz)
RETURNS TABLE (
    desk_id uuid, desk_name text, desk_language text, review_policy text,
    account_id uuid, handle text, display_name text, roles text[], idle_until timestamptz
)
LANGUAGE sql STABLE AS $$
    SELECT d.id, d.name, d.language, d.review_policy, a.id, a.handle, a.display_name,
           coalesce(m.roles, '{}'), s.idle_until
    FROM desks d
    LEFT JOIN sessions s ON s.token_hash = token AND s.ends_at > now AND s.idle_until > now
    LEFT JOIN accounts a ON a.id = s.account_id AND a.disabled_at IS NULL
    LEFT JOIN memberships m ON m.desk_id = d.id AND m.account_id = a.id
    WHERE d.slug = desk_slug
$$;
