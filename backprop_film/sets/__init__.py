"""Stage sets: what several chapters share and nobody else needs."""

from .collecting import Step, around, collected, short
from .last_layers import LastLayers, gradient_beside, last_layers, layer_by_layer
from .layer_chains import LayerChains, LayerPicture, gradient_decimals
from .layers_chapter import LayersChapter, carried_from, digits
from .named_chain import NamedChain
from .single import (
    COUNT_WORDS,
    NUDGES,
    Link,
    gradient_at_the_right,
    last_link_tree,
    mean_gradient_at_the_right,
    misfit_of_single_neurons,
    named_chain_at_the_left,
)
from .walk import ArrowNumbers, span, walk_back

__all__ = [
    "COUNT_WORDS",
    "NUDGES",
    "ArrowNumbers",
    "LastLayers",
    "LayerChains",
    "LayerPicture",
    "LayersChapter",
    "Link",
    "NamedChain",
    "Step",
    "around",
    "carried_from",
    "collected",
    "digits",
    "gradient_at_the_right",
    "gradient_beside",
    "gradient_decimals",
    "last_layers",
    "last_link_tree",
    "layer_by_layer",
    "mean_gradient_at_the_right",
    "misfit_of_single_neurons",
    "named_chain_at_the_left",
    "short",
    "span",
    "walk_back",
]
