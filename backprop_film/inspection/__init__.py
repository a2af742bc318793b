"""Playing a chapter undrawn, and what a careful viewer would object to: in what stands, in moves, and in their pace."""

from .faults import Faults
from .findings import EVERY, Finding, Inspector, inspect, pictured

__all__ = ["EVERY", "Faults", "Finding", "Inspector", "inspect", "pictured"]
