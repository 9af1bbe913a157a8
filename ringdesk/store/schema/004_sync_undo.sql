-- Schema 4: what a sync did with a contact, so that it can be taken back. Frozen: a later change is a new numbered file.

-- deed: as sync.plan.Deed has it; empty in rows from before, of which nothing is taken back.
ALTER TABLE sync_log ADD COLUMN deed TEXT NOT NULL DEFAULT '';
CREATE INDEX sync_log_contact ON sync_log(account, contact);
