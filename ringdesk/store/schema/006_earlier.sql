-- Schema 6: calls of before a contact was shared. Frozen: a later change is a new numbered file.

-- In mine: contacts of whose earlier calls coworkers may see too, by choice. Whoever unticks takes the choice back.
CREATE TABLE earlier (
    contact NOT NULL PRIMARY KEY
) WITHOUT ROWID;

-- What was told of calls is looked at anew: ticked again before the team was reached, it is told from then on only.
CREATE TRIGGER unticked AFTER DELETE ON ticked BEGIN
    DELETE FROM earlier WHERE contact = OLD.contact;
    INSERT OR IGNORE INTO call_due (call)
        SELECT id FROM call WHERE contact = OLD.contact AND id IN (SELECT call FROM call_told);
END;
