-- A feed or sitemap whose new items queue up as articles to look at. One that is no longer followed stays, so that what
-- came from it says where from, and following it again begins where it ended.
CREATE TABLE feeds (
    desk_id uuid NOT NULL,
    id uuid NOT NULL,
    address text NOT NULL,
    address_key text NOT NULL, -- the address folded for finding it again
    title text, -- NULL until it has been read
    followed_by uuid NOT NULL,
    followed_at timestamptz NOT NULL,
    stopped_at timestamptz,
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, id),
    CONSTRAINT feeds_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT feeds_follower FOREIGN KEY (desk_id, followed_by) REFERENCES memberships (desk_id, account_id),
    CONSTRAINT feeds_followed_once UNIQUE (desk_id, address_key),
    CONSTRAINT feeds_address_form CHECK (address ~ '^https?://' AND char_length(address) <= 2000),
    CONSTRAINT feeds_title_length CHECK (char_length(title) BETWEEN 1 AND 500)
);
CREATE TRIGGER feeds_event_each BEFORE UPDATE ON feeds FOR EACH ROW EXECUTE FUNCTION check_event();
CREATE TRIGGER feeds_stay BEFORE DELETE ON feeds FOR EACH ROW EXECUTE FUNCTION refuse_change('feeds_stay');

-- The items that a feed had, so that none queues up twice.
CREATE TABLE feed_items (
    desk_id uuid NOT NULL,
    feed_id uuid NOT NULL,
    key_sha256 bytea NOT NULL, -- of the item's folded address
    event_id uuid NOT NULL,
    PRIMARY KEY (desk_id, feed_id, key_sha256),
    CONSTRAINT feed_items_event FOREIGN KEY (desk_id, event_id) REFERENCES events (desk_id, id),
    CONSTRAINT feed_items_feed FOREIGN KEY (desk_id, feed_id) REFERENCES feeds (desk_id, id),
    CONSTRAINT feed_items_key_length CHECK (octet_length(key_sha256) = 32)
);
CREATE TRIGGER feed_items_are_immutable BEFORE UPDATE OR DELETE ON feed_items
    FOR EACH ROW EXECUTE FUNCTION refuse_change('feed_items_are_immutable');
CREATE TRIGGER feed_items_stay BEFORE TRUNCATE ON feed_items
    EXECUTE FUNCTION refuse_change('feed_items_are_immutable');

GRANT SELECT, INSERT, UPDATE ON feeds TO factdesk_app;
GRANT SELECT, INSERT ON feed_items TO factdesk_app;
