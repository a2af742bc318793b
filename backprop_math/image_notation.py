"""The notation for a convolutional network: that of its fully connected head, and names for what belongs to images."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .convolution import Conv2D, ImageLayer
from .expression import Cases, Expression, Number, Relation, Symbol
from .notation import Notation
from .quantities import Activation, Bias, Index, KernelWeight, Pixel, PixelSum, Quantity, Weight, WeightedSum, shifted

__all__ = ["ImageNotation"]


@dataclass(frozen=True)
class ImageNotation(Notation):
    """`Notation` for a network whose ``network`` is the head, behind ``image_layers``; layers are numbered through."""

    image_layers: tuple[ImageLayer, ...] = ()

    def symbol(self, quantity: Quantity) -> Symbol:
        """``w_{f c, i j}^(l)`` of filter, channel, row and column; ``a_{c, i j}^(l)`` of channel, row and column."""
        if isinstance(quantity, KernelWeight | PixelSum | Pixel) or self._of_images(quantity):
            *outer, row, column = (
                map(str, quantity.indices) if len(quantity.indices) > 2 else (*quantity.indices, "", "")
            )
            subscript = " ".join(map(str, outer)) + (f", {row} {column}" if row else "")
            layer = quantity.layer  # type: ignore[attr-defined]
            return Symbol(quantity.letter, self.layer_name(self._head(layer)), subscript, quantity)
        plain = self._plain.symbol(self._in_head(quantity))
        if isinstance(quantity, Weight | Bias | WeightedSum | Activation):
            plain = replace(plain, superscript=self.layer_name(self._head(quantity.layer)))
        return replace(plain, quantity=quantity)

    @property
    def _plain(self) -> Notation:
        """The head's own notation, which numbers its layers from 1."""
        return Notation(self.network, self.layers, self.longest_sum)

    def layer_name(self, layer: Index) -> str:
        """Counted from the last layer or from the image."""
        absolute = self.layers == "absolute" and not isinstance(layer, str)
        return str(int(layer) + len(self.image_layers)) if absolute else super().layer_name(layer)

    def local_derivative(self, of: Quantity, wrt: Quantity) -> Expression:
        """The formula of ∂of/∂wrt; of the largest of a window, 1 if it is this one and 0 otherwise."""
        match of, wrt:
            case PixelSum(l), KernelWeight(m, _, c, i, j) if l == m:
                layer = self.image_layers[int(l) - 1]
                assert isinstance(layer, Conv2D)
                row, column = (int(at) * layer.stride + int(k) for at, k in zip(of.indices[1:], (i, j), strict=True))
                return self.symbol(Pixel(shifted(l, -1), c, row, column))
            case PixelSum(l, f, row, column), Pixel(m, c, i, j) if shifted(l, -1) == m:
                layer = self.image_layers[int(l) - 1]
                assert isinstance(layer, Conv2D)
                at = (int(i) - int(row) * layer.stride, int(j) - int(column) * layer.stride)
                return self.symbol(KernelWeight(l, f, c, *at))
            case PixelSum(), Bias():
                return Number(1.0, 0)
            case Pixel(l), PixelSum():
                layer = self.image_layers[int(l) - 1]
                assert isinstance(layer, Conv2D)
                return layer.activation.derivative_applied(self.symbol(wrt))
            case Pixel(), Pixel():
                same = Relation((self.symbol(wrt), self.symbol(of)), ("=",))
                return Cases(((Number(1.0, 0), same),), Number(0.0, 0))
            case Activation(), Pixel():
                return Number(1.0, 0)
        return self._plain.local_derivative(self._in_head(of), self._in_head(wrt)).map(self._renumbered)

    def _renumbered(self, node: Expression) -> Expression | None:
        """A symbol's quantity in the numbering of the whole network."""
        if not isinstance(node, Symbol) or not isinstance(node.quantity, Weight | Bias | WeightedSum | Activation):
            return None
        q = node.quantity
        return self.symbol(replace(q, layer=int(q.layer) + len(self.image_layers)))

    def _head(self, layer: Index) -> Index:
        return layer if isinstance(layer, str) else layer - len(self.image_layers)

    def _of_images(self, quantity: Quantity) -> bool:
        return isinstance(quantity, Bias) and not isinstance(quantity.layer, str) and self._head(quantity.layer) <= 0  # type: ignore[operator]

    def _in_head(self, quantity: Quantity) -> Quantity:
        if isinstance(quantity, Weight | Bias | WeightedSum | Activation):
            return replace(quantity, layer=self._head(quantity.layer))
        return quantity
