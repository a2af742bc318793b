"""Copies, pickles and other processes: what is immutable stays so, and calculates the same everywhere."""

import copy
import multiprocessing
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import FrozenInstanceError, replace
from functools import partial

import numpy as np
import pytest

from backprop_math import (
    ACTIVATIONS,
    COSTS,
    Activation,
    Bias,
    ChainRule,
    Conv2D,
    Cost,
    Dense,
    Flatten,
    GradientDescent,
    MaxPool2D,
    Momentum,
    Network,
    Notation,
    Nudge,
    Weight,
    load_example,
    register_activation,
    register_cost,
    train,
)
from backprop_math.formula import Power
from backprop_math.functions import OUTPUT_ACTIVATIONS
from backprop_math.network import TrainingError

XOR = [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]
NET = Network.random((2, 3, 2), activation=["tanh", "softmax"], cost="categorical_cross_entropy", seed=1)
TRACE = NET.forward([0.5, -1.0]).backward([1.0, 0.0])
IMAGES = Network(
    [Conv2D.random(2, 1, (2, 2)), MaxPool2D(2), Flatten(), Dense.random(1, 2, activation="sigmoid")], shape=(1, 3, 3)
)
WAYS = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    **{f"pickle {p}": lambda it, p=p: pickle.loads(pickle.dumps(it, p)) for p in range(pickle.HIGHEST_PROTOCOL + 1)},
}
THINGS = {
    "network": NET,
    "network of images": IMAGES,
    "layer": NET.stack[0],
    "convolution": IMAGES.stack[0],
    "arrays": NET.W,
    "forward pass": TRACE.forward,
    "backward pass": TRACE,
    "gradient": NET.gradient([0.5, -1.0], [1.0, 0.0])[1],
    "history": train(NET, [[0.5, -1.0]], [[1.0, 0.0]], epochs=2).history,
    "example": load_example("simplest"),
    "notation": Notation(NET),
    "chain rule": TRACE.chain_rule(Weight(1, 0, 0)),
    "equations": TRACE.equations(1),
    "graph": TRACE.graph,
    "nudge": Nudge(load_example("simplest"), Weight(1, 0, 0), 0.1),
    "activation": ACTIVATIONS["silu"],
    "cost": COSTS["cross_entropy"],
    "softmax": OUTPUT_ACTIVATIONS["softmax"],
    "quantity": Weight(1, 0, 0),
}


def arrays_in(thing, seen=None):
    """Every array that an object holds, however deep."""
    seen = {} if seen is None else seen
    if id(thing) in seen:
        return
    seen[id(thing)] = thing
    if isinstance(thing, np.ndarray):
        yield thing
        return
    inner = [*thing] if isinstance(thing, tuple) else [*getattr(thing, "__dict__", {}).values()]
    for part in inner:
        yield from arrays_in(part, seen)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("thing", THINGS.values(), ids=THINGS)
def test_everything_can_be_copied_and_pickled_and_stays_read_only(thing, way):
    there = way(thing)
    assert type(there) is type(thing)
    for found, expected in zip(arrays_in(there), arrays_in(thing), strict=False):
        assert found.tolist() == expected.tolist()
        assert not found.flags.writeable
    for name in ("W", "typo", "cost", "name", "layer"):
        with pytest.raises((FrozenInstanceError, TypeError)):
            setattr(there, name, 3)
        with pytest.raises((AttributeError, TypeError)):
            delattr(there, name)
    assert "typo" not in vars(there)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("network", [NET, IMAGES], ids=["dense", "images"])
def test_a_copy_calculates_what_the_original_does(network, way):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(3, *network.shapes[0])), np.eye(3)[:, : network.layers[-1]].round() + 0.0
    y[2] = y[0]
    cost, gradient = network.gradient(x, y)  # leaves a workspace behind
    there = way(network)
    assert repr(there) == repr(network)
    assert there.gradient(x, y)[0] == cost
    assert there.forward(x).backward(y).cost == pytest.approx(cost, rel=1e-14)
    changed = there.replace({Bias(network.L, 0): 3.0})
    found, slopes = changed.gradient(x, y)
    trace = changed.forward(x).backward(y)
    assert found == pytest.approx(trace.cost, rel=1e-14)
    assert found != cost
    assert slopes.db[network.L] == pytest.approx(trace.db[network.L], rel=1e-12)
    assert gradient.db[network.L].tolist() == there.gradient(x, y)[1].db[network.L].tolist()


def test_an_edit_of_a_copy_is_refused_rather_than_half_taken():
    NET.gradient([0.5, -1.0], [1.0, 0.0])
    there = copy.deepcopy(NET)
    for array in (there.W[1], there.stack[0].W, there.b[2], NET.W[1], pickle.loads(pickle.dumps(NET)).W[2]):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0.0
    with pytest.raises(TypeError):
        there.W[1] = np.zeros((3, 2))
    assert there.gradient([0.5, -1.0], [1.0, 0.0])[0] == there.forward([0.5, -1.0]).backward([1.0, 0.0]).cost


