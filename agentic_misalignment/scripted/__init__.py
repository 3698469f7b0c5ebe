"""Scripted policies with known answers, and the provider that plays them."""

from agentic_misalignment.scripted.policy import Expectation, Policy, policy, policy_names

__all__ = ["Expectation", "Policy", "policy", "policy_names"]
