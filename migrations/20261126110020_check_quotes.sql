-- Where the words of evidence stand, and whether they do.
ALTER TABLE evidence
    ADD COLUMN copy_id uuid, -- the copy in which they were looked for
    ADD COLUMN quote_check text, -- NULL: not looked for, since there are no words, or no text to look in
    ADD COLUMN start_at integer, -- where they stand in the copy's text, in code points
    ADD COLUMN end_at integer,
    ADD COLUMN found text, -- the copy's own words there
    ADD COLUMN prefix text,
    ADD COLUMN suffix text,
    ADD COLUMN quote_reason text, -- why they are cited although they do not stand there so
    ADD COLUMN quote_reason_by uuid,
    ADD COLUMN page integer, -- of a PDF
    ADD COLUMN time_from_ms bigint, -- in audio and video
    ADD COLUMN time_to_ms bigint,
    ADD COLUMN cell_table integer, -- which table of the document, row and column, each from 1
    ADD COLUMN cell_row integer,
    ADD COLUMN cell_column integer,
    ADD COLUMN independence text, -- NULL: not known
    ADD CONSTRAINT evidence_copy FOREIGN KEY (desk_id, copy_id) REFERENCES source_copies (desk_id, id),
    ADD CONSTRAINT evidence_quote_check_known CHECK (quote_check IN ('stands', 'nearly', 'missing')),
    ADD CONSTRAINT evidence_checked_in_a_copy CHECK (quote_check IS NULL OR (exact IS NOT NULL AND copy_id IS NOT NULL)),
    ADD CONSTRAINT evidence_place_whole CHECK (
        num_nulls(start_at, end_at, found, prefix, suffix) IN (0, 5)
        AND (start_at IS NOT NULL) = coalesce(quote_check IN ('stands', 'nearly'), false)
    ),
    ADD CONSTRAINT evidence_place_in_order CHECK (start_at >= 0 AND end_at > start_at AND end_at - start_at = char_length(found)),
    ADD CONSTRAINT evidence_found_length CHECK (char_length(found) <= 20000),
    ADD CONSTRAINT evidence_context_length CHECK (char_length(prefix) <= 64 AND char_length(suffix) <= 64),
    ADD CONSTRAINT evidence_quote_reason_needed CHECK (
        (quote_reason IS NULL) = (quote_reason_by IS NULL)
        AND (quote_reason IS NULL OR coalesce(quote_check IN ('nearly', 'missing'), false))
    ),
    ADD CONSTRAINT evidence_quote_reason_length CHECK (btrim(quote_reason) <> '' AND char_length(quote_reason) <= 2000),
    ADD CONSTRAINT evidence_quote_reason_by FOREIGN KEY (desk_id, quote_reason_by) REFERENCES memberships (desk_id, account_id),
    ADD CONSTRAINT evidence_page_counts CHECK (page BETWEEN 1 AND 100000),
    ADD CONSTRAINT evidence_time_in_order CHECK (
        (time_from_ms IS NOT NULL OR time_to_ms IS NULL) AND time_from_ms >= 0 AND time_to_ms >= time_from_ms AND time_to_ms < 3600000000),
    ADD CONSTRAINT evidence_cell_whole CHECK (
        num_nulls(cell_table, cell_row, cell_column) IN (0, 3) AND cell_table >= 1 AND cell_row >= 1 AND cell_column >= 1),
    ADD CONSTRAINT evidence_independence_known CHECK (independence IN ('independent', 'same_origin', 'party'));
CREATE INDEX evidence_copy ON evidence (desk_id, copy_id) WHERE copy_id IS NOT NULL;

