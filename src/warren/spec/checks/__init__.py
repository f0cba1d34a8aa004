"""The cross-checks, each a function (spec, directory) -> diagnostics."""
