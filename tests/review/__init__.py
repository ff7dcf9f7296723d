"""Tests of relbot.review."""
