-- Schema 5: ids a contact had in an account before it was made there again. Frozen: a later change is a new numbered file.

-- Two desks that make one deleted contact again know by these that they have made it twice.
CREATE TABLE former (
    account TEXT NOT NULL,
    remote TEXT NOT NULL,
    contact NOT NULL,
    PRIMARY KEY (account, remote)
) WITHOUT ROWID;
CREATE INDEX former_contact ON former(account, contact);
