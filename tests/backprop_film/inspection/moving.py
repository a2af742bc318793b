"""Small chapters with something wrong in the middle of a move, or in their pace; and one in which nothing is."""

from manim import DOWN, LEFT, RIGHT, UP, Circle, FadeIn, FadeOut, FadeTransform, Indicate, Line, Transform, VGroup

from backprop_film.kit import Chapter, Prose, theme


class Moved(Chapter):
    title = "Moved"

    def construct(self):
        with self.say("Look.", key="look"):
            self.act()


class NothingWrong(Moved):
    """A copy leaves its text, a number pulses in its neuron, what goes flies off or behind; a line swells."""

    def act(self):
        self.words = Prose("a word").shift(LEFT)
        neuron = VGroup(Circle(0.5), Prose("0.5")).shift(3 * RIGHT)
        other = VGroup(Circle(0.5, fill_color=theme.background, fill_opacity=1), Prose("0.5")).shift(3 * LEFT)
        self.play(FadeIn(self.words, neuron, other), run_time=0.6)
        behind = Line(5 * LEFT, 4.4 * LEFT).set_z_index(-1)
        self.play(behind.animate.shift(2.4 * RIGHT), run_time=0.8)
        self.play(FadeOut(behind), run_time=0.3)
        self.play(self.words.copy().animate.shift(DOWN), run_time=0.8)
        self.play(Indicate(neuron), run_time=0.8)
        line = Line(LEFT, RIGHT).shift(2 * UP)
        self.play(FadeIn(line), run_time=0.3)
        for width in (12, 4):
            self.play(line.animate.set_stroke(width=width), run_time=2.2)


class Flying(Moved):
    def act(self):
        self.add(Prose("stays"))
        self.dots = {"w": Circle(0.2, fill_opacity=1, color=theme.ink).shift(3 * LEFT)}
        self.play(self.dots["w"].animate.shift(6 * RIGHT), run_time=1.5)


class FlyingLine(Moved):
    def act(self):
        self.add(Prose("stays"))
        line = Line(UP, 2 * UP).shift(2 * LEFT + DOWN)
        self.play(line.animate.shift(4 * RIGHT + DOWN), run_time=1.5)
        self.play(FadeOut(line), run_time=0.5)


class Doubled(Moved):
    def act(self):
        one, other = Prose("before it was this"), Prose("and after it is that")
        self.add(one)
        self.play(FadeTransform(one, other), run_time=1.5)


class Scrambled(Moved):
    def act(self):
        text = Prose("weights")
        self.add(text)
        self.play(Transform(text, Prose("neurons").shift(UP)), run_time=1.5)


class Empty(Moved):
    def act(self):
        self.wait(1.3)
        self.play(FadeIn(Circle()), run_time=0.5)


class Still(Chapter):
    title = "Still"

    def construct(self):
        ring = Circle()
        with self.say("It stands for longer than anyone looks at it.", key="look"):
            self.play(FadeIn(ring), run_time=0.5)
            self.wait(4.2)
            self.play(FadeOut(ring), run_time=0.5)


class Late(Chapter):
    title = "Late"

    def construct(self):
        ring = Circle()
        with self.say("Look. Now it has moved to the right.", key="look"):
            self.play(FadeIn(ring), run_time=0.5)
            self.play(ring.animate.shift(RIGHT), run_time=1.5)
            self.read()
