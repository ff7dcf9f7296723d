"""The detector `services`."""

from relbot.detect.engine.file_patterns import YAML, FilePattern

READS = (
    FilePattern(parts=(".service", ".timer", ".socket", ".target", ".mount", ".path", ".init", "init.d", "init-scripts", "rc.d")),
    FilePattern(parts=("upstart", "sysvinit", "systemd", "procfile", "supervisor", "compose", "dockerfile", "containerfile")),
    FilePattern(parts=(".spec", "debian/", "entrypoint", "cron", "clock", "schedule", "recurring", "logrotate", "/package.json")),
    FilePattern(parts=("nginx", "apache", "httpd", "vhost", "caddy", "haproxy", "lighttpd", "traefik", "kustomization")),
    FilePattern(parts=("elements/", ".kiwi", ".ks", "packer/", ".pkr.hcl")),
    FilePattern((*YAML, ".tpl"), words=(b"apiVersion:",)),
    FilePattern(YAML, parts=("/tasks/", "/handlers/"), words=(b"dest:", b"path:", b"service:", b"systemd:", b"cron:", b"apt:")),
    FilePattern(words=(b"### BEGIN INIT INFO",)),
)
