"""Accounts a desk exchanges contacts with, one folder a kind; rooms import the folder they mean."""
