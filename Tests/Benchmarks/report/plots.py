"""The plots of a section as small PNG files."""

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot  # noqa: E402

WIDTH, HEIGHT, DPI = 6.4, 4.0, 100


def draw(content, folder, place):
    """Draws what a section wants drawn; returns paths, as the page names them, and titles."""
    drawn = []
    for plot in content["plots"]:
        name = f"{content['section']}-{plot['name']}.png"
        figure, axes = pyplot.subplots(figsize=(WIDTH, HEIGHT), dpi=DPI, layout="constrained")
        axes.set(title=plot["title"], xlabel=plot["x"], ylabel=plot["y"])
        axes.grid(True, which="major", alpha=0.3)
        if plot["scale"] == "bars":
            bars(axes, plot["lines"])
        else:
            lines(axes, plot["lines"], plot["scale"])
        # Without the version of the library, so that the same figures are the same file.
        figure.savefig(folder / name, metadata={"Software": None})
        pyplot.close(figure)
        drawn.append((f"{place}/{name}", plot["title"]))
    return drawn


def lines(axes, values, scale):
    for label, points in values.items():
        # So many points are a curve.
        axes.plot(*zip(*points), marker="o" if len(points) < 20 else None, markersize=4, linewidth=1.5, label=label)
    if scale == "log":
        axes.set_xscale("log")
        axes.set_yscale("log")
    else:
        axes.set_ylim(bottom=0)
    axes.legend(fontsize=8)


def bars(axes, values):
    drawn = axes.barh(list(values), list(values.values()), color=[f"C{number}" for number in range(len(values))])
    axes.bar_label(drawn, fmt="{:,.4g}", padding=3, fontsize=8)
    axes.invert_yaxis()
    axes.margins(x=0.15)
