"""What must come before what: circles, an order that respects it, what still holds a thing back.

`needs` gives, for each thing, those that it needs first. Pure; the order of what is given settles
every tie, so the same plan is always told in the same order.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def circle_in(needs: Mapping[Node, Collection[Node]]) -> list[Node]:
    """Return things of which each needs the next and the last needs the first; [] for none."""
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        circle: list[Node] = error.args[1]  # each is needed by the next, the first one said twice
        return circle[:0:-1]
    return []


def in_order(nodes: Sequence[Node], needs: Mapping[Node, Collection[Node]]) -> list[Node]:
    """Return the nodes, each after those it needs, else in the order given.

    ValueError when some go round in a circle.
    """
    rank = {node: place for place, node in enumerate(nodes)}
    known = {node: [one for one in needs.get(node, ()) if one in rank] for node in nodes}
    sorter = TopologicalSorter(known)
    sorter.prepare()
    ordered: list[Node] = []
    ready: list[int] = []
    while sorter.is_active():
        for node in sorter.get_ready():
            heappush(ready, rank[node])
        ordered.append(nodes[heappop(ready)])
        sorter.done(ordered[-1])
    return ordered


def holding(
    node: Node, needs: Mapping[Node, Collection[Node]], unfinished: Collection[Node]
) -> list[Node]:
    """Return what a thing waits for: those it needs that are not finished, in their order."""
    return [one for one in needs.get(node, ()) if one in unfinished]


def told_circle(titles: Sequence[str]) -> str:
    """Say in French which titles go round: « A » attend « B », qui attend « A »."""
    quoted = [f"«\u00a0{title}\u00a0»" for title in (*titles, titles[0])]
    return f"Ces actions s’attendent en rond\u00a0: {', qui attend '.join(quoted)}."
