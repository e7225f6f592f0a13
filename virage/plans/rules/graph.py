"""What must come before what: circles, an order that respects it, what still holds a thing back.

`needs` gives, for each thing, those that it needs first. Pure; the order of what is given settles
every tie, so the same plan is always told in the same order.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def circle_in(needs: Mapping[Node, Collection[Node]]) -> list[Node]:
    """Return things of which each needs the next and the last needs the first; [] for none."""
    clear: set[Node] = set()
    for start in needs:
        path: list[Node] = [start]
        left = [iter(needs.get(start, ()))]
        while left:
            following = next(left[-1], None)
            if following is None:
                left.pop()
                clear.add(path.pop())
            elif following in path:
                return path[path.index(following) :]
            elif following not in clear:
                path.append(following)
                left.append(iter(needs.get(following, ())))
    return []


def in_order(nodes: Sequence[Node], needs: Mapping[Node, Collection[Node]]) -> list[Node]:
    """Return the nodes, each after those it needs, else in the order given.

    ValueError when some go round in a circle.
    """
    placed: dict[Node, None] = {}
    waiting, known = list(nodes), set(nodes)
    while waiting:
        ready = next(
            (one for one in waiting if not (set(needs.get(one, ())) & known) - placed.keys()), None
        )
        if ready is None:
            raise ValueError(f"a circle: {circle_in(needs)}")
        placed[ready] = None
        waiting.remove(ready)
    return list(placed)


def holding(
    node: Node, needs: Mapping[Node, Collection[Node]], unfinished: Collection[Node]
) -> list[Node]:
    """Return what a thing waits for: those it needs that are not finished, in their order."""
    return [one for one in needs.get(node, ()) if one in unfinished]


def told_circle(titles: Sequence[str]) -> str:
    """Say in French which titles go round: « A » attend « B », qui attend « A »."""
    quoted = [f"«\u00a0{title}\u00a0»" for title in (*titles, titles[0])]
    return f"Ces actions s’attendent en rond\u00a0: {', qui attend '.join(quoted)}."
