"""Files: contacts in and out of vCard and CSV."""
