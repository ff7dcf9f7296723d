"""Images whose data another major version converts, or does not read at all: databases, searches, brokers."""

from __future__ import annotations

from relbot.detect.engine import lazy_re as re
from relbot.detect.runtime.images import split_image

_ENGINE = re.compile(
    r"(^|/)(postgres|postgresql|postgis|timescaledb(-ha)?|mysql|mysql-server|mariadb|percona|mongo|mongodb|elasticsearch|opensearch|kibana"
    r"|cassandra|couchdb|influxdb|neo4j|clickhouse(-server)?|cockroach|etcd|zookeeper|kafka|cp-kafka|rabbitmq|solr|meilisearch|minio"
    r"|keycloak|vault|consul)$"
)


def is_other_major(before: str, after: str) -> bool:
    """Whether two images are of an engine that keeps data, and differ in the engine or in its major version."""
    old, new = split_image(before.strip("\"'")), split_image(after.strip("\"'"))
    if not _ENGINE.search(old.name):
        return False
    if old.name.rpartition("/")[2] != new.name.rpartition("/")[2]:
        return True
    was, now = re.findall(r"\d+", old.version), re.findall(r"\d+", new.version)
    return bool(was and now) and was[0] != now[0]
