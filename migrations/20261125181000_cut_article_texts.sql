-- The text of a version in pieces, so that checking a passage reads the words around it and not the whole
-- text before it: PostgreSQL counts code points from the beginning. Made by the database from the text itself.
CREATE TABLE article_pieces (
    desk_id uuid NOT NULL,
    version_id uuid NOT NULL,
    number integer NOT NULL, -- 0, 1, 2 …: the 512 code points from number × 512 on
    words text NOT NULL,
    PRIMARY KEY (desk_id, version_id, number),
    CONSTRAINT article_pieces_version FOREIGN KEY (desk_id, version_id) REFERENCES article_versions (desk_id, id)
);
-- A piece stands in its row, so that reading it is one look.
ALTER TABLE article_pieces ALTER COLUMN words SET STORAGE MAIN;
CREATE TRIGGER article_pieces_are_immutable BEFORE UPDATE OR DELETE ON article_pieces
    FOR EACH ROW EXECUTE FUNCTION refuse_change('article_pieces_are_immutable');
CREATE TRIGGER article_pieces_stay BEFORE TRUNCATE ON article_pieces
    EXECUTE FUNCTION refuse_change('article_pieces_are_immutable');
GRANT SELECT ON article_pieces TO factdesk_app;

-- Cuts in two steps, so that a long text is not counted through from its beginning for each piece.
CREATE FUNCTION pieces_of(body text) RETURNS TABLE (number integer, words text) LANGUAGE sql IMMUTABLE AS $$
    SELECT part.number * 64 + piece.number, substr(part.words, piece.number * 512 + 1, 512)
    FROM (
        SELECT n AS number, substr(body, n * 32768 + 1, 32768) AS words
        FROM generate_series(0, (char_length(body) - 1) / 32768) n
        OFFSET 0
    ) part
    CROSS JOIN LATERAL generate_series(0, (char_length(part.words) - 1) / 512) AS piece (number)
$$;

-- Written with the owner's rights: the server's role cannot write pieces of its own.
CREATE FUNCTION article_versions_cut() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO article_pieces (desk_id, version_id, number, words)
    SELECT NEW.desk_id, NEW.id, piece.number, piece.words FROM pieces_of(NEW.body) piece;
    RETURN NULL;
END
$$;
CREATE TRIGGER article_versions_cut AFTER INSERT ON article_versions
    FOR EACH ROW EXECUTE FUNCTION article_versions_cut();

INSERT INTO article_pieces (desk_id, version_id, number, words)
SELECT v.desk_id, v.id, piece.number, piece.words FROM article_versions v CROSS JOIN LATERAL pieces_of(v.body) piece;

-- Refuses words that are not those between the offsets. The first argument names the rule.
CREATE FUNCTION check_exact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.exact IS DISTINCT FROM (
        SELECT substr(string_agg(p.words, '' ORDER BY p.number), NEW.start_at % 512 + 1, NEW.end_at - NEW.start_at)
        FROM article_pieces p
        WHERE p.desk_id = NEW.desk_id AND p.version_id = NEW.version_id
          AND p.number BETWEEN NEW.start_at / 512 AND (NEW.end_at - 1) / 512
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0],
            MESSAGE = format('%s: the words between the offsets are others', TG_ARGV[0]);
    END IF;
    RETURN NEW;
END
$$;
DROP TRIGGER anchors_check_exact ON anchors;
DROP FUNCTION anchors_check_exact();
CREATE TRIGGER anchors_check_exact BEFORE INSERT OR UPDATE OF start_at, end_at, exact, version_id ON anchors
    FOR EACH ROW EXECUTE FUNCTION check_exact('anchors_exact_is_the_text');
CREATE TRIGGER appearances_check_exact BEFORE INSERT ON appearances
    FOR EACH ROW WHEN (NEW.exact IS NOT NULL) EXECUTE FUNCTION check_exact('appearances_exact_is_the_text');
CREATE TRIGGER appearances_check_exact_again BEFORE UPDATE OF start_at, end_at, exact, version_id ON appearances
    FOR EACH ROW WHEN (NEW.exact IS NOT NULL) EXECUTE FUNCTION check_exact('appearances_exact_is_the_text');
