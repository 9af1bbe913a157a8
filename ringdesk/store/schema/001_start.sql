-- Schema 1. Frozen: a later change is a new numbered file, never an edit here.
-- Times are milliseconds since 1970, UTC. Columns without a type keep what is put into them, on purpose.

PRAGMA application_id = 1380197195; -- "RDSK"

CREATE TABLE meta (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- The truth about a contact is `document` (deflated JSON of the card) and the plain columns after `uuid` that no card
-- holds. name .. words are copies for rows and searches: phone is the first one as typed, words a signature of all words
-- (63 bits, by which a search of several words passes most rows over). `document` is last, so that reading a row stops
-- before it, and deflated behind name, company and phone, so that it does not hold these a second time.
-- origin: twice its place in encode.ORIGINS, and one more where an account has the contact too.
-- edited: the last save, in milliseconds after created.
CREATE TABLE contact (
    id INTEGER PRIMARY KEY,
    uuid NOT NULL UNIQUE,
    flags INTEGER NOT NULL,
    owner TEXT,
    origin INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    edited INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    name TEXT NOT NULL,
    company TEXT NOT NULL,
    phone TEXT NOT NULL,
    words INTEGER NOT NULL,
    document BLOB NOT NULL
);

-- number: INTEGER for E.164, TEXT digits for an extension or what cannot be parsed. No more than the way to the contact:
-- what is written there, and its label, stand in the document.
CREATE TABLE phone (
    number NOT NULL,
    contact INTEGER NOT NULL,
    PRIMARY KEY (number, contact)
) WITHOUT ROWID;

-- tail: the last seven significant digits.
CREATE TABLE tail (
    tail INTEGER NOT NULL,
    contact INTEGER NOT NULL,
    PRIMARY KEY (tail, contact)
) WITHOUT ROWID;

-- class: 0 name, 1 e-mail, 2 company, 3 nickname, 4 notes.
CREATE TABLE token (
    class INTEGER NOT NULL,
    word TEXT NOT NULL,
    contact INTEGER NOT NULL,
    PRIMARY KEY (class, word, contact)
) WITHOUT ROWID;

-- key: 32 bits of a hash of the folded address.
CREATE TABLE email (
    key INTEGER NOT NULL,
    contact INTEGER NOT NULL,
    PRIMARY KEY (key, contact)
) WITHOUT ROWID;

-- Contacts of an import whose lookup rows (phone, tail, token, email, listed, membership) are still to come.
CREATE TABLE unfiled (
    contact INTEGER PRIMARY KEY
);

-- The lists, each in its order. part: 0 known, 1 anonymous, 2 and 3 the same but VIPs, 2 + 2 * category.id and one
-- more the same of a contact group.
CREATE TABLE listed (
    part INTEGER NOT NULL,
    sort TEXT NOT NULL,
    contact INTEGER NOT NULL,
    PRIMARY KEY (part, sort, contact)
) WITHOUT ROWID;

-- How many rows each part has, kept by the writer, so that nobody counts.
CREATE TABLE tally (
    part INTEGER NOT NULL PRIMARY KEY,
    size INTEGER NOT NULL
);

CREATE TABLE category (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);
CREATE TABLE membership (
    contact INTEGER NOT NULL REFERENCES contact(id) ON DELETE CASCADE,
    category INTEGER NOT NULL REFERENCES category(id),
    PRIMARY KEY (contact, category)
) WITHOUT ROWID;

CREATE TABLE photo (
    digest TEXT NOT NULL PRIMARY KEY,
    data BLOB NOT NULL
);

CREATE TABLE note (
    id TEXT NOT NULL PRIMARY KEY,
    contact INTEGER NOT NULL REFERENCES contact(id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    text TEXT NOT NULL,
    call TEXT
) WITHOUT ROWID;
CREATE INDEX note_contact ON note(contact, at);

CREATE TABLE draft (
    call TEXT NOT NULL PRIMARY KEY,
    text TEXT NOT NULL,
    at INTEGER NOT NULL
) WITHOUT ROWID;

-- The chooser's memory. number as in `call.number`.
CREATE TABLE pick (
    number TEXT NOT NULL PRIMARY KEY,
    contact INTEGER NOT NULL REFERENCES contact(id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX pick_contact ON pick(contact);

-- One user action. state: 0 can be undone, 1 undone, 2 is not the user's to undo.
-- `reached`: while an undo of many goes on, the change (or contact, for an import) it has come down to.
-- `many`: an import; its contacts say so in contact.batch and have no change rows of their own for that.
CREATE TABLE batch (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    source TEXT NOT NULL,
    state INTEGER NOT NULL,
    many INTEGER NOT NULL DEFAULT 0,
    reached INTEGER
);
CREATE INDEX batch_undo ON batch(id) WHERE state = 0;

-- contact is the uuid, because the past outlives the contact.
CREATE TABLE change (
    id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES batch(id),
    contact NOT NULL,
    field TEXT NOT NULL,
    old TEXT NOT NULL,
    new TEXT NOT NULL
);
CREATE INDEX change_contact ON change(contact, id);
CREATE INDEX change_batch ON change(batch, id);

-- number: "+" and E.164, digits of an extension, "?" digits "?" text where it cannot be parsed, NULL where withheld.
CREATE TABLE call (
    id TEXT NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    direction TEXT NOT NULL,
    state TEXT NOT NULL,
    "over" INTEGER NOT NULL,
    number TEXT,
    country INTEGER,
    name TEXT NOT NULL,
    contact,
    contact_name TEXT NOT NULL,
    line TEXT NOT NULL,
    answered_by TEXT NOT NULL,
    transferred_to TEXT NOT NULL,
    private INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    started REAL NOT NULL,
    answered REAL,
    ended REAL
);
CREATE INDEX call_started ON call(started);
CREATE INDEX call_number ON call(number, started) WHERE number IS NOT NULL;
CREATE INDEX call_contact ON call(contact, started) WHERE contact IS NOT NULL;
CREATE INDEX call_unseen ON call(id) WHERE seen = 0;
CREATE INDEX call_open ON call(id) WHERE "over" = 0;

-- One replica of a contact in an account; contact is the uuid, because a deletion has to reach the account too.
CREATE TABLE link (
    id INTEGER PRIMARY KEY,
    contact NOT NULL,
    account TEXT NOT NULL,
    remote TEXT NOT NULL,
    etag TEXT NOT NULL,
    base BLOB,
    acknowledged INTEGER NOT NULL,
    UNIQUE (account, remote),
    UNIQUE (contact, account)
);

-- Intent before the request, result after it.
CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    contact NOT NULL,
    intent TEXT NOT NULL,
    payload BLOB,
    at INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    result TEXT
) WITHOUT ROWID;
CREATE INDEX outbox_account ON outbox(account, at);
