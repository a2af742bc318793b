import copy
from dataclasses import fields
from itertools import combinations, pairwise

import numpy as np
import pytest

from backprop_film.kit import Prose, theme
from backprop_film.kit.captioning import Caption
from backprop_film.kit.palettes import PALETTES
from backprop_film.kit.theme import MIN_FONT_SIZE, MIN_SIZE, POINTS, Theme, contrast
from backprop_math import Activation, Bias, Cost, Quantity, Target, Weight, WeightedSum

KINDS = (Cost, Weight, Bias, WeightedSum, Activation, Target)


def looking(name):
    """The theme with a palette."""
    found = Theme()
    found.use(name)
    return found


THEMES = {name: looking(name) for name in PALETTES}
TEXTS = {
    name: {kind.__name__: look.role(kind) for kind in KINDS}
    | {role: getattr(look, role) for role in ("ink", "secondary", "highlight")}
    for name, look in THEMES.items()
}


# -- contrast ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#FFFFFF", "#000000", 21.0),
        ("#767676", "#FFFFFF", 4.54),
        ("#777777", "#FFFFFF", 4.48),
        ("#FF0000", "#FFFFFF", 4.0),
        ("#00FF00", "#FFFFFF", 1.37),
        ("#0000FF", "#FFFFFF", 8.59),
        ("#123456", "#123456", 1.0),
    ],
)
def test_contrast_is_that_of_wcag(one, other, expected):
    assert contrast(one, other) == pytest.approx(expected, abs=0.005)
    assert contrast(one, other) == contrast(other, one)


@pytest.mark.parametrize(("name", "role"), [(name, role) for name in TEXTS for role in TEXTS[name]])
def test_every_text_colour_passes_aa(name, role):
    assert contrast(TEXTS[name][role], THEMES[name].background) >= 4.5
    assert contrast(TEXTS[name][role], THEMES[name].surface) >= 4.5


@pytest.mark.parametrize("name", THEMES)
def test_every_text_colour_passes_aa_where_the_highlight_is_washed_over(name):
    look = THEMES[name]
    ground, light = (np.array([int(c[i : i + 2], 16) for i in (1, 3, 5)]) for c in (look.background, look.highlight))
    washed = "#" + "".join(f"{round(level):02X}" for level in ground + look.wash * (light - ground))
    low = {role for role, colour in TEXTS[name].items() if contrast(colour, washed) < 4.5}
    assert low <= {"secondary"}


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES)
def test_a_colour_for_lines_is_none_for_texts(look):
    assert contrast(look.line, look.background) < 4.5


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES)
def test_arrows_pass_aa_for_graphics(look):
    assert contrast(look.arrow, look.background) >= 3


# -- colours told apart -----------------------------------------------------------------------------------

# Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color vision deficiency",
# IEEE TVCG 15 (2009), severity 1.0; for linear RGB.
SIGHT = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
# CIE 1976 differences. 2.3 is just noticeable for patches side by side; small signs apart from each other need
# several times that. Below 20 a hue alone is not relied upon, below 8 even with a label two kinds would look alike.
ENOUGH, LEAST = 20, 8
#: What lies between the two: pairs whose members are told apart by the letter that stands there, or by place.
BY_LABEL = {
    "dark": {
        ("protanopia", "Bias", "Weight"),
        ("protanopia", "Bias", "secondary"),
        ("protanopia", "Target", "WeightedSum"),
        ("deuteranopia", "Cost", "WeightedSum"),
        ("deuteranopia", "Target", "WeightedSum"),
        ("deuteranopia", "Bias", "secondary"),
        ("tritanopia", "highlight", "secondary"),
    },
    "light": {
        ("protanopia", "Activation", "Bias"),
        ("protanopia", "Cost", "WeightedSum"),
        ("protanopia", "Target", "WeightedSum"),
        ("deuteranopia", "Cost", "Target"),
        ("deuteranopia", "Bias", "secondary"),
        ("tritanopia", "Weight", "WeightedSum"),
    },
}


def lab(colour, sight):
    """CIELAB (D65) of a colour as it is seen."""
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    seen = np.clip(SIGHT[sight] @ linear, 0, 1)
    to_xyz = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    xyz = np.array(to_xyz) @ seen / [0.95047, 1.0, 1.08883]
    x, y, z = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def too_close(colours, threshold):
    """The pairs of names whose colours differ by less, with the sight for which they do."""
    return {
        (sight, *sorted(pair))
        for sight in SIGHT
        for pair in combinations(colours, 2)
        if np.linalg.norm(np.subtract(*(lab(colours[name], sight) for name in pair))) < threshold
    }


# Activations are ink, as prose is.
ROLES = {name: {role: colour for role, colour in texts.items() if role != "ink"} for name, texts in TEXTS.items()}


def test_the_simulation_leaves_greys_alone():
    for sight in SIGHT:
        for grey in ("#FFFFFF", "#808080"):
            assert lab(grey, sight) == pytest.approx(lab(grey, "usual"), abs=0.01)
    assert lab("#FFFFFF", "usual") == pytest.approx([100, 0, 0], abs=0.02)


