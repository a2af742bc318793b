"""Whatever stands in a file, it is an example or one line says what is wrong with it: no other exception, no hang.

``pytest --networks 50`` tries fifty times as many.
"""

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backprop_math import ExampleError, example_names, load_example
from backprop_math.examples.example_file import _BUNDLED

FILES = [(_BUNDLED / f"{name}.toml").read_bytes() for name in example_names() if name != "digits"]
KEYS = (
    "title", "layers", "activation", "cost", "input", "target", "seed", "weights", "biases",
    "input_names", "output_names", "input_units", "input_measured", "labels", "data", "inputs", "a.b", '"é"',
)  # fmt: skip

numbers = st.one_of(
    st.integers().map(str),
    st.floats().map(repr),  # nan and inf are TOML's, too
    st.sampled_from(["1e308", "-1e400", "9" * 400, "9" * 5000, "0x" + "f" * 5000, "1_0", "0o7", "-0.0", "1e-400"]),
)
texts = st.one_of(
    st.text(max_size=20).map(lambda text: "'''" + text.replace("'", "") + "'''"),
    st.sampled_from([
        '"#let x = 1; $x^2$"', '"\\u0000"', '"\\uD800"', '"../../x"', "'penguins.csv'", "'.'", "'''\n'''",
        '"' + "long " * 5000 + '"', "'sigmoid'", "'softmax'", "'categorical_cross_entropy'",
    ]),
)  # fmt: skip
others = st.sampled_from(["true", "1979-05-27", "07:32:00", "1979-05-27T07:32:00Z", "{}", "{a = 1}", "=", ""])
values = st.recursive(
    numbers | texts | others, lambda part: st.lists(part, max_size=4).map(lambda x: f"[{', '.join(x)}]"), max_leaves=20
)
lines = st.tuples(st.sampled_from(KEYS), values | st.sampled_from(["[" * 5000, "[" * 200 + "]" * 200])).map(" = ".join)


@st.composite
def files(draw):
    """A bundled example in which lines are others' or gone, or bytes are."""
    found = draw(st.sampled_from(FILES)).splitlines(keepends=True)
    for line in draw(st.lists(lines, max_size=3)):
        key = line.partition(" ")[0].encode()
        # A key that is there is mostly given another value, that of a list over several lines to its end.
        starts = [i for i, old in enumerate(found) if old.startswith(key + b" =")]
        if starts and draw(st.booleans()):
            end = next((i for i in range(starts[0] + 1, len(found)) if re.match(rb"\w+ =", found[i])), len(found))
            del found[starts[0] : end]
        found.insert(draw(st.integers(0, len(found))), line.encode("utf-8", "surrogatepass") + b"\n")
    text = b"".join(found)
    at = draw(st.integers(0, len(text)))
    return draw(st.sampled_from([text, text, text[:at], text[:at] + draw(st.binary(max_size=8)) + text[at:]]))


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=files())
def test_a_file_is_an_example_or_one_line_says_why_not(tmp_path, network_seed, data):
    path = tmp_path / "any.toml"
    path.write_bytes(data)
    try:
        example = load_example(path)
    except ExampleError as error:
        said = str(error)
        assert said.startswith(f"{path}: ")
        assert "expected" in said or "unknown key" in said
        assert "\n" not in said
        assert len(said) < 800 + len(str(path))
    else:
        assert len(example.inputs) == len(example.targets) >= 1
