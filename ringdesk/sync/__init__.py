"""The sync engine: merge, plan and failure are pure; engine and worker carry out. Knows no provider and no database."""
