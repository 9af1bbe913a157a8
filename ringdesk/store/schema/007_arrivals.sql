-- Schema 7: contacts that an account brings by the thousand. Frozen: a later change is a new numbered file.

-- A base is NULL for as long as it is what the contact's own document says. Whoever changes or deletes that contact
-- leaves the old document here first, and beside it the columns that it is deflated behind.
ALTER TABLE link ADD COLUMN name TEXT;
ALTER TABLE link ADD COLUMN company TEXT;
ALTER TABLE link ADD COLUMN phone TEXT;
CREATE TRIGGER base_of_changed BEFORE UPDATE OF document ON contact BEGIN
    UPDATE link SET base = OLD.document, name = OLD.name, company = OLD.company, phone = OLD.phone
        WHERE contact = OLD.uuid AND base IS NULL;
END;
CREATE TRIGGER base_of_removed BEFORE DELETE ON contact BEGIN
    UPDATE link SET base = OLD.document, name = OLD.name, company = OLD.company, phone = OLD.phone
        WHERE contact = OLD.uuid AND base IS NULL;
END;

-- arriving: while an account's own contacts are put in, within one transaction; of these it has nothing to hear.
ALTER TABLE account ADD COLUMN arriving INTEGER NOT NULL DEFAULT 0;
DROP TRIGGER contact_added;
CREATE TRIGGER contact_added AFTER INSERT ON contact BEGIN
    INSERT OR IGNORE INTO touched (account, contact) SELECT id, NEW.uuid FROM account WHERE NOT arriving;
END;
