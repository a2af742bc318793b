from ..notation import ChainRule, LayerEquations, Notation
from ..quantities import Quantity

class Shortcuts:
    def chain_rule(
        self,
        wrt: Quantity | str,
        of: Quantity | str | None = None,
        *,
        notation: Notation | None = None,
        decimals: int = 2,
    ) -> ChainRule: ...
    def equations(self, layer: int, *, notation: Notation | None = None) -> LayerEquations: ...
