-- Schema 2: accounts, and what the sync engine keeps of them. Frozen: a later change is a new numbered file.

CREATE TABLE account (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    cursor TEXT,
    form TEXT NOT NULL,
    round INTEGER NOT NULL,
    full_at REAL,
    reset INTEGER NOT NULL,
    synced_at REAL,
    outcome TEXT NOT NULL,
    approved INTEGER NOT NULL
) WITHOUT ROWID;

-- Contacts that may have something to send, by account. Filled by triggers, so that no way of saving can forget it.
CREATE TABLE touched (
    account TEXT NOT NULL,
    contact NOT NULL,
    PRIMARY KEY (account, contact)
) WITHOUT ROWID;
CREATE TRIGGER contact_added AFTER INSERT ON contact BEGIN
    INSERT OR IGNORE INTO touched (account, contact) SELECT id, NEW.uuid FROM account;
END;
CREATE TRIGGER contact_saved AFTER UPDATE OF revision ON contact BEGIN
    INSERT OR IGNORE INTO touched (account, contact) SELECT id, NEW.uuid FROM account;
END;
CREATE TRIGGER contact_removed AFTER DELETE ON contact BEGIN
    INSERT OR IGNORE INTO touched (account, contact) SELECT id, OLD.uuid FROM account;
END;

-- there: what the account holds where that differs from base on purpose. payload: the provider's own, never looked into.
ALTER TABLE link ADD COLUMN there BLOB;
ALTER TABLE link ADD COLUMN payload BLOB;
ALTER TABLE link ADD COLUMN state TEXT NOT NULL DEFAULT 'active';
ALTER TABLE link ADD COLUMN held TEXT NOT NULL DEFAULT '';
ALTER TABLE link ADD COLUMN updated REAL;
ALTER TABLE link ADD COLUMN written REAL NOT NULL DEFAULT 0;
ALTER TABLE link ADD COLUMN photo TEXT NOT NULL DEFAULT '';
ALTER TABLE link ADD COLUMN photo_ref TEXT NOT NULL DEFAULT '';
ALTER TABLE link ADD COLUMN photo_due INTEGER NOT NULL DEFAULT 0;
CREATE INDEX link_state ON link(account, state) WHERE state <> 'active';
CREATE INDEX link_photo ON link(account) WHERE photo_due;

-- How many active links an account has, so that nobody counts.
CREATE TABLE linked (
    account TEXT NOT NULL PRIMARY KEY,
    size INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO linked (account, size) SELECT account, count(*) FROM link GROUP BY account;
CREATE TRIGGER link_added AFTER INSERT ON link WHEN NEW.state = 'active' BEGIN
    INSERT INTO linked (account, size) VALUES (NEW.account, 1) ON CONFLICT (account) DO UPDATE SET size = size + 1;
END;
CREATE TRIGGER link_changed AFTER UPDATE OF state ON link WHEN (NEW.state = 'active') <> (OLD.state = 'active') BEGIN
    INSERT INTO linked (account, size) VALUES (NEW.account, (NEW.state = 'active') - (OLD.state = 'active'))
        ON CONFLICT (account) DO UPDATE SET size = size + excluded.size;
END;
CREATE TRIGGER link_dropped AFTER DELETE ON link WHEN OLD.state = 'active' BEGIN
    UPDATE linked SET size = size - 1 WHERE account = OLD.account;
END;

CREATE INDEX outbox_contact ON outbox(account, contact);

CREATE TABLE container (
    account TEXT NOT NULL,
    remote TEXT NOT NULL,
    name TEXT NOT NULL,
    system INTEGER NOT NULL,
    members INTEGER,
    PRIMARY KEY (account, remote)
) WITHOUT ROWID;

CREATE TABLE question (
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    contact NOT NULL,
    remote TEXT NOT NULL,
    field TEXT NOT NULL,
    detail TEXT NOT NULL,
    theirs BLOB,
    at REAL NOT NULL,
    PRIMARY KEY (account, kind, contact, remote, field)
) WITHOUT ROWID;
CREATE INDEX question_contact ON question(account, contact);

CREATE TABLE parked (
    account TEXT NOT NULL,
    contact NOT NULL,
    revision INTEGER NOT NULL,
    until REAL,
    tries INTEGER NOT NULL,
    PRIMARY KEY (account, contact)
) WITHOUT ROWID;

-- What the last round changed: both sides as they were before; null where it was not there.
CREATE TABLE sync_log (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    round INTEGER NOT NULL,
    contact NOT NULL,
    remote TEXT NOT NULL,
    here BLOB,
    there BLOB
);
CREATE INDEX sync_log_round ON sync_log(account, round);