-- What is said to stand in a copy stands there; and the copy is one of the source that is cited.
CREATE FUNCTION evidence_check_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    copy record;
BEGIN
    SELECT coalesce(s.merged_into, s.id) AS source, substr(c.body, NEW.start_at + 1, NEW.end_at - NEW.start_at) AS words,
           c.body IS NOT NULL AS is_text
    INTO copy
    FROM source_copies c JOIN sources s ON s.desk_id = c.desk_id AND s.id = c.source_id
    WHERE c.desk_id = NEW.desk_id AND c.id = NEW.copy_id;
    IF copy.source IS DISTINCT FROM (SELECT coalesce(s.merged_into, s.id) FROM sources s
                                     WHERE s.desk_id = NEW.desk_id AND s.id = NEW.source_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_copy_of_its_source',
            MESSAGE = 'evidence_copy_of_its_source: words are looked for in a copy of the source that is cited';
    END IF;
    IF NEW.quote_check IS NOT NULL AND NOT copy.is_text THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_checked_in_a_text',
            MESSAGE = 'evidence_checked_in_a_text: without a text there is nothing to look in';
    END IF;
    IF NEW.start_at IS NOT NULL AND NEW.found IS DISTINCT FROM copy.words THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_found_is_the_text',
            MESSAGE = 'evidence_found_is_the_text: the words between the offsets are others';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER evidence_check_place_first BEFORE INSERT ON evidence
    FOR EACH ROW WHEN (NEW.copy_id IS NOT NULL) EXECUTE FUNCTION evidence_check_place();
CREATE TRIGGER evidence_check_place BEFORE UPDATE OF copy_id, quote_check, start_at, end_at, found ON evidence
    FOR EACH ROW WHEN (NEW.copy_id IS NOT NULL) EXECUTE FUNCTION evidence_check_place();

-- What a policy can ask of a claim. Sources that were merged count as one; publishers count when what they say does not
-- merely repeat another source, or come from a party to the matter.
DROP FUNCTION claim_facts(uuid, uuid);
CREATE FUNCTION claim_facts(desk uuid, claim uuid)
RETURNS TABLE (evidence bigint, publishers bigint, independent bigint, unarchived bigint, misquoted bigint, known text[])
LANGUAGE sql STABLE AS $$
    WITH cited AS (
        SELECT e.id, o.id AS source, o.url, o.access, coalesce(a.merged_into, a.id) AS publisher, e.independence,
               coalesce(e.quote_check IN ('nearly', 'missing'), false) AND e.quote_reason IS NULL AS is_misquoted
        FROM evidence e
        JOIN sources c ON c.desk_id = e.desk_id AND c.id = e.source_id
        JOIN sources o ON o.desk_id = c.desk_id AND o.id = coalesce(c.merged_into, c.id)
        LEFT JOIN agents a ON a.desk_id = o.desk_id AND a.id = o.publisher_id
        WHERE e.desk_id = desk AND e.claim_id = claim AND e.removed_at IS NULL
    )
    SELECT
        (SELECT count(*) FROM cited),
        (SELECT count(DISTINCT publisher) FROM cited),
        (SELECT count(DISTINCT publisher) FROM cited WHERE coalesce(independence, 'independent') = 'independent'),
        (SELECT count(DISTINCT source) FROM cited
         WHERE url IS NOT NULL AND access <> 'confidential'
           AND NOT EXISTS (SELECT FROM source_archives k
                           WHERE k.desk_id = desk AND k.source_id = cited.source AND k.copy_id IS NOT NULL)),
        (SELECT count(*) FROM cited WHERE is_misquoted),
        ARRAY(
            SELECT w.name FROM (VALUES
                ('speaker', EXISTS (SELECT FROM appearances p
                    JOIN appearance_speakers s ON s.desk_id = p.desk_id AND s.appearance_id = p.id
                    WHERE p.desk_id = desk AND p.claim_id = claim AND p.removed_at IS NULL)),
                ('said', EXISTS (SELECT FROM appearances p
                    WHERE p.desk_id = desk AND p.claim_id = claim AND p.removed_at IS NULL
                      AND p.said_precision <> 'unknown')),
                ('address', EXISTS (SELECT FROM appearances p
                    LEFT JOIN articles r ON r.desk_id = p.desk_id AND r.id = p.article_id
                    WHERE p.desk_id = desk AND p.claim_id = claim AND p.removed_at IS NULL
                      AND (p.url IS NOT NULL OR r.url IS NOT NULL))),
                ('first_appearance', EXISTS (SELECT FROM appearances p
                    WHERE p.desk_id = desk AND p.claim_id = claim AND p.removed_at IS NULL AND p.is_first_known)),
                ('language', EXISTS (SELECT FROM claims c
                    WHERE c.desk_id = desk AND c.id = claim AND c.language <> 'und')),
                ('topics', EXISTS (SELECT FROM claims c
                    WHERE c.desk_id = desk AND c.id = claim AND c.topics <> '{}')),
                ('claim_types', EXISTS (SELECT FROM claims c
                    WHERE c.desk_id = desk AND c.id = claim AND c.claim_types <> '{}'))
            ) AS w (name, is_known)
            WHERE w.is_known
        )
$$;

CREATE OR REPLACE FUNCTION rounds_lack(round rounds) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    policy review_policies%ROWTYPE;
    facts record;
BEGIN
    IF round.kind = 'retraction' THEN
        RETURN '{}';
    END IF;
    SELECT * INTO STRICT policy FROM review_policies p WHERE p.desk_id = round.desk_id AND p.id = round.policy_id;
    SELECT * INTO STRICT facts FROM claim_facts(round.desk_id, round.claim_id);
    RETURN array_remove(ARRAY[
        CASE WHEN facts.evidence = 0 AND btrim(coalesce(round.no_evidence_reason, '')) = ''
            THEN 'rounds_grounded' END,
        CASE WHEN facts.misquoted > 0 THEN 'rounds_with_true_quotes' END,
        CASE WHEN facts.evidence > 0 AND facts.independent < policy.min_sources
            AND btrim(coalesce(round.sole_source_reason, '')) = '' THEN 'rounds_with_enough_sources' END,
        CASE WHEN policy.need_archived AND facts.unarchived > 0
            AND btrim(coalesce(round.unarchived_reason, '')) = '' THEN 'rounds_with_kept_sources' END,
        CASE WHEN NOT policy.required_fields <@ facts.known THEN 'rounds_with_required_fields' END,
        CASE WHEN policy.contact_rule = 'block' AND NOT is_contacted(round.desk_id, round.claim_id)
            THEN 'rounds_after_contact' END
    ], NULL);
END
$$;
