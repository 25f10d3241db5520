"""A cleaning log applied to a raw export: cells changed, interviews removed, questions with several answers remade."""
