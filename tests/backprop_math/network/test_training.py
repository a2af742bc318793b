"""Training, against closed forms and steps by hand."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_math import Adam, GradientDescent, Momentum, Network, load_example, train
from backprop_math.network import TrainingError

from ..strategies import modest, problems

XOR = [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]


def regression(seed, n=12, inputs=3, outputs=2):
    """A linear network and data for it, and the exact least squares solution by the normal equations."""
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(n, inputs)), rng.normal(size=(n, outputs))
    network = Network.random((inputs, outputs), activation="identity", seed=seed)
    with_ones = np.hstack([x, np.ones((n, 1))])
    best = np.linalg.solve(with_ones.T @ with_ones, with_ones.T @ y).T
    return network, x, y, with_ones, best


def parameters(network):
    return np.hstack([network.W[1], network.b[1][:, None]])


@given(st.integers(0, 1000), st.integers(1, 40))
@modest
def test_gradient_descent_on_a_quadratic_follows_its_closed_form(seed, steps):
    """C = mean |Wx + b − y|²: after t steps, W_t − W* = (W_0 − W*)(I − 2η XᵀX/n)ᵗ."""
    network, x, y, with_ones, best = regression(seed)
    rate = 0.05
    shrink = np.eye(4) - 2 * rate * with_ones.T @ with_ones / len(x)
    expected = best + (parameters(network) - best) @ np.linalg.matrix_power(shrink, steps)
    trained, history = train(network, x, y, optimizer=GradientDescent(rate), epochs=steps)
    assert parameters(trained) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert len(history) == steps


@given(st.integers(0, 1000), st.integers(1, 30))
@modest
def test_momentum_on_a_quadratic_follows_its_closed_form(seed, steps):
    """In each eigendirection of 2XᵀX/n with eigenvalue λ, (e, v) ← [[1 − ηλ, μ], [−ηλ, μ]] (e, v)."""
    network, x, y, with_ones, best = regression(seed)
    rate, mu = 0.03, 0.8
    eigenvalues, directions = np.linalg.eigh(2 * with_ones.T @ with_ones / len(x))
    start = (parameters(network) - best) @ directions
    end = np.empty_like(start)
    for i, eigenvalue in enumerate(eigenvalues):
        matrix = np.array([[1 - rate * eigenvalue, mu], [-rate * eigenvalue, mu]])
        end[:, i] = np.linalg.matrix_power(matrix, steps)[0, 0] * start[:, i]
    trained, _ = train(network, x, y, optimizer=Momentum(rate, mu), epochs=steps)
    assert parameters(trained) == pytest.approx(best + end @ directions.T, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("optimizer", [GradientDescent(0.2), Momentum(0.05, 0.9), Adam(0.02)])
def test_linear_regression_ends_at_the_normal_equations(optimizer):
    network, x, y, with_ones, best = regression(4)
    trained, history = train(network, x, y, optimizer=optimizer, epochs=3000)
    assert parameters(trained) == pytest.approx(best, abs=1e-5)
    residual = np.mean(np.sum((with_ones @ best.T - y) ** 2, axis=1))
    assert history.cost[-1] == pytest.approx(residual, rel=1e-6)
    assert history.dW_norm[1][-1] < 1e-4 < history.dW_norm[1][0]


def one_weight():
    """C = (w x + b − y)², with x = 2 and y = 1, from w = 0.5 and b = 0.25."""
    return Network.from_arrays([[[0.5]]], [[0.25]], activation="identity"), [[2.0]], [[1.0]]


def test_three_steps_of_gradient_descent_by_hand():
    network, x, y = one_weight()
    trained, history = train(network, x, y, optimizer=GradientDescent(0.125), epochs=3)
    # a − y = 0.25, then −0.0625, then 0.015625: each step multiplies it by 1 − 2η (x² + 1) = −0.25.
    assert history.cost.tolist() == [0.25**2, 0.0625**2, 0.015625**2]
    assert history.dW_norm[1].tolist() == [1.0, 0.25, 0.0625]
    assert history.db_norm[1].tolist() == [0.5, 0.125, 0.03125]
    assert trained.W[1].item() == 0.5 - 0.125 * (1.0 - 0.25 + 0.0625)
    assert trained.b[1].item() == 0.25 - 0.125 * (0.5 - 0.125 + 0.03125)
    assert network.W[1].item() == 0.5


def test_three_steps_of_momentum_by_hand():
    network, x, y = one_weight()
    w, b, vw, vb = 0.5, 0.25, 0.0, 0.0
    for _ in range(3):
        error = 2 * (2 * w + b - 1)
        vw, vb = 0.5 * vw - 0.1 * 2 * error, 0.5 * vb - 0.1 * error
        w, b = w + vw, b + vb
    trained, _ = train(network, x, y, optimizer=Momentum(0.1, 0.5), epochs=3)
    assert (trained.W[1].item(), trained.b[1].item()) == pytest.approx((w, b), rel=1e-14)


def test_three_steps_of_adam_by_hand():
    """The first step moves every parameter by the rate (less what ε takes), whatever the gradient's size."""
    network, x, y = one_weight()
    rate, beta1, beta2, epsilon = 0.1, 0.8, 0.9, 1e-3
    values, m, v = [0.5, 0.25], [0.0, 0.0], [0.0, 0.0]
    seen = []
    for t in (1, 2, 3):
        error = 2 * (2 * values[0] + values[1] - 1)
        for i, g in enumerate((2 * error, error)):
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g * g
            values[i] -= rate * (m[i] / (1 - beta1**t)) / (math.sqrt(v[i] / (1 - beta2**t)) + epsilon)
        seen.append(tuple(values))
    assert seen[0] == pytest.approx((0.4, 0.15), abs=2e-3 * rate)
    for epochs, expected in enumerate(seen, 1):
        trained, _ = train(network, x, y, optimizer=Adam(rate, beta1, beta2, epsilon), epochs=epochs)
        assert (trained.W[1].item(), trained.b[1].item()) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("optimizer", [Momentum(0.2), Adam(0.05)])
