"""haechi (해치): a hybrid LLM control plane. The tree is the diagram: docs/explanation/architecture."""
