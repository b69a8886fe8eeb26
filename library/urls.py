"""Addresses of the library's pages and pictures."""

from django.urls import path

from library.views import album, artist, covers, genre, library, roots, search, track

urlpatterns = [
    path("library/", library.library, name="library"),
    path("library/artists/", library.artists, name="library_artists"),
    path("library/albums/", library.albums, name="library_albums"),
    path("library/tracks/", library.tracks, name="library_tracks"),
    path("library/genres/", library.genres, name="library_genres"),
    path("artists/<int:artist_id>/", artist.artist, name="artist"),
    path("albums/<int:album_id>/", album.album, name="album"),
    path("tracks/<int:track_id>/", track.track, name="track"),
    path("genres/<int:genre_id>/", genre.genre, name="genre"),
    path("covers/<str:digest>/<int:size>.webp", covers.cover, name="cover"),
    path("covers/<str:digest>/original", covers.original, name="cover_original"),
    path("search/", search.search, name="search"),
    path("settings/roots/", roots.roots, name="roots"),
    path("settings/roots/scan/", roots.scan, name="scan_roots"),
    path("settings/roots/errors/", roots.errors, name="scan_errors"),
    path("settings/roots/<int:root_id>/", roots.change, name="change_root"),
    path("settings/roots/<int:root_id>/remove/", roots.remove, name="remove_root"),
]
