"""The words of the tools that drive browsers, one module a family: what a test awaited of a page and did not get.

In: a `Subject` that is not Python's. Out: a `Finding` of kind `browser`, or None. `awaited` says what its slots mean.
"""
