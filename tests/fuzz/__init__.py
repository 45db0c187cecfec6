"""Random inputs against laws that hold for every input; docs/fuzzing.md says how to run it."""
