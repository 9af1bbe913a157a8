-- Schema 3: working with coworkers. Frozen: a later change is a new numbered file.
-- The same file makes my database and that of coworkers' contacts (shared.db); each fills its own tables.

-- In mine: what I have put on coworkers' contacts. flags: those of contact.flags that are marks.
CREATE TABLE aside_mark (
    contact NOT NULL PRIMARY KEY,
    flags INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE aside_note (
    id TEXT NOT NULL PRIMARY KEY,
    contact NOT NULL,
    at INTEGER NOT NULL,
    text TEXT NOT NULL,
    call TEXT
) WITHOUT ROWID;
CREATE INDEX aside_note_contact ON aside_note(contact, at);
CREATE INDEX aside_note_call ON aside_note(call) WHERE call IS NOT NULL;
CREATE INDEX note_call ON note(call) WHERE call IS NOT NULL;
CREATE TABLE aside_pick (
    number TEXT NOT NULL PRIMARY KEY,
    contact NOT NULL
) WITHOUT ROWID;

-- In mine: since when a contact is shared; calls before that are nobody's business.
CREATE TABLE ticked (
    contact NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO ticked (contact, at) SELECT uuid, created + edited FROM contact WHERE flags & 1;
CREATE TRIGGER ticked_new AFTER INSERT ON contact WHEN NEW.flags & 1 BEGIN
    INSERT OR REPLACE INTO ticked (contact, at) VALUES (NEW.uuid, NEW.created + NEW.edited);
END;
CREATE TRIGGER ticked_on AFTER UPDATE OF flags ON contact WHEN NEW.flags & 1 AND NOT OLD.flags & 1 BEGIN
    INSERT OR REPLACE INTO ticked (contact, at) VALUES (NEW.uuid, NEW.created + NEW.edited);
END;
CREATE TRIGGER ticked_off AFTER UPDATE OF flags ON contact WHEN OLD.flags & 1 AND NOT NEW.flags & 1 BEGIN
    DELETE FROM ticked WHERE contact = NEW.uuid;
END;
CREATE TRIGGER ticked_gone AFTER DELETE ON contact WHEN OLD.flags & 1 BEGIN
    DELETE FROM ticked WHERE contact = OLD.uuid;
END;

-- In mine: departments' callers that the directory has not heard of, and claims it has not granted yet.
CREATE TABLE caller_due (
    contact NOT NULL PRIMARY KEY
) WITHOUT ROWID;
CREATE TABLE claim_due (
    contact NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    known INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO caller_due (contact) SELECT uuid FROM contact WHERE owner LIKE '["unclaimed%';
CREATE TRIGGER caller_new AFTER INSERT ON contact WHEN NEW.owner LIKE '["unclaimed%' BEGIN
    INSERT OR IGNORE INTO caller_due (contact) VALUES (NEW.uuid);
END;
CREATE TRIGGER caller_claimed AFTER UPDATE OF owner ON contact
    WHEN OLD.owner LIKE '["unclaimed%' AND NEW.owner IS NULL BEGIN
    DELETE FROM caller_due WHERE contact = NEW.uuid;
    INSERT OR IGNORE INTO claim_due (contact, owner, known) VALUES (NEW.uuid, OLD.owner, 0);
END;
CREATE TRIGGER caller_gone AFTER DELETE ON contact WHEN OLD.flags & 16 OR OLD.owner IS NOT NULL BEGIN
    DELETE FROM caller_due WHERE contact = OLD.uuid;
END;

-- In mine: calls of which the team may have to hear, and a digest of what it has heard.
CREATE TABLE call_due (
    call TEXT NOT NULL PRIMARY KEY
) WITHOUT ROWID;
CREATE TABLE call_told (
    call TEXT NOT NULL PRIMARY KEY,
    said TEXT NOT NULL
) WITHOUT ROWID;
CREATE TRIGGER call_over AFTER INSERT ON call WHEN NEW."over" AND NEW.contact IS NOT NULL BEGIN
    INSERT OR IGNORE INTO call_due (call) SELECT NEW.id FROM account WHERE kind = 'team';
END;
CREATE TRIGGER call_noted AFTER INSERT ON note WHEN NEW.call IS NOT NULL BEGIN
    INSERT OR IGNORE INTO call_due (call) SELECT NEW.call FROM account WHERE kind = 'team';
END;
CREATE TRIGGER call_unnoted AFTER DELETE ON note WHEN OLD.call IS NOT NULL BEGIN
    INSERT OR IGNORE INTO call_due (call) SELECT OLD.call FROM account WHERE kind = 'team';
END;
CREATE TRIGGER call_aside_noted AFTER INSERT ON aside_note WHEN NEW.call IS NOT NULL BEGIN
    INSERT OR IGNORE INTO call_due (call) SELECT NEW.call FROM account WHERE kind = 'team';
END;

-- In shared.db: calls that coworkers had with contacts all of them see.
CREATE TABLE coworker_call (
    id TEXT NOT NULL PRIMARY KEY,
    contact NOT NULL,
    who TEXT NOT NULL,
    name TEXT NOT NULL,
    direction TEXT NOT NULL,
    state TEXT NOT NULL,
    started REAL NOT NULL,
    seconds INTEGER,
    note TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX coworker_call_contact ON coworker_call(contact, started);
