"""Is this server what the contract says? Checks over real HTTP, each with a cure in words; the contract's only I/O.

``program.conform`` is the whole kit; docs/conformance.md says how a county uses it.
"""
