"""What AMD's tools report of a design: read, and set beside what lmc has planned."""
