"""Renders a project's own template in a process that has limits of time and memory."""
