"""The drawings themselves, one for each album."""

import math
import random

import numpy as np

from .canvas import Canvas, Point, circle_points, fractal


def ceiling_zero(chance: random.Random) -> Canvas:
    """A bank of cloud, and a thin horizon beneath it."""
    canvas = Canvas("#f4efe6")
    height = np.linspace(0, 1, 800, dtype=np.float32)[:, None]
    cloud = np.clip(0.75 * fractal(11, (2.2, 5.5), 6) + 0.55 * height - 0.12, 0, 1)
    canvas.paint(
        [(0, "#334261"), (0.25, "#4d5c80"), (0.45, "#8089a0"), (0.62, "#dbccc7"), (0.8, "#fae6da"), (1, "#fff5ea")],
        cloud,
    )
    canvas.line([(40, 500), (560, 500)], "#26334d", 2)
    canvas.text(40, 540, "Low Cloud Society", 21, "#26334d")
    canvas.text(560, 540, "Ceiling Zero", 21, "#26334d", anchor="end")
    return canvas


def chambre_bleue(chance: random.Random) -> Canvas:
    """A window's light on a wall, towards evening."""
    canvas = Canvas("#0b1c42")
    canvas.fade([(0, "#1b3d78"), (1, "#0b1c42")], slant=1)
    for step in range(14):  # soft edges, from the widest and faintest inwards
        grow, alpha = 9 - step * 0.9, 0.028 + 0.012 * step
        for column in range(2):
            for row in range(3):
                x, y = 150 + column * 126 + row * 38, 84 + row * 132 + column * 26
                pane = [
                    (x - grow, y - grow),
                    (x + 110 + grow, y + 24 - grow),
                    (x + 144 + grow, y + 136 + grow),
                    (x + 34 - grow, y + 112 + grow),
                ]
                canvas.polygon(pane, ("#a9c6f0", "#86aae4", "#668fd4")[row], alpha)
    canvas.box(0, 540, 600, 60, "#071230", 0.75)
    canvas.line([(0, 540), (600, 540)], "#3e64a8", 1.2, 0.5)
    return canvas


def vetrarljos(chance: random.Random) -> Canvas:
    """Ridges in mist, a low sun that does not warm."""
    canvas = Canvas("#0f2b3c")
    canvas.fade([(0, "#16364a"), (0.45, "#7fa3ab"), (0.75, "#f0d9bf"), (1, "#e8e4d6")])
    canvas.glow(420, 214, 190, "#fff0d2", 0.7)
    canvas.disc(420, 214, 32, "#fff6e4")
    for ridge in range(7):
        base, far = 252 + ridge * 50, ridge / 6
        points = [(0.0, 600.0)]
        for x in range(0, 602, 4):
            y = (
                base
                - (44 - 3 * ridge) * math.sin(x / (88 + ridge * 9) + ridge * 2.1)
                - 15 * math.sin(x / 31 + ridge)
                - chance.uniform(0, 3.5)
            )
            points.append((float(x), y))
        tint = [int(start + (end - start) * far) for start, end in ((176, 12), (196, 34), (196, 50))]
        canvas.polygon([*points, (600, 600)], "#{:02x}{:02x}{:02x}".format(*tint))
    return canvas


def lights(chance: random.Random) -> Canvas:
    """The sun's last disc over the bay, broken by the water, and a lighthouse already lit."""
    canvas = Canvas("#16263c")
    canvas.fade([(0, "#16263c"), (0.6, "#5b5a78"), (0.9, "#d98f76"), (1, "#f3c79a")], height=360)
    canvas.glow(372, 338, 190, "#ffd9a8", 0.55)
    canvas.disc(372, 338, 58, "#ffe9c9")
    canvas.fade([(0, "#8a6f7c"), (0.3, "#2b3d55"), (1, "#0a1420")], y=360, height=240)
    for row in range(34):
        y, width = 364 + row * 7, max(6, (62 - row * 0.9) * chance.uniform(0.35, 1.25))
        x = 372 + chance.gauss(0, 5 + row * 0.7)
        canvas.box(x - width, y, 2 * width, chance.uniform(1.4, 3.4), "#ffe2bd", 0.85 - row * 0.021, radius=1.2)
    canvas.polygon([(126, 244), (600, 96), (600, 190)], "#ffeecb", 0.16)
    canvas.polygon([(0, 372), (40, 352), (120, 344), (190, 356), (236, 372)], "#101b2b")
    canvas.polygon([(112, 350), (118, 258), (136, 258), (142, 350)], "#101b2b")
    canvas.box(114, 252, 26, 5, "#101b2b")
    canvas.polygon([(117, 236), (127, 226), (137, 236)], "#101b2b")
    canvas.box(121, 237, 12, 15, "#ffeecb")
    canvas.glow(127, 244, 46, "#ffeecb", 0.8)
    return canvas