def test_xor_is_learned(optimizer):
    start = Network.random((2, 3, 1), activation=["tanh", "sigmoid"], seed=3)
    trained, history = train(start, *XOR, optimizer=optimizer, epochs=300)
    assert history.cost[0] > 0.2
    assert history.cost[-1] < 0.002
    assert trained.forward(XOR[0]).a[2] == pytest.approx(np.array(XOR[1]), abs=0.1)


@given(problems(), st.integers(1, 4), st.integers(0, 99))
@modest
def test_every_epoch_goes_once_through_all_examples(problem, batch_size, seed):
    network, x, y = problem
    x, y = np.resize(x, (7, x.shape[-1])), np.resize(y, (7, y.shape[-1]))
    steps = []
    train(network, x, y, optimizer=GradientDescent(1e-9), epochs=3, batch_size=batch_size, seed=seed,
          callbacks=[steps.append])  # fmt: skip
    assert [step.index for step in steps] == list(range(len(steps)))
    for epoch in range(3):
        batches = [step.examples for step in steps if step.epoch == epoch]
        assert sorted(i for batch in batches for i in batch) == list(range(7))
        assert [len(batch) for batch in batches[:-1]] == [batch_size] * (7 // batch_size - (7 % batch_size == 0))
        assert 0 < len(batches[-1]) <= batch_size


def test_a_step_starts_from_the_gradient_of_its_own_examples():
    example = load_example("several")
    steps = []
    _, history = train(example.network, example.inputs, example.targets, optimizer=GradientDescent(0.5), epochs=2,
                       batch_size=2, seed=1, callbacks=[steps.append])  # fmt: skip
    network = example.network
    for i, step in enumerate(steps):
        chosen = list(step.examples)
        # The mean over the batch, example by example.
        traces = [network.forward(example.inputs[k]).backward(example.targets[k]) for k in chosen]
        assert step.cost == history.cost[i] == pytest.approx(np.mean([trace.cost for trace in traces]), rel=1e-14)
        for layer in (1, 2, 3):
            mean = np.mean([trace.dW[layer] for trace in traces], axis=0)
            assert step.gradient.dW[layer] == pytest.approx(mean, rel=1e-12)
            assert history.dW_norm[layer][i] == pytest.approx(math.sqrt(np.sum(mean**2)), rel=1e-12)
            assert step.after.W[layer] == pytest.approx(network.W[layer] - 0.5 * mean, rel=1e-12)
        assert step.before.W[1] == network.W[1]
        network = step.after


def test_gradients_vanish_towards_the_first_layers():
    """What the chapter on vanishing gradients draws: layer by layer, at most a quarter is left."""
    deep = Network.random((1, *[1] * 7), seed=3)
    _, history = train(deep, [[0.5]], [[1.0]], epochs=1)
    biases = [history.db_norm[layer][0] for layer in range(1, 8)]
    for layer in range(1, 7):
        weight = abs(deep.W[layer + 1].item())
        assert biases[layer - 1] <= 0.25 * weight * biases[layer] * (1 + 1e-12)


def test_the_seed_decides():
    network = Network.random((2, 3, 1), seed=0)
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(20, 2)), rng.normal(size=(20, 1))

    def run(**options):
        return train(network, x, y, epochs=3, **options)

    one, same, other = (run(batch_size=4, seed=seed) for seed in (1, 1, 2))
    assert one.history.cost.tolist() == same.history.cost.tolist()
    assert all((a == b).all() for a, b in zip(one.network.W, same.network.W, strict=True))
    assert one.history.cost.tolist() != other.history.cost.tolist()
    # Whole batches have no order to be chosen.
    assert run(seed=1).history.cost.tolist() == run(seed=2).history.cost.tolist()
    assert len(run(batch_size=7).history) == 3 * 3


