-- A precision other than 'unknown' comes with dates: a check whose answer is NULL would let them be missing.
ALTER TABLE appearances DROP CONSTRAINT appearances_said_whole;
ALTER TABLE appearances ADD CONSTRAINT appearances_said_whole CHECK (
    num_nulls(said_from, said_to) = CASE said_precision WHEN 'unknown' THEN 2 ELSE 0 END
    AND CASE said_precision
        WHEN 'unknown' THEN true
        WHEN 'day' THEN said_from = said_to
        WHEN 'month' THEN said_from <= said_to
        WHEN 'year' THEN said_from <= said_to
        WHEN 'range' THEN said_from <= said_to
        ELSE false
    END
);
ALTER TABLE articles DROP CONSTRAINT articles_published_whole;
ALTER TABLE articles ADD CONSTRAINT articles_published_whole CHECK (
    num_nulls(published_from, published_to) = CASE published_precision WHEN 'unknown' THEN 2 ELSE 0 END
    AND CASE published_precision
        WHEN 'unknown' THEN true
        WHEN 'day' THEN published_from = published_to
        WHEN 'month' THEN published_from <= published_to
        WHEN 'year' THEN published_from <= published_to
        WHEN 'range' THEN published_from <= published_to
        ELSE false
    END
);
ALTER TABLE sources DROP CONSTRAINT sources_published_whole;
ALTER TABLE sources ADD CONSTRAINT sources_published_whole CHECK (
    num_nulls(published_from, published_to) = CASE published_precision WHEN 'unknown' THEN 2 ELSE 0 END
    AND CASE published_precision
        WHEN 'unknown' THEN true
        WHEN 'day' THEN published_from = published_to
        WHEN 'month' THEN published_from <= published_to
        WHEN 'year' THEN published_from <= published_to
        WHEN 'range' THEN published_from <= published_to
        ELSE false
    END
);
