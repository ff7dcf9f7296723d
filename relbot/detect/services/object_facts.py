"""The facts of `services` about Kubernetes objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.facts import ANY_PHASE, ASK, NOTE, REQUIRE, Fact, Subject
from relbot.detect.services.examples import NEW_ADDRESS, NEW_PLACE, edit_example

if TYPE_CHECKING:
    from relbot.detect.engine.facts import FactLevel

_OBJECT = Subject.OBJECT
_OBJECT_TEXT = """\
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: shop
  namespace: default
spec:
  replicas: 2
  selector:
    matchLabels:
      app: shop
  template:
    spec:
      containers:
        - name: shop
          image: postgres:15.4
          args: [serve]
          resources:
            limits:
              memory: 2Gi
          env:
            - name: DB_URL
              value: db
          ports:
            - containerPort: 8080
          volumeMounts:
            - mountPath: /data
"""
_INGRESS = (
    "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: shop\nspec:\n  rules:\n    - host: shop.example.org\n"
)
_DEFINITION = (
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: rooms\nspec:\n  versions:\n"
    "    - name: v1alpha1\n      served: true\n"
)
_CRON = 'apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: shop\nspec:\n  schedule: "0 4 * * *"\n'


def _object(name: str, summary: str, level: FactLevel, meaning: str, old: str, new: str, text: str = _OBJECT_TEXT) -> Fact:
    wrong = edit_example("k8s/shop.yaml", text, old, new)
    right = edit_example("k8s/shop.yaml", _OBJECT_TEXT, "replicas: 2", "replicas: 3")
    return Fact(name, summary, level, _OBJECT, meaning, phases=ANY_PHASE, wrong=wrong, right=right)


OBJECT_FACTS = (
    _object(
        "object-renamed",
        "Kubernetes objects are gone and others have come",
        REQUIRE,
        "What refers to the old name finds nothing, and data of the old object is not taken over.",
        "name: shop\n  n",
        "name: shops\n  n",
    ),
    Fact(
        "objects-renamed",
        "all objects of a kustomization get other names, or another namespace",
        REQUIRE,
        _OBJECT,
        "Everything is made anew under the new names, and the old objects stay with their data.",
        phases=ANY_PHASE,
        wrong={"deploy/kustomization.yaml": ("namePrefix: shop-\n", "namePrefix: store-\n")},
        right={"deploy/kustomization.yaml": ("namePrefix: shop-\n", "# Names.\nnamePrefix: shop-\n")},
    ),
    Fact(
        "object-removed",
        "a Kubernetes object is gone",
        ASK,
        _OBJECT,
        "What runs of it goes, or stays behind.",
        phases=ANY_PHASE,
        wrong={"k8s/shop.yaml": (_INGRESS, None)},
    ),
    Fact(
        "object-added",
        "a Kubernetes object is new",
        NOTE,
        _OBJECT,
        "The cluster gets one object more.",
        wrong={"k8s/shop.yaml": (None, _OBJECT_TEXT)},
    ),
    Fact(
        "crd-added",
        "a new kind of Kubernetes object is defined",
        ASK,
        _OBJECT,
        "Somebody who may do so in the whole cluster has to install it first.",
        phases=ANY_PHASE,
        wrong={
            "k8s/crd.yaml": (
                None,
                "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: rooms\n",
            )
        },
    ),
    _object(
        "object-immutable",
        "a field of a Kubernetes object changes that cannot be changed in place",
        REQUIRE,
        "The cluster refuses the change: the object has to be deleted first.",
        "app: shop",
        "app.kubernetes.io/name: shop",
    ),
    _object(
        "object-namespace",
        "a Kubernetes object is in another namespace",
        REQUIRE,
        "Everything is made anew there, and the old objects stay.",
        "namespace: default",
        "namespace: shop",
    ),
    _object(
        "object-api",
        "a Kubernetes object is of another version of the API",
        ASK,
        "The cluster must know that version.",
        "apps/v1",
        "apps/v2",
    ),
    _object("object-port", "a port of a Kubernetes object is gone", REQUIRE, NEW_ADDRESS, "8080", "3000"),
    _object(
        "object-address",
        "a host, a path or a type of a Kubernetes object is gone",
        REQUIRE,
        NEW_ADDRESS,
        "shop.example",
        "car.example",
        _INGRESS,
    ),
    _object(
        "object-env",
        "a container of a Kubernetes object no longer gets a variable",
        REQUIRE,
        "Overlays that set it have no effect any more, and what reads it finds nothing.",
        "name: DB_URL",
        "name: DATABASE_URL",
    ),
    _object("object-volume", "a volume of a Kubernetes object is mounted at another place", REQUIRE, NEW_PLACE, "/data", "/srv"),
    _object(
        "object-reference",
        "a Kubernetes object needs a secret or a configuration that it did not need",
        REQUIRE,
        "The pods do not start before it is there.",
        "value: db",
        "valueFrom:\n                secretKeyRef:\n                  name: shop\n                  key: url",
    ),
    Fact(
        "object-data-removed",
        "a Kubernetes object is gone that holds data or other objects",
        REQUIRE,
        _OBJECT,
        "What it holds goes with it, if it is deleted.",
        phases=ANY_PHASE,
        wrong={"k8s/shop.yaml": (_OBJECT_TEXT, None)},
    ),
    _object(
        "object-version-dropped",
        "a kind of Kubernetes objects is no longer served in a version",
        REQUIRE,
        "Objects and programs of that version are refused.",
        "served: true",
        "served: false",
        _DEFINITION,
    ),
    _object(
        "object-limits",
        "a container of a Kubernetes object gets less memory",
        ASK,
        "It is killed where it needs more.",
        "memory: 2Gi",
        "memory: 1Gi",
    ),
    _object(
        "object-schedule",
        "recurring work of a cluster runs at other times",
        ASK,
        "Load and results come at other times.",
        "0 4",
        "0 5",
        _CRON,
    ),
    _object(
        "object-runs",
        "a Kubernetes object is started, probed or allowed in another way",
        ASK,
        "Overlays of it have to be compared, and the image that runs must know the new way.",
        "[serve]",
        "[run]",
    ),
)
