"""The subcommands of `agentic-misalignment`, one theme a file."""
