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
_ROLE = (
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: shop\nrules:\n  - apiGroups: ['']\n"
    "    resources: [pods]\n    verbs: [get, list]\n"
)
_RUN_AS = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\nspec:\n  template:\n    spec:\n      securityContext:\n"
    "        runAsUser: 0\n"
)
_CRON = 'apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: shop\nspec:\n  schedule: "0 4 * * *"\n'


def _object(name: str, summary: str, level: FactLevel, meaning: str, old: str, new: str, text: str = _OBJECT_TEXT) -> Fact:
    wrong = edit_example("k8s/shop.yaml", text, old, new)
    right = edit_example("k8s/shop.yaml", _OBJECT_TEXT, "replicas: 2", "replicas: 3")
    return Fact(name, summary, level, _OBJECT, meaning, phases=ANY_PHASE, wrong=wrong, right=right)


OBJECT_FACTS = (
    _object(
        "object-renamed",
        "Kubernetes objects are renamed or replaced",
        REQUIRE,
        "References to the old name break, and the new object does not have the data of the old one.",
        "name: shop\n  n",
        "name: shops\n  n",
    ),
    Fact(
        "objects-renamed",
        "all objects of a kustomization get new names, or a new namespace",
        REQUIRE,
        _OBJECT,
        "Kubernetes creates new objects under the new names. The old objects keep their data.",
        phases=ANY_PHASE,
        wrong={"deploy/kustomization.yaml": ("namePrefix: shop-\n", "namePrefix: store-\n")},
        right={"deploy/kustomization.yaml": ("namePrefix: shop-\n", "# Names.\nnamePrefix: shop-\n")},
    ),
    Fact(
        "object-removed",
        "a Kubernetes object is gone",
        ASK,
        _OBJECT,
        "Its pods are deleted, or stay in the cluster unmanaged.",
        phases=ANY_PHASE,
        wrong={"k8s/shop.yaml": (_CRON, None)},
    ),
    Fact(
        "object-needed",
        "a Kubernetes object is gone that callers reach or pods name",
        REQUIRE,
        _OBJECT,
        "It is not reachable any more, or pods that name it do not start.",
        phases=ANY_PHASE,
        wrong={"k8s/shop.yaml": (_INGRESS, None)},
    ),
    _object(
        "object-placed",
        "pods run only on nodes with a certain label",
        REQUIRE,
        "Pods are not started until a node has the label.",
        "    spec:\n      containers",
        "    spec:\n      nodeSelector:\n        disk: fast\n      containers",
    ),
    Fact(
        "object-added",
        "a Kubernetes object is new",
        NOTE,
        _OBJECT,
        "The cluster gets one more object.",
        wrong={"k8s/rooms.yaml": (None, _OBJECT_TEXT.replace("shop", "rooms"))},
    ),
    Fact(
        "crd-added",
        "a new kind of Kubernetes object is defined",
        ASK,
        _OBJECT,
        "A cluster administrator must install it first.",
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
        "The cluster refuses the change. Delete the object first.",
        "app: shop",
        "app.kubernetes.io/name: shop",
    ),
    _object(
        "object-namespace",
        "the namespace of a Kubernetes object changes",
        REQUIRE,
        "Kubernetes creates new objects there. The old objects stay.",
        "namespace: default",
        "namespace: shop",
    ),
    _object(
        "object-api",
        "the API version of a Kubernetes object changes",
        ASK,
        "The cluster must support that version.",
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
        "Overlays that set it have no effect, and the program does not find the variable.",
        "name: DB_URL",
        "name: DATABASE_URL",
    ),
    _object("object-volume", "the mount path of a volume of a Kubernetes object changes", REQUIRE, NEW_PLACE, "/data", "/srv"),
    _object(
        "object-reference",
        "a Kubernetes object needs a new secret or config map",
        REQUIRE,
        "The pods do not start until it exists.",
        "value: db",
        "valueFrom:\n                secretKeyRef:\n                  name: shop\n                  key: url",
    ),
    Fact(
        "object-data-removed",
        "a Kubernetes object with data or other objects is gone",
        REQUIRE,
        _OBJECT,
        "Deleting it deletes the data or objects in it.",
        phases=ANY_PHASE,
        wrong={"k8s/shop.yaml": (_OBJECT_TEXT, None)},
    ),
    _object(
        "object-version-dropped",
        "a version of a Kubernetes resource type is no longer served",
        REQUIRE,
        "The cluster refuses objects and programs that use that version.",
        "served: true",
        "served: false",
        _DEFINITION,
    ),
    _object(
        "object-limits",
        "the memory limit of a container of a Kubernetes object is lowered",
        ASK,
        "Kubernetes kills the container if it needs more.",
        "memory: 2Gi",
        "memory: 1Gi",
    ),
    _object(
        "object-schedule",
        "the schedule of recurring work in a cluster changes",
        ASK,
        "The work runs, and causes load, at other times.",
        "0 4",
        "0 5",
        _CRON,
    ),
    _object(
        "object-access",
        "a network policy or a role of a cluster allows less",
        ASK,
        "Pods or programs that used this access are refused.",
        "[get, list]",
        "[get]",
        _ROLE,
    ),
    Fact(
        "object-user",
        "the containers of a Kubernetes object run as another user or group",
        REQUIRE,
        _OBJECT,
        "The new user cannot read the files of the old one in volumes.",
        phases=ANY_PHASE,
        wrong=edit_example("k8s/shop.yaml", _RUN_AS, "runAsUser: 0", "runAsUser: 1000"),
    ),
    _object(
        "object-runs",
        "the command, the probes or the permissions of a Kubernetes object change",
        ASK,
        "Compare your overlays. The running image must support the new settings.",
        "[serve]",
        "[run]",
    ),
)
