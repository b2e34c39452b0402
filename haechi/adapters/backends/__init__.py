"""Cloud and on-prem model services behind one door: openai, anthropic, gemini, fake."""
