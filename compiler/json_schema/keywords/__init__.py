"""What each keyword asserts: one small function per keyword, or per group that is read together.

A function has the signature ``Meaning`` of ``draft``: it checks the form of the keyword, says what
it means on the builder, and returns the handle, or None where nothing is asserted. It never looks
at the draft: two drafts that read a keyword differently have two functions.
"""
