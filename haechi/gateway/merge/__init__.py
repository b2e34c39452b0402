"""Several answers in, one answer out: vote, weights, posterior, cross-check, cascade.

Still empty: a decision has one answer so far.
"""
