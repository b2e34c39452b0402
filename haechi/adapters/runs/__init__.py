"""Durable runs on LangGraph. Still empty."""
