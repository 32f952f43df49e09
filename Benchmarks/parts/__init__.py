"""The parts of the table: each has a `measure(bench)` that gives its rows."""
