"""Pictures: kept once, shown by rank, made small, served to whoever may see them."""

import io
import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from core.database_jobs import DatabaseJob
from core.errors import InvalidInput
from core.schemas import ClaimedJob, JobFinish
from core.services.jobs import claim_job, finish_job, start_job
from library.engine.bundles import bundled
from library.engine.cover_files import SIZES, digest_of, found_original, thumbnail
from library.engine.thumbnails import dominant_colours
from library.models import Album, Cover, CoverImage, ScanFolder, Track
from library.selectors.covers import covers_of, lost_images
from library.services.cover_care import tidy_covers
from library.services.covers import give_cover, show_best, store_cover, take_cover_away
from library.services.thumbnails import make_thumbnails
from library.tests.factories import make_album, make_artist, make_cover, make_root, make_track, scanned_track
from library.tests.scans import Scan

pytestmark = pytest.mark.usefixtures("no_delivery", "media")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(width: int = 40, height: int = 40, colour: str = "#c03020", kind: str = "JPEG", **more: Any) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(held, kind, **more)
    return held.getvalue()


def claiming(pixels: int) -> bytes:
    """A small file that says it is a huge picture."""
    head = b"IHDR" + struct.pack(">IIBBBBB", pixels, pixels, 8, 2, 0, 0, 0)
    rest = picture(kind="PNG")[33:]
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head)) + rest


def run(kind: str, do: Callable[[DatabaseJob], None]) -> dict[str, Any]:
    claimed: ClaimedJob = claim_job(job_id=start_job(kind=kind).pk, worker="control")
    job = DatabaseJob(claimed)
    do(job)
    finish_job(job_id=claimed.id, finish=JobFinish(attempt=claimed.attempt, state="done"))
    return job.figures


def made() -> dict[str, Any]:
    return run("library.make_thumbnails", make_thumbnails)


