"""The only room that knows Qt: windows, widgets, the words of the app, and the post that news arrives by."""