def test_arrays_given_to_a_layer_or_an_example_stay_the_callers_and_are_not_watched():
    mine, biases = np.array([[0.5]]), np.array([0.0])
    network = Network([Dense(mine, biases, ACTIVATIONS["identity"])])
    network.gradient([1.0], [0.0])
    mine[0, 0] = 9.0
    assert network.W[1].item() == network.stack[0].W.item() == 0.5
    inputs, targets = np.array([[2.0]]), np.array([[0.0]])
    example = replace(load_example("simplest"), network=network, inputs=inputs, targets=targets)
    inputs[0, 0] = 7.0
    assert example.trace().cost == 1.0
    with pytest.raises(ValueError, match="read-only"):
        example.inputs[0, 0] = 1.0


def test_a_pickle_brings_no_caches_and_finds_them_anew():
    trace = NET.forward([0.5, -1.0]).backward([1.0, 0.0])
    before = len(pickle.dumps(trace))
    rule = trace.graph.derivative(Cost(), Weight(1, 0, 0))
    assert len(pickle.dumps(trace)) == before
    there = pickle.loads(pickle.dumps(trace.chain_rule(Weight(1, 0, 0))))
    assert isinstance(there, ChainRule)
    assert there.value == pytest.approx(rule, rel=1e-14)
    assert str(there) == str(trace.chain_rule(Weight(1, 0, 0)))
    assert there.trace.value(Activation(2, 1)) == trace.value(Activation(2, 1))


def trained_cost(optimizer, seed):
    start = Network.random((2, 3, 1), activation=["tanh", "sigmoid"], seed=seed)
    return train(start, *XOR, optimizer=optimizer, epochs=20)


def test_several_seeds_train_in_a_pool_of_processes():
    run, seeds = partial(trained_cost, Momentum(0.2)), range(3)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        apart = list(pool.map(run, seeds))
        sent = list(pool.map(Network.forward, [network for network, _ in apart], [XOR[0]] * 3))
    for (network, history), (there, told), forward in zip(map(run, seeds), apart, sent, strict=True):
        assert there.W[1].tolist() == network.W[1].tolist()
        assert told.cost.tolist() == history.cost.tolist()
        assert forward.a[2].tolist() == network.forward(XOR[0]).a[2].tolist()


def test_a_failure_of_training_comes_back_from_a_pool_of_processes():
    net = Network.from_arrays([[[0.5]]], [[0.25]], activation="identity")
    with pytest.raises(TrainingError) as caught:
        train(net, [[2.0]], [[1.0]], optimizer=GradientDescent(1e200), epochs=9)
    there = pickle.loads(pickle.dumps(caught.value))
    assert str(there) == str(caught.value)
    assert there.history.cost.tolist() == caught.value.history.cost.tolist()
    assert there.network.W[1].tolist() == caught.value.network.W[1].tolist()


@pytest.fixture
def own_rows():
    """An activation and a cost of the user's, made of lambdas."""
    activation = register_activation(
        "bent", f=lambda z: z * z, df=lambda z: 2 * z, formula=lambda z: Power(z, 2), derivative_formula=lambda z: z
    )
    half = COSTS["half_squared_error"]
    cost = register_cost("own", value=half.value, da=half.da, dy=half.dy, formula=half.formula,
                         da_formula=half.da_formula, dy_formula=half.dy_formula)  # fmt: skip
    yield activation, cost
    del ACTIVATIONS["bent"], COSTS["own"]


@pytest.mark.parametrize("kind", ["activation", "cost"])
def test_rows_of_ones_own_travel_by_name(own_rows, kind, tmp_path):
    activation, cost = own_rows
    given = {"activation": "bent"} if kind == "activation" else {"cost": "own"}
    network = Network.random((2, 2), seed=1, **given)
    there = pickle.loads(pickle.dumps(network))
    assert there.activation[0] is network.activation[0]
    assert there.cost is network.cost
    assert copy.deepcopy(activation) is activation
    assert copy.deepcopy(cost) is cost
    (tmp_path / "net.pickle").write_bytes(pickle.dumps(network))
    load = "import pickle, pathlib, sys; pickle.loads(pathlib.Path(sys.argv[1]).read_bytes())"
    run = subprocess.run([sys.executable, "-c", load, tmp_path / "net.pickle"], capture_output=True, text=True)
    name = "bent" if kind == "activation" else "own"
    assert run.stderr.splitlines()[-1] == (
        f"ValueError: {kind} {name!r}: found in a pickle but not in this process, expected it registered here too, "
        f"by register_{kind}"
    )


def test_a_row_that_is_in_no_table_is_not_taken_for_the_one_of_its_name():
    other = replace(ACTIVATIONS["sigmoid"], df=np.ones_like)
    assert copy.deepcopy(other).df is np.ones_like
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(other)
