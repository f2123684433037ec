"""What an operator sees of a process at work: its log lines, its numbers, and whether it is ready; never what people ask."""
