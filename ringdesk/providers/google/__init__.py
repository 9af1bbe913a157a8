"""Google: contacts over the People API, and the sign-in that leads there. Import its modules on the worker only."""
