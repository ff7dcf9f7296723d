"""The detector `demands`."""

from relbot.detect.engine.file_patterns import CODE, FilePattern

READS = (
    FilePattern(
        CODE,
        words=(
            *(b"RequestParam", b"RequestHeader", b"QueryParam", b".get(", b".post(", b".put(", b".patch(", b".delete("),
            *(b"FlagRequired", b"requiredOption", b"demandOption", b"$signature", b"auth", b"Auth", b"login_required"),
            *(b"permission_required", b"LoginRequired", b"IsGranted", b"UseGuards", b"Secured", b"RolesAllowed"),
        ),
    ),
)
