"""The hall: values, rules and sockets. No clock, disk, network, thread or Qt in here."""