def test_a_callback_may_end_the_training():
    told = []

    def enough(step):
        return step.cost < 0.2

    trained, history = train(Network.random((2, 3, 1), seed=0), *XOR, optimizer=Adam(0.05), epochs=10_000,
                             callbacks=[enough, told.append])  # fmt: skip
    assert 1 < len(history) == len(told) < 1000
    assert history.cost[-1] < 0.2 <= history.cost[-2]
    assert trained is told[-1].after


@pytest.mark.parametrize(
    ("rate", "message"),
    [
        (1e200, r"step 1, epoch 1: the cost, inf, or what follows from it is not finite"),
        (1e80, r"step 2, epoch 2: the (cost, inf,|gradient) or what follows from it is not finite"),
        (10.0, r"step \d{2,3}, epoch \d{2,3}: the (cost, inf,|gradient) or what follows .*Descent\(rate=10.0\)$"),
    ],
)
def test_training_that_runs_away_says_when(rate, message):
    network, x, y = one_weight()
    with pytest.raises(TrainingError, match=message) as caught:
        train(network, x, y, optimizer=GradientDescent(rate), epochs=2000)
    history = caught.value.history
    assert len(history) == int(re.match(r"step (\d+)", str(caught.value))[1])
    assert np.isfinite(history.cost).all()
    assert math.isfinite(network.gradient(x, y)[0])
    assert np.isfinite(caught.value.network.W[1]).all()


def test_a_step_out_of_all_numbers_is_not_taken():
    network = Network.from_arrays([[[0.5]]], [[0.25]], activation="identity", dtype="float32")
    with pytest.raises(TrainingError, match=r"step 0, epoch 0: the gradient or what follows from it") as caught:
        train(network, [[2.0]], [[1.0]], optimizer=GradientDescent(1e39))
    assert len(caught.value.history) == 0
    assert caught.value.network is network


def test_single_precision_stays_single():
    network = Network.random((2, 3, 1), seed=0, dtype="float32")
    for optimizer in (GradientDescent(0.1), Momentum(0.1), Adam(np.float64(0.1))):
        trained, history = train(network, *XOR, optimizer=optimizer, epochs=5)
        assert {array.dtype.name for array in (*trained.W, *trained.b)} == {"float32"}
        assert history.cost[-1] < history.cost[0]


def test_an_optimizer_of_ones_own():
    class Signs:
        def step(self, gradient, memory):
            return -0.25 * np.sign(gradient), None

    network, x, y = one_weight()
    trained, _ = train(network, x, y, optimizer=Signs(), epochs=1)
    assert (trained.W[1].item(), trained.b[1].item()) == (0.25, 0.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda n: train(n, [[1.0]], [[1.0]]), "inputs: found shape (1, 1), expected (n, 2)"),
        (lambda n: train(n, [1.0, 2.0], [[1.0]]), "inputs: found shape (2,), expected (n, 2)"),
        (lambda n: train(n, [[1.0, 2.0]], [[1.0], [2.0]]), "targets: found shape (2, 1), expected (1, 1)"),
        (lambda n: train(n, np.zeros((0, 2)), np.zeros((0, 1))), "inputs: found shape (0, 2), expected at least one"),
        (lambda n: train(n, [[math.nan, 2.0]], [[1.0]]), "inputs: found nan at index [0, 0]"),
        (lambda n: train(n, *XOR, epochs=0), "epochs: found 0, expected a whole number from 1 on"),
        (lambda n: train(n, *XOR, batch_size=2.5), "batch_size: found 2.5, expected a whole number from 1 on"),
        (lambda n: train(n, *XOR, batch_size=0), "batch_size: found 0"),
        (lambda n: GradientDescent(-0.1), "rate: found -0.1, expected a finite number above 0"),
        (lambda n: Adam(math.inf), "rate: found inf, expected a finite number above 0"),
        (lambda n: Adam("fast"), "rate: found 'fast', expected a finite number above 0"),
        (lambda n: Momentum(0.1, 1.0), "momentum: found 1.0, expected a number from 0 on, below 1"),
        (lambda n: Adam(beta2=math.nan), "beta2: found nan, expected a number from 0 on, below 1"),
        (lambda n: Adam(epsilon=True), "epsilon: found True"),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call(Network.random((2, 3, 1), seed=0))
