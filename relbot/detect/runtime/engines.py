"""Engines whose data another major version converts, or does not read at all: databases, searches, brokers."""

from __future__ import annotations

from relbot.detect.runtime.images import split_image
from relbot.schema import lazy_re as re

_ENGINE = re.compile(
    r"(^|/)(postgres|postgresql|postgis|timescaledb(-ha)?|mysql|mysql-server|mariadb|percona|mongo|mongodb|elasticsearch|opensearch|kibana"
    r"|cassandra|couchdb|influxdb|neo4j|clickhouse(-server)?|cockroach|etcd|zookeeper|kafka|cp-kafka|rabbitmq|solr|meilisearch|minio"
    r"|keycloak|vault|consul|aurora-mysql|aurora-postgresql)(-ha|-cluster)?$"
)


def keeps_data(name: str) -> bool:
    """Whether a name is that of an engine which keeps data in a format of its own."""
    return _ENGINE.search(name) is not None


def is_other_major(before: str, after: str) -> bool:
    """Whether two images are of an engine that keeps data, and differ in the engine or in its major version."""
    old, new = split_image(before.strip("\"'")), split_image(after.strip("\"'"))
    if not keeps_data(old.name):
        return False
    return old.name.rpartition("/")[2] != new.name.rpartition("/")[2] or is_major_change(old.version, new.version)


_SORTING = re.compile(r"(^|/)(postgres|postgresql|postgis|timescaledb(-ha)?)$")
"""Databases that sort texts as the C library of their image does, and keep indexes in that order."""


def is_other_libc(before: str, after: str) -> bool:
    """Whether two images of such a database have another C library: Alpine's, or that of all other systems."""
    old, new = split_image(before.strip("\"'")), split_image(after.strip("\"'"))
    return old.name == new.name and _SORTING.search(old.name) is not None and (old.system == "alpine") != (new.system == "alpine")


_SERVER = re.compile(
    r"(^|/)(redis(-stack-server)?|valkey|memcached|haproxy|nginx|caddy|httpd|varnish|envoy|grafana|prometheus|alertmanager|nats|mosquitto"
    r"|pgbouncer|logstash|filebeat|fluentd|fluent-bit)$"
)


def is_other_server(before: str, after: str) -> bool:
    """Whether two images are of a server that other teams make, and differ in the major version: settings may be refused."""
    old, new = split_image(before.strip("\"'")), split_image(after.strip("\"'"))
    return _SERVER.search(old.name) is not None and old.name == new.name and is_major_change(old.version, new.version)


def is_major_change(before: str, after: str) -> bool:
    """Whether the first numbers of two versions differ."""
    was, now = re.findall(r"\d+", before), re.findall(r"\d+", after)
    return bool(was and now) and was[0] != now[0]
