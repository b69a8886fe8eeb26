"""What the embeddings add to the pages of the apps below them."""

from core.panels import Panel
from embeddings.views.similar import artists_panel, similar_panel
from embeddings.views.ways import radio_button

BUTTONS = "embeddings/_ways.html"
PANELS = (
    Panel("embeddings.similar", "track", "embeddings/_similar.html", similar_panel, order=30),
    Panel("embeddings.artists", "artist", "embeddings/_artists.html", artists_panel, order=30),
    *(
        Panel(f"embeddings.ways.{kind}", f"{kind}-actions", BUTTONS, radio_button(kind), order=50)
        for kind in ("album", "artist", "genre", "track")
    ),
)
