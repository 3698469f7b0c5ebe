"""Inspect evaluations of agentic misalignment."""