def mosty(chance: random.Random) -> Canvas:
    """A drawbridge open for the night, as a construction of lines."""
    canvas = Canvas("#123c3a")
    for radius in range(20, 262, 15):
        canvas.line(circle_points(176, 384, radius, 180, 360), "#e9dcb9", 1.6, 0.85)
        canvas.line(circle_points(424, 384, radius * 0.86, 180, 360), "#f08a4b", 1.6, 0.9)
    canvas.box(0, 385, 600, 215, "#0d302f")
    for row in range(15):
        y = 398 + row * 12
        for centre, reach, colour in ((176, 250, "#e9dcb9"), (424, 215, "#f08a4b")):
            half = reach * (1 - row / 17) * chance.uniform(0.5, 1)
            points = [(centre + half * (step / 30 - 1), y + 2.2 * math.sin(step / 2.3 + row)) for step in range(61)]
            canvas.line(points, colour, 1.6, 0.62 - row * 0.035)
    canvas.line([(0, 384), (600, 384)], "#e9dcb9", 2.2)
    return canvas


def moss(chance: random.Random) -> Canvas:
    """Thirty days of rounded forms."""
    canvas = Canvas("#e6e4d4")
    greens = ["#2f4a2e", "#587544", "#8fa061", "#b9c08a", "#1d2f25", "#c9a94f"]
    before = ""
    for day in range(30):
        x, y = 54 + (day % 6) * 84, 68 + (day // 6) * 84
        colour = chance.choice([green for green in greens if green != before])
        before = colour
        form = [
            circle_points(x + 36, y + 36, 36),
            [(x, y), *circle_points(x, y, 72, 0, 90)],
            circle_points(x + 36, y + 72, 36, 180, 360),
            [(x + 72, y), *circle_points(x + 72, y, 72, 90, 180)],
        ][day % 4]
        canvas.polygon(form, colour)
    canvas.text(54, 540, "Moss Calendar", 26, "#1d2f25", -0.3)
    canvas.text(546, 540, "XXX", 26, "#1d2f25", anchor="end")
    return canvas


def bell(chance: random.Random) -> Canvas:
    """Sails in the harbour, and what the water makes of them."""
    canvas = Canvas("#f0c23b")
    canvas.box(0, 410, 600, 190, "#123a5e")
    canvas.disc(318, 118, 44, "#f6efdf")
    for x, height, colour in (
        (56, 250, "#c43d2c"),
        (192, 330, "#f6efdf"),
        (328, 210, "#123a5e"),
        (464, 300, "#c43d2c"),
    ):
        canvas.polygon([(x, 410 - height), (x, 408), (x + 96, 408)], colour)
        canvas.polygon([(x - 8, 422), (x + 116, 422), (x + 94, 452), (x + 12, 452)], "#0b2136")
        canvas.polygon(
            [(x, 470 + height * 0.22), (x, 462), (x + 70, 462)], colour if colour != "#123a5e" else "#f0c23b", 0.45
        )
    for row in range(5):
        y = 486 + row * 22
        canvas.line([(40 + 70 * row, y), (120 + 84 * row, y)], "#f0c23b", 2, 0.35)
    return canvas


def nine_rooms(chance: random.Random) -> Canvas:
    """Nine rooms of one house."""
    canvas = Canvas("#f3efe6")
    colours = ["#20436b", "#e0b23e", "#c8503a", "#101417", "#8fb3b0"]
    for room in range(9):
        x, y = 60 + (room % 3) * 164, 60 + (room // 3) * 164
        wall, shape = colours[(room * 3 + 1) % 5], colours[(room * 3 + 3 + room % 2) % 5]
        canvas.box(x, y, 152, 152, wall)
        door: list[Point] = [(x + 48, y + 152), *circle_points(x + 76, y + 80, 28, 180, 360), (x + 104, y + 152)]
        arch: list[Point] = [*circle_points(x + 152, y + 152, 152, 180, 270), (x + 152, y + 152)]
        stair: list[Point] = [(x, y), (x + 152, y + 152), (x, y + 152)]
        canvas.polygon((arch, door, stair)[room % 3], shape)
    return canvas
