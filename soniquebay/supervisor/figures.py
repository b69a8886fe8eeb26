"""Numbers as people read them: bars, seconds, rates."""

EIGHTHS = " ▏▎▍▌▋▊▉█"
WIDTH = 24


def bar(fraction: float, *, wide: bool, width: int = WIDTH) -> str:
    """A bar of the given width that grows by eighths of a character."""
    fraction = min(1.0, max(0.0, fraction))
    if not wide:
        full = int(fraction * width)
        return f"[{'#' * full}{'-' * (width - full)}]"
    eighths = int(fraction * width * 8)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (EIGHTHS[rest] if full < width else "")).ljust(width, "░").replace(" ", "░")


def seconds_text(seconds: float) -> str:
    """0.4 s, 12 s, 3 min 05 s, 2 h 10 min."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def count_text(number: float) -> str:
    """12 345: a gap is understood by French and English readers alike."""
    return f"{number:,.0f}".replace(",", " ")


def rate_text(per_second: float) -> str:
    if per_second >= 10:
        return f"{count_text(per_second)}/s"
    return f"{per_second:.1f}/s" if per_second >= 0.1 else f"{per_second * 60:.1f}/min"
