-- Schema 9: whose picture is the later one. Frozen: a later change is a new numbered file.

-- When others last changed a contact there, where a write of ours came after that and their picture has not come yet:
-- the account's own time is then that of our write.
ALTER TABLE link ADD COLUMN others REAL;
