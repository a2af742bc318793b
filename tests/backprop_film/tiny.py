"""Small chapters, for tests: real ones, that last a few seconds."""

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Circle,
    Create,
    FadeIn,
    FadeOut,
    Line,
    Rectangle,
    UpdateFromAlphaFunc,
    ValueTracker,
    VGroup,
    config,
)

from backprop_film.kit import Chapter, Prose, theme


class Moving(Chapter):
    """Two beats: something is drawn, then it moves."""

    title = "Things that move"

    def construct(self):
        ring = Circle(1, color=theme.highlight)
        with self.say("A ring. It is round.", key="ring"):
            self.play(Create(ring), run_time=0.77, next_at=0.5)
        # The ring's points depend on the tracker alone, not on the way there: a cached play leaves the same.
        tracker, points = ValueTracker(0.0), ring.points.copy()
        ring.add_updater(lambda m: m.set_points(points + 2 * tracker.get_value() * RIGHT))
        self.add(tracker)
        with self.say("It moves.", key="it-moves"):
            self.play(tracker.animate.set_value(1.0), run_time=0.6)
        ring.clear_updaters()


class Late(Chapter):
    """One beat, which begins late; captions with characters that need escaping."""

    title = "What comes later"
    example_name = "overshoot"

    @classmethod
    def misfit(cls, example):
        return "it must go too high" if example.name == "simplest" else None

    def construct(self):
        words = Prose("later", font_size=theme.symbol_size)
        self.play(FadeIn(words), run_time=0.5)
        self.wait(0.9)
        with self.say("It is < 1 & > 0.", key="bounds"):
            self.play(words.animate.shift(UP), run_time=0.5)
        self.play(FadeOut(words), run_time=0.3)


class Broken(Chapter):
    """Goes wrong in its second play."""

    title = "Broken"

    def construct(self):
        self.wait(0.2)
        self.play(FadeIn(self.nothing), run_time=0.3)


class Interrupted(Chapter):
    """Goes wrong in the middle of a play."""

    title = "Interrupted"

    def construct(self):
        self.wait(0.4)
        self.play(UpdateFromAlphaFunc(Circle(1), self.fail), run_time=0.8)

    def fail(self, mobject, alpha):
        if alpha > 0.5:
            raise RuntimeError("gave up")


class Shown(Chapter):
    """Shows what `things` makes, for a moment."""

    title = "Shown"

    def things(self):
        return []

    def construct(self):
        self.add(*self.things())
        with self.say("Look.", key="look"):
            self.wait(0.2)


class Clean(Shown):
    """Everything that is allowed."""

    def things(self):
        neuron = Circle(0.5, fill_color="#AABBCC", fill_opacity=1, stroke_width=2)
        inside = Prose("0.48", color=theme.background).move_to(neuron)
        edge = Line([-4, 1.5, 0], [4, 1.5, 0])
        plate = Rectangle(width=2, height=0.6, fill_color=theme.background, fill_opacity=1, stroke_width=0).shift(
            1.5 * UP
        )
        dim = Prose("dimmed").set_opacity(0.2).shift(2 * LEFT)
        dim.dimmed = True
        ghost = Line([-1, -1, 0], [1, -1, 0], stroke_opacity=0)
        crossed = Prose("crossed out on purpose").shift(1.8 * DOWN + 3 * RIGHT)
        strike = Line(crossed.get_left(), crossed.get_right())
        strike.overlaps_ok = True
        return [
            edge, plate, Prose("above").move_to(plate), neuron, inside, dim, Prose("free").shift(DOWN), ghost,
            crossed, strike,
        ]  # fmt: skip


class Outside(Shown):
    def things(self):
        return [Prose("too far").shift(6.2 * RIGHT)]


class Overlapping(Shown):
    def things(self):
        return [Prose("one text"), Prose("another").shift(0.1 * RIGHT)]


class Touching(Shown):
    def things(self):
        left = Prose("left")
        return [left, Prose("right").next_to(left, RIGHT, buff=0.01)]


class Crossed(Shown):
    def things(self):
        return [Line([-2, 0, 0], [2, 0.05, 0]), Prose("crossed")]


class Hidden(Shown):
    def things(self):
        return [Prose("hidden"), Circle(1, fill_color="#FF0000", fill_opacity=1)]


class Small(Shown):
    def things(self):
        return [VGroup(Prose("small")).scale(0.6)]


class InTheCaptions(Shown):
    def things(self):
        return [Circle(0.2).move_to([4, theme.caption_zone.center[1], 0])]


class Faint(Shown):
    def things(self):
        neuron = Circle(0.5, fill_color="#777777", fill_opacity=1, stroke_width=0)
        return [neuron, Prose("0.50", color="#999999").move_to(neuron)]


#: The palette, and the colours that a conversion by the wrong matrix or range moves most.
COLOURS = [
    theme.background, theme.surface, theme.line, theme.arrow, theme.secondary, theme.highlight,
    *theme.roles.values(), "#FF0000", "#00FF00", "#0000FF", "#FFFFFF", "#000000",
]  # fmt: skip


class Colours(Chapter):
    """Bars of all colours."""

    title = "Colours"

    def construct(self):
        width = config.frame_width / len(COLOURS)
        bars = VGroup(
            *(Rectangle(width=width, height=4, fill_color=c, fill_opacity=1, stroke_width=0) for c in COLOURS)
        )
        self.add(bars.arrange(buff=0))
        self.wait(0.2)


class Sounding(Chapter):
    """A sound 0.6 s after the start, and the same one, quieter, 0.5 s later."""

    title = "Sounding"

    def construct(self):
        ring = Circle(1, color=theme.highlight)
        self.play(Create(ring), run_time=0.4)
        self.add_sound("tone.wav", time_offset=0.2)
        self.wait(0.5)
        with self.say("Listen.", key="listen"):
            self.add_sound("tone", time_offset=0.2, gain=-6)
            self.wait(0.5)


class Silenced(Chapter):
    """A sound that is no file."""

    title = "Silenced"

    def construct(self):
        self.wait(0.2)
        self.add_sound("tune.wav")
        self.wait(0.2)
