"""The detector `jobs`."""

from relbot.detect.engine.file_patterns import CODE, FilePattern

READS = (
    FilePattern(
        CODE,
        words=(
            *(
                b"handle_asynchronously",
                b"@queue",
                b"Sidekiq",
                b"ApplicationJob",
                b"ActiveJob",
                b"Resque",
                b"_task",
                b".task",
                b"dramatiq",
                b"ShouldQueue",
                b"IConsumer<",
            ),
            *(b"Oban.Worker", b"cron", b"Cron", b"chedule", b"AddFunc", b"add_job", b"AddOrUpdate", b"agenda."),
        ),
    ),
    FilePattern((".php",), parts=("/message/",)),
)
