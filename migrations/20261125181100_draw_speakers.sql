-- The article page says who made each claim: kept with what else it draws of a mark, in the same index.
ALTER TABLE anchors ADD COLUMN speakers text; -- names in their order; NULL is: not known
ALTER TABLE anchors ADD CONSTRAINT anchors_speakers_length CHECK (char_length(speakers) BETWEEN 1 AND 120);
ALTER TABLE anchors DROP CONSTRAINT anchors_pkey;
ALTER TABLE anchors ADD PRIMARY KEY (desk_id, version_id, start_at, end_at, appearance_id)
    INCLUDE (claim_id, state, stage, claim_reviewed, speakers, rating_label, rating_shape, rating_colour, evidence_count, drawn, removed);

CREATE FUNCTION redraw_speakers(desk uuid, appearance uuid) RETURNS void LANGUAGE sql AS $$
    UPDATE anchors a
    SET speakers = (
            SELECT CASE WHEN char_length(names.all_of_them) > 120 THEN left(names.all_of_them, 119) || '…' ELSE names.all_of_them END
            FROM (
                SELECT string_agg(g.name, ', ' ORDER BY s.position) AS all_of_them
                FROM appearance_speakers s JOIN agents g ON g.desk_id = s.desk_id AND g.id = s.agent_id
                WHERE s.desk_id = desk AND s.appearance_id = appearance
            ) names
        ),
        drawn = a.drawn + 1
    FROM appearances p
    WHERE p.desk_id = desk AND p.id = appearance
      AND a.desk_id = p.desk_id AND a.claim_id = p.claim_id AND a.appearance_id = p.id
$$;

CREATE FUNCTION appearance_speakers_redraw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM redraw_speakers(OLD.desk_id, OLD.appearance_id);
    ELSE
        PERFORM redraw_speakers(NEW.desk_id, NEW.appearance_id);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER appearance_speakers_redraw AFTER INSERT OR UPDATE OR DELETE ON appearance_speakers
    FOR EACH ROW EXECUTE FUNCTION appearance_speakers_redraw();

CREATE FUNCTION agents_redraw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM redraw_speakers(s.desk_id, s.appearance_id)
    FROM appearance_speakers s WHERE s.desk_id = NEW.desk_id AND s.agent_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER agents_redraw AFTER UPDATE OF name ON agents
    FOR EACH ROW WHEN (NEW.name <> OLD.name) EXECUTE FUNCTION agents_redraw();
