"""A line cut where it leaves a box.

>>> import numpy as np
>>> ends = clipped(np.array([0.0, 0.0, 0.0]), np.array([4.0, 2.0, 0.0]), np.array([-1.0, -1.0, 2.0, 3.0]))
>>> [end.tolist() for end in ends]
[[0.0, 0.0, 0.0], [2.0, 1.0, 0.0]]
"""

from __future__ import annotations

import numpy as np

__all__ = ["clipped"]


def clipped(start: np.ndarray, end: np.ndarray, box: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A line from a point to another, cut where it leaves the box: left, bottom, right, top (Liang and Barsky)."""
    low, high, along = 0.0, 1.0, end - start
    for axis in (0, 1):
        for sign, limit in ((-1.0, box[axis]), (1.0, box[axis + 2])):
            pace, room = sign * along[axis], sign * (limit - start[axis])
            if pace > 0:
                high = min(high, room / pace)
            elif pace < 0:
                low = max(low, room / pace)
    if low > high:  # It does not meet the box: what is left of it is a point at its border.
        point = np.append(np.clip(start[:2], box[:2], box[2:]), 0.0)
        return point, point
    return start + low * along, start + high * along
