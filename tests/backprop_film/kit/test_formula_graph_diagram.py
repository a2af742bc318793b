import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_film.kit import FormulaGraphDiagram
from backprop_math.autodiff import parse_formula
from tests.backprop_film.kit.any_network import faults_of

AT = {"x": 2.0, "y": 3.0, "z": 0.5}


def diagram_of(text, **at):
    return FormulaGraphDiagram(parse_formula(text, at).graph())


def test_causes_stand_left_of_effects():
    diagram = diagram_of("x*y + sin(x)", x=2, y=3)
    for edge in diagram.graph.edges:
        assert diagram.node(edge.wrt).get_x() < diagram.node(edge.of).get_x() - 0.5
    x, y = diagram.graph.inputs
    assert x.name == "x"
    assert diagram.node(x).get_x() == pytest.approx(diagram.node(y).get_x())


def test_an_edge_joins_the_circles_of_its_ends():
    diagram = diagram_of("exp(x*y) + sin(x*y)*x", x=0.5, y=1.2)
    for edge in diagram.graph.edges:
        line = diagram.edge(edge.of, edge.wrt)
        for end, node in ((line.get_start(), edge.wrt), (line.get_end(), edge.of)):
            far = np.linalg.norm(end - diagram.node(node)[0].get_center())
            assert diagram.radius * 0.9 < far < diagram.radius + 0.3


def test_an_edge_that_passes_a_column_goes_around_its_nodes():
    """x stands in the first column, what it is added to in the last one."""
    diagram = diagram_of("sin(sin(sin(x))) + x", x=1)
    x, *_, f = diagram.graph.nodes
    long_way = diagram.edge(f, x)
    for node in diagram.graph.nodes[1:-1]:
        circle = diagram.node(node)[0].get_center()
        near = min(np.linalg.norm(long_way.point_from_proportion(t) - circle) for t in np.linspace(0, 1, 60))
        assert near > diagram.radius


def test_two_numbers_at_a_node():
    diagram = diagram_of("x*y", x=2, y=3)
    x, _ = diagram.graph.inputs
    value, slope = diagram.value(x), diagram.derivative(x, 3.0)
    assert value.get_bottom()[1] > diagram.node(x).get_top()[1]
    assert slope.get_top()[1] < diagram.node(x).get_bottom()[1]
    assert slope.expression.text() == "3.00"


def test_a_node_says_what_it_does_and_its_name_stands_over_it():
    diagram = diagram_of("x*y + sin(x)", x=2, y=3)
    steps = diagram.graph.nodes[2:]
    assert [diagram.node(node)[1].string for node in steps] == ["×", "sin", "+"]
    for node in steps:
        _, _, name = diagram.node(node)
        # What comes with the value is the name again, unseen, in its place.
        again = diagram.value(node).side(0)
        assert again.get_center() == pytest.approx(name.get_center(), abs=0.02)
        assert {glyph.get_fill_opacity() for glyph in again} == {0.0}
        assert name.get_bottom()[1] > diagram.node(node)[0].get_top()[1]


def test_each_arrow_keeps_its_local_derivative():
    diagram = diagram_of("x*y + sin(x)", x=2, y=3)
    texts = {(edge.of, edge.wrt): edge.value for edge in diagram.graph.edges}
    shown = {pair: factor.expression.text().strip() for pair, factor in diagram.factors.items()}
    assert shown.keys() == texts.keys()
    assert sorted(shown.values()) == sorted(["· 3.00", "· 2.00", "· (−0.42)", "· 1.00", "· 1.00"])  # cos 2 = −0.416
    faults = faults_of(diagram, *diagram.factors.values(), *map(diagram.value, diagram.graph.nodes))
    assert faults == []


def test_without_room_the_name_stands_in_the_node():
    diagram = diagram_of("sin(sin(sin(sin(sin(sin(sin(x*y)))))))", x=2, y=3)
    assert not diagram.named
    assert diagram.factors == {}
    assert diagram.node(diagram.graph.nodes[2])[1].expression.text() == "v₁"


parts = st.recursive(
    st.sampled_from(list(AT)),
    lambda part: (
        st.tuples(part, st.sampled_from("+*-"), part).map(lambda row: f"({''.join(row)})")
        | part.map(lambda text: f"sin({text})")
    ),
    max_leaves=14,
).filter(lambda text: text not in AT)


@settings(deadline=None, max_examples=8)
@given(text=parts)
def test_any_formula_of_40_nodes_is_drawn_without_a_fault(text):
    graph = parse_formula(text, {name: value for name, value in AT.items() if name in text}).graph()
    diagram = FormulaGraphDiagram(graph).move_to([0, 0.75, 0])
    numbers = []
    if diagram.detailed:
        sweep = graph.reverse_sweep(graph.outputs[0])
        numbers = [
            made for node in graph.nodes for made in (diagram.value(node), diagram.derivative(node, sweep[node]))
        ]
        numbers += diagram.factors.values()
    assert faults_of(diagram, *numbers) == []


def test_what_is_no_graph_is_refused():
    with pytest.raises(TypeError, match=r"FormulaGraphDiagram: found 1.0, expected the graph of a formula"):
        FormulaGraphDiagram(1.0)
