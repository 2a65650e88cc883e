-- /capture is where reviewers' browsers hand pages over, so no desk can have that name.
ALTER TABLE desks DROP CONSTRAINT desks_slug_free;
ALTER TABLE desks ADD CONSTRAINT desks_slug_free CHECK (slug NOT IN (
    'about', 'account', 'accounts', 'admin', 'annotations', 'api', 'assets', 'capture', 'demo-sign-in', 'desks', 'docs',
    'export', 'feeds', 'help', 'hypothesis', 'invitations', 'live', 'login', 'logout', 'metrics', 'new-password', 'ready',
    'robots', 'search', 'setup', 'sign-in', 'sign-out', 'sitemap', 'static', 'www'
));
