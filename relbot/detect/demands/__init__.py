"""The detector `demands`."""

from relbot.detect.engine.file_patterns import CODE, FilePattern

READS = (
    FilePattern(
        CODE,
        words=(
            *(b"RequestParam", b"RequestHeader", b"QueryParam", b".get(", b".post(", b".put(", b".patch(", b".delete("),
            *(
                b"HeaderParam",
                b"FlagRequired",
                b"requiredOption",
                b"demandOption",
                b"$signature",
                b"Required = true",
                b"function rules(",
                b"validate(",
                b"auth",
                b"Auth",
                b".use(",
                b".Use(",
            ),
            *(b"before_action", b"_required", b"LoginRequired", b"IsGranted", b"UseGuards", b"Secured", b"RolesAllowed"),
            *(b"validates", b"Schema(", b"belongs_to"),
            *(b"/run/", b"/etc/", b"/var/", b"/opt/", b"/srv/", b"/mnt/"),
            *(b"TrustedHost", b"HostAuthorization", b"HostFiltering", b"config.hosts"),
        ),
    ),
    FilePattern(CODE, parts=("conf", "settings", "options")),
)
