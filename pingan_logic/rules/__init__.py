"""Rule files as text: what can be proven of them before any is run."""
