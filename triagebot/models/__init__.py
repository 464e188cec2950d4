"""Asking models. In: requests that `drafts` built. Out: verified drafts, or the name of the reason why there is none.

The room holds no GitHub token, offers no tools, and imports the SDK only when something is really asked.
"""
