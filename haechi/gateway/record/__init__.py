"""What happened in; intent, attempts, settlement, cost and explanation out."""
