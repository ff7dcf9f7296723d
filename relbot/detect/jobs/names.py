"""How jobs are called in a queue."""

BY_MODULE = "(named by its module)"
"""What the value of a job says whose name in the queue begins with the module that has it, as Celery does by itself."""
