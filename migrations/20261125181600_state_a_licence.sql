-- Under which licence a desk gives away what it publishes: exports and pages name it. NULL is: not stated.
ALTER TABLE desks ADD COLUMN licence_url text;
ALTER TABLE desks ADD CONSTRAINT desks_licence_url_form CHECK (licence_url ~ '^https?://' AND char_length(licence_url) <= 2000);
