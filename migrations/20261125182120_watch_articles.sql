-- An article that is fetched again now and then. What changed becomes its next version, in the name of who watches it.
CREATE TABLE watches (
    desk_id uuid NOT NULL,
    article_id uuid NOT NULL,
    watched_by uuid NOT NULL,
    watched_at timestamptz NOT NULL,
    stopped_at timestamptz,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, article_id),
    CONSTRAINT watches_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT watches_article FOREIGN KEY (desk_id, article_id) REFERENCES articles (desk_id, id),
    CONSTRAINT watches_watcher FOREIGN KEY (desk_id, watched_by) REFERENCES memberships (desk_id, account_id)
);
CREATE TRIGGER watches_event_each BEFORE UPDATE ON watches FOR EACH ROW EXECUTE FUNCTION check_event();
CREATE TRIGGER watches_stay BEFORE DELETE ON watches FOR EACH ROW EXECUTE FUNCTION refuse_change('watches_stay');

GRANT SELECT, INSERT, UPDATE ON watches TO factdesk_app;
