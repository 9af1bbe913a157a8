-- Schema 10: whom an id there stands for by hearsay. Frozen: a later change is a new numbered file.

-- Reports tell former ids of a contact, and a contact there may carry our marks of several: it had another id once, or
-- others were merged into it. What lies there under such an id again is told of as the contact it is.
CREATE TABLE told (
    account TEXT NOT NULL,
    remote TEXT NOT NULL,
    contact NOT NULL,
    PRIMARY KEY (account, remote)
) WITHOUT ROWID;
CREATE INDEX told_contact ON told(account, contact);
