"""One module a command: its arguments, what it reads and prints. The command line is ``mgdecide.adapters.cli``."""
