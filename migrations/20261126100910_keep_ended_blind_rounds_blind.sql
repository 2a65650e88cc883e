-- A blind round that ended before it came to anything stays blind: its claim can be assessed anew, by the same people.
CREATE OR REPLACE FUNCTION readable_assessments(desk uuid, reader uuid) RETURNS SETOF assessments
LANGUAGE sql STABLE AS $$
    SELECT a.* FROM assessments a
    JOIN rounds r ON r.desk_id = a.desk_id AND r.id = a.round_id
    WHERE a.desk_id = desk
      AND (a.reviewer_id = reader OR r.mode <> 'blind' OR r.judged OR r.state = 'adjudicating')
$$;
