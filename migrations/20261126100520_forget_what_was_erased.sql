-- With an account goes what is the person's own and no part of the desk's work: where mail goes, what was typed and never
-- sent, what they were told and watched, where they are.
CREATE FUNCTION forget_erased_account() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM mail_addresses WHERE account_id = NEW.id;
    DELETE FROM drafts WHERE account_id = NEW.id;
    DELETE FROM notifications WHERE account_id = NEW.id;
    DELETE FROM claim_watches WHERE account_id = NEW.id;
    DELETE FROM presences WHERE account_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER accounts_erased_are_forgotten AFTER UPDATE OF erased_at ON accounts
    FOR EACH ROW WHEN (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL) EXECUTE FUNCTION forget_erased_account();
