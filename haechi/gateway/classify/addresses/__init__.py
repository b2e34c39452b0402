"""Postal addresses: districts, roads and lots of Korea, and addresses in English."""