# --- bytes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_a_picture_is_kept_once_under_its_digest(kind: str, media: Path) -> None:
    content = picture(kind=kind)
    image = store_cover(content=content)
    assert store_cover(content=content).pk == image.pk == digest_of(content)
    place = found_original(media, image.pk)
    assert place is not None
    assert place.read_bytes() == content
    assert (image.mime_type, image.size) == (f"image/{kind.lower()}", len(content))
    assert CoverImage.objects.count() == len([path for path in media.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize("content", [b"", SVG, b"MZ not a picture", b"\x00" * 100, b"<html>"])
def test_what_is_no_picture_is_refused(content: bytes, media: Path) -> None:
    with pytest.raises(InvalidInput):
        store_cover(content=content)
    assert not list(media.rglob("*"))


def test_a_worker_delivers_bytes_and_may_do_so_twice(api: Callable[[str], Client]) -> None:
    content = picture()
    worker = api("worker")
    for _ in range(2):
        answer = worker.put(f"/api/covers/{digest_of(content)}", content, content_type="application/octet-stream")
        assert (answer.status_code, answer.json()["mime_type"]) == (200, "image/jpeg")
    wrong = worker.put(f"/api/covers/{'0' * 64}", content, content_type="application/octet-stream")
    assert (wrong.status_code, wrong.json()["field"]) == (422, "digest")
    odd = worker.put("/api/covers/..%2f..%2fetc", content, content_type="application/octet-stream")
    assert odd.status_code in {404, 422}
    long = worker.put(f"/api/covers/{'0' * 64}", b"x" * (17 * 2**20), content_type="application/octet-stream")
    assert long.status_code == 422
    assert api("write").put(f"/api/covers/{'0' * 64}", content, content_type="image/jpeg").status_code == 403


# --- which is shown ---------------------------------------------------------------------------------------------------


def shown(entity_type: str, entity_id: int) -> list[str]:
    return list(
        Cover.objects.filter(entity_type=entity_type, entity_id=entity_id, shown=True).values_list("source", flat=True)
    )


def test_the_best_source_is_shown_and_the_next_when_it_goes() -> None:
    album = make_album()
    for source in ("lastfm", "embedded", "folder", "manual", "caa"):
        image = store_cover(content=picture(colour=f"#{ord(source[0]):02x}0000"))
        give_cover(entity_type="album", entity_id=album.pk, source=source, image=image)
        assert len(shown("album", album.pk)) == 1
    for best in ("manual", "folder", "embedded", "caa", "lastfm"):
        assert shown("album", album.pk) == [best]
        take_cover_away(cover_id=Cover.objects.get(entity_id=album.pk, source=best).pk)
    assert shown("album", album.pk) == []


def test_an_address_without_bytes_is_not_shown() -> None:
    album = make_album()
    give_cover(entity_type="album", entity_id=album.pk, source="caa", url="https://example.org/x.jpg")
    assert shown("album", album.pk) == []


def test_a_persons_choice_is_left_alone() -> None:
    album = make_album(locked_fields=["cover"])
    make_cover(album, source="lastfm", shown=True)
    make_cover(album, source="folder", shown=False)
    show_best("album", [album.pk])
    assert shown("album", album.pk) == ["lastfm"]


def test_a_person_gives_chooses_and_takes_away_pictures(api: Callable[[str], Client]) -> None:
    album = make_album()
    for source in ("embedded", "folder"):
        give_cover(entity_type="album", entity_id=album.pk, source=source, image=store_cover(content=picture()))
    client, place = api("write"), f"/api/covers/of/album/{album.pk}"
    given = client.put(place, picture(colour="#0000ff"), content_type="image/jpeg").json()
    assert (given["source"], given["shown"]) == ("manual", True)
    listed = client.get(place).json()
    assert [cover["source"] for cover in listed] == ["manual", "embedded", "folder"]
    chosen = client.post(f"{place}/embedded/choose")
    assert (chosen.status_code, shown("album", album.pk)) == (200, ["embedded"])
    give_cover(entity_type="album", entity_id=album.pk, source="folder", image=store_cover(content=picture(9, 9)))
    assert shown("album", album.pk) == ["embedded"]
    assert client.delete(f"{place}/embedded").status_code == 204
    assert shown("album", album.pk) == ["manual"]
    assert client.put(place, SVG, content_type="image/jpeg").status_code == 422
    assert client.put("/api/covers/of/album/999999", picture(), content_type="image/jpeg").status_code == 404
    assert client.get("/api/covers/of/genre/1").status_code == 422
    assert api("read").put(place, picture(), content_type="image/jpeg").status_code == 403


def ref(letter: str, source: str = "embedded") -> dict[str, Any]:
    return {"digest": letter * 64, "mime_type": "image/jpeg", "size": 1000, "source": source}


def test_an_album_has_the_picture_of_its_first_track_and_rather_that_of_its_folder() -> None:
    scan = Scan(make_root())
    rows = [scanned_track(track_position=n, cover=ref(letter)) for n, letter in ((2, "b"), (1, "a"))]
    out = scan.send(*rows, scanned_track(track_position=3))
    assert sorted(out.covers_wanted) == ["a" * 64, "b" * 64]
    tracks = {track.track_position: track for track in Track.objects.all()}
    album = tracks[1].album_id
    assert album is not None
    assert covers_of("album", [album])[album].pk == "a" * 64
    found = covers_of("track", [track.pk for track in tracks.values()])
    assert {position: found[track.pk].pk[0] for position, track in tracks.items()} == {1: "a", 2: "b", 3: "a"}
    scan.send(folder_covers=[{"folder": rows[0]["folder"], "cover": ref("f", "folder")}])
    assert covers_of("album", [album])[album].pk == "f" * 64
    scan.send(*(row | {"cover": None, "mtime_ns": 5} for row in rows))
    assert not Cover.objects.filter(source="embedded").exists()
    assert covers_of("album", [album])[album].pk == "f" * 64


def test_a_picture_that_is_taken_out_of_its_folder_is_the_albums_no_more() -> None:
    scan = Scan(make_root())
    discs = [scanned_track(folder=f"album/CD{n}/", album="Album", track_position=n, cover=ref("a")) for n in (1, 2)]
    first, second = (row["folder"] for row in discs)
    scan.send(*discs, folder_covers=[{"folder": first, "cover": ref("f", "folder")}])
    album = Album.objects.get().pk
    assert covers_of("album", [album])[album].pk == "f" * 64
    scan.send(folder_covers=[{"folder": second, "cover": ref("e", "folder")}, {"folder": first}])
    assert covers_of("album", [album])[album].pk == "e" * 64
    scan.send(folder_covers=[{"folder": second}])
    assert covers_of("album", [album])[album].pk == "a" * 64
    assert not Cover.objects.filter(source="folder").exists()


def test_nothing_is_taken_from_an_album_while_one_of_its_folders_is_unknown() -> None:
    scan = Scan(make_root())
    scan.send(*(scanned_track(folder=f"album/CD{n}/", album="Album", track_position=n) for n in (1, 2)))
    scan.send(folder_covers=[{"folder": "album/CD1/", "cover": ref("f", "folder")}])
    ScanFolder.objects.filter(path="album/CD1/").update(picture=None)
    scan.send(folder_covers=[{"folder": "album/CD2/"}])
    assert Cover.objects.get(source="folder").image_id == "f" * 64


def test_a_picture_in_a_folder_of_many_albums_is_of_none_of_them() -> None:
    scan = Scan(make_root())
    rows = [scanned_track(folder="singles/", album=f"Single {n}") for n in range(5)]
    scan.send(*rows, folder_covers=[{"folder": "singles/", "cover": ref("f", "folder")}])
    assert not Cover.objects.exists()


def test_an_artist_without_a_picture_has_that_of_the_newest_album() -> None:
    artist = make_artist()
    for year, letter in ((1999, "a"), (2011, "b"), (None, "c")):
        make_cover(make_album(artist=artist, year=year), letter * 64)
    guest = make_artist()
    make_track(artist=guest, album=make_album(artist=artist, year=2012))
    assert covers_of("artist", [artist.pk, guest.pk]).keys() == {artist.pk}
    together = make_album(artist=artist, year=2010)
    make_track(artist=guest, album=together)
    make_cover(together, "d" * 64)
    found = covers_of("artist", [artist.pk, guest.pk])
    assert (found[artist.pk].pk[0], found[guest.pk].pk[0]) == ("b", "d")
    make_cover(artist, "e" * 64)
    assert covers_of("artist", [artist.pk])[artist.pk].pk[0] == "e"


def test_pictures_of_sixty_things_take_as_many_queries_as_those_of_one() -> None:
    artists = [make_artist() for _ in range(12)]
    for artist in artists:
        make_cover(make_album(artist=artist))
    for kind in ("artist", "album", "track"):
        counts = []
        for ids in (artists[:1], artists):
            with CaptureQueriesContext(connection) as captured:
                covers_of(kind, [artist.pk for artist in ids])
            counts.append(len(captured))
        assert counts[0] <= 4
        assert counts[1] <= 4


# --- thumbnails -------------------------------------------------------------------------------------------------------


def test_thumbnails_are_made_of_what_waits_with_size_and_colours(media: Path) -> None:
    image = store_cover(content=picture(1000, 500, "#c03020"))
    assert made()["failed"] == 0
    image.refresh_from_db()
    assert (image.width, image.height, image.problem) == (1000, 500, "")
    assert image.color_1.startswith("#")
    assert abs(int(image.color_1[1:3], 16) - 0xC0) < 12
    for size in SIZES:
        with Image.open(thumbnail(media, image.pk, size)) as small:
            assert (small.format, small.size) == ("WEBP", (size, size // 2))
    stamp = image.thumbnails_at
    made()
    image.refresh_from_db()
    assert image.thumbnails_at == stamp, "once"


def test_two_colours_are_those_that_a_person_would_name() -> None:
    sleeve = Image.new("RGB", (300, 300), "#10243a")
    sleeve.paste("#e8a020", (100, 100, 200, 200))
    sleeve.paste("#808080", (0, 0, 300, 40))
    first, second = dominant_colours(sleeve)
    assert int(first[5:7], 16) > int(first[1:3], 16), "the blue ground"
    assert int(second[1:3], 16) > 0xC0, "the amber in it"
    plain = dominant_colours(Image.new("RGB", (9, 9), "#336699"))
    assert plain[0] != plain[1]


@pytest.mark.parametrize(
    "content",
    [
        picture()[:200],
        picture(kind="PNG")[:60],
        b"\xff\xd8\xff" + b"\x00" * 50,
        b"RIFF\x10\x00\x00\x00WEBPVP8 " + b"\xff" * 20,
        claiming(7_000),
        claiming(50_000),
    ],
    ids=["cut JPEG", "cut PNG", "no JPEG", "no WebP", "many pixels", "a bomb"],
)
def test_a_picture_that_cannot_be_used_says_why_and_stops_no_other(content: bytes) -> None:
    bad, good = store_cover(content=content), store_cover(content=picture(colour="#123456"))
    assert made()["failed"] == 1
    bad.refresh_from_db()
    good.refresh_from_db()
    assert bad.problem
    assert bad.thumbnails_at is not None
    assert (good.problem, good.width) == ("", 40)


def test_a_large_photograph_is_decoded_small(media: Path) -> None:
    image = store_cover(content=picture(6000, 4000))
    made()
    image.refresh_from_db()
    assert (image.problem, image.width) == ("", 6000)


def test_what_can_be_seen_through_and_what_lies_on_its_side_come_out_right(media: Path) -> None:
    held = io.BytesIO()
    Image.new("RGBA", (60, 60), (255, 0, 0, 0)).save(held, "PNG")
    clear = store_cover(content=held.getvalue())
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = store_cover(content=picture(80, 40, exif=exif))
    made()
    with Image.open(thumbnail(media, clear.pk, 96)) as small:
        assert small.convert("RGB").getpixel((30, 30)) == (0, 0, 0)
    with Image.open(thumbnail(media, turned.pk, 96)) as small:
        assert small.size[1] > small.size[0]


def test_a_picture_whose_bytes_have_not_come_yet_waits() -> None:
    make_cover(make_album(), "a" * 64)
    assert made().get("failed") == 0
    assert CoverImage.objects.get().thumbnails_at is None
    assert lost_images() == ["a" * 64]


# --- care -------------------------------------------------------------------------------------------------------------


def test_care_removes_what_nobody_needs_and_heals_what_is_lost(media: Path) -> None:
    kept, unneeded, fresh = (
        store_cover(content=picture(colour=colour)) for colour in ("#111111", "#222222", "#333333")
    )
    album = make_album()
    give_cover(entity_type="album", entity_id=album.pk, source="manual", image=kept)
    Cover.objects.create(entity_type="album", entity_id=album.pk + 100, source="manual", image=unneeded)
    CoverImage.objects.exclude(pk=fresh.pk).update(date_added="2020-01-01T00:00:00Z")
    made()
    thumbnail(media, kept.pk, 320).unlink()
    run("library.tidy_covers", tidy_covers)
    assert set(CoverImage.objects.values_list("pk", flat=True)) == {kept.pk, fresh.pk}
    assert found_original(media, unneeded.pk) is None
    assert not thumbnail(media, unneeded.pk, 96).exists()
    assert CoverImage.objects.get(pk=kept.pk).thumbnails_at is None, "its thumbnails are made again"


def test_pictures_that_never_arrived_are_asked_for_by_the_next_scan() -> None:
    root = make_root()
    scan = Scan(root)
    scan.send(scanned_track("a.flac", cover=ref("a")), folders=[{"path": "Moss/Low Tide/", "digest": "d"}])
    scan.finish()
    run("library.tidy_covers", tidy_covers)
    (known,) = Scan(root).check({"Moss/Low Tide/": "d"}).changed
    assert [file.again for file in known.files] == [True]


# --- serving ----------------------------------------------------------------------------------------------------------


def test_a_thumbnail_is_served_for_ever_and_not_sent_twice(signed_in: Client) -> None:
    image = store_cover(content=picture(500, 500))
    made()
    answer = signed_in.get(f"/covers/{image.pk}/320.webp")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    again = signed_in.get(f"/covers/{image.pk}/320.webp", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert signed_in.get(f"/covers/{image.pk}/original")["Content-Type"] == "image/jpeg"


def test_while_it_is_made_the_small_original_or_a_plain_disc_stands_for_it(signed_in: Client) -> None:
    small = store_cover(content=picture())
    answer = signed_in.get(f"/covers/{small.pk}/96.webp")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/jpeg", "private, max-age=30")
    unknown = signed_in.get(f"/covers/{'0' * 64}/96.webp")
    assert (unknown.status_code, unknown["Content-Type"]) == (200, "image/svg+xml")


def test_strangers_see_no_picture_and_a_token_does(client: Client, api: Callable[[str], Client]) -> None:
    image = store_cover(content=picture())
    for address in (f"/covers/{image.pk}/96.webp", f"/covers/{image.pk}/original"):
        assert client.get(address).status_code == 401
        assert api("read").get(address).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["x/96.webp", f"{'0' * 64}/97.webp", f"{'0' * 63}g/96.webp", f"{'A' * 64}/96.webp", f"{'0' * 64}/original"],
)
def test_what_is_no_picture_of_ours_is_not_found(address: str, signed_in: Client) -> None:
    assert signed_in.get(f"/covers/{address}").status_code == 404


def test_paths_lead_nowhere_else(signed_in: Client) -> None:
    for digest in ("..", "../../secrets", "%2e%2e%2fsecrets", "....//"):
        assert signed_in.get(f"/covers/{digest}/96.webp").status_code == 404


def test_a_childs_words_are_json() -> None:
    from library.engine.thumbnails import answer

    assert "problem" in answer(json.dumps({"original": "/nowhere", "targets": {"96": "/tmp/x.webp"}}))


def test_several_pictures_come_in_one_body(api: Callable[[str], Client]) -> None:
    red, blue = picture(colour="red"), picture(colour="blue")
    worker = api("worker")
    for _ in range(2):
        body = bundled([red, b"<html>", blue, red])
        answer = worker.put("/api/covers", body, content_type="application/octet-stream")
        assert answer.status_code == 200
        assert answer.json() == {"digests": [digest_of(red), digest_of(blue)], "refused": 1}
    assert {image.pk: image.size for image in CoverImage.objects.all()} == {
        digest_of(red): len(red),
        digest_of(blue): len(blue),
    }
    assert worker.put("/api/covers", body[:-1], content_type="application/octet-stream").status_code == 422
    assert api("write").put("/api/covers", body, content_type="application/octet-stream").status_code == 403
