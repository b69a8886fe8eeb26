// ReplayGain: how much louder or quieter a track is played, by its own measure or its album's, and never so loud that it clips.
const NOTHING = 1;

export function factorOf(gain, mode, preampDb = 0) {
  if (!gain || mode === "off") return NOTHING;
  const album = [gain.album_db, gain.album_peak];
  const track = [gain.track_db, gain.track_peak];
  const [first, second] = mode === "album" ? [album, track] : [track, album];
  const [db, peak] = Number.isFinite(first[0] ?? NaN) ? first : second;
  if (!Number.isFinite(db ?? NaN)) return NOTHING;
  const wanted = 10 ** ((db + preampDb) / 20);
  // A peak that nobody has measured may be full scale.
  return Math.min(wanted, 1 / (peak > 0 ? peak : 1));
}

// "auto": an album that is played as one keeps what its tracks are to each other.
export function modeFor(mode, { shuffled, neighbours }) {
  if (mode !== "auto") return mode;
  return !shuffled && neighbours ? "album" : "track";
}
