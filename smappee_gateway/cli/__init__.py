"""The command line: everything that needs a terminal. It is no part of the component."""
