-- The domain of an address and all above it, by its folded form: a.b.example gives a.b.example and b.example.
CREATE FUNCTION url_domains(key text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY(
        SELECT array_to_string(h.labels[n:], '.')
        FROM (SELECT string_to_array(split_part(split_part(key, '/', 3), ':', 1), '.') AS labels) h,
             generate_series(1, cardinality(h.labels) - 1) n
    )
$$;
