"""What was judged: runs, findings and the verdict on each call."""
