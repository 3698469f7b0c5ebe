"""What limits the numbers of a report."""
