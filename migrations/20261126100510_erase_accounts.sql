-- An account that its person has had erased: a pseudonym for ever. What they did stays in the record under it.
ALTER TABLE accounts ADD COLUMN erased_at timestamptz;
ALTER TABLE accounts ADD CONSTRAINT accounts_erased_is_out CHECK (erased_at IS NULL OR disabled_at IS NOT NULL);

CREATE TRIGGER accounts_erased_stay BEFORE UPDATE OR DELETE ON accounts
    FOR EACH ROW WHEN (OLD.erased_at IS NOT NULL) EXECUTE FUNCTION refuse_change('accounts_erased_stay');

GRANT DELETE ON credentials TO factdesk_app;
