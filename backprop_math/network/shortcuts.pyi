from ..notation import ChainRule, LayerEquations, Notation
from ..quantities import Quantity

class Written:
    def equations(self, layer: int, *, notation: Notation | None = None) -> LayerEquations: ...
    def __str__(self) -> str: ...
    def _repr_html_(self) -> str: ...
    def _repr_latex_(self) -> str | None: ...

class Shortcuts(Written):
    def chain_rule(
        self,
        wrt: Quantity | str,
        of: Quantity | str | None = None,
        *,
        notation: Notation | None = None,
        decimals: int = 2,
    ) -> ChainRule: ...