@pytest.mark.parametrize("name", ROLES)
def test_roles_are_told_apart(name):
    assert too_close(ROLES[name], LEAST) == set()
    assert too_close(ROLES[name], ENOUGH) == BY_LABEL[name]


def test_what_hue_does_not_tell_apart_has_another_letter():
    letters = [kind.letter for kind in KINDS]
    assert len(set(letters)) == len(letters)
    quantities = {kind.__name__ for kind in KINDS}
    # The other two are no symbols: small grey print, and the strokes that are looked at.
    confused = {role for pairs in BY_LABEL.values() for _, *pair in pairs for role in pair}
    assert confused - quantities == {"secondary", "highlight"}


def test_colours_that_are_confused_would_be_noticed():
    # A red and a green of the same lightness.
    assert too_close({"red": "#C06050", "green": "#8A7F4D"}, LEAST) == {("deuteranopia", "green", "red")}


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES)
def test_each_kind_of_quantity_has_its_colour(look):
    colours = [look.role(kind) for kind in KINDS]
    assert len({*colours, look.highlight, look.secondary}) == len(colours) + 2
    assert look.colour(Weight(1, 0, 0)) == look.roles[Weight]
    assert look.colour(None) == look.ink


def test_activations_follow_ink_unless_they_have_a_colour():
    look = looking("dark")
    look.ink = "#010203"
    assert look.colour(Activation(1, 0)) == "#010203"
    look.roles[Activation] = "#040506"
    assert look.colour(Activation(1, 0)) == "#040506"
    assert looking("dark").colour(Activation(1, 0)) == PALETTES["dark"].ink


def test_a_theme_is_as_it_was_afterwards():
    look = looking("dark")
    before = copy.deepcopy(look)
    with look.as_it_was() as was:
        look.use("light")
        look.roles[Cost], look.title_size = "#010203", 40.0
        assert look.other_than(was)["roles"][Cost] == "#010203"
        changes = look.other_than(was)
    assert look == before
    other = looking("light")
    other.set(changes)
    assert (other.role(Cost), other.title_size, other.role(Weight)) == (
        "#010203", 40.0, PALETTES["light"].weight,
    )  # fmt: skip


def test_what_has_the_same_letter_has_the_same_colour():
    letters = {kind.letter: theme.role(kind) for kind in KINDS}
    for kind in Quantity.__subclasses__():
        quantity = kind(*[0] * len(fields(kind)))
        assert theme.colour(quantity) == letters[kind.letter]


# -- zones and sizes --------------------------------------------------------------------------------------

ZONES = ("title_zone", "stage", "formula_zone", "caption_zone")


def test_the_safe_area_is_five_percent_within_the_frame():
    width, height = 8 * 16 / 9, 8
    assert (theme.safe.width, theme.safe.height) == (pytest.approx(0.9 * width), pytest.approx(0.9 * height))
    assert theme.safe.center == pytest.approx((0, 0, 0))


@pytest.mark.parametrize("name", ZONES)
def test_a_zone_is_within_the_safe_area(name):
    zone = getattr(theme, name)
    assert theme.safe.left <= zone.left < zone.right <= theme.safe.right
    assert theme.safe.bottom <= zone.bottom < zone.top <= theme.safe.top


def test_zones_are_disjoint_from_top_to_bottom():
    for above, below in pairwise(getattr(theme, name) for name in ZONES):
        assert below.top <= above.bottom


def test_a_zone_knows_its_middle_and_corner():
    zone = theme.formula_zone
    assert zone.center == pytest.approx(((zone.left + zone.right) / 2, (zone.bottom + zone.top) / 2, 0))
    assert zone.corner == (zone.left, zone.top, 0)
    assert (zone.width, zone.height) == (zone.right - zone.left, zone.top - zone.bottom)


def test_between_a_formula_and_a_caption_there_is_a_line_of_air():
    caption = Caption("Apply it (here)")
    assert theme.formula_zone.bottom - caption.get_top()[1] >= caption.height - 0.02


def test_no_text_is_smaller_than_may_be():
    assert pytest.approx(8 / 36) == MIN_SIZE
    sizes = {name: value for name, value in vars(Theme()).items() if name.endswith("_size")}
    assert len(sizes) == 6
    assert min(sizes.values()) >= MIN_FONT_SIZE
    assert sizes["formula_size"] > sizes["label_size"]


@pytest.mark.parametrize(("zone", "size"), [("title_zone", "title_size"), ("caption_zone", "caption_size")])
def test_a_line_of_text_fits_its_zone(zone, size):
    zone, size = getattr(theme, zone), getattr(theme, size)
    line = Prose("Åjg|§", font_size=size).on_baseline(zone.center[1] - 0.35 * size / POINTS)
    assert zone.bottom <= line.get_bottom()[1]
    assert line.get_top()[1] <= zone.top


def test_a_cue_of_84_characters_fits_the_caption_zone():
    words = "the quick brown fox jumps over the lazy dog, and the cost falls by 0.12 at each of its many steps"
    assert Prose(words[:84], font_size=theme.caption_size).width < theme.caption_zone.width
