"""Several answers in, one answer out: vote, weights, cross-check, judge, posterior.

Votes are not independent: models err together, so a plurality over many can lose to the best of them. The default
rule is therefore a posterior that knows who tends to agree with whom, under a guard that answers with the best single
member where the merge has not earned its place.
"""
