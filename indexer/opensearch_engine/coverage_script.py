"""The script that multiplies scores by how much of a title some texts cover; see `Coverage`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from indexer.engine.queries import Coverage
from indexer.opensearch_engine.mapping import COVERAGE_FIELDS, TITLE_LENGTH
from indexer.opensearch_engine.phrase_lowering import DslQuery, is_sendable

_COVERAGE_SCRIPT: Final = """
def words = doc[params.words];
def length = doc[params.length];
if (words.size() == 0 || length.size() == 0 || length.value > params.longest) {
  return _score;
}
double some = 0;
int count = 0;
for (int i = 0; i < words.size(); i++) {
  def weight = params.weights.get(words.get(i));
  if (weight != null) {
    some += ((Number) weight).doubleValue();
    count++;
  }
}
if (count == 0) {
  return _score;
}
double others = Math.max(length.value - count, 0) * params.mean;
return _score * (1 + params.boost * (some / params.total) * (some / (some + others)));
""".strip()


def cover_query(query: DslQuery, node: Coverage, weights: Mapping[str, float]) -> DslQuery:
    """Return a query whose scores are multiplied.

    Args:
        query: what matches and scores.
        node: names the field, the boost and the longest title.
        weights: text -> its idf; at least one.
    """
    total = sum(weights.values())
    parameters = {
        "words": COVERAGE_FIELDS[node.field],
        "length": TITLE_LENGTH,
        "longest": node.longest,
        "weights": {text: weight for text, weight in weights.items() if is_sendable(text)},
        "total": total,
        "mean": total / len(weights),
        "boost": node.boost,
    }
    script = {"source": _COVERAGE_SCRIPT, "params": parameters}
    return {"script_score": {"query": query, "script": script}}
