"""What a deploy needs: two change logs to what to do, to undo and to wait for, in order. Pure: no git, no files, no clock."""
