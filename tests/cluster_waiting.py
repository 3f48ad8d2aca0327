"""The nodes of a cluster that is not green, and the reasons of its unassigned shards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_MOST_EXPLAINED = 4
_SHARDS = "/_cat/shards?format=json&h=index,shard,prirep,state,node,unassigned.reason"
_RECOVERIES = "/_cat/recovery?format=json&active_only=true"
_RECOVERIES += "&h=index,shard,type,stage,source_node,target_node,bytes_percent"
_TASKS = "/_cat/pending_tasks?format=json&h=timeInQueue,source"

Ask = Callable[[str, str, Any], Any]
"""Sends a request to a node: method, path, body."""


def describe_waiting(ask: Ask) -> str:
    """Return the nodes, the copies that have not started and why, and recoveries under way."""
    try:
        nodes = ask("GET", "/_cat/nodes?h=name&format=json", None)
        shards = ask("GET", _SHARDS, None)
        away = [shard for shard in shards if shard["state"] != "STARTED"]
        reasons = [_explain(ask, shard) for shard in away[:_MOST_EXPLAINED]]
        others = list(map(_row, away[_MOST_EXPLAINED:]))
        works = [*ask("GET", _RECOVERIES, None), *ask("GET", _TASKS, None)]
    except OSError as error:
        return str(error)
    parts = [*reasons, *others] or ["every copy is in its place"]
    parts += [f"under way: {_row(work)}" for work in works]
    return f"{len(nodes)} nodes; {'; '.join(parts)}"


def _row(values: dict[str, Any]) -> str:
    return " ".join(str(value) for value in values.values() if value is not None)


def _explain(ask: Ask, shard: dict[str, Any]) -> str:
    """Return a copy that has not started, with the reasons that the manager gives for each node."""
    body = {
        "index": shard["index"],
        "shard": int(shard["shard"]),
        "primary": shard["prirep"] == "p",
    }
    try:
        answer = ask("POST", "/_cluster/allocation/explain", body)
    except OSError as error:
        # The copy found its place in between, or the manager is away.
        return f"{_row(shard)} ({error})"
    unassigned = answer.get("unassigned_info", {})
    reasons = [
        str(unassigned[name])
        for name in ("details", "last_allocation_status", "failed_allocation_attempts")
        if name in unassigned
    ]
    reasons += [answer[name] for name in ("allocate_explanation", "explanation") if name in answer]
    reasons += [
        f"{node.get('node_name', '?')}: {decider['explanation']}"
        for node in answer.get("node_allocation_decisions", [])
        for decider in node.get("deciders", [])
    ]
    return f"{_row(shard)} ({', '.join(reasons)})"
