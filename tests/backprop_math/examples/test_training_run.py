import numpy as np
import pytest

from backprop_math import Example, Network, TrainingRun, load_example
from backprop_math.examples import training_run


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def by_hand(example, rate, steps):
    """Full-batch gradient descent on the mean of Σ(a − y)², sigmoid layers, matrices only: costs, and outputs."""
    W, b = [w.copy() for w in example.network.W], [v.copy() for v in example.network.b]
    x, y = example.training
    costs = []
    for _ in range(steps + 1):
        a = [x]
        for w, v in zip(W, b, strict=True):
            a.append(sigmoid(a[-1] @ w.T + v))
        costs.append(float(((a[-1] - y) ** 2).sum(axis=1).mean()))
        delta = 2 * (a[-1] - y) * a[-1] * (1 - a[-1]) / len(x)
        for layer in reversed(range(len(W))):
            dW, db = delta.T @ a[layer], delta.sum(axis=0)
            delta = delta @ W[layer] * a[layer] * (1 - a[layer])
            W[layer] -= rate * dW
            b[layer] -= rate * db
    return np.array(costs), a[-1]


@pytest.mark.parametrize(("name", "rate", "steps"), [("two_outputs", 2.0, 80), ("introduction", 1.0, 300)])
def test_a_run_is_that_of_matrices_alone(name, rate, steps):
    example = load_example(name)
    run = TrainingRun.of(example, steps, rate)
    costs, said = by_hand(example, rate, steps)
    assert run.costs == pytest.approx(costs, rel=1e-9)
    right = int((said.argmax(axis=1) == example.training[1].argmax(axis=1)).sum())
    assert run.outputs(0, example.training[0]).shape == example.training[1].shape
    assert run.right(steps) == right == 274


def test_the_penguin_of_the_opening_gets_its_answer():
    """0.94 and 0.07 after 300 steps, where it was 0.26 and 0.66; 151 of 274 were right."""
    run = TrainingRun.of(load_example("introduction"), 300, 1.0)
    before, after = (run.outputs(step, run.example.inputs[:1])[0] for step in (0, 300))
    assert before.round(2).tolist() == [0.26, 0.66]
    assert after.round(2).tolist() == [0.94, 0.07]
    assert (run.right(0), run.right(300), run.count) == (151, 274, 274)


def test_a_rate_is_found_for_any_size():
    for scale in (1e-6, 1.0, 1e6):
        network = Network.from_arrays([[[0.3, -0.2]]], [[0.1]], activation="identity", cost="squared_error")
        inputs = scale * np.array([[1.0, 2.0], [2.0, -1.0]])
        run = TrainingRun.of(Example("x", "", network, inputs, scale * np.array([[1.0], [0.5]])), 40)
        assert len(run) == 40
        assert bool(np.all(np.diff(run.costs) <= 0))
        assert run.right(0) is None  # those targets are no classes


def test_one_output_is_right_by_a_half():
    network = Network.from_arrays([[[4.0]]], [[-2.0]], activation="sigmoid", cost="cross_entropy")
    example = Example("x", "", network, np.array([[1.0], [0.0], [0.2]]), np.array([[1.0], [0.0], [1.0]]))
    assert TrainingRun.of(example, 3, 1e-9).right(0) == 2


def test_of_a_very_large_network_only_some_steps_are_kept(monkeypatch):
    example = load_example("two_outputs")
    whole = TrainingRun.of(example, 20, 2.0)
    monkeypatch.setattr(training_run, "_KEPT", 5 * sum(W.size for W in example.network.W))
    run = TrainingRun.of(example, 20, 2.0)
    assert list(run.networks) == [0, 4, 8, 12, 16, 20]
    assert run.costs.tolist() == whole.costs.tolist()
    assert run.network(11) is run.networks[8]
    assert run.outputs(20, example.inputs).tolist() == whole.outputs(20, example.inputs).tolist()


def test_a_cost_that_stays_is_a_run_too():
    network = Network.from_arrays([[[1.0]]], [[-5.0]], activation="relu", cost="squared_error")
    run = TrainingRun.of(Example("x", "", network, np.array([[1.0]]), np.array([[1.0]])), 7)
    assert run.costs.tolist() == [1.0] * 8


def test_a_run_that_leaves_all_numbers_ends_where_it_did():
    network = Network.from_arrays([[[1.0]]], [[0.0]], activation="identity", cost="squared_error")
    run = TrainingRun.of(Example("x", "", network, np.array([[1e3]]), np.array([[0.0]])), 80, 1e3)
    assert 0 < len(run) < 80
    assert np.isfinite(run.costs).all()
    assert run.network(len(run)).gradient([[1e3]], [[0.0]])[0] == run.costs[-1]
