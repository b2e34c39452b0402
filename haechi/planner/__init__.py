"""The road of one plan: calls, demand, fleet, money, recommend, report. Still empty."""
