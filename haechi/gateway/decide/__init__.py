"""Label, policy and clearances in, decision out: calls, order, rule, because."""
