"""What a command shows: tables and lines for people, JSON for machines, summary and annotations for Actions, files."""
