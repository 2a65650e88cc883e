-- The server's own role: no DDL, and no way to change what is immutable.
GRANT USAGE ON SCHEMA public TO factdesk_app;
REVOKE CREATE ON SCHEMA public FROM factdesk_app;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO factdesk_app;

GRANT INSERT ON
    accounts, credentials, sessions, throttles, setup_links, desks, memberships, invitations,
    events, event_seals, event_chains, submissions,
    agents, articles, article_versions,
    claims, appearances, appearance_speakers, anchors,
    sources, evidence,
    scales, scale_versions, rating_values, rounds, round_drafters, recusals, assessments, verdicts, corrections, publications
TO factdesk_app;

GRANT UPDATE ON
    accounts, credentials, sessions, throttles, setup_links, desks, memberships, invitations, event_chains,
    agents, articles, claims, appearances, appearance_speakers, anchors, sources, evidence, rounds
TO factdesk_app;

GRANT DELETE ON sessions, throttles, setup_links, submissions, appearance_speakers TO factdesk_app;
