// Why a track does not play: it cannot (go on with the next one), or nobody may hear it any more (the session is over).
export class BrokenTrack extends Error {}

export class SignedOut extends Error {}
