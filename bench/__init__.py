"""Measures the budgets of docs/architecture.md; `python -m bench` writes bench/README.md."""
