"""A backtest as text, JSON and a page of HTML."""
